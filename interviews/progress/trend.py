"""Numbers over time: one dot an attempt, or one a week or month where there are many. Plain Python."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from operator import gt, itemgetter
from typing import NamedTuple

from interviews.progress.values import ENOUGH

MOST = 48
FIRST = itemgetter(0)
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

    @cached_property
    def line(self) -> list[tuple[int, float]]:
        """The average of three points at a time, as (index, value); empty when there is no trend."""
        values = [point.value for point in self.points]
        return [
            (end, sum(values[end - ENOUGH + 1 : end + 1]) / ENOUGH) for end in range(ENOUGH - 1, len(values))
        ]

    @cached_property
    def has_band(self) -> bool:
        return len(self.points) >= ENOUGH and all(
            point.low is not None and point.high is not None for point in self.points
        )

    @property
    def latest(self) -> float | None:
        """The average of the last three points; None when there are fewer."""
        return self.line[-1][1] if self.line else None


def trend(points: Iterable[Point], most: int = MOST) -> Trend:
    """Return the points in order, put together where there are many."""
    days, values, lows, highs, _ = list(zip(*points, strict=True)) or ((),) * 5
    return trend_of(days, values, lows, highs, most)


def trend_of(
    days: Sequence[date],
    values: Sequence[float],
    lows: Sequence[float | None] = (),
    highs: Sequence[float | None] = (),
    most: int = MOST,
) -> Trend:
    """Return columns as points in order, put together by the shortest span that leaves at most `most`.

    Columns and not points, because there are a thousand attempts behind a dozen pictures of 48 dots.
    """
    n = len(days)
    if any(map(gt, days, days[1:])):
        return trend(
            sorted(map(Point, days, values, lows or (None,) * n, highs or (None,) * n), key=FIRST), most
        )
    if n <= most:
        nothing = (None,) * n
        alone = zip(days, values, lows or nothing, highs or nothing, strict=True)
        return Trend(tuple(Point(*one) for one in alone), "attempt", n)
    unit, spans = spans_of(tuple(days), most)
    return Trend(
        tuple(
            together(first, values[start:end], lows[start:end], highs[start:end])
            for first, start, end in spans[-most:]
        ),
        unit,
        n,
    )


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


def together(
    day: date, values: Sequence[float], lows: Sequence[float | None], highs: Sequence[float | None]
) -> Point:
    """Return values as one point: their mean, and that of the ends of their ranges where all have one."""
    n = len(values)
    low, high = whole(lows), whole(highs)
    value = sum(values) / n
    return Point(day, value, low, high, n) if low is not None and high is not None else Point(day, value, n=n)


def whole(ends: Sequence[float | None]) -> float | None:
    """Return the mean; None when one is missing or there is none."""
    known = [end for end in ends if end is not None]
    return sum(known) / len(known) if known and len(known) == len(ends) else None
