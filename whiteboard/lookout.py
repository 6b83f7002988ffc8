"""What comes to a hub from outside its own sockets: other processes, ended rights, slow readers."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from whiteboard import log, protocol
from whiteboard.ledger import Ledger
from whiteboard.presence import read_states, write_states
from whiteboard.protocol import Close
from whiteboard.room import Admission, Room, Seat, elsewhere
from whiteboard.wakeups import News, Wakeups

SECONDS_BETWEEN_LOOKS = 1.0  # rights and heads; promised is two
MOST_UNFED = 200
logger = logging.getLogger(__name__)


class Lookout:
    """Hears wake-ups, and looks every second in case one was lost."""

    def __init__(self, rooms: dict[UUID, Room], ledger: Ledger, rouse: Callable[[Room], None]) -> None:
        self.rooms = rooms
        self.ledger = ledger
        self.rouse = rouse
        self.wakeups = Wakeups(self._hear, lambda: [room.name for room in self.rooms.values()])
        self._looking: asyncio.Task[None] | None = None
        self._aside: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to listen and to look."""
        self._looking = asyncio.create_task(self._look_for_ever())
        await self.wakeups.start()

    async def close(self) -> None:
        """Stop."""
        tasks = [task for task in (self._looking, *self._aside) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.wakeups.close()

    def later(self, act: Coroutine[Any, Any, None]) -> None:
        """Do something beside the flush; a failure is logged."""
        task = asyncio.create_task(act)
        self._aside.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._aside.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("something beside the flush failed", exc_info=task.exception())

    def _hear(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "boards.news":
            for name, head in message["heads"].items():
                room = self.rooms.get(UUID(name))
                if room is None or head <= room.head:
                    continue
                if name in message["rows"]:  # told with the next flush, if nothing is missing before it
                    first, rows = message["rows"][name]
                    room.hear(first, [elsewhere(row) for row in rows])
                    self.rouse(room)
                else:
                    self.later(self.catch_up(room))
            for name, body in message["states"].items():
                self._hear_states(name, body, message["from"])
        elif kind == "boards.here":
            self._tell_states(message)
        elif kind == "boards.gone":
            for room in self.rooms.values():
                room.presence.leave(message["from"])
                self.rouse(room)
        elif kind == "boards.rights":
            rooms = [self.rooms.get(UUID(name)) for name in message["boards"]]
            self.later(self._look_at_rights([room for room in rooms if room is not None]))
        elif kind == "boards.replaced" and self.rooms:
            self.later(self._look_at_heads())

    def _hear_states(self, name: str, body: bytes, sender: str) -> None:
        room = self.rooms.get(UUID(name))
        if room is None:
            return
        for client, clock, text in read_states(body):
            room.presence.put(client, clock, None if text == "null" else text, sender)
        self.rouse(room)

    def _tell_states(self, message: dict[str, Any]) -> None:
        """Answer a process that has just opened boards with who is at them here."""
        if not message.get("asks"):
            return
        states = {}
        for name in message["rooms"]:
            room = self.rooms.get(UUID(name))
            here = [
                (client, state)
                for client, state in (room.presence.everyone() if room else [])
                if isinstance(state.owner, Seat)
            ]
            if here:
                states[name] = write_states(here)
        if states:
            self.wakeups.news(News(states=states))

    async def catch_up(self, room: Room) -> None:
        """Read what others wrote, and tell."""
        async with room.lock:
            if self.rooms.get(room.board_id) is not room:
                return
            await self.ledger.ensure_loaded(room)
            room.tell(await self.ledger.read_gap(room), None)
        if room.behind_gap or room.pending:
            room.retry()
            self.rouse(room)

    async def _look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            try:
                for room in self.rooms.values():
                    for seat in room.seats:
                        seat.outlet.look()
                if self.rooms:
                    await self._look_at_rights(list(self.rooms.values()))
                    await self._look_at_heads()
                    for room in self.rooms.values():
                        if room.behind_gap:
                            room.retry()
                            self.rouse(room)
                        if len(room.unfed) > MOST_UNFED:
                            async with room.lock:
                                await self.ledger.feed(room)
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.exception("looking after the rooms failed")

    async def _look_at_heads(self) -> None:
        asked = list(self.rooms.values())  # others may be opened while this is looked up
        heads = await self.ledger.read(log.heads, [room.board_id for room in asked])
        for room in asked:
            if room.board_id not in heads:
                room.end_all(Close.NO_SUCH_BOARD, "This board is gone.")
                continue
            head, epoch = heads[room.board_id]
            if epoch != room.epoch:
                room.end_all(Close.OTHER_EPOCH, "The board was replaced.")
            elif head > room.head:
                self.later(self.catch_up(room))

    async def _look_at_rights(self, rooms: list[Room]) -> None:
        """Ask the app above about everybody, and end or change what no longer holds."""
        by_kind: dict[type[Any], list[Seat]] = {}
        for room in rooms:
            for seat in room.seats:
                if seat.ending is None and seat.handle is not None:
                    by_kind.setdefault(type(seat.handle), []).append(seat)
        for kind, seats in by_kind.items():
            answers = await kind.recheck_all([seat.handle for seat in seats])
            for seat, answer in zip(seats, answers, strict=True):
                self._apply_right(seat, answer)

    def _apply_right(self, seat: Seat, answer: Admission | Close | None) -> None:
        if not isinstance(answer, Admission):
            seat.end(answer or Close.MAY_NOT, "You may no longer open this board.")
            return
        room = self.rooms.get(answer.board_id)
        if answer.epoch != seat.admission.epoch:
            seat.end(Close.OTHER_EPOCH, "The board was replaced.")
            return
        before, seat.admission = seat.admission, answer
        if before.right is not answer.right and room is not None:
            seat.put(protocol.hello(epoch=room.epoch, right=answer.right.value, head=room.head))
            if seat.may_write:  # what was drawn while it could only read is asked for again
                seat.put(protocol.step_1(b"\x00"))
