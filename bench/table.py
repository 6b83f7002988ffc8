"""The table of docs/performance.md: what was measured of each server, and ours as a share of the others'."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.held import Held
from bench.joins import PEOPLE, UPDATES, Joins
from bench.load import Result
from bench.losses import Losses
from devstack.state import ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- table: made by ./run bench --write -->", "<!-- end of the table -->"
NONE = "–"


@dataclass
class Figures:
    """What was measured of one server; what was left out is None."""

    name: str
    one_room: Result | None = None
    eight_rooms: Result | None = None
    large_room: Result | None = None
    memory_one: int = 0
    memory_eight: int = 0
    held: Held | None = None
    joins: Joins | None = None
    losses: Losses | None = None
    keeps: bool = True
    shared: Result | None = None  # eight rooms shared by two processes
    trouble: str = ""  # what kept it from being measured to the end


@dataclass(frozen=True)
class Line:
    """A row: what it is, its value of a server (None: not measured), how to write it, what to reach."""

    title: str
    value: Callable[[Figures], float | None]
    form: str = "{:.1f}"
    reach: str = ""
    ratio: bool = True


def _of(name: str, read: Callable[[Result], float]) -> Callable[[Figures], float | None]:
    def value(figures: Figures) -> float | None:
        result = getattr(figures, name)
        return None if result is None else read(result)

    return value


def _helper(name: str) -> Callable[[Result], float]:
    return lambda result: result.helpers.get(name, 0.0) * 1e6 / result.deliveries


def _cpu(result: Result) -> float:
    return result.ms_per_1000


def _p(share: float) -> Callable[[Result], float]:
    return lambda result: result.delays.at(share)


def _memory(figures: Figures) -> float | None:
    if not figures.memory_eight or not figures.memory_one:
        return None
    return max(0.0, (figures.memory_eight - figures.memory_one) / 7e6)


LINES = (
    Line("CPU per 1,000 deliveries, ms: 1 room of 8", _of("one_room", _cpu)),
    Line("… 8 rooms of 8", _of("eight_rooms", _cpu), reach="≤ 0.7 of y-websocket, ≤ 0.35 of Hocuspocus"),
    Line(
        "… 8 rooms, if only pointers count that were shown", _of("eight_rooms", lambda r: r.ms_per_1000_shown)
    ),
    Line("… 1 room of 36", _of("large_room", _cpu)),
    Line("Delivery, ms, 8 rooms: p50", _of("eight_rooms", _p(0.5)), ratio=False),
    Line("… p95", _of("eight_rooms", _p(0.95)), reach="≤ 25", ratio=False),
    Line("… p99", _of("eight_rooms", _p(0.99)), ratio=False),
    Line("Delivery, ms, 1 room: p95", _of("one_room", _p(0.95)), ratio=False),
    Line(
        "Rooms of 8 held at p95 < 50 ms",
        lambda f: float(f.held.rooms) if f.held else None,
        "{:.0f}",
        "≥ 2.5 × Hocuspocus",
    ),
    Line(
        f"{PEOPLE} join {UPDATES:,} updates at once, ms: p50",
        lambda f: f.joins.p50 if f.joins else None,
        reach="≤ 20",
    ),
    Line("… from the question on", lambda f: f.joins.answer_p50 if f.joins else None),
    Line("… kB to each", lambda f: f.joins.bytes / 1000 if f.joins else None, "{:.0f}"),
    Line("First join after a restart, ms", lambda f: f.joins.restart if f.joins else None, "{:.0f}", "≤ 100"),
    Line("Memory with 8 rooms open, MB", lambda f: f.memory_eight / 1e6 or None, "{:.0f}"),
    Line("… for each further room", _memory),
)


def table(ours: Figures, others: list[Figures]) -> str:
    """Return the table in Markdown."""
    against = [each for each in others if each.name in ("y-websocket", "Hocuspocus, SQLite")]
    columns = [ours, *others]
    head = ["", *(each.name for each in columns), *(f"ours ÷ {each.name}" for each in against), "to reach"]
    rows = [head, ["---", *("---:" for _ in head[1:-1]), "---"]]
    for line in LINES:
        values = [line.value(each) for each in columns]
        if all(value is None for value in values):
            continue
        cells = [NONE if value is None else line.form.format(value) for value in values]
        shares = [_share(line.value(ours), line.value(each)) if line.ratio else "" for each in against]
        rows.append([line.title, *cells, *shares, line.reach])
    blank = ["" for _ in against]
    if any(each.losses or not each.keeps for each in columns):
        rows.append(
            ["Killed (-9) while drawing: seen by others, then gone", *map(_seen_lost, columns), *blank, "0"]
        )
        rows.append(["… acknowledged, then gone", *map(_acknowledged_lost, columns), *blank, "0"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _share(ours: float | None, theirs: float | None) -> str:
    return f"{ours / theirs:.2f}" if ours is not None and theirs else ""


def _seen_lost(figures: Figures) -> str:
    if not figures.keeps:
        return "all"
    return f"{figures.losses.seen_lost:,} of {figures.losses.seen:,}" if figures.losses else NONE


def _acknowledged_lost(figures: Figures) -> str:
    lost = figures.losses
    if lost is None or lost.acknowledged is None:
        return "acknowledges none" if lost or not figures.keeps else NONE
    return f"{lost.acknowledged_lost:,} of {lost.acknowledged:,}"


def notes(ours: Figures, others: list[Figures]) -> list[str]:
    """Return what does not fit into the table, as lines."""
    lines: list[str] = []
    if ours.eight_rooms is not None:
        used = ", ".join(f"{name} {_helper(name)(ours.eight_rooms):.1f}" for name in ours.eight_rooms.helpers)
        if used:
            lines.append(f"Beside our processes, in ms per 1,000 deliveries at 8 rooms: {used}.")
        lines.append(
            f"{ours.eight_rooms.pointers_replaced:.0%} of the pointers in our 8 rooms were replaced by a "
            "newer one before they were sent."
        )
    if ours.shared is not None and ours.eight_rooms is not None:
        lines.append(
            f"The same 8 rooms shared by two web processes: {ours.shared.ms_per_1000:.1f} ms, "
            f"{ours.shared.ms_per_1000 / ours.eight_rooms.ms_per_1000:.2f} times one process "
            f"(to reach: ≤ 1.4); delivery p95 {ours.shared.delays.at(0.95):.0f} ms."
        )
    if any(each.held for each in (ours, *others)):
        late = ", ".join(f"{e.name} {e.held.late_people:.0f} ms" for e in (ours, *others) if e.held)
        lines.append(
            "Rooms held: servers and people share the cores, so the people are part of what saturates. "
            f"At the most rooms held they were late themselves by (p95): {late}."
        )
    return [*lines, *(line for each in (ours, *others) for line in _overloads(each))]


def _overloads(figures: Figures) -> Iterator[str]:
    """Yield a line for what went wrong, and for each run in which the server fell behind."""
    if figures.trouble:
        yield figures.trouble
    for result in (figures.one_room, figures.eight_rooms, figures.large_room, figures.shared):
        if result is not None and not result.kept_up:
            what = f"{result.rooms} rooms of {result.people}" + (
                " shared by two processes" if result is figures.shared else ""
            )
            yield f"{figures.name} did not keep up with {what}: those figures are of an overload."


def write(text: str, page: Path = PAGE) -> None:
    """Put a table with its notes into the page, in the place of the last one."""
    block = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
    whole = page.read_text()
    if not block.search(whole):
        raise ValueError(f"{page.name} has no place for the table.")
    page.write_text(block.sub(lambda _: f"{BEGIN}\n{text}\n{END}", whole))
