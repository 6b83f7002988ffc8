"""Several readings of one design beside each other, and what the gap between them teaches. Plain Python.

A reading is what one of them says: the candidate, an interviewer, or the program.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SELF, PERSON, AUTOMATIC = "self", "person", "automatic"
NOTABLE = 0.75  # of a level: less than that is reading between the same anchors
# What only people can judge weighs nothing in a total; among the lessons it counts like any other dimension.
UNWEIGHED = 10.0


@dataclass(frozen=True)
class Reading:
    """One scorecard: whose, its total, and its levels and reasons by code."""

    kind: str
    name: str
    total: float | None
    dimensions: Mapping[str, float | None]
    levels: Mapping[str, int | None]
    reasons: Mapping[str, str]
    note: str = ""

    @property
    def given(self) -> int:
        """How many criteria got a level: a total of three says less than one of thirty."""
        return sum(level is not None for level in self.levels.values())

    @property
    def is_partial(self) -> bool:
        return self.total is not None and self.given < len(self.levels)


def reading_of(
    kind: str, name: str, total: float | None, report: Mapping[str, Any], note: str = ""
) -> Reading:
    """Return a stored report as a reading."""
    return Reading(
        kind,
        name,
        total,
        {entry["slug"]: entry["level"] for entry in report["dimensions"]},
        {entry["code"]: entry["level"] for entry in report["criteria"]},
        {entry["code"]: entry["rationale"] for entry in report["criteria"]},
        note,
    )


@dataclass(frozen=True)
class Levels:
    """The levels of one thing by everybody: a dimension or a criterion."""

    own: float | None
    people: tuple[tuple[str, float], ...]
    automatic: float | None

    @property
    def outside(self) -> float | None:
        """What others saw: the interviewers' mean, or the program's level where they have none."""
        if self.people:
            return sum(level for _, level in self.people) / len(self.people)
        return self.automatic

    @property
    def gap(self) -> float | None:
        """How much higher the candidate sees it than the others, in levels."""
        return None if self.own is None or self.outside is None else round(self.own - self.outside, 1)

    @property
    def spread(self) -> float:
        """How far the interviewers lie apart."""
        levels = [level for _, level in self.people]
        return max(levels) - min(levels) if levels else 0.0

    @property
    def by(self) -> str:
        """Who the others are: “Ivo”, “Ivo and Ida”, “the program”."""
        return " and ".join(name for name, _ in self.people) or "the program"


@dataclass(frozen=True)
class Criterion:
    """A criterion with everybody's level of it; `share` is its part of the whole, from 0 to 1."""

    code: str
    name: str
    dimension: str
    share: float
    anchors: Sequence[str]
    next: Sequence[str]
    guide: str
    cells: tuple[tuple[Reading, int | None, str], ...]
    levels: Levels
    source: str = ""

    @property
    def has_drill(self) -> bool:
        """Whether it is practised in writing, in a few minutes: what is read in words is."""
        return self.source == "text"

    @property
    def was_scored(self) -> bool:
        return any(level is not None for _, level, _ in self.cells)


@dataclass(frozen=True)
class Row:
    """A dimension with everybody's level, what the gap teaches, and its criteria."""

    slug: str
    name: str
    cells: tuple[tuple[Reading, float | None], ...]
    levels: Levels
    lesson: str
    criteria: tuple[Criterion, ...]

    @property
    def gap_words(self) -> str:
        gap = self.levels.gap
        return "–" if gap is None else f"{gap:+.1f}".replace("-", "−") if gap else "0"


