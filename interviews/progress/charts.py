"""What the progress page draws, each with the table behind it. Plain Python: attempts in, pictures out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from interviews.progress import drawing
from interviews.progress.drawing import day_words, when_words
from interviews.progress.tables import Cell, Table
from interviews.progress.trend import Point, Trend, trend
from interviews.progress.values import EIGHT, ENOUGH, NAMES, SOURCES, Attempt, Reading, mean


@dataclass(frozen=True)
class Figure:
    """A picture with its heading, the number beside it, the dimension that gives its colour, and for phones
    the same once more, where the wide one would be too small to read.
    """

    name: str
    svg: str
    value: float | None = None
    dimension: str = ""
    narrow: str = ""


@dataclass(frozen=True)
class Chart:
    """One section of the page: its pictures, what they say in words, and the table behind them."""

    name: str
    title: str
    tag: str
    table: Table
    figures: Sequence[Figure] = field(default=())
    words: str = ""
    rows: Sequence[object] = field(default=())


def reading_of(found: Trend) -> str:
    """Return how a picture is read, in words."""
    each = "dots: attempts" if found.unit == "attempt" else f"dots: the average of a {found.unit}"
    if len(found.points) < ENOUGH:
        return f"{each} · no line before three attempts"
    line = " · line: average of three" if len(found.line) > 1 else ""
    return each + line + (" · band: range" if found.has_band else "")


def last_three(found: Trend) -> str:
    """Return of what the number beside a picture is the average."""
    return "the last three" if found.unit == "attempt" else f"the last three {found.unit}s"


def title_of(point: Point, unit: str, digits: int) -> str:
    said = f"{when_words(point.day, unit)}: {point.value:.{digits}f}"
    if point.low is not None and point.high is not None:
        said += f" ({point.low:.{digits}f}–{point.high:.{digits}f})"
    return said if unit == "attempt" else f"{said}, {count(point.n)}"


def scores(attempts: Sequence[Attempt], source: str) -> Chart | None:
    """Return the totals over time by one source, None when it has given none."""
    points: list[Point] = []
    rows: list[list[Cell]] = []
    for attempt in attempts:
        for reading in attempt.readings:
            if reading.source == source and reading.total is not None:
                points.append(Point(attempt.at.date(), reading.total, reading.low, reading.high))
                rows.append(
                    [
                        attempt.at.date(),
                        attempt.title,
                        attempt.minutes,
                        reading.total,
                        reading.low,
                        reading.high,
                    ]
                )
    if not points:
        return None
    found = trend(points)
    label = f"{SOURCES[source]} score of {count(len(points))}, from {ends(found, 0)}"
    titles = [title_of(point, found.unit, 0) for point in found.points]
    narrow = drawing.wide(found, label, titles, drawing.NARROW)
    columns = ["Day", "Case", "Minutes", "Score of 100", "Low", "High"]
    return Chart(
        "scores",
        "Score of 100, with its range" if found.has_band else "Score of 100",
        reading_of(found),
        Table("scores", columns, rows),
        [Figure("", drawing.wide(found, label, titles), found.latest, narrow=narrow)],
    )


def ends(found: Trend, digits: int) -> str:
    first, last = found.points[0], found.points[-1]
    begun = f"{first.value:.{digits}f} on {when_words(first.day, found.unit)}"
    return f"{begun} to {last.value:.{digits}f} on {when_words(last.day, found.unit)}"


def count(n: int, what: str = "attempt") -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


class Levels(Sequence[Sequence[Cell]]):
    """The rows of the table of levels, each made when it is looked at: there are eight an attempt."""

    def __init__(self, found: list[tuple[Attempt, Reading, str]]) -> None:
        self.found = found

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        attempt, reading, slug = self.found[at]
        return [attempt.at.date(), attempt.title, NAMES[slug], *reading.levels(slug)]


def dimensions(attempts: Sequence[Attempt], source: str) -> Chart | None:
    """Return the eight dimensions over time by one source; people also score communication."""
    figures, reading, of = [], "", ""
    wanted = EIGHT if source in ("engine", "judge") else tuple(NAMES)
    readings = [(attempt, one) for attempt in attempts for one in attempt.readings if one.source == source]
    for slug in wanted:
        points = [
            Point(attempt.at.date(), level, low, high)
            for attempt, one in readings
            for level, low, high in (one.levels(slug),)
            if level is not None
        ]
        if not points:
            continue
        found = trend(points)
        reading, of = reading or reading_of(found), of or last_three(found)
        titles = [title_of(point, found.unit, 1) for point in found.points]
        label = f"{NAMES[slug]}, level of 4 in {count(len(points))}, from {ends(found, 1)}"
        figures.append(Figure(NAMES[slug], drawing.small(found, label, titles), found.latest, slug))
    if not figures:
        return None
    rows = Levels(
        [(attempt, one, slug) for attempt, one in readings for slug in wanted if one.level(slug) is not None]
    )
    columns = ["Day", "Case", "Dimension", "Level of 4", "Low", "High"]
    enough = len(readings) >= ENOUGH
    tag = f"{reading} · figure: average of {of}" if enough else reading
    return Chart("dimensions", "Level of 4 by dimension", tag, Table("dimensions", columns, rows), figures)


@dataclass(frozen=True)
class StepMinutes:
    """One step over several attempts: minutes given and taken, on average, and the bar that shows them."""

    short: str
    dimension: str
    budget: float
    spent: float
    bar: str

    @property
    def over(self) -> float:
        return self.spent - self.budget


def minutes(attempts: Sequence[Attempt]) -> Chart | None:
    """Return minutes against budget per step of the framework that was used most."""
    by_framework: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        if attempt.flat_steps:
            by_framework.setdefault(attempt.framework_name, []).append(attempt)
    if not by_framework:
        return None
    rows: list[list[Cell]] = []
    for name, inside in sorted(by_framework.items()):
        rows += [
            [name, step.short, len(inside), round(step.budget, 1), round(step.spent, 1), round(step.over, 1)]
            for step in averages(inside)
        ]
    name, shown = max(by_framework.items(), key=lambda pair: (len(pair[1]), pair[0]))
    steps = averages(shown)
    columns = ["Framework", "Step", "Attempts", "Budget, min", "Spent, min", "Over, min"]
    tag = (
        f"{name}: average of {count(len(shown))}" if len(shown) >= ENOUGH else f"{name}: {count(len(shown))}"
    )
    return Chart(
        "minutes",
        "Minutes against budget",
        tag,
        Table("minutes", columns, rows),
        words=moved(steps),
        rows=steps,
    )


def averages(attempts: Sequence[Attempt]) -> list[StepMinutes]:
    """Return the steps of one framework, each with the mean of its minutes."""
    sums: dict[str, list[float]] = {}
    dimension: dict[str, str] = {}
    for attempt in attempts:
        flat = iter(attempt.flat_steps)
        for short, of, budget, spent in zip(flat, flat, flat, flat, strict=True):
            entry = sums.setdefault(short, [0, 0, 0])
            entry[0] += budget / 60
            entry[1] += spent / 60
            entry[2] += 1
            dimension[short] = of
    most = max((max(given, taken) / n for given, taken, n in sums.values()), default=1) or 1
    return [
        StepMinutes(
            short, dimension[short], given / n, taken / n, drawing.bar(taken / n / most, given / n / most)
        )
        for short, (given, taken, n) in sums.items()
    ]


def moved(steps: Sequence[StepMinutes]) -> str:
    """Return in a sentence from where minutes are taken, and where they go."""
    over = sorted((step for step in steps if step.over >= 0.5), key=lambda step: -step.over)[:2]
    under = min(steps, key=lambda step: step.over)
    black = "The upright mark is the budget."
    if over and under.over <= -0.5:
        to = " and ".join(step.short for step in over)
        return f"You take {-under.over:.1f} min from {under.short} and spend more on {to}. {black}"
    if over:
        return f"{over[0].short} takes {over[0].over:.1f} min more than its budget. {black}"
    if under.over <= -0.5:
        return (
            f"No step goes over its budget; {under.short} has the most left, {-under.over:.1f} min. {black}"
        )
    return f"Every step keeps to its budget within half a minute. {black}"


def helped(attempts: Sequence[Attempt]) -> Chart:
    """Return hints taken, questions asked, and follow-ups given and answered, attempt by attempt."""
    figures, tag = [], ""
    for name, values in (
        ("Hints taken", [attempt.hints for attempt in attempts]),
        ("Questions asked", [attempt.asked for attempt in attempts]),
        ("Follow-ups given", [attempt.follow_ups for attempt in attempts]),
        ("Follow-ups answered", [attempt.answered for attempt in attempts]),
    ):
        found = trend(
            Point(attempt.at.date(), value) for attempt, value in zip(attempts, values, strict=True)
        )
        tag = reading_of(found)
        highest = max(2, *(-(-int(point.value + 0.999) // 2) * 2 for point in found.points))
        titles = [title_of(point, found.unit, 0 if found.unit == "attempt" else 1) for point in found.points]
        label = f"{name} in {count(len(attempts))}, from {ends(found, 0)}"
        figures.append(Figure(name, drawing.small(found, label, titles, highest), found.latest))
    columns = ["Day", "Case", "Hints", "Questions asked", "Follow-ups given", "Follow-ups answered"]
    rows: list[list[Cell]] = [
        [one.at.date(), one.title, one.hints, one.asked, one.follow_ups, one.answered] for one in attempts
    ]
    return Chart("help", "Hints and follow-ups", tag, Table("help", columns, rows), figures)


def compared(attempts: Sequence[Attempt]) -> Chart | None:
    """Return own, interviewer's and automatic totals beside each other, where people gave any."""
    both = [one for one in attempts if one.total_by("self") is not None or one.total_by("person") is not None]
    if not both:
        return None
    rows: list[list[Cell]] = [
        [
            one.at.date(), one.title, one.total_by("self"), one.total_by("person"), one.total_by("engine"),
            one.hints,
        ]
        for one in both
    ]  # fmt: skip
    columns = ["Day", "Case", "You", "Interviewer", "Automatic", "Hints"]
    return Chart(
        "compared",
        "You, your interviewer, automatic",
        "where you or an interviewer scored",
        Table("compared", columns, rows),
        words=" ".join(filter(None, (leaning(both, "engine"), leaning(both, "person")))),
    )


