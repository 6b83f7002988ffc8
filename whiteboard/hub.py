"""The hub: one per process, through which every edit goes to the gate, the log and the browsers.

The order is the promise: checked, committed, then told and acknowledged. Edits of all rooms that are
busy at the same time share one question to the gate and one statement to PostgreSQL; an idle process
flushes at once, a busy one every 16 ms. What other processes write is read from the log when a wake-up
says so, and whenever heads turn out to differ.
"""

import asyncio
import logging
import time
import weakref
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from whiteboard import log, protocol
from whiteboard.intake import intake
from whiteboard.ledger import Ledger, Rows, Verdict
from whiteboard.lookout import Lookout
from whiteboard.outlet import framed
from whiteboard.patience import Patience
from whiteboard.presence import write_states
from whiteboard.protocol import Close
from whiteboard.room import SECONDS_TO_SETTLE, Edit, Kept, Room, Seat
from whiteboard.together import Together
from whiteboard.wakeups import News

BUSY_SECONDS = 0.016
SECONDS_TO_HEAR = 0.05  # of a row that another process wrote, before it is read from the log
MOST_HEARD = 2000
MOST_NEWS = 64 * 1024
MOST_PER_FLUSH = 400
logger = logging.getLogger(__name__)


class Hub:
    """Everything this process has open."""

    _by_loop: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = weakref.WeakKeyDictionary()

    def __init__(self) -> None:
        self.rooms: dict[UUID, Room] = {}
        self.ledger = Ledger()
        self.lookout = Lookout(self.rooms, self.ledger, self.rouse)
        self.intake = intake()
        self.patience = Patience()
        self._together: dict[Callable[[list[Any]], list[Any]], Together[Any, Any]] = {}
        self._ready: set[Room] = set()
        self._wake = asyncio.Event()
        self._settling: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None

    @classmethod
    async def here(cls) -> "Hub":
        """Return the hub of this event loop, started."""
        loop = asyncio.get_running_loop()
        hub = cls._by_loop.get(loop)
        if hub is None:
            hub = cls._by_loop[loop] = cls()
            hub._flushing = asyncio.create_task(hub._flush_for_ever())
            hub.lookout.later(hub.ledger.gate.start())
            await hub.lookout.start()
        return hub

    async def close(self) -> None:
        """End everything; edits not yet committed stay with their senders."""
        self._by_loop.pop(asyncio.get_running_loop(), None)
        if self._flushing is not None:
            self._flushing.cancel()
            await asyncio.gather(self._flushing, return_exceptions=True)
        if self._settling is not None:
            self._settling.cancel()
        if self.intake is not None:
            self.intake.close()
        await self.lookout.close()
        await self.ledger.close()

    def together(self, look_up: Callable[[list[Any]], list[Any]]) -> Together[Any, Any]:
        """Return the way to ask something of the database about everybody who comes at the same time."""
        known = self._together.get(look_up)
        if known is None:
            known = self._together[look_up] = Together(lambda asked: self.ledger.read(look_up, asked))
        return known

    # -- people --------------------------------------------------------------------------------

    async def enter(self, seat: Seat) -> Room:
        """Seat somebody at their board, opening it if it is not; OSError when that cannot be done."""
        admission = seat.admission
        room = self.rooms.get(admission.board_id)
        if room is not None and room.epoch < admission.epoch:  # those still in it are on their way out
            room.end_all(Close.OTHER_EPOCH, "The board was replaced.")
            room = None
        if room is None:
            room = self.rooms[admission.board_id] = Room(admission.board_id, admission.epoch)
            # Said before the log is read: from now on others tell us what they write.
            self.lookout.wakeups.here(asks=True)
        room.enter(seat)
        try:
            async with room.lock:
                await self.ledger.ensure_loaded(room)
                if room.head < admission.head:
                    # They may come from another process, with edits that it stored before it went:
                    # taken for new here, those would stand in the log twice.
                    room.tell(await self.ledger.read_gap(room), None)
        except Exception as error:
            self.leave(room, seat)
            raise OSError("the board cannot be opened") from error
        return room

    def leave(self, room: Room, seat: Seat) -> None:
        """Take somebody's seat away; a room without people is closed once its edits are in the log."""
        room.leave(seat)
        self.rouse(room)

    async def answer(self, room: Room, seat: Seat, state_vector: bytes) -> None:
        """Give a browser what it lacks, and ask it for what we lack."""
        async with room.lock:
            answer = room.answers.get(state_vector)
            if answer is None:
                blobs = await self.ledger.ask(room, "join", [state_vector])
                ours, missing, *behind_gap = blobs
                messages = [
                    protocol.step_2(missing),
                    *map(protocol.update, behind_gap),
                    protocol.step_1(ours),
                ]
                answer = b"".join(map(framed, messages))
                if len(room.answers) < 16:
                    room.answers[state_vector] = answer
            seat.synced = True
            seat.put_framed(answer)
            seat.put(*room.everyone())

    def edit(self, room: Room, seat: Seat, data: bytes, message: bytes, *, repeats: bool = False) -> None:
        """Take an edit: it is checked, committed, told and acknowledged in the next flush."""
        room.take_edit(seat, data, message, repeats=repeats)
        if room not in self._ready:
            self.rouse(room)

    def refuse(self, room: Room, seat: Seat, reason: str) -> None:
        """Tell a browser that its edit may not stand, close, and remember who it was."""
        if seat.ending is None:
            self.patience.lose(room.board_id, seat.admission.person.id)
        room.refuse(seat, reason)

    def point(self, room: Room, seat: Seat, message: bytes) -> None:
        """Take what a browser shows of itself."""
        if room.take_pointer(seat, message):
            if room not in self._ready:
                self.rouse(room)
        elif self._settling is None:
            loop = asyncio.get_running_loop()
            self._settling = loop.call_later(SECONDS_TO_SETTLE, self._settle)

    def _settle(self) -> None:
        self._settling = None
        waiting = False
        for room in self.rooms.values():
            if room.settle_pointers():
                self.rouse(room)
            waiting = waiting or any(seat.pointing is not None for seat in room.seats)
        if waiting:
            self._settling = asyncio.get_running_loop().call_later(SECONDS_TO_SETTLE / 3, self._settle)

    def rouse(self, room: Room) -> None:
        """Have the next flush look at a room."""
        self._ready.add(room)
        self._wake.set()

    # -- flushing ------------------------------------------------------------------------------

    async def _flush_for_ever(self) -> None:
        started, came = 0.0, 0
        while True:
            if not came and not self._ready:
                await self._idle()
            pause = started + BUSY_SECONDS - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            came = self.intake.read() if self.intake is not None else 0
            if not self._ready:
                await asyncio.sleep(0)  # what came needs no flush; others have their turn before more is read
                continue
            started = time.monotonic()
            try:
                await self._flush()
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.exception("a flush failed")

    async def _idle(self) -> None:
        """Wait until a room or a socket has something."""
        self._wake.clear()
        if self.intake is not None:
            self.intake.watch(self._wake.set)
        await self._wake.wait()
        if self.intake is not None:
            self.intake.rest()

    async def _flush(self) -> None:
        ready = [room for room in self._ready if not room.lock.locked()]
        busy = self._ready.difference(ready)
        self._ready = busy  # being loaded or asked: looked at again when the next flush is due
        jobs: list[tuple[Room, list[Edit]]] = []
        news = News()
        for room in ready:
            if room.lock.locked():  # since the lock of another one was waited for
                self._ready.add(room)
            elif room.pending:
                await room.lock.acquire()
                jobs.append((room, room.take_pending(MOST_PER_FLUSH)))
            else:
                self._tell(room, room.take_heard(), news)
        for room in ready:  # not above: whoever comes to a room must not miss what is told meanwhile
            if not room.seats and not room.lock.locked():
                await self._close_room(room)
        if jobs:
            try:
                await self._commit(jobs, news)
            finally:
                for room, _ in jobs:
                    room.lock.release()
                    if room.pending or not room.seats:
                        self.rouse(room)
        if news:
            self.lookout.wakeups.news(news)

    async def _commit(self, jobs: list[tuple[Room, list[Edit]]], news: News) -> None:
        """Have edits checked and appended, then tell; what fails ends the sockets, never the promise."""
        try:
            verdicts = await self.ledger.verdicts(jobs)
            taken: dict[Room, list[Edit]] = {}
            kept: dict[Room, Rows] = {}
            for (room, edits), found in zip(jobs, verdicts, strict=True):
                taken[room], kept[room] = self._judge(room, edits, found)
            careful = {room for room, edits in taken.items() if any(map(room.may_be_twice, edits))}
            first = await self.ledger.append({room: rows for room, rows in kept.items() if rows}, careful)
        except Exception:
            logger.exception("edits could not be stored; their senders keep them and come back")
            for room, _ in jobs:
                room.generation = 0
                room.answers.clear()
                room.end_all(Close.FAILED, "The board could not be saved. Your drawing is kept here.")
            return
        for room, rows in kept.items():
            if rows and first[room] is None:
                room.generation = 0
                room.end_all(Close.OTHER_EPOCH, "The board was replaced.")
                continue
            if rows and first[room] == log.MOVED:
                room.judge_again(taken[room])
                continue
            for edit in taken[room]:
                edit.seat.accepted += 1
            if rows:
                start = first[room] or 0
                room.hear(start, rows)  # if another process wrote in between, its rows are told first
                if self.lookout.wakeups.shared(room.name):
                    news.heads[room.name] = start + len(rows) - 1
                    if sum(len(row.data) for row in rows) < MOST_NEWS:
                        news.rows[room.name] = (start, [row.data for row in rows])
            self._tell(room, room.take_heard(), news)
            if rows and room.behind_gap:
                room.retry()
                self.rouse(room)
            if room.head - room.snapshot_seq >= log.SNAPSHOT_EVERY:
                await self.ledger.keep_snapshot(room)

    def _judge(self, room: Room, edits: list[Edit], verdicts: list[Verdict]) -> tuple[list[Edit], Rows]:
        """Return which edits are taken, and what goes into the log; refuse and set aside the rest."""
        taken: list[Edit] = []
        kept: Rows = []
        for edit, (state, written) in zip(edits, verdicts, strict=True):
            if isinstance(state, str):
                self.refuse(room, edit.seat, state)
            elif state == 3:
                room.keep_behind_gap(edit)
            else:
                taken.append(edit)
                if state:
                    if written is None:
                        kept.append(Kept(edit.seat, edit.data, edit.message))
                    else:
                        kept.append(Kept(edit.seat, written, protocol.update(written)))
        return taken, kept

    def _tell(self, room: Room, rows: Sequence[Kept], news: News) -> None:
        """Tell everybody in the room, and note what other processes have to hear."""
        room.read_pointers()
        changes = room.presence.take_news()
        room.tell(rows, write_states(changes) if changes else None)
        if changes and self.lookout.wakeups.shared(room.name):
            ours = [(client, state) for client, state in changes if isinstance(state.owner, Seat)]
            if ours:
                news.states[room.name] = write_states(ours)
        if room.heard:  # a row that came before is on its way, or its news was lost
            if len(room.heard) > MOST_HEARD or time.monotonic() - room.gap_since > SECONDS_TO_HEAR:
                room.gap_since = time.monotonic()
                self.lookout.later(self.lookout.catch_up(room))
            self.rouse(room)

    async def _close_room(self, room: Room) -> None:
        if room.seats or room.pending:
            return
        if self.rooms.get(room.board_id) is room:
            del self.rooms[room.board_id]
        await self.ledger.drop(room)
