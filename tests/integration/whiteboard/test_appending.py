"""The connection over which a hub appends: what it stores, and what becomes of it when it breaks."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from django.db import connection

from tests.factories.accounts import UserFactory
from tests.factories.whiteboard import BoardFactory
from tests.integration.whiteboard.people import in_db
from whiteboard.appender import Appender
from whiteboard.log import MOVED, Batch, Entry
from whiteboard.models import Board, Update

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def appender(transactional_db: None) -> AsyncIterator[Appender]:
    one = Appender()
    yield one
    await one.close()


def _rows(board: Board) -> list[tuple[int, bytes]]:
    return [(row.seq, bytes(row.data)) for row in Update.objects.filter(board=board).order_by("seq")]


async def test_rows_of_several_boards_are_numbered(appender: Appender, board: Board) -> None:
    other, ana = await in_db(BoardFactory), await in_db(UserFactory)
    replaced = await in_db(lambda: BoardFactory(epoch=3))
    first = await appender.append(
        [
            Batch(board.pk.hex, 1, [Entry(b"\x00a", ana.pk), Entry(b"b" * 100_000)]),
            Batch("0" * 32, 1, [Entry(b"nowhere")]),
            Batch(other.pk.hex, 1, [Entry(b"c", 999_999)]),
            Batch(replaced.pk.hex, 2, [Entry(b"of another epoch")]),
        ]
    )
    assert first == [1, None, 1, None]
    assert await appender.append([Batch(board.pk.hex, 1, [Entry(b"d")])]) == [3]
    assert await in_db(_rows, board) == [(1, b"\x00a"), (2, b"b" * 100_000), (3, b"d")]
    assert await in_db(Update.objects.filter(author=ana).count) == 1


async def test_rows_judged_by_a_log_that_has_moved_on_are_left_out(appender: Appender, board: Board) -> None:
    other = await in_db(BoardFactory)
    assert await appender.append([Batch(board.pk.hex, 1, [Entry(b"a")], head=0)]) == [1]
    first = await appender.append(
        [
            Batch(board.pk.hex, 1, [Entry(b"again")], head=0),
            Batch(other.pk.hex, 1, [Entry(b"b")], head=0),
        ]
    )
    assert first == [MOVED, 1]
    assert await appender.append([Batch(board.pk.hex, 2, [Entry(b"x")], head=1)]) == [None]
    assert await appender.append([Batch(board.pk.hex, 1, [Entry(b"c")], head=1)]) == [2]
    assert await in_db(_rows, board) == [(1, b"a"), (2, b"c")]
    assert await in_db(_rows, other) == [(1, b"b")]


def _end(backend: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])


async def test_a_connection_that_has_gone_is_replaced(appender: Appender, board: Board) -> None:
    await appender.start()
    assert appender._connection is not None
    await in_db(_end, appender._connection.info.backend_pid)
    async with asyncio.timeout(10):
        while appender._connection is not None:  # noqa: ASYNC110 (it notices by itself)
            await asyncio.sleep(0.01)
    assert await appender.append([Batch(board.pk.hex, 1, [Entry(b"a")])]) == [1]


async def test_a_statement_that_fails_is_an_error_and_the_next_one_works(
    appender: Appender, board: Board
) -> None:
    with pytest.raises(psycopg.Error):
        await appender.append([Batch("no id", 1, [Entry(b"a")])])
    assert await appender.append([Batch(board.pk.hex, 1, [Entry(b"a")])]) == [1]


async def test_who_stops_waiting_leaves_nothing_behind_for_the_next(appender: Appender, board: Board) -> None:
    await appender.start()
    waiting = asyncio.create_task(appender.append([Batch(board.pk.hex, 1, [Entry(b"a")] * 50)]))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    [first] = await appender.append([Batch(board.pk.hex, 1, [Entry(b"b")])])
    assert first in (1, 51)
