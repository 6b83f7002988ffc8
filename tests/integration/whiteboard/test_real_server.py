"""What is promised of a real server: nothing acknowledged is lost, processes agree, a restart is polite."""

import asyncio
import random
import signal

import pytest

from tests.integration.whiteboard.conftest import Server
from tests.integration.whiteboard.people import agree, in_db, until
from whiteboard import log
from whiteboard.models import Board
from whiteboard.protocol import Close

pytestmark = pytest.mark.django_db(transaction=True)


async def test_what_was_acknowledged_survives_a_kill(server: Server, board: Board) -> None:
    acknowledged: dict[str, int] = {}
    for life in range(2):
        ana = await server.visit(board, "ana")
        ben = await server.visit(board, "ben")
        for step in range(1, 61 + 40 * life):
            ana.draw(f"{life}-{step % 7}", step)
            if step == 30:
                await ana.saved()
                acknowledged |= {name: int(ana.elements[name]["geom"]["x"]) for name in ana.elements}
            if step % 4 == 0:
                await asyncio.sleep(0.004)
        server.end(
            signal.SIGKILL
        )  # in the middle of it: half of the steps were waited for, the others were not
        await ana.leave()
        await ben.leave()
        server.start()
    witness = await server.visit(board, "carla")
    assert len(acknowledged) == 14
    for name, step in acknowledged.items():
        assert witness.elements[name]["geom"]["x"] >= step
    await witness.leave()


async def test_a_page_comes_back_after_a_kill_with_all_it_had(server: Server, board: Board) -> None:
    ana = await server.visit(board)
    for step in range(30):
        ana.draw(f"a{step}", step)
    server.end(signal.SIGKILL)
    await ana.leave()
    server.start()
    again = await server.visit(board, doc=ana.doc)
    await again.saved()
    ben = await server.visit(board, "ben")
    assert len(ben.elements) == 30
    await agree(again, ben)
    for one in (again, ben):
        await one.leave()


async def test_a_stopping_server_says_that_it_restarts(server: Server, board: Board) -> None:
    ana = await server.visit(board)
    ana.draw("a")
    await ana.saved()
    stopping = asyncio.get_running_loop().run_in_executor(None, server.end, signal.SIGTERM)
    assert await ana.ended(20) == Close.RESTART
    await stopping
    await ana.leave()


async def test_two_processes_serve_one_board(server: Server, second_server: Server, board: Board) -> None:
    ana, ben = await server.visit(board, "ana"), await second_server.visit(board, "ben")
    dice = random.Random(7)
    for step in range(60):
        dice.choice([ana, ben]).draw(dice.choice("abcde"), step)
        dice.choice([ana, ben]).write("scope", f"{step} ")
        await asyncio.sleep(dice.uniform(0, 0.02))
    await ana.saved()
    await ben.saved()
    await agree(ana, ben, seconds=20)
    rows = await in_db(log.rows_after, board.pk, 0)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    ana.point(1, pointer={"x": 1, "y": 1})
    await until(lambda: ana.doc.client_id in ben.others, 20)
    second_server.end(signal.SIGTERM)
    await until(lambda: ben.closed is not None, 20)
    for one in (ana, ben):
        await one.leave()
