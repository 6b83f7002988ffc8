"""One metric, by one thing, for some attempts: sums behind the page that answers questions. Plain Python."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from interviews.progress import filters, tables
from interviews.progress.filters import HINTS, Filters, unknown
from interviews.progress.tables import Table
from interviews.progress.values import EIGHT, ENOUGH, KINDS, LEVELS, NAMES, SOURCES, Attempt, mean


class Seen(NamedTuple):
    """One thing that was counted: where it falls, and its value."""

    key: str
    value: float


@dataclass(frozen=True)
class Metric:
    """What is measured; `of`: of a whole attempt, a reading of it, its dimensions or its steps."""

    label: str
    unit: str
    of: str
    top: float | None = None
    signed: bool = False


METRICS = {
    "score": Metric("Score", "of 100", "reading", 100),
    "level": Metric("Level", "of 4", "dimension", 4),
    "over": Metric("Minutes over budget", "min", "step", signed=True),
    "minutes": Metric("Minutes spent", "min", "step"),
    "hints": Metric("Hints taken", "an attempt", "attempt"),
    "asked": Metric("Questions asked", "an attempt", "attempt"),
    "answered": Metric("Follow-ups answered", "% of those given", "attempt", 100),
    "own": Metric("You minus automatic", "levels", "dimension", signed=True),
    "peer": Metric("Interviewer minus automatic", "levels", "dimension", signed=True),
}
BY = {
    "kind": "Kind",
    "area": "Area",
    "case": "Case",
    "level": "Level",
    "framework": "Framework",
    "partner": "Interviewer",
    "source": "Who scored",
    "dimension": "Dimension",
    "step": "Step",
    "hints": "With or without hints",
    "seen": "Seen before",
    "minutes": "Length",
    "month": "Month",
}
FILTERS = ("period", "kind", "area", "level", "framework", "partner", "source", "hints", "seen")
PRESETS = (
    ("Where do I lose minutes?", {"metric": "over", "by": "step"}),
    ("Which area is weakest?", {"metric": "level", "by": "dimension", "period": "3m"}),
    ("Am I getting better?", {"metric": "score", "by": "month"}),
    ("Do hints help?", {"metric": "score", "by": "hints"}),
    ("Which kind suits me?", {"metric": "score", "by": "kind"}),
    ("Where do I flatter myself?", {"metric": "own", "by": "dimension"}),
    ("Who scores how?", {"metric": "score", "by": "source"}),
    ("Am I better at what I know?", {"metric": "score", "by": "seen"}),
)


@dataclass(frozen=True)
class Cell:
    """The mean of what fell on one value, and of how many; too few to lean on are said to be so."""

    key: str
    label: str
    value: float
    n: int

    @property
    def few(self) -> bool:
        return self.n < ENOUGH


@dataclass(frozen=True)
class Question:
    """What is asked: a metric, by what, for which attempts."""

    metric: str
    by: str
    filters: Filters

    @property
    def words(self) -> str:
        return f"{METRICS[self.metric].label} by {BY[self.by].lower()}"

    @property
    def refusal(self) -> str:
        """Why this cannot be answered, in a sentence; empty when it can."""
        of, metric = METRICS[self.metric].of, METRICS[self.metric].label
        if self.by == "dimension" and of != "dimension":
            return f"“{metric}” is not of one dimension. Choose Level, or another row than Dimension."
        if self.by == "step" and of != "step":
            return f"“{metric}” is not of one step. Choose minutes, or another row than Step."
        if self.by == "source" and of in ("attempt", "step"):
            return f"“{metric}” is the same whoever scores. Choose Score or Level, or another row."
        if self.by == "source" and self.metric in ("own", "peer"):
            return f"“{metric}” already is between two who scored. Choose another row."
        if self.filters.get("source") and of in ("attempt", "step"):
            return f"“{metric}” is the same whoever scores. Choose “any” under Who scored."
        if self.filters.get("source") and self.metric in ("own", "peer"):
            return f"“{metric}” already is between two who scored. Choose “any” under Who scored."
        return ""


def read(asked: Mapping[str, str], offered: Mapping[str, Mapping[str, str]]) -> tuple[Question, list[str]]:
    """Return the question of an address, and in a sentence each what of it there is not."""
    found, problems = filters.read(asked, offered, FILTERS)
    metric, by = asked.get("metric", "").strip() or "score", asked.get("by", "").strip() or "kind"
    if metric not in METRICS:
        problems.append(unknown("metric", metric, METRICS))
        metric = "score"
    if by not in BY:
        problems.append(unknown("row", by, BY))
        by = "kind"
    return Question(metric, by, found), problems


def answer(question: Question, attempts: Iterable[Attempt]) -> list[Cell]:
    """Return a cell for each value there is, in the order of the thing; `attempts` are filtered already."""
    sums: dict[str, list[float]] = {}
    labels: dict[str, str] = {}
    for attempt in attempts:
        keys = keys_of(question.by, attempt)
        for key, value in seen(question, attempt):
            for at, label in [(key, key)] if question.by in ("dimension", "step", "source") else keys:
                sums.setdefault(at, []).append(value)
                labels[at] = label
    names = NAMES if question.by == "dimension" else SOURCES if question.by == "source" else {}
    cells = [
        Cell(key, names.get(key, labels[key]), sum(values) / len(values), len(values))
        for key, values in sums.items()
    ]
    return in_order(question.by, cells)


def overall(question: Question, attempts: Iterable[Attempt]) -> Cell | None:
    """Return the mean over everything that was counted, once each."""
    values = [value for attempt in attempts for _, value in seen(question, attempt)]
    return Cell("", "All", sum(values) / len(values), len(values)) if values else None


def seen(question: Question, attempt: Attempt) -> Iterator[Seen]:
    """Yield what a metric sees in one attempt."""
    source = question.filters.get("source") or "engine"
    match question.metric:
        case "score":
            for reading in attempt.readings:
                if reading.total is not None and (
                    reading.source == source
                    or (question.by == "source" and not question.filters.get("source"))
                ):
                    yield Seen(reading.source, reading.total)
        case "level":
            yield from levels(question, attempt, source)
        case "own" | "peer":
            gaps = attempt.gaps("self" if question.metric == "own" else "person")
            if question.by == "dimension":
                yield from (Seen(slug, theirs - auto) for slug, theirs, auto in gaps)
            elif gaps:
                yield Seen("", sum(theirs - auto for _, theirs, auto in gaps) / len(gaps))
        case "over" | "minutes" if question.by == "step":
            for step in attempt.steps:
                spent = step.spent - (step.budget if question.metric == "over" else 0)
                yield Seen(step.short, spent / 60)
        case "over":
            yield Seen("", (attempt.seconds - attempt.budget_seconds) / 60)
        case "minutes":
            yield Seen("", attempt.seconds / 60)
        case "hints":
            yield Seen("", attempt.hints)
        case "asked":
            yield Seen("", attempt.asked)
        case "answered" if attempt.follow_ups:
            yield Seen("", 100 * min(attempt.answered, attempt.follow_ups) / attempt.follow_ups)


def levels(question: Question, attempt: Attempt, source: str) -> Iterator[Seen]:
    """Yield the levels of an attempt: by dimension, by who scored, or their mean."""
    if question.by == "dimension":
        for slug, level in zip(NAMES, attempt.levels_by(source), strict=False):
            if level is not None:
                yield Seen(slug, level)
        return
    wanted = [source] if question.by != "source" or question.filters.get("source") else list(SOURCES)
    for one in wanted:
        level = mean(attempt.levels_by(one)[: len(EIGHT)])
        if level is not None:
            yield Seen(one, level)


def keys_of(by: str, attempt: Attempt) -> Sequence[tuple[str, str]]:
    """Return where an attempt falls, as value and label; with two interviewers in two places."""
    alone: Callable[[str, str], Sequence[tuple[str, str]]] = lambda key, label: [(key, label)]  # noqa: E731
    match by:
        case "kind":
            return alone(attempt.kind, KINDS.get(attempt.kind, attempt.kind))
        case "area":
            return alone(attempt.area, attempt.area)
        case "case":
            return alone(attempt.case, attempt.title)
        case "level":
            return alone(attempt.level, LEVELS.get(attempt.level, attempt.level))
        case "framework":
            return alone(attempt.framework, attempt.framework_name)
        case "partner":
            return attempt.partners or [("", "Alone")]
        case "hints":
            key = "with" if attempt.hints else "without"
            return alone(key, HINTS[key])
        case "seen":
            return alone("yes", "Seen before") if attempt.seen else alone("no", "New")
        case "minutes":
            return alone(f"{attempt.minutes:03}", f"{attempt.minutes} min")
        case "month":
            return alone(f"{attempt.at:%Y-%m}", f"{attempt.at:%b %Y}")
    return []


def in_order(by: str, cells: list[Cell]) -> list[Cell]:
    """Return cells in the order of their thing where it has one; else the largest groups first."""
    fixed = {"dimension": list(NAMES), "source": list(SOURCES), "level": list(LEVELS), "kind": list(KINDS)}
    if by in fixed:
        return sorted(cells, key=lambda cell: fixed[by].index(cell.key))
    if by in ("month", "minutes"):
        return sorted(cells, key=lambda cell: cell.key)
    if by == "step":
        return cells
    return sorted(cells, key=lambda cell: (-cell.n, cell.label))


def table(question: Question, cells: Sequence[Cell]) -> Table:
    metric = METRICS[question.metric]
    columns = [BY[question.by], f"{metric.label}, {metric.unit}", "Number", "Enough to lean on"]
    rows: list[list[tables.Cell]] = [[cell.label, cell.value, cell.n, not cell.few] for cell in cells]
    return Table("crosstab", columns, rows)


def scale(question: Question, cells: Sequence[Cell]) -> float:
    """Return the value that fills a bar."""
    top = METRICS[question.metric].top
    return top or max((abs(cell.value) for cell in cells), default=0) or 1