def leaning(attempts: Sequence[Attempt], other: str) -> str:
    """Return in a sentence how far own totals lie from another's, from three attempts on."""
    gaps = []
    for attempt in attempts:
        own, theirs = attempt.total_by("self"), attempt.total_by(other)
        if own is not None and theirs is not None and not any(one.late for one in attempt.readings):
            gaps.append(own - theirs)
    if len(gaps) < ENOUGH:
        return ""
    whom = {"engine": "the automatic score", "person": "your interviewer"}[other]
    middle, lately = mean(gaps) or 0, mean(gaps[-ENOUGH:]) or 0
    if abs(middle) < 0.5:
        said = f"You score yourself as {whom} does on average"
    else:
        said = f"You score yourself {abs(middle):.0f} {'above' if middle > 0 else 'below'} {whom} on average"
    if len(gaps) > ENOUGH and abs(lately - middle) >= 1:
        there = f"it was {lately:+.0f}".replace("-", "−") if round(lately) else "you were level"
        said += f"; in the last three {there}"
    return f"{said}."


def calibration(attempts: Sequence[Attempt]) -> Chart | None:
    """Return how own levels agree with automatic ones: for each own level the mean automatic one."""
    bins: dict[int, list[tuple[float, float]]] = {}
    for attempt in attempts:
        for _, own, auto in attempt.gaps("self"):
            bins.setdefault(int(own + 0.5), []).append((own, auto))
    if not bins:
        return None
    points = [
        (mean(own for own, _ in pairs) or 0.0, mean(auto for _, auto in pairs) or 0.0, len(pairs))
        for _, pairs in sorted(bins.items())
    ]
    label = "; ".join(f"own {own:.1f}, automatic {auto:.1f}, {n} times" for own, auto, n in points)
    columns = ["Own level", "Automatic level", "Number"]
    return Chart(
        "calibration",
        "How well you know yourself",
        "each dimension you scored · on the diagonal you agree",
        Table("calibration", columns, [list(point) for point in points]),
        [Figure("", drawing.calibration(points, label, ENOUGH))],
        "Under the diagonal you see more in a design than the automatic reading does; above it, less."
        + (" Pale dots stand for fewer than three." if any(n < ENOUGH for *_, n in points) else ""),
    )


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
    return Chart("areas", "Cases by area", tag, Table("areas", columns, rows), words=words, rows=found)


