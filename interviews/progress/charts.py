"""What the progress page draws, each with the table behind it. Plain Python: attempts in, pictures out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import compress
from typing import Any

from interviews.progress import drawing
from interviews.progress.drawing import day_words
from interviews.progress.tables import Cell, Made, Table
from interviews.progress.trend import Point, Trend, trend_of
from interviews.progress.values import EIGHT, ENOUGH, NAMES, PLACE, SOURCES, Attempt, Reading, mean

NOTHING = (None,) * len(EIGHT)


@dataclass(frozen=True)
class Figure:
    """A picture with its heading, the number beside it, and the dimension that gives its colour."""

    name: str
    svg: str
    value: float | None = None
    dimension: str = ""


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
    return f"{each} · line: average of three" + (" · band: range" if found.has_band else "")


def title_of(point: Point, unit: str, digits: int) -> str:
    said = f"{day_words(point.day)}: {point.value:.{digits}f}"
    if point.low is not None and point.high is not None:
        said += f" ({point.low:.{digits}f}–{point.high:.{digits}f})"
    return said if unit == "attempt" else f"{unit.capitalize()} of {said}, {point.n} attempts"


def scores(attempts: Sequence[Attempt], source: str) -> Chart | None:
    """Return the totals over time by one source, None when it has given none."""
    there = [
        (attempt, one)
        for attempt in attempts
        for one in attempt.readings
        if one.source == source and one.total is not None
    ]
    if not there:
        return None
    found = trend_of(
        [attempt.at.date() for attempt, _ in there],
        [one.total or 0.0 for _, one in there],
        [one.low for _, one in there],
        [one.high for _, one in there],
    )

    def row(pair: tuple[Attempt, Reading]) -> list[Cell]:
        attempt, one = pair
        return [attempt.at.date(), attempt.title, attempt.minutes, one.total, one.low, one.high]

    label = f"{SOURCES[source]} score of {count(len(there))}, from {ends(found, 0)}"
    titles = [title_of(point, found.unit, 0) for point in found.points]
    columns = ["Day", "Case", "Minutes", "Score of 100", "Low", "High"]
    return Chart(
        "scores",
        "Score of 100, with its range" if found.has_band else "Score of 100",
        reading_of(found),
        Table("scores", columns, Made(there, row)),
        [Figure("", drawing.wide(found, label, titles), found.latest)],
    )


def ends(found: Trend, digits: int) -> str:
    first, last = found.points[0], found.points[-1]
    begun = f"{first.value:.{digits}f} on {day_words(first.day)}"
    return f"{begun} to {last.value:.{digits}f} on {day_words(last.day)}"


def count(n: int, what: str = "attempt") -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def dimensions(attempts: Sequence[Attempt], source: str) -> Chart | None:
    """Return the eight dimensions over time by one source; people also score communication."""
    figures, reading = [], ""
    wanted = EIGHT if source in ("engine", "judge") else tuple(NAMES)
    readings = [(attempt, one) for attempt in attempts for one in attempt.readings if one.source == source]
    known = [(attempt, one.flat) for attempt, one in readings if one.flat]
    days = [attempt.at.date() for attempt, _ in known]
    # A column for each number of a flat list: the sums behind a dot are then sums of slices.
    columns = list(zip(*(flat for _, flat in known), strict=True))
    for slug in wanted if known else ():
        parts: list[Sequence[Any]] = [days, *columns[PLACE[slug] : PLACE[slug] + 3]]
        if None in parts[1]:
            there = [level is not None for level in parts[1]]
            parts = [tuple(compress(part, there)) for part in parts]
        at, levels, lows, highs = parts
        if not levels:
            continue
        found = trend_of(at, levels, lows, highs)
        reading = reading or reading_of(found)
        titles = [title_of(point, found.unit, 1) for point in found.points]
        label = f"{NAMES[slug]}, level of 4 in {count(len(levels))}, from {ends(found, 1)}"
        figures.append(Figure(NAMES[slug], drawing.small(found, label, titles), found.latest, slug))
    if not figures:
        return None

    def row(thing: tuple[Attempt, Sequence[float | None], str]) -> list[Cell]:
        attempt, flat, slug = thing
        return [attempt.at.date(), attempt.title, NAMES[slug], *flat[PLACE[slug] : PLACE[slug] + 3]]

    places = [(slug, PLACE[slug]) for slug in wanted]
    rows = [
        (attempt, flat, slug) for attempt, flat in known for slug, place in places if flat[place] is not None
    ]
    heads = ["Day", "Case", "Dimension", "Level of 4", "Low", "High"]
    enough = len(readings) >= ENOUGH
    tag = f"{reading} · figure: average of the last three" if enough else reading
    table = Table("dimensions", heads, Made(rows, row))
    return Chart("dimensions", "Level of 4 by dimension", tag, table, figures)


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
    steps_of = {name: averages(inside) for name, inside in sorted(by_framework.items())}
    rows: list[list[Cell]] = [
        [
            name, step.short, len(by_framework[name]), round(step.budget, 1), round(step.spent, 1),
            round(step.over, 1),
        ]
        for name, steps in steps_of.items()
        for step in steps
    ]  # fmt: skip
    name, shown = max(by_framework.items(), key=lambda pair: (len(pair[1]), pair[0]))
    steps = steps_of[name]
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
    # Most have the same steps: their columns are summed, each step once.
    alike: dict[tuple[str, ...], list[Sequence[Any]]] = {}
    for attempt in attempts:
        alike.setdefault(tuple(attempt.flat_steps[::4]), []).append(attempt.flat_steps)
    for shorts, flats in alike.items():
        columns = list(zip(*flats, strict=True))
        for place, short in enumerate(shorts):
            _, of, budget, spent = columns[4 * place : 4 * place + 4]
            entry = sums.setdefault(short, [0, 0, 0])
            entry[0] += sum([seconds / 60 for seconds in budget])
            entry[1] += sum([seconds / 60 for seconds in spent])
            entry[2] += len(flats)
            dimension[short] = of[-1]
    means = {short: (given / n, taken / n) for short, (given, taken, n) in sums.items()}
    most = max(map(max, means.values()), default=1) or 1
    return [
        StepMinutes(short, dimension[short], given, taken, drawing.bar(taken / most, given / most))
        for short, (given, taken) in means.items()
    ]


def moved(steps: Sequence[StepMinutes]) -> str:
    """Return in a sentence from where minutes are taken, and where they go."""
    over = sorted((step for step in steps if step.over >= 0.5), key=lambda step: -step.over)[:2]
    under = min(steps, key=lambda step: step.over)
    black = "The dark mark is the budget."
    if over and under.over <= -0.5:
        to = " and ".join(step.short for step in over)
        return f"You take {-under.over:.1f} min from {under.short} and spend more on {to}. {black}"
    if over:
        return f"{over[0].short} takes {over[0].over:.1f} min more than its budget. {black}"
    return f"Every step keeps to its budget within half a minute. {black}"


def helped(attempts: Sequence[Attempt]) -> Chart:
    """Return hints taken, questions asked, and follow-ups given and answered, attempt by attempt."""
    figures, days = [], [attempt.at.date() for attempt in attempts]
    for name, values in (
        ("Hints taken", [attempt.hints for attempt in attempts]),
        ("Questions asked", [attempt.asked for attempt in attempts]),
        ("Follow-ups given", [attempt.follow_ups for attempt in attempts]),
        ("Follow-ups answered", [attempt.answered for attempt in attempts]),
    ):
        found = trend_of(days, values)
        highest = max(2, *(-(-int(point.value + 0.999) // 2) * 2 for point in found.points))
        titles = [title_of(point, found.unit, 0 if found.unit == "attempt" else 1) for point in found.points]
        label = f"{name} in {count(len(attempts))}, from {ends(found, 0)}"
        figures.append(Figure(name, drawing.small(found, label, titles, highest), found.latest))
    columns = ["Day", "Case", "Hints", "Questions asked", "Follow-ups given", "Follow-ups answered"]

    def row(one: Attempt) -> list[Cell]:
        return [one.at.date(), one.title, one.hints, one.asked, one.follow_ups, one.answered]

    table = Table("help", columns, Made(attempts, row))
    return Chart("help", "Hints and follow-ups", "by attempt", table, figures)


def compared(attempts: Sequence[Attempt]) -> Chart | None:
    """Return own, interviewer's and automatic totals beside each other, where people gave any."""
    several = [one for one in attempts if len(one.readings) > 1 or one.by("engine") is None]
    both = [one for one in several if one.total_by("self") is not None or one.total_by("person") is not None]
    if not both:
        return None

    def row(one: Attempt) -> list[Cell]:
        totals = [one.total_by(source) for source in ("self", "person", "engine")]
        return [one.at.date(), one.title, *totals, one.hints]

    columns = ["Day", "Case", "You", "Interviewer", "Automatic", "Hints"]
    return Chart(
        "compared",
        "You, your interviewer, automatic",
        "where you or an interviewer scored",
        Table("compared", columns, Made(both, row)),
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
        said += f"; in the last three it was {lately:+.0f}".replace("-", "−")
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


def everything(attempts: Sequence[Attempt]) -> Table:
    """Return every attempt with every figure that is kept, for those who want to count for themselves."""
    columns = [
        "When", "Case", "Kind", "Area", "Framework", "Target level", "Minutes given", "Minutes spent",
        "Hints", "Questions asked", "Follow-ups given", "Follow-ups answered", "Seen before", "Retry",
        "Interviewers", "Automatic", "Low", "High", "You", "Interviewer", "Second reader",
        *(NAMES[slug] for slug in EIGHT),
    ]  # fmt: skip

    def row(one: Attempt) -> list[Cell]:
        auto = one.by("engine")
        return [
            one.at, one.title, one.kind, one.area, one.framework_name, one.level,
            round(one.budget_seconds / 60), round(one.seconds / 60, 1), one.hints, one.asked, one.follow_ups,
            one.answered, one.seen, one.retry, ", ".join(name for _, name in one.partners),
            auto and auto.total, auto and auto.low, auto and auto.high, one.total_by("self"),
            one.total_by("person"), one.total_by("judge"),
            *(one.levels_by("engine")[: len(EIGHT)] or NOTHING),
        ]  # fmt: skip

    return Table("attempts", columns, Made(attempts, row))
