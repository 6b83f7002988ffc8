"""The way out to one browser: straight to the transport under uvicorn, through ASGI elsewhere.

A room of eight sends the same bytes eight times. Where the server lets us reach its transport, a
ready-made websocket frame is handed to it and skips the trip through ASGI; that is allowed because an
uncompressed, unfragmented message is valid on every websocket, compressed or not (RFC 7692 §6).
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from whiteboard.protocol import Close

SECONDS_TO_READ = 10.0
MOST_WAITING = 8 * 1024 * 1024
PATIENCE = 256 * 1024  # with more than this waiting, pointers are not sent: newer ones will come

Send = Callable[[dict[str, Any]], Awaitable[None]]


def framed(message: bytes) -> bytes:
    """Return one binary message as a server's websocket frame (RFC 6455 §5.2)."""
    size = len(message)
    if size < 126:
        return b"\x82" + bytes((size,)) + message
    if size < 65536:
        return b"\x82\x7e" + size.to_bytes(2, "big") + message
    return b"\x82\x7f" + size.to_bytes(8, "big") + message


class Parcel:
    """Messages for several browsers, framed once."""

    __slots__ = ("_framed", "messages")

    def __init__(self, messages: Iterable[bytes]) -> None:
        self.messages = tuple(messages)
        self._framed: bytes | None = None

    @property
    def framed(self) -> bytes:
        """All messages as they go over the wire."""
        if self._framed is None:
            self._framed = b"".join([framed(message) for message in self.messages])
        return self._framed


class Outlet:
    """Sends through ASGI, one after another, never making the room wait for a slow reader."""

    def __init__(self, send: Send, on_slow: Callable[[], None]) -> None:
        self._send = send
        self._on_slow = on_slow
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._sending: asyncio.Task[None] | None = None
        self._slow = False

    def put(self, parcel: Parcel) -> None:
        """Send as soon as the browser takes it; too much waiting: the socket is closed as slow."""
        if self._slow:
            return
        for message in parcel.messages:
            self._queue.append(message)
            self._waiting += len(message)
        if self._waiting > MOST_WAITING:
            self._give_up()
        elif self._sending is None:
            self._sending = asyncio.create_task(self._drain())

    @property
    def is_behind(self) -> bool:
        """Whether the browser takes less than it is sent."""
        return self._waiting > PATIENCE

    def look(self) -> None:
        """Close the socket if it has not read for too long (here the send itself has a time-out)."""

    async def _drain(self) -> None:
        try:
            while self._queue:
                message = self._queue.popleft()
                async with asyncio.timeout(SECONDS_TO_READ):
                    await self._send({"type": "websocket.send", "bytes": message})
                self._waiting -= len(message)
        except TimeoutError:
            self._give_up()
        except Exception:
            # The socket closed under us; the receiving side hears of it and leaves the room.
            self._queue.clear()
            self._waiting = 0
        finally:
            self._sending = None

    def _give_up(self) -> None:
        self._slow = True
        self._queue.clear()
        self._on_slow()

    async def close(self, code: Close, reason: str = "") -> None:
        """Send what waits, then close; give up after a second."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(1.0):
                if self._sending is not None and not self._slow:
                    await asyncio.shield(self._sending)
                await self._send({"type": "websocket.close", "code": int(code), "reason": reason})
        if self._sending is not None:
            self._sending.cancel()


class DirectOutlet(Outlet):
    """Writes frames to the transport of uvicorn's websocket protocol."""

    def __init__(self, send: Send, on_slow: Callable[[], None], protocol: Any) -> None:
        super().__init__(send, on_slow)
        self._protocol = protocol
        self._transport = protocol.transport
        self._write = protocol.transport.write
        self._full_since: float | None = None

    def put(self, parcel: Parcel) -> None:
        """Write now; what the browser has not read stays in the transport's buffer, up to a bound."""
        protocol = self._protocol
        if self._slow or protocol.close_sent or protocol.disconnected or self._transport.is_closing():
            return
        if not protocol.writable.is_set():
            if self._full_since is None:
                self._full_since = time.monotonic()
            if self._transport.get_write_buffer_size() > MOST_WAITING:
                self._give_up()
                return
        self._write(parcel.framed)

    @property
    def is_behind(self) -> bool:
        """Whether the browser takes less than it is sent."""
        return not self._protocol.writable.is_set()

    def look(self) -> None:
        """Close the socket if it has not read for too long."""
        if self._protocol.writable.is_set():
            self._full_since = None
        elif self._full_since is None:
            self._full_since = time.monotonic()
        elif time.monotonic() - self._full_since > SECONDS_TO_READ:
            self._give_up()

    async def close(self, code: Close, reason: str = "") -> None:
        """Close with a code; a browser that reads nothing loses the connection."""
        try:
            async with asyncio.timeout(1.0):
                await self._send({"type": "websocket.close", "code": int(code), "reason": reason})
        except TimeoutError:
            # What waits can be megabytes, and closing politely would keep them until TCP gives up.
            with contextlib.suppress(Exception):
                self._transport.write(b"\x88\x02" + int(code).to_bytes(2, "big"))
            self._transport.abort()
        except Exception:
            return  # closed already


def outlet(send: Send, on_slow: Callable[[], None]) -> Outlet:
    """Return the best way out that the server under `send` offers."""
    protocol = getattr(send, "__self__", None)
    kind = type(protocol)
    if kind.__name__ == "WebSocketsSansIOProtocol" and kind.__module__.startswith("uvicorn."):
        wanted = ("transport", "writable", "close_sent", "disconnected")
        if all(hasattr(protocol, name) for name in wanted):
            return DirectOutlet(send, on_slow, protocol)
    return Outlet(send, on_slow)
