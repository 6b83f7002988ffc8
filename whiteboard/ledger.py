"""What a room needs from the gate and the log: its document loaded, its edits judged, its rows kept."""

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import connection

from whiteboard import log
from whiteboard.appender import Appender
from whiteboard.gate import Gate, GateDiedError, GateFailedError, UnknownBoardError
from whiteboard.gate_reader import trusted_outline
from whiteboard.log import Batch, Entry
from whiteboard.room import Edit, Kept, Room, elsewhere

NEVER_READ = "This edit could not be applied."
TRIES = 3  # of an edit over which the gate has died
logger = logging.getLogger(__name__)
T = TypeVar("T")
Verdict = tuple[int | str, bytes | None]
Rows = list[Kept]


class Ledger:
    """The gate and the log, as rooms use them. Whoever calls a method about a room holds its lock."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.appender = Appender()

    async def start(self) -> None:
        """Have the gate and the connection ready before somebody waits for them."""
        await asyncio.gather(self.gate.ready(), self.appender.start())

    async def close(self) -> None:
        """End the gate and give the connection back."""
        await self.gate.close()
        await self.appender.close()

    async def append(self, kept: dict[Room, Rows], careful: Collection[Room]) -> dict[Room, int | None]:
        """Append what several rooms keep; return the number of each room's first new row.

        In a room of `careful` nothing is appended that another process has stored since the gate read
        the log: log.MOVED says so, and all of the room's edits have to be judged again.
        """
        first = await self._append(kept, {room: room.head for room in careful})
        moved = [room for room, number in first.items() if number == log.MOVED]
        news = {room: kept[room] for room in moved if not await self._is_stored(room, kept[room])}
        return {**first, **await self._append(news, {})}

    async def _append(self, kept: dict[Room, Rows], heads: dict[Room, int]) -> dict[Room, int | None]:
        if not kept:
            return {}
        batches = [
            Batch(
                room.name,
                room.epoch,
                [Entry(data, seat.admission.author_id if seat else None) for seat, data, _ in rows],
                heads.get(room),
            )
            for room, rows in kept.items()
        ]
        return dict(zip(kept, await self.appender.append(batches), strict=True))

    async def _is_stored(self, room: Room, rows: Rows) -> bool:
        """Return whether a step of `rows` is in the log behind the room's head; what is there is noted."""
        missed = await self.read(log.rows_after, room.board_id, room.head)
        room.hear(room.head + 1, [elsewhere(row.data) for row in missed])
        stored: dict[int, list[tuple[int, int]]] = {}
        for row in missed:
            for client, start, end in trusted_outline(row.data).adds:
                stored.setdefault(client, []).append((start, end))
        return any(
            start < stored_end and stored_start < end
            for row in rows
            for client, start, end in trusted_outline(row.data).adds
            for stored_start, stored_end in stored.get(client, ())
        )

    async def verdicts(self, jobs: list[tuple[Room, list[Edit]]]) -> list[list[Verdict]]:
        """Return the gate's verdicts; when it dies over them, find out over which and refuse only that."""
        try:
            return await self._ask_check(jobs)
        except (GateDiedError, GateFailedError):
            for room, _ in jobs:
                room.generation = 0
            return [await self._one_by_one(room, edits) for room, edits in jobs]

    async def _one_by_one(self, room: Room, edits: list[Edit]) -> list[Verdict]:
        """Return the verdicts on edits that are tried alone, each in a document that holds those before it.

        The gate may have been ended by something else, so an edit is refused only when three children,
        each of them well before, have died over it. A new child is told first what was taken already:
        what two documents both call new would stand in the log twice.
        """
        found: list[Verdict] = []
        taken: list[Edit] = []
        for edit in edits:
            for _ in range(TRIES):
                try:
                    if taken and room.generation != self.gate.generation:
                        await self._ask_check([(room, taken)])
                    [[verdict]] = await self._ask_check([(room, [edit])])
                    break
                except (GateDiedError, GateFailedError):
                    room.generation = 0
                    await self.gate.ready()
            else:
                logger.warning("an edit ended the gate; board %s, %d bytes", room.board_id, len(edit.data))
                verdict = (NEVER_READ, None)
            found.append(verdict)
            if verdict[0] in (1, 2):
                taken.append(edit)
        return found

    async def _ask_check(self, jobs: list[tuple[Room, list[Edit]]]) -> list[list[Verdict]]:
        for _ in range(3):
            for room, _edits in jobs:
                await self.ensure_loaded(room)
            asked: list[dict[str, Any]] = [
                {"board": room.key, "feed": len(room.unfed), "marks": [edit.mark for edit in edits]}
                for room, edits in jobs
            ]
            blobs: list[bytes] = []
            for room, edits in jobs:
                blobs += room.unfed
                blobs += [edit.data for edit in edits]
            head, out = await self.gate.ask("check", blobs, rooms=asked)
            lost = [job for job, found in zip(jobs, head["rooms"], strict=True) if found is None]
            if not lost:
                for (room, _edits), each in zip(jobs, asked, strict=True):
                    del room.unfed[: each["feed"]]
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
            if room.unfed:
                await self.feed(room)
            try:
                return (await self.gate.ask(do, blobs, board=room.key))[1]
            except (UnknownBoardError, GateDiedError):
                room.generation = 0
        raise GateDiedError

    async def ensure_loaded(self, room: Room) -> None:
        """Have the gate hold the room's document up to the newest row; call it with the room locked."""
        if room.generation == self.gate.generation != 0:
            return
        await self.appender.settle()
        await self.gate.start()
        generation = self.gate.generation
        history = await self.read(log.history, room.board_id)
        await self.gate.ask("open", history.blobs, board=room.key)
        missed: tuple[log.Row, ...] = ()
        if room.loaded_before and room.head < history.head:
            missed = await self.read(log.rows_after, room.board_id, room.head, upto_seq=history.head)
        room.loaded_before = True
        room.generation, room.head, room.snapshot_seq = generation, history.head, history.upto_seq
        room.heard = {number: row for number, row in room.heard.items() if number > room.head}
        room.unfed.clear()
        room.answers.clear()
        room.tell([elsewhere(row.data) for row in missed], None)

    async def read_gap(self, room: Room, *, upto_seq: int | None = None) -> Rows:
        """Return the rows since the room's head, which moves: others' rows, and ours behind them."""
        rows = await self.read(log.rows_after, room.board_id, room.head, upto_seq=upto_seq)
        room.hear(room.head + 1, [elsewhere(row.data) for row in rows])
        return room.take_heard()

    async def feed(self, room: Room) -> None:
        """Give the gate the rows that others wrote; call it with the room locked."""
        rows = list(room.unfed)
        try:
            await self.gate.ask("feed", rows, board=room.key)
        except (UnknownBoardError, GateDiedError, GateFailedError):
            room.generation = 0
        del room.unfed[: len(rows)]

    async def keep_snapshot(self, room: Room) -> None:
        """Store a shortcut to the room's head, unless something waits behind a gap."""
        if room.heard:
            return  # the gate knows rows behind the head, which a snapshot of the head must not hold
        if room.unfed:
            await self.feed(room)
        try:
            _, blobs = await self.gate.ask("whole", board=room.key)
            if blobs and room.generation == self.gate.generation:
                await self.read(log.keep_snapshot, room.board_id, room.head, blobs[0])
            room.snapshot_seq = room.head
        except (GateDiedError, GateFailedError, UnknownBoardError):
            room.generation = 0

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
                await self.gate.ask("drop", boards=[room.key])
            except (GateDiedError, GateFailedError):
                logger.info("the gate went before it could forget board %s", room.board_id)
