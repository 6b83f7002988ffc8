"""People at one board see the same, are told what is safe, and may only do what they may."""

import asyncio

import pytest

from tests.factories.whiteboard import strokes
from tests.integration.whiteboard.conftest import Visit
from tests.integration.whiteboard.open_board import OpenBoardConsumer
from tests.integration.whiteboard.people import agree, in_db, until
from whiteboard import log, protocol, wakeups
from whiteboard.hub import Hub
from whiteboard.models import Board, Update
from whiteboard.protocol import Close

pytestmark = pytest.mark.django_db(transaction=True)


async def test_two_people_see_the_same_board(visit: Visit, board: Board) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    assert ana.hello == {"epoch": 1, "right": "write", "head": 0}
    for step in range(20):
        ana.draw("a", step)
        ben.draw(f"b{step % 3}", step)
        ben.write("scope", f"{step} ")
        await asyncio.sleep(0.004)
    await ana.saved()
    await ben.saved()
    await agree(ana, ben)
    scene, notes = await in_db(log.scene_and_notes, board)
    assert {element["id"] for element in scene["elements"]} == {"a", "b0", "b1", "b2"}
    assert notes["scope"].startswith("0 1 2")


async def test_an_edit_is_in_the_log_when_it_is_acknowledged(visit: Visit, board: Board) -> None:
    ana = await visit(board)
    ana.draw("a")
    await ana.saved()
    rows = await in_db(list, Update.objects.filter(board=board).values_list("seq", flat=True))
    assert rows == [1]
    assert (await in_db(log.heads, [board.pk]))[board.pk] == (1, 1)


async def test_somebody_who_comes_later_is_given_everything(visit: Visit, board: Board) -> None:
    ana = await visit(board)
    ana.draw("a", 5)
    await ana.saved()
    ben = await visit(board, "ben")
    assert ben.scene() == ana.scene()


async def test_what_was_drawn_offline_arrives_with_the_next_connection(visit: Visit, board: Board) -> None:
    ana = await visit(board)
    ana.draw("a", 5)
    await ana.saved()
    await ana.leave()
    ana.doc.get("elements", type=type(ana.elements))["a"]["isDeleted"] = True
    again = await visit(board, "ana", doc=ana.doc)
    ben = await visit(board, "ben")
    await again.saved()
    await agree(again, ben)
    assert ben.elements["a"]["isDeleted"] is True
    assert await in_db(Update.objects.filter(board=board).count) == 2


async def test_joining_again_with_nothing_new_writes_nothing(visit: Visit, board: Board) -> None:
    ana = await visit(board)
    for step in range(5):
        ana.draw("a", step)
    await ana.saved()
    before = await in_db(Update.objects.count)
    await ana.leave()
    await (await visit(board, doc=ana.doc)).saved()
    assert await in_db(Update.objects.count) == before


async def test_what_an_observer_draws_is_dropped(visit: Visit, board: Board) -> None:
    ana, observer = await visit(board), await visit(board, "observer", right="read")
    assert observer.hello["right"] == "read"
    observer.draw("mine")
    ana.draw("a")
    await ana.saved()
    await until(lambda: "a" in observer.elements, 10)
    assert "mine" not in ana.elements
    assert observer.acknowledged == 0
    assert observer.closed is None


async def test_a_stranger_is_told_so_and_given_nothing(visit: Visit, board: Board) -> None:
    stranger = await visit(board, "stranger", join=False)
    assert await stranger.ended() == Close.MAY_NOT
    assert stranger.received == []


async def test_a_board_that_does_not_exist_is_refused(visit: Visit, board: Board) -> None:
    await in_db(Board.objects.filter(pk=board.pk).delete)
    nobody = await visit(board, join=False)
    assert await nobody.ended() == Close.NO_SUCH_BOARD


async def test_a_page_of_another_epoch_is_refused(visit: Visit, board: Board) -> None:
    late = await visit(board, join=False, epoch=0)
    assert await late.ended() == Close.OTHER_EPOCH
    assert await visit(board, epoch=1)


