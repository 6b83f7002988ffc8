"""The table of docs/performance.md, and the search for the rooms a server holds."""

from collections import Counter
from pathlib import Path

import pytest

from bench.held import most
from bench.load import Delays, Result
from bench.losses import Losses
from bench.table import BEGIN, END, PAGE, Figures, notes, table, write


def result(cpu: float, **changes: object) -> Result:
    """Return a run of one second in which a thousand messages reached one other person each."""
    values: dict[str, object] = {
        "rooms": 8, "people": 2, "seconds": 1.0, "sent": 1000, "wanted": 1000, "told": 1.0, "shown": 0.8,
        "pointers_replaced": 0.4, "missing": 0, "closed": {}, "bytes": 0, "frames_share": 1.0,
        "edits": Delays(Counter({100: 1})), "pointers": Delays(Counter({100: 1})), "lag": Delays(Counter()),
        "cpu": cpu, "helpers": {"PostgreSQL": 0.002},
    }  # fmt: skip
    return Result(**{**values, **changes})  # type: ignore[arg-type]


def figures(name: str, cpu: float, **more: object) -> Figures:
    return Figures(name, eight_rooms=result(cpu), **more)  # type: ignore[arg-type]


def test_ours_is_shown_as_a_share_of_the_others():
    ours = figures("Mockboard", 0.005, losses=Losses(1, 300, 0, 290, 0))
    others = [
        figures("y-websocket", 0.010, keeps=False),
        figures("Hocuspocus, SQLite", 0.020, losses=Losses(1, 300, 250, 290, 240)),
    ]
    text = table(ours, others)
    assert "| … 8 rooms of 8 | 5.0 | 10.0 | 20.0 | 0.50 | 0.25 |" in text
    assert "| … 8 rooms, if only pointers count that were shown | 6.2 | 12.5 | 25.0 | 0.50 | 0.25 |" in text
    assert "seen by others, then gone | 0 of 300 | all | 250 of 300 |" in text
    assert "acknowledged, then gone | 0 of 290 | acknowledges none | 240 of 290 |" in text
    assert "PostgreSQL 2.0" in "\n".join(notes(ours, others))
    assert len({line.count("|") for line in text.splitlines()}) == 1


def test_a_run_that_lost_or_left_out_something_did_not_keep_up():
    assert result(1).kept_up
    assert not result(1, missing=1).kept_up
    assert not result(1, sent=900).kept_up
    assert not result(1, closed={"1013": 1}).kept_up


@pytest.mark.parametrize("bound", [3, 8, 23, 40, 97, 180])
@pytest.mark.parametrize("start", [4.0, 20.0, 500.0])
def test_the_search_ends_at_the_most_rooms_held(bound: int, start: float):
    assert most(lambda rooms: rooms <= bound, start=start, tries=20) == bound // 4 * 4


def test_the_search_never_takes_more_tries_than_it_may():
    asked: list[int] = []
    most(lambda rooms: bool(asked.append(rooms)), start=100, tries=3)
    assert len(asked) == 3


def test_only_the_table_of_the_page_is_replaced(tmp_path: Path):
    page = tmp_path / "performance.md"
    page.write_text(f"Before.\n{BEGIN}\nold \\1\n{END}\nAfter.\n")
    write("new \\1 table", page)
    assert page.read_text() == f"Before.\n{BEGIN}\nnew \\1 table\n{END}\nAfter.\n"


def test_the_page_has_a_place_for_the_table():
    assert BEGIN in PAGE.read_text()
    assert END in PAGE.read_text()
