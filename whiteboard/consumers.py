"""The board socket: moves Yjs messages between one browser and one board."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer

from whiteboard import protocol
from whiteboard.hub import Hub
from whiteboard.protocol import BadMessageError, Close, Kind, Sync
from whiteboard.room import Admission, Room, Seat

MESSAGES_PER_SECOND = 200.0
MESSAGE_BURST = 400.0
BYTES_PER_SECOND = 512.0 * 1024
BYTE_BURST = 3.0 * 1024 * 1024
logger = logging.getLogger(__name__)
get_channel_layer()  # loads its modules now (0.4 s for Redis) and not for the first person who comes


class BoardConsumer(AsyncWebsocketConsumer):
    """Carry Yjs messages between one browser and one board; knows nothing of interviews.

    The channel layer is not used here, and messages do not pass Channels' dispatcher, which visits
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
        self._messages, self._bytes, self._counted_at = MESSAGE_BURST, BYTE_BURST, time.monotonic()
        self._listening: asyncio.Task[None] | None = None
        await receive()  # websocket.connect
        await self.accept()  # before any refusal: a browser sees the code only of an open socket
        try:
            if await self._come_in():
                self._listening = asyncio.ensure_future(self._listen(receive))
                with contextlib.suppress(asyncio.CancelledError):
                    await self._listening
                if self.seat is not None and self.seat.ending is not None:
                    await self.seat.ending
        finally:
            if self._listening is not None:
                self._listening.cancel()
            if self.room is not None and self.seat is not None:
                self.hub.leave(self.room, self.seat)

    async def _come_in(self) -> bool:
        self.hub = await Hub.here()  # the first one starts the gate, while it is found out who this is
        admission = await self.admit()
        if not isinstance(admission, Admission):
            await self.refuse(admission or Close.NO_SUCH_BOARD)
            return False
        wanted = parse_qs(self.scope.get("query_string", b"").decode("latin-1")).get("epoch")
        if wanted and wanted[0] != str(admission.epoch):
            await self.refuse(Close.OTHER_EPOCH)
            return False
        self.seat = Seat(admission, self.base_send, self._end)
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

    async def _end(self, code: Close, reason: str) -> None:
        if self.seat is not None:
            await self.seat.outlet.close(code, reason)
        if self._listening is not None:
            self._listening.cancel()

    async def _listen(self, receive: Any) -> None:
        while True:
            message = await receive()
            kind = message["type"]
            if kind == "websocket.receive":
                data = message.get("bytes")
                if data is None:
                    continue  # the board speaks bytes; words are nobody's here
                if self._is_flood(len(data)):
                    self._close(Close.TOO_FAST, "Too many messages.")
                    return
                try:
                    await self.take(data)
                except BadMessageError as error:
                    self._reject(f"This message could not be read: {error}.")
                    return
                except asyncio.CancelledError:
                    raise
                except Exception:
                    logger.exception("a message failed")
                    self._close(Close.FAILED, "The board could not answer. Your drawing is kept here.")
                    return
            elif kind == "websocket.disconnect":
                return

    async def take(self, data: bytes) -> None:
        """Do what one message asks for."""
        room, seat = self.room, self.seat
        message = protocol.decode(data)
        if message is None or room is None or seat is None:
            return
        if message.writes:
            if seat.may_write:  # else dropped, not closed: an honest reader still answers our step 1
                self.hub.edit(room, seat, message.body, repeats=message.sync == Sync.STEP_2)
        elif message.kind == Kind.AWARENESS:
            self.hub.point(room, seat, message.body)
        elif message.kind == Kind.SYNC:
            protocol.read_state_vector(message.body)
            await self.hub.answer(room, seat, message.body)
        elif message.kind == Kind.QUERY_AWARENESS:
            seat.put(*room.everyone())

    def _is_flood(self, size: int) -> bool:
        now = time.monotonic()
        elapsed = now - self._counted_at
        self._counted_at = now
        self._messages = min(MESSAGE_BURST, self._messages + elapsed * MESSAGES_PER_SECOND) - 1
        self._bytes = min(BYTE_BURST, self._bytes + elapsed * BYTES_PER_SECOND) - size
        return self._messages < 0 or self._bytes < 0

    def _reject(self, reason: str) -> None:
        if self.room is not None and self.seat is not None:
            self.room.refuse(self.seat, reason)

    def _close(self, code: Close, reason: str) -> None:
        if self.seat is not None:
            self.seat.end(code, reason)