def beside(readings: Sequence[Reading], body: Mapping[str, Any]) -> list[Row]:
    """Return all readings side by side, by the dimensions of a compiled rubric."""
    shares = shares_of(body)
    found = []
    # In the order of the criteria: a stored object does not keep that of its keys.
    for slug in dict.fromkeys(entry["dimension"] for entry in body["criteria"]):
        criteria = tuple(
            criterion_of(entry, readings, shares[entry["code"]])
            for entry in body["criteria"]
            if entry["dimension"] == slug
        )
        levels = levels_of((reading, reading.dimensions.get(slug)) for reading in readings)
        cells = tuple((reading, reading.dimensions.get(slug)) for reading in readings)
        name = str(body["dimensions"][slug]["name"])
        found.append(Row(slug, name, cells, levels, lesson(levels), criteria))
    return found


def criterion_of(entry: Mapping[str, Any], readings: Sequence[Reading], share: float) -> Criterion:
    code = entry["code"]
    return Criterion(
        code,
        entry["name"],
        entry["dimension"],
        share,
        tuple(entry["anchors"]),
        tuple(entry["next"]),
        entry.get("guide", ""),
        tuple((one, one.levels.get(code), one.reasons.get(code, "")) for one in readings),
        levels_of((one, one.levels.get(code)) for one in readings),
        entry.get("source", ""),
    )


def levels_of(given: Iterable[tuple[Reading, float | None]]) -> Levels:
    known = [(reading, float(level)) for reading, level in given if level is not None]
    return Levels(
        next((level for reading, level in known if reading.kind == SELF), None),
        tuple((reading.name, level) for reading, level in known if reading.kind == PERSON),
        next((level for reading, level in known if reading.kind == AUTOMATIC), None),
    )


def shares_of(body: Mapping[str, Any]) -> dict[str, float]:
    """Return each criterion's part of the whole; all parts add up to 1."""
    inside: dict[str, float] = {}
    for entry in body["criteria"]:
        inside[entry["dimension"]] = inside.get(entry["dimension"], 0.0) + entry["weight"]
    weights = {slug: body["dimensions"][slug]["weight"] or UNWEIGHED for slug in inside}
    whole = sum(weights.values())
    return {
        entry["code"]: weights[entry["dimension"]] / whole * entry["weight"] / inside[entry["dimension"]]
        for entry in body["criteria"]
        if inside[entry["dimension"]]
    }


def lesson(levels: Levels) -> str:
    """Return in a sentence what the gap between the readings of a dimension teaches its candidate."""
    outside, gap, automatic = levels.outside, levels.gap, levels.automatic
    if outside is None:
        return "Nobody gave it a level: it did not come up." if levels.own is None else (
            "Only you gave it a level: others did not hear or see it, so say it and draw it."
        )  # fmt: skip
    by = levels.by[0].upper() + levels.by[1:]
    if levels.spread > 1:
        (high, _), (low, _) = max(levels.people, key=second), min(levels.people, key=second)
        return f"{high} heard more than {low} did: ask both what they listened for."
    if gap is not None and gap >= NOTABLE:
        return (
            f"You see it {amount(gap)} higher than {levels.by}: what you know did not reach them. "
            "Say it aloud and put it on the board."
        )
    if gap is not None and gap <= -NOTABLE:
        return (
            f"You see it {amount(-gap)} lower than {levels.by}: it is better than you think, so lead with it."
        )
    if levels.people and automatic is not None and abs(outside - automatic) >= NOTABLE:
        if outside > automatic:
            return f"{by} heard more than your notes and board show: write down what you say."
        return f"Your notes and board say more than {levels.by} heard: talk through what you write."
    agree = "You agree" if gap is not None else f"{by} gave it a level and you did not"
    if not round(outside, 1):
        return "You agree: it did not come up. Begin there." if gap is not None else (
            f"{by} found nothing of it, and you gave it no level: it did not come up. Begin there."
        )  # fmt: skip
    if outside >= 3:
        return f"{agree}, and it is strong: keep doing this."
    return f"{agree}: level {outside:.1f} of 4, so the way up is in the criteria, not in the judging."


def second(pair: tuple[str, float]) -> float:
    return pair[1]


def amount(gap: float) -> str:
    return f"{gap:.1f} level{'' if gap == 1 else 's'}"
