"""Numbers over time: one dot an attempt, or one a week or month where there are many. Plain Python."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from interviews.progress.values import ENOUGH

MOST = 48
# A span of time: its name, a number that is the same for all its days, and its first day.
UNITS: tuple[tuple[str, Callable[[date], int], Callable[[date], date]], ...] = (
    ("day", date.toordinal, lambda day: day),
    ("week", lambda day: (day.toordinal() - 1) // 7, lambda day: day - timedelta(days=day.weekday())),
    ("month", lambda day: day.year * 12 + day.month, lambda day: day.replace(day=1)),
    (
        "quarter",
        lambda day: day.year * 4 + (day.month - 1) // 3,
        lambda day: day.replace(month=day.month - (day.month - 1) % 3, day=1),
    ),
    ("year", lambda day: day.year, lambda day: day.replace(month=1, day=1)),
)


class Point(NamedTuple):
    """A value on a day with its range, None where there is none, and how many attempts it stands for."""

    day: date
    value: float
    low: float | None = None
    high: float | None = None
    n: int = 1


@dataclass(frozen=True)
class Trend:
    """Points in time; `unit` is "attempt", or the span that each of them stands for."""

    points: tuple[Point, ...]
    unit: str
    attempts: int

    @property
    def line(self) -> list[tuple[int, float]]:
        """The average of three points at a time, as (index, value); empty when there is no trend."""
        values = [point.value for point in self.points]
        return [
            (end, sum(values[end - ENOUGH + 1 : end + 1]) / ENOUGH) for end in range(ENOUGH - 1, len(values))
        ]

    @property
    def has_band(self) -> bool:
        return len(self.points) >= ENOUGH and all(
            point.low is not None and point.high is not None for point in self.points
        )

    @property
    def latest(self) -> float | None:
        """The average of the last three points; None when there are fewer."""
        return self.line[-1][1] if self.line else None


def trend(points: Iterable[Point], most: int = MOST) -> Trend:
    """Return the points in order, put together by the shortest span that leaves at most `most` of them."""
    ordered = sorted(points, key=lambda point: point.day)
    if len(ordered) <= most:
        return Trend(tuple(ordered), "attempt", len(ordered))
    unit, spans = spans_of(tuple(point.day for point in ordered), most)
    found = tuple(together(first, ordered[start:end]) for first, start, end in spans)
    return Trend(found[-most:], unit, len(ordered))


@lru_cache(maxsize=32)  # a page draws a dozen charts of the same days
def spans_of(days: tuple[date, ...], most: int) -> tuple[str, tuple[tuple[date, int, int], ...]]:
    """Return the unit, and each span of it as its first day and the slice of the ordered days in it."""
    for unit, number, first in UNITS:
        numbers = [number(day) for day in days]
        if len(set(numbers)) > most and unit != UNITS[-1][0]:
            continue
        starts = [at for at in range(len(days)) if at == 0 or numbers[at] != numbers[at - 1]]
        ends = [*starts[1:], len(days)]
        return unit, tuple((first(days[start]), start, end) for start, end in zip(starts, ends, strict=True))
    raise AssertionError("the last unit always fits")


def together(day: date, points: list[Point]) -> Point:
    """Return points as one: the mean of values, and of the ends of their ranges where all have one."""
    n = sum(point.n for point in points)
    value = sum(point.value for point in points) / len(points)
    lows = [point.low for point in points if point.low is not None]
    highs = [point.high for point in points if point.high is not None]
    if len(lows) < len(points) or len(highs) < len(points):
        return Point(day, value, None, None, n)
    return Point(day, value, sum(lows) / len(points), sum(highs) / len(points), n)
