"""How much was done, in which areas and on which days, as the progress page shows it. Plain Python."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from interviews.progress import drawing
from interviews.progress.charts import Chart, Figure, count
from interviews.progress.drawing import day_words
from interviews.progress.tables import Cell, Table
from interviews.progress.values import Attempt


@dataclass(frozen=True)
class Area:
    """How much of an area's cases was done, and the best score in it with its case."""

    name: str
    done: int
    there: int
    best: float | None
    best_case: str
    bar: str


def areas(attempts: Sequence[Attempt], library: dict[str, int]) -> Chart:
    """Return cases done and the best automatic score by area; `library`: how many cases each area has."""
    done: dict[str, set[str]] = {}
    best: dict[str, tuple[float, str]] = {}
    for attempt in attempts:
        done.setdefault(attempt.area, set()).add(attempt.case)
        total = attempt.total_by("engine")
        if total is not None:
            best[attempt.area] = max(best.get(attempt.area, (-1.0, "")), (total, attempt.title))
    found = []
    for name in sorted({*library, *done}, key=lambda area: (-len(done.get(area, ())), area)):
        cases, top = len(done.get(name, ())), best.get(name)
        there = max(library.get(name, 0), cases)
        bar = drawing.bar(cases / there if there else 0)
        found.append(Area(name, cases, there, top[0] if top else None, top[1] if top else "", bar))
    columns = ["Area", "Cases done", "Cases there", "Best score of 100", "Best case"]
    rows: list[list[Cell]] = [[one.name, one.done, one.there, one.best, one.best_case] for one in found]
    tag = f"{sum(one.done for one in found)} of {sum(one.there for one in found)} cases"
    left = [one.name for one in found if not one.done]
    words = f"Not tried yet: {', '.join(left)}." if left else ""
    return Chart(
        "areas", "Cases by area", tag, Table("areas", columns, rows, ordered=True), words=words, rows=found
    )


def calendar(attempts: Sequence[Attempt], today: date, days: int | None) -> Chart:
    """Return the days with attempts, over at most a year up to today."""
    days_done = [attempt.at.date() for attempt in attempts]
    by_day: dict[date, int] = Counter(days_done)
    reach = timedelta(days=min(days or 370, 370))
    first = max(today - reach, min(by_day, default=today))
    first = min(first, today - timedelta(weeks=12))
    shown = {day: n for day, n in by_day.items() if first <= day <= today}
    minutes = sum(one.seconds for one, day in zip(attempts, days_done, strict=True) if day in shown) / 60
    spent = f"{minutes / 60:.1f} hours" if minutes >= 90 else f"{minutes:.0f} min"
    words = f"{count(sum(shown.values()))} on {count(len(shown), 'day')}, {spent} on the clock."
    if shown:
        words += f" The last was on {day_words(max(shown))}."
    rows: list[list[Cell]] = [[day, n] for day, n in sorted(by_day.items())]
    return Chart(
        "calendar",
        "Calendar",
        f"since {day_words(first)} {first.year}",
        Table("calendar", ["Day", "Attempts"], rows),
        [Figure("", drawing.calendar(shown, first, today, words))],
        words,
    )
