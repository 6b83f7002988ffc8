"""What a process does with what others write: told in order, read from the log when news is lost."""

import asyncio
import threading
from collections.abc import Iterable
from uuid import UUID

import pytest
from pycrdt import Doc, Map

from bench.history_checker import Log
from tests.factories.whiteboard import BoardFactory, strokes
from tests.integration.whiteboard.conftest import Visit
from tests.integration.whiteboard.people import Drawer, agree, in_db, until
from whiteboard import gate, log, protocol
from whiteboard.hub import Hub
from whiteboard.models import Board, Snapshot, Update

pytestmark = pytest.mark.django_db(transaction=True)


async def hear(message_type: str, **message: object) -> None:
    """Have the hub hear what another process says."""
    (await Hub.here()).lookout._hear({"type": message_type, "from": "another", **message})


async def written_elsewhere(board: Board, *edits: bytes) -> int:
    """Append rows as another process does, and return the number of the first."""
    return min([await in_db(log.append, board, edit) for edit in edits])


async def news(board: Board, first: int, *rows: bytes) -> None:
    heads = {board.pk.hex: first + len(rows) - 1}
    await hear("boards.news", heads=heads, rows={board.pk.hex: (first, list(rows))}, states={})


async def in_the_log(board: Board) -> object:
    rows = await in_db(log.rows_after, board.pk, 0)
    view, _ = await in_db(lambda: gate.ask("view_log", [b"", *(row.data for row in rows)]))
    return view["elements"]


async def sees(one: Drawer, x: float) -> None:
    await until(lambda: "a" in one.elements and one.elements["a"]["geom"]["x"] == x, 20)


async def test_rows_that_are_told_are_not_read_from_the_log(
    visit: Visit, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await visit(board)
    edits = strokes(5)
    first = await written_elsewhere(board, *edits)
    monkeypatch.setattr(log, "rows_after", None)
    await news(board, first, *edits)
    await sees(ana, 4)


async def test_news_in_the_wrong_order_and_twice_is_told_in_order(visit: Visit, board: Board) -> None:
    ana = await visit(board)
    edits = strokes(6)
    await written_elsewhere(board, *edits)
    await news(board, 4, *edits[3:])
    await news(board, 1, *edits[:3])
    await news(board, 1, *edits[:3])
    await sees(ana, 5)
    updates = [message for message in ana.received if message[:2] == b"\x00\x02"]
    assert len(updates) == 6


async def test_lost_news_is_made_up_for_by_the_log(visit: Visit, board: Board) -> None:
    ana = await visit(board)
    edits = strokes(6)
    await written_elsewhere(board, *edits)
    await news(board, 5, *edits[4:])
    await sees(ana, 5)


async def test_who_draws_behind_rows_not_yet_heard_is_acknowledged_and_told_in_order(
    visit: Visit, board: Board
) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    edits = strokes(3)
    await written_elsewhere(board, *edits)
    for step in range(5):
        ana.draw(f"mine-{step}", step)
        ben.draw(f"bens-{step}", step)
        await asyncio.sleep(0.01)
    await ana.saved()
    await ben.saved()
    await news(board, 1, *edits)
    await sees(ana, 2)
    await agree(ana, ben, await visit(board, "carla"))
    assert (await in_the_log(board)).keys() == ana.elements.to_py().keys()


async def test_a_snapshot_holds_what_the_log_held_then(
    visit: Visit, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "SNAPSHOT_EVERY", 10)
    ana = await visit(board)
    edits = strokes(40)
    for step, edit in enumerate(edits):
        await written_elsewhere(board, edit)
        ana.draw(f"mine-{step % 3}", step)
        await ana.saved()
    await sees(ana, 39)
    shortcuts = await in_db(lambda: list(Snapshot.objects.filter(board=board).order_by("upto_seq")))
    assert shortcuts
    for shortcut in shortcuts:
        rows = await in_db(log.rows_after, board.pk, 0, upto_seq=shortcut.upto_seq)
        blobs = [b"", *(row.data for row in rows)]
        by_rows, _ = await in_db(lambda blobs=blobs: gate.ask("view_log", blobs))
        data = bytes(shortcut.data)
        by_shortcut, _ = await in_db(lambda data=data: gate.ask("view_log", [data]))
        assert by_shortcut == by_rows


async def test_who_comes_from_another_process_has_nothing_stored_twice(visit: Visit, board: Board) -> None:
    ben = await visit(board, "ben")
    edits = strokes(3)
    await written_elsewhere(board, *edits)  # and that process was killed before it could say so
    doc: Doc = Doc()
    for edit in edits:
        doc.apply_update(edit)
    ana = await visit(board, "ana", doc=doc)
    ana.draw("more", 1)
    await ana.saved()
    await agree(ana, ben)
    assert await in_db(Update.objects.filter(board=board).count) == 4


async def test_what_another_process_stored_in_the_very_moment_is_not_stored_again(
    visit: Visit, board: Board
) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    carla: Doc = Doc()
    carla.get("elements", type=Map)["hers"] = Map({"type": "ellipse", "isDeleted": False})
    first = carla.get_update()
    await written_elsewhere(board, first)  # by a process that is killed before it says so
    carla.get("elements", type=Map)["more"] = Map({"type": "diamond", "isDeleted": False})
    ben.put(protocol.step_2(carla.get_update()))  # all that this process was seen to lack
    await ben.saved()

    rows = await in_db(log.rows_after, board.pk, 0)
    kept = Log()
    kept.read([(row.seq, row.data) for row in rows])
    assert (len(rows), kept.findings.repeated, kept.findings.gaps) == (2, [], [])
    await until(lambda: {"hers", "more"} <= set(ana.elements.keys()), 20)
    await agree(ana, await visit(board, "dora"))


async def test_a_board_opened_while_heads_are_looked_up_is_not_taken_for_gone(
    visit: Visit, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, lookout = await visit(board), (await Hub.here()).lookout
    asked, opened = threading.Event(), threading.Event()
    heads = log.heads

    def slow_heads(boards: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
        found = heads(boards)
        asked.set()
        assert opened.wait(20)
        return found

    monkeypatch.setattr(log, "heads", slow_heads)
    looking = asyncio.create_task(lookout._look_at_heads())
    await until(asked.is_set, 20)
    other = await in_db(BoardFactory)
    ben = await visit(other, "ben")
    opened.set()
    await looking
    for one in (ana, ben):
        one.draw("a")
        await one.saved()
        assert one.closed is None