def calendar(attempts: Sequence[Attempt], today: date, days: int | None) -> Chart:
    """Return the days with attempts, over at most a year up to today."""
    by_day: dict[date, int] = {}
    for attempt in attempts:
        by_day[attempt.at.date()] = by_day.get(attempt.at.date(), 0) + 1
    reach = timedelta(days=min(days or 370, 370))
    first = max(today - reach, min(by_day, default=today))
    first = min(first, today - timedelta(weeks=12))
    shown = {day: n for day, n in by_day.items() if first <= day <= today}
    minutes = sum(one.seconds for one in attempts if one.at.date() in shown) / 60
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


def everything(attempts: Sequence[Attempt]) -> Table:
    """Return every attempt with every figure that is kept, for those who want to count for themselves."""
    columns = [
        "When", "Case", "Kind", "Area", "Framework", "Target level", "Minutes given", "Minutes spent",
        "Hints", "Questions asked", "Follow-ups given", "Follow-ups answered", "Seen before", "Retry",
        "Interviewers", "Automatic", "Low", "High", "You", "Interviewer", "Second reader",
        *(NAMES[slug] for slug in EIGHT),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for one in attempts:
        auto = one.by("engine")
        rows.append([
            one.at, one.title, one.kind, one.area, one.framework_name, one.level,
            round(one.budget_seconds / 60), round(one.seconds / 60, 1), one.hints, one.asked, one.follow_ups,
            one.answered, one.seen, one.retry, ", ".join(name for _, name in one.partners),
            auto and auto.total, auto and auto.low, auto and auto.high, one.total_by("self"),
            one.total_by("person"), one.total_by("judge"), *(one.level_by("engine", slug) for slug in EIGHT),
        ])  # fmt: skip
    return Table("attempts", columns, rows)
