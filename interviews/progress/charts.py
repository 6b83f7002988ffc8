"""What the progress page draws, each with the table behind it. Plain Python: attempts in, pictures out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from typing import Any

from interviews.progress import drawing
from interviews.progress.drawing import when_words
from interviews.progress.tables import Cell, Made, Table
from interviews.progress.trend import Point, Trend, trend_of
from interviews.progress.values import EIGHT, ENOUGH, NAMES, PLACE, SOURCES, Attempt, Reading, mean
from interviews.rounding import written

NOTHING = (None,) * len(EIGHT)


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
    said = f"{when_words(point.day, unit)}: {written(point.value, digits)}"
    if point.low is not None and point.high is not None:
        said += f" ({written(point.low, digits)}–{written(point.high, digits)})"
    return said if unit == "attempt" else f"{said}, {count(point.n)}"


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
    narrow = drawing.wide(found, label, titles, drawing.NARROW)
    columns = ["Day", "Case", "Minutes", "Score of 100", "Low", "High"]
    return Chart(
        "scores",
        "Score of 100, with its range" if found.has_band else "Score of 100",
        reading_of(found),
        Table("scores", columns, Made(there, row)),
        [Figure("", drawing.wide(found, label, titles), found.latest, narrow=narrow)],
    )


def ends(found: Trend, digits: int) -> str:
    first, last = found.points[0], found.points[-1]
    begun = f"{written(first.value, digits)} on {when_words(first.day, found.unit)}"
    return f"{begun} to {written(last.value, digits)} on {when_words(last.day, found.unit)}"


def count(n: int, what: str = "attempt") -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


class Levels(Sequence[Sequence[Cell]]):
    """The rows of the table of levels: eight an attempt, of which a page shows the last few."""

    def __init__(
        self, known: Sequence[tuple[Attempt, Sequence[float | None]]], wanted: Sequence[str], number: int
    ) -> None:
        self.known, self.wanted, self.number = known, [(slug, PLACE[slug]) for slug in wanted], number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice) and at.stop is at.step is None and (at.start or 0) < 0:
            return list(islice(self.__reversed__(), -at.start))[::-1]
        return list(self)[at]

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        return (row for one in self.known for row in self.of(*one))

    def __reversed__(self) -> Iterator[Sequence[Cell]]:
        return (row for one in reversed(self.known) for row in reversed(self.of(*one)))

    def of(self, attempt: Attempt, flat: Sequence[float | None]) -> list[Sequence[Cell]]:
        day = attempt.at.date()
        return [
            [day, attempt.title, NAMES[slug], *flat[at : at + 3]]
            for slug, at in self.wanted
            if flat[at] is not None
        ]


def dimensions(attempts: Sequence[Attempt], source: str) -> Chart | None:
    """Return the eight dimensions over time by one source; people also score communication."""
    figures, reading, of, number = [], "", "", 0
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
        found, number = trend_of(at, levels, lows, highs), number + len(levels)
        reading, of = reading or reading_of(found), of or last_three(found)
        titles = [title_of(point, found.unit, 1) for point in found.points]
        label = f"{NAMES[slug]}, level of 4 in {count(len(levels))}, from {ends(found, 1)}"
        figures.append(Figure(NAMES[slug], drawing.small(found, label, titles), found.latest, slug))
    if not figures:
        return None

    heads = ["Day", "Case", "Dimension", "Level of 4", "Low", "High"]
    enough = len(readings) >= ENOUGH
    tag = f"{reading} · figure: average of {of}" if enough else reading
    table = Table("dimensions", heads, Levels(known, wanted, number))
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
        Table("minutes", columns, rows, ordered=True),
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
            entry[0] += sum(budget) / 60
            entry[1] += sum(spent) / 60
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
    black = "The upright mark is the budget."
    if over and under.over <= -0.5:
        to = " and ".join(step.short for step in over)
        return f"You take {written(-under.over, 1)} min from {under.short} and spend more on {to}. {black}"
    if over:
        return f"{over[0].short} takes {written(over[0].over, 1)} min more than its budget. {black}"
    if under.over <= -0.5:
        left = written(-under.over, 1)
        return f"No step goes over its budget; {under.short} has the most left, {left} min. {black}"
    return f"Every step keeps to its budget within half a minute. {black}"


def helped(attempts: Sequence[Attempt]) -> Chart:
    """Return hints taken, questions asked, and follow-ups given and answered, attempt by attempt."""
    figures, days, tag = [], [attempt.at.date() for attempt in attempts], ""
    for name, values in (
        ("Hints taken", [attempt.hints for attempt in attempts]),
        ("Questions asked", [attempt.asked for attempt in attempts]),
        ("Follow-ups given", [attempt.follow_ups for attempt in attempts]),
        ("Follow-ups answered", [attempt.answered for attempt in attempts]),
    ):
        found = trend_of(days, values)
        tag = reading_of(found)
        highest = max(2, *(-(-int(point.value + 0.999) // 2) * 2 for point in found.points))
        titles = [title_of(point, found.unit, 0 if found.unit == "attempt" else 1) for point in found.points]
        label = f"{name} in {count(len(attempts))}, from {ends(found, 0)}"
        figures.append(Figure(name, drawing.small(found, label, titles, highest), found.latest))
    columns = ["Day", "Case", "Hints", "Questions asked", "Follow-ups given", "Follow-ups answered"]

    def row(one: Attempt) -> list[Cell]:
        return [one.at.date(), one.title, one.hints, one.asked, one.follow_ups, one.answered]

    table = Table("help", columns, Made(attempts, row))
    return Chart("help", "Hints and follow-ups", tag, table, figures)


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
        side = "above" if middle > 0 else "below"
        said = f"You score yourself {written(abs(middle))} {side} {whom} on average"
    if len(gaps) > ENOUGH and abs(lately - middle) >= 1:
        there = f"it was {lately:+.0f}".replace("-", "−") if round(lately) else "you were level"
        said += f"; in the last three {there}"
    return f"{said}."


def calibration(attempts: Sequence[Attempt]) -> Chart | None:
    """Return how own levels agree with automatic ones: for each own level the mean automatic one."""
    bins: list[list[tuple[str, float, float]]] = [[] for _ in range(5)]
    for attempt in attempts:
        for gap in attempt.gaps("self"):
            bins[int(gap[1] + 0.5)].append(gap)
    points = [
        (
            sum([own for _, own, _ in gaps]) / len(gaps),
            sum([auto for *_, auto in gaps]) / len(gaps),
            len(gaps),
        )
        for gaps in bins
        if gaps
    ]
    if not points:
        return None
    label = "; ".join(
        f"own {written(own, 1)}, automatic {written(auto, 1)}, {n} times" for own, auto, n in points
    )
    columns = ["Own level", "Automatic level", "Number"]
    return Chart(
        "calibration",
        "How well you know yourself",
        "each dimension you scored · on the diagonal you agree",
        Table("calibration", columns, [list(point) for point in points], ordered=True),
        [Figure("", drawing.calibration(points, label, ENOUGH))],
        "Under the diagonal you see more in a design than the automatic reading does; above it, less."
        + (" Pale dots stand for fewer than three." if any(n < ENOUGH for *_, n in points) else ""),
    )


def everything(attempts: Sequence[Attempt]) -> Table:
    """Return every attempt with every figure that is kept, for those who want to count for themselves."""
    columns = [
        "When", "Case", "Kind", "Area", "Framework", "Target level", "Minutes given", "Minutes spent",
        "Hints", "Questions asked", "Follow-ups given", "Follow-ups answered", "Seen before", "Retry",
        "Interviewers", "Automatic", "Low", "High", "You", "Interviewer", "Second reader",
        *(NAMES[slug] for slug in EIGHT), "Imported",
    ]  # fmt: skip

    def row(one: Attempt) -> list[Cell]:
        auto = one.by("engine")
        return [
            one.at, one.title, one.kind, one.area, one.framework_name, one.level,
            round(one.budget_seconds / 60), round(one.seconds / 60, 1), one.hints, one.asked, one.follow_ups,
            one.answered, one.seen, one.retry, ", ".join(name for _, name in one.partners),
            auto and auto.total, auto and auto.low, auto and auto.high, one.total_by("self"),
            one.total_by("person"), one.total_by("judge"),
            *(one.levels_by("engine")[: len(EIGHT)] or NOTHING), one.imported,
        ]  # fmt: skip

    return Table("attempts", columns, Made(attempts, row))