async def test_rights_that_end_end_the_socket(visit: Visit, board: Board) -> None:
    ana = await visit(board)
    OpenBoardConsumer.revoked.add("ana")
    assert await ana.ended() == Close.MAY_NOT


async def test_a_wakeup_ends_rights_at_once(visit: Visit, board: Board) -> None:
    ana = await visit(board)
    OpenBoardConsumer.revoked.add("ana")
    wakeups.rights_changed(board.pk)
    assert await ana.ended() == Close.MAY_NOT


async def test_a_writer_who_may_only_read_from_now_on_stays_and_is_told(visit: Visit, board: Board) -> None:
    ana = await visit(board)
    OpenBoardConsumer.read_only.add("ana")
    wakeups.rights_changed(board.pk)
    await until(lambda: ana.hello["right"] == "read", 10)
    ana.draw("late")
    await asyncio.sleep(0.1)
    assert await in_db(Update.objects.count) == 0
    OpenBoardConsumer.read_only.clear()
    wakeups.rights_changed(board.pk)
    ben = await visit(board, "ben")
    await until(lambda: "late" in ben.elements, 10)


async def test_the_server_says_who_is_pointing(visit: Visit, board: Board) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    ana.point(1, user={"id": "1", "name": "The interviewer"}, pointer={"x": 1, "y": 2})
    await until(lambda: ana.doc.client_id in ben.others, 10)
    shown = ben.others[ana.doc.client_id]
    assert shown["user"] == {"id": "ana", "name": "Ana", "role": "candidate", "color": "#2456d6"}
    assert shown["pointer"] == {"x": 1, "y": 2}
    ben.point(99, client=ana.doc.client_id, pointer={"x": 9, "y": 9})
    await asyncio.sleep(0.1)
    assert ben.others[ana.doc.client_id]["pointer"] == {"x": 1, "y": 2}
    carla = await visit(board, "carla")
    await until(lambda: bool(carla.others), 10)
    assert carla.others.keys() == {ana.doc.client_id}
    assert carla.others[ana.doc.client_id]["pointer"] == {"x": 1, "y": 2}
    await ana.leave()
    await until(lambda: ben.others == {}, 10)


async def test_pointers_are_replaced_not_queued(visit: Visit, board: Board) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    start = len(ben.received)
    for clock in range(1, 61):
        ana.point(clock, pointer={"x": clock, "y": 0})
        if clock % 4 == 0:  # four at a time, however slowly the clock of a busy machine ticks
            await asyncio.sleep(0.016)
    await until(lambda: ben.others.get(ana.doc.client_id, {}).get("pointer", {}).get("x") == 60, 10)
    assert len(ben.received) - start <= 40


async def test_a_flood_is_closed(visit: Visit, board: Board) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    for clock in range(2000):
        ana.point(clock + 1, pointer={"x": clock, "y": 0})
    assert await ana.ended() == Close.TOO_FAST
    ben.draw("b")
    await ben.saved()


async def test_an_edit_behind_a_gap_waits_for_what_it_builds_on(visit: Visit, board: Board) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    first, second, third = strokes(3)
    ana.put(protocol.update(third))
    ana.put(protocol.update(second))
    await asyncio.sleep(0.1)
    assert ana.unacknowledged == 2
    assert len(ben.elements) == 0
    assert await in_db(Update.objects.count) == 0
    ben.put(protocol.update(first))
    await ana.saved()
    carla = await visit(board, "carla")
    assert carla.elements["a"]["geom"]["x"] == 2.0


async def test_the_gate_dies_and_nobody_notices(visit: Visit, board: Board) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    ana.draw("a")
    await ana.saved()
    gate = (await Hub.here()).ledger.gate
    assert gate._child is not None
    gate._child.kill()
    ana.draw("a", 7)
    await ana.saved()
    await agree(ana, ben)
    assert (await visit(board, "carla")).elements["a"]["geom"]["x"] == 7.0
