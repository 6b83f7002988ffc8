"""The way out to one browser: straight to the transport under our own server, through ASGI elsewhere.

A room of eight sends the same bytes eight times. So what goes out is made into websocket frames once
for a room, and a `Wire` hands them to its transport as they are; that is allowed because an
uncompressed, unfragmented message is valid on every websocket, compressed or not (RFC 7692 §6).
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from whiteboard.protocol import Close
from whiteboard.wire import Wire

SECONDS_TO_READ = 10.0
SECONDS_TO_CLOSE = 1.0
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


def unframed(frames: bytes) -> Iterator[bytes]:
    """Yield the messages that `framed` made frames of."""
    at = 0
    while at < len(frames):
        size, start = frames[at + 1], at + 2
        if size > 125:
            start += 2 if size == 126 else 8
            size = int.from_bytes(frames[at + 2 : start], "big")
        at = start + size
        yield frames[start:at]


class Outlet:
    """Sends through ASGI, one after another, never making the room wait for a slow reader."""

    def __init__(self, send: Send, on_slow: Callable[[], None]) -> None:
        self._send = send
        self._on_slow = on_slow
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._sending: asyncio.Task[None] | None = None
        self._slow = False

    def put(self, frames: bytes, when_behind: bytes | None = None) -> None:
        """Send as soon as the browser takes it; too much waiting: the socket is closed as slow.

        `when_behind` is what to send instead to a browser that takes less than it is sent.
        """
        if self._slow:
            return
        if when_behind is not None and self._waiting > PATIENCE:
            frames = when_behind
        for message in unframed(frames):
            self._queue.append(message)
            self._waiting += len(message)
        if self._waiting > MOST_WAITING:
            self._give_up()
        elif self._sending is None:
            self._sending = asyncio.create_task(self._drain())

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
            async with asyncio.timeout(SECONDS_TO_CLOSE):
                if self._sending is not None and not self._slow:
                    await asyncio.shield(self._sending)
                await self._send({"type": "websocket.close", "code": int(code), "reason": reason})
        if self._sending is not None:
            self._sending.cancel()


class DirectOutlet(Outlet):
    """Hands frames to the wire of our own server."""

    def __init__(self, send: Send, on_slow: Callable[[], None], wire: Wire) -> None:
        super().__init__(send, on_slow)
        self._wire = wire
        self._write = wire.transport.write
        self._full_since: float | None = None

    def put(self, frames: bytes, when_behind: bytes | None = None) -> None:
        """Write now; what the browser has not read stays in the transport's buffer, up to a bound."""
        wire = self._wire
        if wire.is_behind:
            self.look()
            if wire.waiting > MOST_WAITING:
                self._give_up()
            if when_behind is not None:
                frames = when_behind
        if not (self._slow or wire.close_sent or wire.disconnected):
            self._write(frames)

    def look(self) -> None:
        """Close the socket if it has not read for too long."""
        if not self._wire.is_behind:
            self._full_since = None
        elif self._full_since is None:
            self._full_since = time.monotonic()
        elif time.monotonic() - self._full_since > SECONDS_TO_READ and not self._slow:
            self._give_up()

    async def close(self, code: Close, reason: str = "") -> None:
        """Close with a code; a browser that reads nothing, or sends without end, loses the connection."""
        hopeless = code in (Close.SLOW_READER, Close.TOO_FAST)
        if hopeless:
            self._wire.hold()  # what it still sends is nobody's business, and takes time to read
        try:
            async with asyncio.timeout(SECONDS_TO_CLOSE):
                await self._send({"type": "websocket.close", "code": int(code), "reason": reason})
        except TimeoutError:
            # What waits can be megabytes, and closing politely would keep them until TCP gives up.
            self._wire.abort(int(code))
            return
        except Exception:
            return  # closed already
        if hopeless:
            self._wire.cut()
        else:
            self._wire.resume()


def outlet(send: Send, on_slow: Callable[[], None], wire: Wire | None = None) -> Outlet:
    """Return the best way out that the server under `send` offers."""
    return Outlet(send, on_slow) if wire is None else DirectOutlet(send, on_slow, wire)
