"""What a room needs from the gate and the log: its document loaded, its edits judged, its rows kept."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection

from whiteboard import log
from whiteboard.gate import Gate, GateDiedError, GateFailedError, UnknownBoardError
from whiteboard.log import Entry
from whiteboard.room import Edit, Room, Seat

NEVER_READ = "This edit could not be applied."
SECONDS_IDLE = 1.0
logger = logging.getLogger(__name__)
T = TypeVar("T")
Verdict = tuple[int | str, bytes | None]
Rows = list[tuple[Seat | None, bytes]]


def _hang_up() -> None:
    connection.close()  # looked up in the thread that runs this: every thread has its own


class Ledger:
    """The gate and the log, as rooms use them. Whoever calls a method about a room holds its lock."""

    def __init__(self) -> None:
        self.gate = Gate()
        self._writer = ThreadPoolExecutor(1, "whiteboard-log")
        self._wrote_at = 0.0

    async def close(self) -> None:
        """End the gate and give the connection back."""
        await self.gate.close()
        await self.write(_hang_up)
        self._writer.shutdown(wait=True)

    async def append(self, kept: dict[Room, Rows]) -> dict[UUID, int]:
        """Append what several rooms keep; return board → number of its first new row."""
        if not kept:
            return {}
        entries = {
            room.board_id: [Entry(data, seat.admission.author_id if seat else None) for seat, data in rows]
            for room, rows in kept.items()
        }
        epochs = {room.board_id: room.epoch for room in kept}
        return await self.write(lambda: log.append_all(entries, epochs=epochs))

    async def verdicts(
        self, jobs: list[tuple[Room, list[Edit]]], *, suspected: bool = False
    ) -> list[list[Verdict]]:
        """Return the gate's verdicts; when it dies over them, find out over which and refuse only that."""
        try:
            return await self._ask_check(jobs)
        except (GateDiedError, GateFailedError):
            for room, _ in jobs:
                room.generation = 0
            if len(jobs) > 1:
                return [(await self.verdicts([job]))[0] for job in jobs]
            room, edits = jobs[0]
            if len(edits) == 1:
                if not suspected:  # it may have died of something else: once more, alone
                    return await self.verdicts(jobs, suspected=True)
                logger.warning(
                    "an edit ended the gate; board %s, %d bytes", room.board_id, len(edits[0].data)
                )
                return [[(NEVER_READ, None)]]
            found = [(await self.verdicts([(room, [edit])]))[0][0] for edit in edits]
            room.generation = 0  # what was accepted before the last crash is not in the document
            return [found]

    async def _ask_check(self, jobs: list[tuple[Room, list[Edit]]]) -> list[list[Verdict]]:
        for _ in range(3):
            for room, _edits in jobs:
                await self.ensure_loaded(room)
            asked = [{"board": room.name, "marks": [edit.mark for edit in edits]} for room, edits in jobs]
            blobs = [edit.data for _, edits in jobs for edit in edits]
            head, out = await self.gate.ask("check", blobs, rooms=asked)
            lost = [job for job, found in zip(jobs, head["rooms"], strict=True) if found is None]
            if not lost:
                written = iter(out)
                return [
                    [(state, next(written) if state == 2 else None) for state in found]
                    for found in head["rooms"]
                ]
            # Nothing else may have been tried twice: load them all again from the log.
            for room, _edits in jobs:
                room.generation = 0
        raise GateDiedError

    async def ask(self, room: Room, do: str, blobs: list[bytes]) -> list[bytes]:
        """Return the gate's answer about a room, loading it again if the gate has lost it."""
        for _ in range(3):
            await self.ensure_loaded(room)
            try:
                return (await self.gate.ask(do, blobs, board=room.name))[1]
            except (UnknownBoardError, GateDiedError):
                room.generation = 0
        raise GateDiedError

    async def ensure_loaded(self, room: Room) -> None:
        """Have the gate hold the room's document up to the newest row; call it with the room locked."""
        if room.generation == self.gate.generation != 0:
            return
        await self.gate.start()
        generation = self.gate.generation
        history = await self.read(log.history, room.board_id)
        await self.gate.ask("open", history.blobs, board=room.name)
        missed: tuple[log.Row, ...] = ()
        if room.loaded_before and room.head < history.head:
            missed = await self.read(log.rows_after, room.board_id, room.head, upto_seq=history.head)
        room.loaded_before = True
        room.generation, room.head, room.snapshot_seq = generation, history.head, history.upto_seq
        room.answers.clear()
        room.tell([(None, row.data) for row in missed], None)

    async def read_gap(self, room: Room, *, upto_seq: int | None = None) -> Rows:
        """Return the rows that others wrote since the room's head, which moves, after feeding the gate."""
        rows = await self.read(log.rows_after, room.board_id, room.head, upto_seq=upto_seq)
        if rows:
            try:
                await self.gate.ask("feed", [row.data for row in rows], board=room.name)
            except (UnknownBoardError, GateDiedError, GateFailedError):
                room.generation = 0
            room.head = rows[-1].seq
            room.answers.clear()
        return [(None, row.data) for row in rows]

    async def keep_snapshot(self, room: Room) -> None:
        """Store a shortcut to the room's head, unless something waits behind a gap."""
        try:
            _, blobs = await self.gate.ask("whole", board=room.name)
            if blobs and room.generation == self.gate.generation:
                await self.read(log.keep_snapshot, room.board_id, room.head, blobs[0])
            room.snapshot_seq = room.head
        except (GateDiedError, GateFailedError, UnknownBoardError):
            room.generation = 0

    async def write(self, act: Callable[[], T]) -> T:
        """Run `act` in the one thread that appends; its connection stays open while there is work."""

        def run() -> T:
            try:
                return act()
            except Exception:
                connection.close()  # whatever state it is in, the next flush starts afresh
                raise

        self._wrote_at = time.monotonic()
        return await sync_to_async(run, thread_sensitive=False, executor=self._writer)()

    async def rest(self) -> None:
        """Give the writer's connection back when nothing was written for a second."""
        if self._wrote_at and time.monotonic() - self._wrote_at > SECONDS_IDLE:
            await self.write(_hang_up)
            self._wrote_at = 0.0

    async def read(self, act: Callable[..., T], *values: Any, **named: Any) -> T:
        """Run `act` in some thread, with a connection of its own that goes straight back to the pool."""

        def run() -> T:
            try:
                return act(*values, **named)
            finally:
                connection.close()

        return await sync_to_async(run, thread_sensitive=False)()

    async def drop(self, room: Room) -> None:
        """Let the gate forget a room's document."""
        if room.generation == self.gate.generation and self.gate.pid:
            try:
                await self.gate.ask("drop", boards=[room.name])
            except (GateDiedError, GateFailedError):
                logger.info("the gate went before it could forget board %s", room.board_id)
