"""The range of a dimension's level. Plain Python, by the arithmetic of the total's own range."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from interviews.progress.values import NAMES
from interviews.scoring.totals import SURE, TOP


class Marked(NamedTuple):
    """A criterion as a card has it; without a confidence the level is a person's word and has no range."""

    code: str
    dimension: str
    level: int | None
    weight: float
    confidence: float | None


class Levels(NamedTuple):
    """The level of a dimension and the range that doubt leaves it; None for a level without a range."""

    level: float
    low: float | None
    high: float | None


def by_dimension(marks: Iterable[Marked]) -> dict[str, Levels]:
    """Return the weighted level of each assessed dimension, with its range where there is one."""
    found: dict[str, list[Marked]] = {}
    for mark in marks:
        if mark.level is not None and mark.weight > 0:
            found.setdefault(mark.dimension, []).append(mark)
    return {dimension: of(inside) for dimension, inside in found.items()}


def flat(levels: Mapping[str, Levels]) -> list[float | None]:
    """Return level, low and high of each dimension in their fixed order, None where nothing was assessed."""
    nothing = (None, None, None)
    return [number for slug in NAMES for number in levels.get(slug, nothing)]


def of(marks: list[Marked]) -> Levels:
    """Return the level of one dimension; each of its criteria may be one level off, as sure as it was."""
    weight = sum(mark.weight for mark in marks)
    shares = [(mark.weight / weight, mark.level or 0, mark.confidence) for mark in marks]
    middle = sum(share * level for share, level, _ in shares)
    if any(confidence is None for _, _, confidence in shares):
        return Levels(round(middle, 2), None, None)
    spread = SURE * math.sqrt(
        sum(share**2 * (1 - min(confidence or 0, 1)) for share, _, confidence in shares)
    )
    lowest = sum(share * max(0, level - 1) for share, level, _ in shares)
    highest = sum(share * min(TOP, level + 1) for share, level, _ in shares)
    low, high = max(middle - spread, lowest, 0), min(middle + spread, highest, TOP)
    return Levels(round(middle, 2), round(low, 2), round(high, 2))
