"""The hub's own connection to PostgreSQL, over which every flush is appended to the log.

One prepared statement, sent and answered on the event loop itself by way of libpq's non-blocking calls
(psycopg.pq). A thread that runs the same statement through a cursor costs four times as much, most of it
in handing over and in planning the statement anew. Sixty flushes a second come by here.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGresult

from whiteboard import log
from whiteboard.log import Batch

SECONDS_FOR_POSTGRESQL = 8  # then it gives up by itself, and nothing is stored
SECONDS_TO_APPEND = 15.0
APPLICATION = "mockboard log"
_NAME = b"append"


def _connect(statement: bytes, left_behind: int | None) -> psycopg.Connection[Any]:
    """Return a new connection to the site's database with the statement prepared; blocks.

    What an earlier one (`left_behind`, its process in PostgreSQL) may still be doing is ended first.
    """
    wanted = connection.get_connection_params()
    wanted = {"connect_timeout": 10, **wanted, "autocommit": True, "application_name": APPLICATION}
    opened = psycopg.connect(**wanted)
    opened.execute(f"SET statement_timeout = '{SECONDS_FOR_POSTGRESQL}s'")
    with contextlib.suppress(psycopg.Error):  # not on every system
        opened.execute("SET client_connection_check_interval = '1s'")
    if left_behind is not None:
        opened.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE pid = %s AND application_name = %s",
            (left_behind, APPLICATION),
        )
    result = opened.pgconn.prepare(_NAME, statement)
    if result.status != ExecStatus.COMMAND_OK:
        opened.close()
        raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
    opened.pgconn.nonblocking = 1
    return opened


def _close_again(opening: "asyncio.Future[psycopg.Connection[Any]]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


class Appender:
    """Appends to the log from an event loop, one statement at a time."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection[Any] | None = None
        self._waiting: asyncio.Future[list[int | None]] | None = None
        self._batches = 0
        self._result: PGresult | None = None
        self._socket = -1
        self._backend = 0
        self._left_behind: int | None = None
        self._connecting = asyncio.Lock()

    async def start(self) -> None:
        """Have the connection open, so that the first edit need not wait for it."""
        async with self._connecting:
            if self._connection is not None:
                return
            loop = asyncio.get_running_loop()
            statement = log.append_statement(numbered=True).encode()
            opening = loop.run_in_executor(None, _connect, statement, self._left_behind)
            try:
                self._connection = await asyncio.shield(opening)
            except asyncio.CancelledError:
                opening.add_done_callback(_close_again)
                raise
            self._socket, self._backend = self._connection.pgconn.socket, self._connection.info.backend_pid
            self._left_behind = None
            loop.add_reader(self._socket, self._readable)

    async def settle(self) -> None:
        """Wait until an append that was given up is over: what is read then has its rows, or never will."""
        if self._left_behind is not None:
            await self.start()

    async def append(self, batches: Sequence[Batch], *, now: datetime | None = None) -> list[int | None]:
        """Append several boards' rows at once: all of them or none.

        Returns for each board the number of its first new row; None when the board is gone or has
        another epoch, log.MOVED when it has rows behind the head given. Any error says
        that nothing is known to be stored.
        """
        if self._connection is None:
            await self.start()
        assert self._connection is not None
        assert self._waiting is None
        pgconn, loop = self._connection.pgconn, asyncio.get_running_loop()
        values: list[bytes | None] = [
            value if isinstance(value, bytes) else str(value).encode()
            for value in log.append_values(batches, now or timezone.now())
        ]
        formats = [Format.BINARY if number == log.BLOB else Format.TEXT for number in range(len(values))]
        self._batches = len(batches)
        answer: asyncio.Future[list[int | None]] = loop.create_future()
        self._waiting = answer
        too_late = loop.call_later(SECONDS_TO_APPEND, self._drop, TimeoutError("PostgreSQL does not answer"))
        try:
            try:
                pgconn.send_query_prepared(_NAME, values, formats)
                self._push()
            except psycopg.Error as error:
                self._drop(error)
            return await answer
        finally:
            too_late.cancel()
            if not answer.done() or answer.cancelled():
                self._drop(None)  # nobody waits for what may still come: it must not answer the next one
            self._waiting = None

    def _push(self) -> None:
        """Send what libpq still holds, now and whenever the socket takes more."""
        if self._connection is None:
            return
        loop = asyncio.get_running_loop()
        try:
            if self._connection.pgconn.flush():
                loop.add_writer(self._socket, self._push)
            else:
                loop.remove_writer(self._socket)
        except psycopg.Error as error:
            self._drop(error)

    def _readable(self) -> None:
        """Take what PostgreSQL says; between two statements that can only be that it goes away."""
        if self._connection is None:
            return
        pgconn = self._connection.pgconn
        try:
            pgconn.consume_input()
            if self._waiting is None or self._waiting.done():
                return
            while not pgconn.is_busy():  # else get_result would wait
                result = pgconn.get_result()
                if result is None:
                    break
                self._result = result
            else:
                return
        except psycopg.Error as error:
            self._drop(error)
            return
        result, self._result = self._result, None
        if result is None:
            return
        if result.status != ExecStatus.TUPLES_OK:
            message = result.error_field(DiagnosticField.MESSAGE_PRIMARY) or result.error_message
            self._drop(psycopg.OperationalError(message.decode(errors="replace")))
            return
        first: list[int | None] = [None] * self._batches
        for row in range(result.ntuples):
            first[int(result.get_value(row, 0) or 0) - 1] = int(result.get_value(row, 1) or 0)
        self._waiting.set_result(first)

    def _drop(self, error: Exception | None) -> None:
        """Close the connection, whatever state it is in; the next append opens another."""
        gone, self._connection, self._result = self._connection, None, None
        if gone is not None:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._socket)
            loop.remove_writer(self._socket)
            gone.close()
            if self._waiting is not None:
                self._left_behind = self._backend
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionError("the connection to PostgreSQL is closed"))

    async def close(self) -> None:
        """Give the connection back."""
        async with self._connecting:
            self._drop(None)
