"""An attempt as progress sees it. Plain Python: sums over attempts are tested without a database."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

# The eight dimensions that a program assesses, in their fixed order.
EIGHT = ("scope", "framing", "data", "features", "model", "evaluation", "serving", "monitoring")
NAMES = {slug: slug.capitalize() for slug in (*EIGHT, "communication")}
# Where each dimension begins in a flat list of levels.
PLACE = {slug: 3 * place for place, slug in enumerate(NAMES)}
SOURCES = {"engine": "Automatic", "self": "You", "person": "Interviewer", "judge": "Second reader"}
KINDS = {"classic": "Classic", "genai": "Gen AI", "platform": "Platform"}
LEVELS = {"mid": "Mid", "senior": "Senior", "staff": "Staff"}
# Fewer attempts than this make no trend, and no average to lean on.
ENOUGH = 3


class Timed(NamedTuple):
    """One step of an attempt: what it was given and what it took, in seconds."""

    short: str
    dimension: str
    budget: int
    spent: int


class Reading(NamedTuple):
    """What one reader made of an attempt; `flat`: level, low and high of each dimension in turn."""

    source: str
    total: float | None
    low: float | None
    high: float | None
    flat: Sequence[float | None]
    late: bool = False

    def level(self, dimension: str) -> float | None:
        return self.flat[PLACE[dimension]] if self.flat else None

    def levels(self, dimension: str) -> tuple[float | None, float | None, float | None]:
        """Return level, low and high of a dimension."""
        at = PLACE[dimension]
        return (self.flat[at], self.flat[at + 1], self.flat[at + 2]) if self.flat else (None, None, None)


class Attempt(NamedTuple):
    """A submitted interview; `at` is in the zone of whoever looks."""

    id: str
    at: datetime
    case: str
    title: str
    kind: str
    area: str
    framework: str
    framework_name: str
    level: str
    minutes: int
    seconds: int
    budget_seconds: int
    hints: int = 0
    follow_ups: int = 0
    answered: int = 0
    asked: int = 0
    seen: bool = False
    retry: bool = False
    imported: bool = False
    partners: tuple[tuple[str, str], ...] = ()
    readings: tuple[Reading, ...] = ()
    flat_steps: Sequence[Any] = ()

    @property
    def steps(self) -> list[Timed]:
        flat = self.flat_steps
        return [Timed(*flat[at : at + 4]) for at in range(0, len(flat), 4)]

    def by(self, source: str) -> Reading | None:
        """Return the first reading by a source: of interviewers there may be two."""
        for reading in self.readings:
            if reading.source == source:
                return reading
        return None

    def total_by(self, source: str) -> float | None:
        """Return the total that a source gives, the mean where there are two."""
        totals = [one.total for one in self.readings if one.source == source]
        return totals[0] if len(totals) == 1 else mean(totals) if totals else None

    def levels_by(self, source: str) -> Sequence[float | None]:
        """Return the level of every dimension in their order by a source; empty when it has given none."""
        given = [reading.flat[::3] for reading in self.readings if reading.source == source and reading.flat]
        return given[0] if len(given) == 1 else [mean(same) for same in zip(*given, strict=True)]

    def gaps(self, source: str) -> list[tuple[str, float, float]]:
        """Return each dimension with a level by a person and by the engine: (dimension, theirs, automatic).

        Own levels given after the automatic ones had been seen say nothing here.
        """
        levels, engine = self.levels_by(source), self.by("engine")
        if not levels or engine is None or any(one.late for one in self.readings if one.source == source):
            return []
        return [
            (slug, theirs, auto)
            for slug, theirs, auto in zip(EIGHT, levels, engine.flat[::3], strict=False)
            if theirs is not None and auto is not None
        ]


def mean(numbers: Iterable[float | None]) -> float | None:
    """Return the mean of the numbers that are there, None when there is none."""
    known = [number for number in numbers if number is not None]
    return sum(known) / len(known) if known else None


def recent(attempts: Sequence[Attempt], count: int = ENOUGH) -> list[Reading]:
    """Return the automatic readings of the last `count` attempts that have one, the newest first."""
    there = (reading for attempt in reversed(attempts) if (reading := attempt.by("engine")) is not None)
    return list(islice(there, count))


def recent_levels(attempts: Sequence[Attempt], count: int = ENOUGH) -> dict[str, float]:
    """Return the mean automatic level of each dimension over the last `count` attempts that have one."""
    scored = recent(attempts, count)[::-1]
    found = {slug: mean([reading.level(slug) for reading in scored]) for slug in EIGHT}
    return {slug: level for slug, level in found.items() if level is not None}
