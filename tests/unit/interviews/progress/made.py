"""Attempts for tests of plain arithmetic: the least that is needed, any field by name."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from interviews.progress.values import NAMES, Attempt, Reading

BEGIN = datetime(2026, 8, 3, 18, tzinfo=UTC)


def reading(
    source: str = "engine", total: float | None = 50.0, late: bool = False, **levels: float
) -> Reading:
    """Return a reading with these levels; an automatic one has a range of half a level."""
    flat: list[float | None] = []
    for slug in NAMES:
        level = levels.get(slug)
        wide = level is not None and source == "engine"
        flat += [level, max(0, level - 0.5) if wide else None, min(4, level + 0.5) if wide else None]
    ranged = total is not None and source == "engine"
    return Reading(source, total, total - 5 if ranged else None, total + 5 if ranged else None, flat, late)


def attempt(day: int = 0, *readings: Reading, **fields: Any) -> Attempt:
    """Return an attempt `day` days after the first."""
    known: dict[str, Any] = {
        "id": str(day), "at": BEGIN + timedelta(days=day), "case": "fraud", "title": "Fraud",
        "kind": "classic", "area": "Payments", "framework": "seven-step", "framework_name": "Seven steps",
        "level": "senior", "minutes": 45, "seconds": 2600, "budget_seconds": 2700,
        "flat_steps": ["Clarify", "scope", 600, 900, "Data", "data", 2100, 1700],
    }  # fmt: skip
    return Attempt(**{**known, **fields}, readings=readings)


levels = st.floats(0, 4).map(lambda level: round(level, 2))
readings = st.builds(
    lambda source, total, late, known: reading(source, total, late, **known),
    st.sampled_from(["engine", "self", "person"]),
    st.none() | st.floats(0, 100).map(lambda total: round(total, 1)),
    st.booleans(),
    st.dictionaries(st.sampled_from(list(NAMES)), levels),
)
attempts = st.lists(
    st.builds(
        lambda day, given, **fields: attempt(day, *given, **fields),
        st.integers(0, 900),
        st.lists(readings, max_size=3),
        kind=st.sampled_from(["classic", "genai", "platform"]),
        area=st.sampled_from(["Payments", "Search", "Ads"]),
        case=st.sampled_from(["fraud", "search", "ads"]),
        seen=st.booleans(),
        hints=st.integers(0, 3),
        follow_ups=st.integers(0, 4),
        answered=st.integers(0, 4),
        seconds=st.integers(0, 6000),
        partners=st.lists(st.sampled_from([("1", "Ana"), ("2", "Ben")]), max_size=2, unique=True).map(tuple),
    ),
    max_size=25,
).map(lambda found: sorted(found, key=lambda one: one.at))
