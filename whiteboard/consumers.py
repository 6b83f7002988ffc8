"""The board socket: moves Yjs messages between one browser and one board."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer

from whiteboard import protocol
from whiteboard.hub import Hub
from whiteboard.protocol import BadMessageError, Close, Kind, Sync
from whiteboard.room import Admission, Room, Seat
from whiteboard.wire import wire_of

SECONDS_PER_MESSAGE = 1 / 200
SECONDS_OF_MESSAGES = 2.0  # how far ahead of that one may be: 400 at once
SECONDS_PER_BYTE = 1 / (512 * 1024)
SECONDS_OF_BYTES = 6.0  # three megabytes at once
logger = logging.getLogger(__name__)


class BoardConsumer(AsyncWebsocketConsumer):
    """Carry Yjs messages between one browser and one board; knows nothing of interviews.

    There is no channel layer here, and messages do not pass Channels' dispatcher, which visits
    another thread for each of them: this socket has a loop of its own.
    """

    async def admit(self) -> Admission | Close | None:
        """Return who this is and what they may do, a code to refuse with, or None for "no such board"."""
        raise NotImplementedError(f"{type(self).__name__} does not say who may come in")

    async def recheck(self) -> Admission | Close | None:
        """Return the same some time later; None or a code ends the socket (4403)."""
        return await self.admit()

    @classmethod
    async def recheck_all(cls, consumers: Sequence[Self]) -> list[Admission | Close | None]:
        """Return an answer for each socket of this process, asked every 1.5 s; one query can do for all."""
        return [await consumer.recheck() for consumer in consumers]

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one socket until either side ends it."""
        self.scope = scope
        self.base_send = send
        self.room: Room | None = None
        self.seat: Seat | None = None
        self._messages_paid_until = self._bytes_paid_until = 0.0
        self._listening: asyncio.Task[None] | None = None
        self._answering: asyncio.Task[None] | None = None
        self._wire = wire_of(scope)
        await receive()  # websocket.connect
        if self._wire is not None:
            self._wire.listen(self)
        await self.accept()  # before any refusal: a browser sees the code only of an open socket
        try:
            if await self._come_in():
                self._listening = asyncio.ensure_future(self._listen(receive))
                if self._wire is not None:
                    self._wire.resume(self.hub.intake)
                with contextlib.suppress(asyncio.CancelledError):
                    await self._listening
                if self.seat is not None and self.seat.ending is not None:
                    await self.seat.ending
        finally:
            for task in (self._listening, self._answering):
                if task is not None:
                    task.cancel()
            if self.room is not None and self.seat is not None:
                self.hub.leave(self.room, self.seat)

    async def _come_in(self) -> bool:
        self.hub = await Hub.here()  # the first one starts the gate, while it is found out who this is
        try:
            admission = await self.admit()
        except Exception:
            logger.exception("who comes to a board could not be looked up")
            await self.refuse(Close.FAILED)
            return False
        if not isinstance(admission, Admission):
            await self.refuse(admission or Close.NO_SUCH_BOARD)
            return False
        wanted = parse_qs(self.scope.get("query_string", b"").decode("latin-1")).get("epoch")
        if wanted and wanted[0] != str(admission.epoch):
            await self.refuse(Close.OTHER_EPOCH)
            return False
        if self.hub.patience.has_ended(admission.board_id, admission.person.id):
            await self.refuse(Close.TOO_FAST)
            return False
        self.seat = Seat(admission, self.base_send, self._end, self._wire)
        self.seat.handle = self
        try:
            self.room = await self.hub.enter(self.seat)
        except OSError:
            logger.exception("board %s cannot be opened", admission.board_id)
            await self.refuse(Close.FAILED)
            return False
        self.seat.put(protocol.hello(epoch=admission.epoch, right=admission.right.value, head=self.room.head))
        return True

    async def refuse(self, code: Close) -> None:
        """Close with a code that says why."""
        with contextlib.suppress(Exception):
            await self.base_send({"type": "websocket.close", "code": int(code)})
        if self._wire is not None:
            self._wire.resume()  # to hear the browser's own close

    async def _end(self, code: Close, reason: str) -> None:
        if self.seat is not None:
            await self.seat.outlet.close(code, reason)
        if self._listening is not None:
            self._listening.cancel()

    async def _listen(self, receive: Any) -> None:
        """Wait for the end; under another server than ours this is also the way messages come."""
        while True:
            message = await receive()
            kind = message["type"]
            if kind == "websocket.receive":
                data = message.get("bytes")
                if data is None:
                    self.heard_other(len(message["text"]))
                    continue  # the board speaks bytes; words are nobody's here
                self.heard(data)
                if self._answering is not None:
                    await asyncio.wait((self._answering,))
            elif kind == "websocket.disconnect":
                return

    def heard(self, message: bytes) -> None:
        """Do what one message asks for, or end the socket over it; only an answer takes longer than this."""
        room, seat = self.room, self.seat
        if room is None or seat is None or seat.ending is not None or self._is_flood(len(message)):
            return
        try:
            if message[:1] == b"\x01":
                self.hub.point(room, seat, message)  # read when it is shown: often a newer one comes first
            elif message[:2] == b"\x00\x02":
                if seat.may_write:  # else dropped, not closed: an honest reader still answers our step 1
                    self.hub.edit(room, seat, protocol.edit_in(message), message)
            else:
                self._take(room, seat, message)
        except BadMessageError as error:
            self._reject(f"This message could not be read: {error}.")
        except Exception:
            self._failed()

    def heard_other(self, size: int) -> None:
        """Count what is no message, so that pings and words cannot flood either."""
        self._is_flood(size)

    def _take(self, room: Room, seat: Seat, data: bytes) -> None:
        """Do what one of the rarer messages asks for."""
        message = protocol.decode(data)
        if message is None:
            return
        if message.writes:
            if seat.may_write:
                repeats = message.sync == Sync.STEP_2
                self.hub.edit(room, seat, message.body, protocol.update(message.body), repeats=repeats)
        elif message.kind == Kind.SYNC:
            protocol.read_state_vector(message.body)
            if self._wire is not None:
                self._wire.hold()
            self._answering = asyncio.create_task(self._answer(room, seat, message.body))
        elif message.kind == Kind.QUERY_AWARENESS:
            seat.put(*room.everyone())

    async def _answer(self, room: Room, seat: Seat, state_vector: bytes) -> None:
        """Answer step 1; until that is done, nothing more is heard from this socket."""
        try:
            await self.hub.answer(room, seat, state_vector)
        except BadMessageError as error:
            self._reject(f"This message could not be read: {error}.")
        except Exception:
            self._failed()
        finally:
            self._answering = None
            if self._wire is not None and seat.ending is None:
                self._wire.resume()

    def _is_flood(self, size: int) -> bool:
        """Count a message; beyond what one socket may send, close it."""
        now = time.monotonic()
        messages, data = self._messages_paid_until, self._bytes_paid_until
        messages = (messages if messages > now else now) + SECONDS_PER_MESSAGE
        data = (data if data > now else now) + size * SECONDS_PER_BYTE
        self._messages_paid_until, self._bytes_paid_until = messages, data
        if messages - now <= SECONDS_OF_MESSAGES and data - now <= SECONDS_OF_BYTES:
            return False
        if self.room is not None and self.seat is not None and self.seat.ending is None:
            self.room.turn_away(self.seat)
        return True

    def _failed(self) -> None:
        logger.exception("a message failed")
        self._close(Close.FAILED, "The board could not answer. Your drawing is kept here.")

    def _reject(self, reason: str) -> None:
        if self.room is not None and self.seat is not None:
            self.hub.refuse(self.room, self.seat, reason)

    def _close(self, code: Close, reason: str) -> None:
        if self.seat is not None:
            self.seat.end(code, reason)
