"""A plan to the day of the interview: no more than the person says they can do. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from interviews.progress.next_case import Option, Past, Target, in_days, rank, weakest
from interviews.progress.values import EIGHT, NAMES, Attempt, recent_levels

MOST_WEEKS = 12


@dataclass(frozen=True)
class Planned:
    """One interview of the plan: the case, and the dimension it is for, None before any is known."""

    case: Option
    dimension: str | None

    @property
    def dimension_name(self) -> str:
        return NAMES[self.dimension] if self.dimension else ""


@dataclass(frozen=True)
class Week:
    """A stretch of at most seven days; both days belong to it."""

    first: date
    last: date
    interviews: tuple[Planned, ...]
    note: str = ""


@dataclass(frozen=True)
class Plan:
    weeks: tuple[Week, ...]
    total: int
    words: str


def counts(today: date, until: date, per_week: int) -> list[tuple[date, date, int]]:
    """Return the weeks before a day, each with how many interviews fit: never more than `per_week` a week.

    Part of a week is given part of the number; what does not make a whole one is carried on.
    """
    found, first, carried = [], today, 0.0
    while first < until:
        last = min(first + timedelta(days=6), until - timedelta(days=1))
        carried += per_week * ((last - first).days + 1) / 7
        count = min(int(carried + 1e-9), per_week)
        carried -= count
        found.append((first, last, count))
        first = last + timedelta(days=1)
    return found


def plan(options: Sequence[Option], done: Sequence[Attempt], target: Target, today: date) -> Plan | None:
    """Return week by week what to do before the interview; None when no day is set."""
    day = target.interview_on
    if day is None:
        return None
    if day < today:
        return Plan((), 0, "The day of your interview has passed. Set a new one, or none.")
    spans = counts(today, day, target.per_week)
    total = sum(count for _, _, count in spans)
    low, past = weakest(recent_levels(done)), Past.of(done)
    weeks, used, number = [], set(), 0
    for place, (first, last, count) in enumerate(spans[:MOST_WEEKS]):
        chosen = []
        for _ in range(count):
            focus = focus_of(low, number, total)
            left = [one for one in options if one.slug not in used] or list(options)
            # The first is what the page says is next: the second weakest counts there, too.
            ranked = rank(left, past, [focus] if focus and number else low, target, today)
            if ranked:
                chosen.append(Planned(ranked[0], focus))
                used.add(ranked[0].slug)
            number += 1
        is_last = place == len(spans) - 1
        note = "The last days: a strict clock, and sleep." if is_last and len(spans) > 1 else ""
        weeks.append(Week(first, last, tuple(chosen), note))
    return Plan(tuple(weeks), total, words(total, target, len(low), len(spans), today))


def focus_of(low: Sequence[str], number: int, total: int) -> str | None:
    """Return what an interview is for: the weaker half of the dimensions first, the weakest most often."""
    if not low:
        return None
    reach = max(1, min(len(low), -(-total // 2)))
    order = [0, 1, 0, 2, 1, 3, 0, 2, 4, 1, 5, 3, 6, 2, 7, 4]
    fitting = [place for place in order if place < reach] or [0]
    return low[fitting[number % len(fitting)]]


def words(total: int, target: Target, known: int, weeks: int, today: date) -> str:
    """Return what the plan comes to, honestly."""
    day = target.interview_on or today
    when = f"Your interview is {in_days((day - today).days)}."
    if not total:
        return (
            f"{when} At {target.per_week} a week there is no room for one more before it: read a scorecard."
        )
    noun = "interview" if total == 1 else "interviews"
    said = f"{when} At {target.per_week} a week that is {total} {noun} before it."
    twice = total // 2
    if not known:
        said += " What to work on shows after the first."
    elif twice >= len(EIGHT):
        said += " That is two or more for each of the eight areas."
    elif twice:
        areas = "your weakest area" if twice == 1 else f"your {twice} weakest areas"
        said += f" That is two for {areas}, not for all eight."
    else:
        said += " That is one for your weakest area and no more."
    if weeks > MOST_WEEKS:
        said += f" The first {MOST_WEEKS} weeks of it:"
    return said
