"""The room's two sockets: the board's, by way of `whiteboard`, and the room's own events."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from interviews import access, events
from interviews.access import Seat
from interviews.at_boards import marks_at_boards
from interviews.calls.line import Line, OnCall
from interviews.models import Role
from interviews.peer import presence
from interviews.people import color_of
from whiteboard.consumers import BoardConsumer
from whiteboard.hub import Hub
from whiteboard.presence import Person
from whiteboard.protocol import Close
from whiteboard.room import Admission, Right

log = logging.getLogger(__name__)
RECHECK_SECONDS = 1.5
BEAT_EVERY = 5  # re-checks
NOTE_EVERY = 8  # re-checks: three beats are missed before anybody is
get_channel_layer()  # loads its modules now (0.4 s for Redis) and not for the first person who comes


class InterviewBoardConsumer(BoardConsumer):
    """The board of an interview: who is seated there, in which role, and what that allows now."""

    mark: str | None = None  # of the rows that `admission` follows from
    admission: Admission | None = None

    async def admit(self) -> Admission | Close | None:
        key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        if not key:
            return Close.MAY_NOT
        visitor = await self.hub.together(access.visitors)((key, self.board_id))
        if visitor.user_id is None:
            return Close.MAY_NOT
        self.session_key, self.user_id = key, visitor.user_id
        self.password = visitor.seat.user.password if visitor.seat is not None else ""
        return admission_of(visitor.seat)

    @property
    def board_id(self) -> UUID:
        """The board in the address."""
        board_id: UUID = self.scope["url_route"]["kwargs"]["board_id"]
        return board_id

    @classmethod
    async def recheck_all(cls, consumers: Sequence[Self]) -> list[Admission | Close | None]:
        ledger = (await Hub.here()).ledger
        wanted = [(consumer.session_key, consumer.user_id, consumer.board_id) for consumer in consumers]
        marks = await ledger.read(marks_at_boards, wanted)
        changed = [
            place
            for place, (consumer, mark) in enumerate(zip(consumers, marks, strict=True))
            if mark is None or mark != consumer.mark
        ]
        seats = (
            await ledger.read(access.seats_at_boards, [wanted[place] for place in changed]) if changed else []
        )
        for place, seat in zip(changed, seats, strict=True):
            consumer = consumers[place]
            # Another password signs out everywhere else, though the sessions are still in the table.
            same = seat is not None and seat.user.password == consumer.password
            consumer.admission = admission_of(seat) if same else None
            consumer.mark = marks[place]  # taken before the seat was read: never newer than it
        return [consumer.admission for consumer in consumers]


async def warm_up() -> None:
    """Admit nobody to nothing once, so that who comes first need not wait for modules and queries."""
    ledger = (await Hub.here()).ledger
    await ledger.read(access.visitors, [("nobody's", uuid4())])
    await ledger.read(access.seats_at_boards, [("nobody's", 0, uuid4())])
    await ledger.read(marks_at_boards, [("nobody's", 0, uuid4())])


def admission_of(seat: Seat | None) -> Admission | None:
    """Return what a seat allows at the board as things stand; None for an outsider."""
    if seat is None:
        return None
    return Admission(
        board_id=seat.interview.board_id,
        epoch=seat.interview.board.epoch,
        right=Right.WRITE if seat.draws else Right.READ,
        person=Person(str(seat.user.pk), seat.user.name, seat.role.value, color_of(seat.user.pk)),
        author_id=seat.user.pk,
        writes_notes=seat.writes_notes,
        head=seat.interview.board.seq,
    )


class NoSuchSocket(AsyncWebsocketConsumer):
    """Refuse an unknown address with a code that a browser can read."""

    async def connect(self) -> None:
        await self.accept()
        await self.close(code=4404)


class RoomConsumer(OnCall, AsyncWebsocketConsumer):
    """Say what happens in one interview, by number; a message is only ever a reason to look at the log."""

    seq = 0  # of the last event that was read
    heard = 0  # of the last one this person hears of: that there are others is nothing they learn
    watcher: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_if_there(message: Any) -> None:
            with contextlib.suppress(OSError):  # uvicorn's word for a closed tab; `disconnect` comes next
                await send(message)

        await super().__call__(scope, receive, send_if_there)

    async def connect(self) -> None:
        await self.accept()
        self.reading = asyncio.Lock()
        self.interview_id: UUID = self.scope["url_route"]["kwargs"]["interview_id"]
        if not self.scope["user"].is_authenticated:
            await self.close(code=4403)
            return
        role = await self.role()
        if role is None:
            await self.close(code=4404)
            return
        self.seq = self.heard = self.first_wanted()
        await self.channel_layer.group_add(events.group_of(self.interview_id), self.channel_name)
        if role == Role.INTERVIEWER:
            private = events.group_of(self.interview_id, private=True)
            await self.channel_layer.group_add(private, self.channel_name)
        await self.tell()
        await self.note_attendance()
        self.line = Line(self, self.interview_id, self.scope["user"].pk)
        await self.line.look()
        self.watcher = asyncio.create_task(self.watch())

    def first_wanted(self) -> int:
        """Return the number of the last event the browser has, from `?after=`."""
        given = parse_qs(self.scope["query_string"].decode("latin-1")).get("after", ["0"])[0]
        return int(given) if len(given) < 19 and given.isascii() and given.isdigit() else 0

    @database_sync_to_async
    def role(self) -> Role | None:
        """Return the role as it is now: rights may have ended since the socket opened."""
        return access.role_now(self.scope["session"].session_key, self.scope["user"].pk, self.interview_id)

    @database_sync_to_async
    def note_attendance(self) -> None:
        """Keep in mind that this person has the room open: what the clock stood at when they left."""
        presence.arrive(self.interview_id, self.scope["user"], timezone.now())

    @database_sync_to_async
    def look_round(self) -> None:
        """Notice who has left the room."""
        presence.look(self.interview_id, timezone.now())

    async def tell(self) -> None:
        """Send what the log has that this browser has not heard."""
        async with self.reading:
            role = await self.role()
            if role is None:
                await self.refuse()
                return
            before = -1
            while before != self.seq:
                before = self.seq
                heard, self.seq = await database_sync_to_async(events.since)(self.interview_id, before, role)
                for event in heard:
                    await self.send(text_data=json.dumps(event))
                    self.heard = event["seq"]

    async def room_wake(self, message: dict[str, Any]) -> None:
        try:
            await self.tell()
        except DatabaseError:
            log.warning(
                "room %s could not be read; the heartbeat tries again", self.interview_id, exc_info=True
            )

    async def watch(self) -> None:
        """Close soon after rights end, and say the newest number now and then in case a wake-up got lost."""
        turn = 0
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            turn += 1
            try:
                if await self.role() is None:
                    await self.refuse()
                    return
                if self.line is not None:
                    await self.line.tick()
                if turn % NOTE_EVERY == 0:
                    await self.note_attendance()
                if turn % BEAT_EVERY == 0:
                    await self.look_round()
                    await self.tell()
                    await self.send(text_data=json.dumps({"type": "beat", "seq": self.heard}))
            except DatabaseError:
                log.warning("rights in room %s could not be checked", self.interview_id, exc_info=True)

    async def refuse(self) -> None:
        """Rights have ended: out of the call at once, and out of the room."""
        if self.line is not None:
            await self.line.hang_up(wait=False)
        await self.close(code=4403)

    async def disconnect(self, code: int) -> None:
        if self.watcher is not None:
            self.watcher.cancel()
        if self.line is not None and not self.line.cut:
            await self.line.hang_up(wait=True)
        for private in (False, True):
            group = events.group_of(self.interview_id, private=private)
            await self.channel_layer.group_discard(group, self.channel_name)
