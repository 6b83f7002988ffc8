"""A websocket client that costs little: the bytes of RFC 6455 on a plain asyncio transport.

The people of a load run share the machine with the servers they measure, so what they use themselves
must be small. Messages are masked with zeros, which every server unmasks like any other mask.
"""

import asyncio
import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

BINARY, CLOSE, PING, PONG = 0x2, 0x8, 0x9, 0xA
LARGEST_HEAD = 64 * 1024


@dataclass(frozen=True)
class Address:
    """Where a socket is, and what the browser sends along when it opens it."""

    port: int
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"


class RefusedError(ConnectionError):
    """The server did not open the socket; the text is the first line of what it said."""


def framed(message: bytes, opcode: int = BINARY) -> bytes:
    """Return one message as a client's frame."""
    size = len(message)
    if size < 126:
        return bytes((0x80 | opcode, 0x80 | size)) + b"\0\0\0\0" + message
    if size < 65536:
        return bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big") + b"\0\0\0\0" + message
    return bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big") + b"\0\0\0\0" + message


class Wire(asyncio.Protocol):
    """One open socket; `on_message` is called with each message as it comes."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.on_message: Callable[[bytes], None] = lambda message: None
        self.received_bytes = 0
        self.received_frames = 0
        self.close_code: int | None = None
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self.is_open = False
        self._left = b""
        self._parts: list[bytes] = []

    # -- the transport calls these -----------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)  # uvloop's is not one by inheritance
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        head = {
            "Host": f"{self.address.host}:{self.address.port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Version": "13",
            **self.address.headers,
        }
        lines = [f"GET {self.address.path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        self.received_bytes += len(data)
        if self._left:
            data = self._left + data
            self._left = b""
        if self.is_open:
            self._take(data)
        elif b"\r\n\r\n" in data:
            head, _, rest = data.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 101"):
                self._fail(RefusedError(head.split(b"\r\n")[0].decode(errors="replace")))
                return
            self.is_open = True
            self.received_bytes = len(rest)
            if not self.opened.done():
                self.opened.set_result(None)
            if rest:
                self._take(rest)
        elif len(data) > LARGEST_HEAD:
            self._fail(RefusedError("no answer that could be read"))
        else:
            self._left = data

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if not self.opened.done():
            self.opened.set_exception(error or RefusedError("closed before it was open"))
        if not self.closed.done():
            self.closed.set_result(None)

    def _fail(self, error: Exception) -> None:
        if not self.opened.done():
            self.opened.set_exception(error)
        self.transport.abort()

    def _take(self, data: bytes) -> None:
        at, size = 0, len(data)
        while size - at >= 2:
            first, length = data[at], data[at + 1]
            start = at + 2
            if length > 125:
                start += 2 if length == 126 else 8
                if size < start:
                    break
                length = int.from_bytes(data[at + 2 : start], "big")
            end = start + length
            if end > size:
                break
            at = end
            if first == 0x82:
                self.received_frames += 1
                self.on_message(data[start:end])
            else:
                self._take_other(first, data[start:end])
        if at < size:
            self._left = data[at:] if at else data

    def _take_other(self, first: int, body: bytes) -> None:
        opcode = first & 0xF
        if opcode == PING:
            self.transport.write(framed(body, PONG))
        elif opcode == CLOSE:
            self.close_code = int.from_bytes(body[:2], "big") if len(body) > 1 else 1005
            self.transport.write(framed(body[:2], CLOSE))
            self.transport.close()
        elif opcode in (0, BINARY):  # a message in parts
            self._parts.append(body)
            if first & 0x80:
                whole, self._parts = b"".join(self._parts), []
                self.received_frames += 1
                self.on_message(whole)

    # -- people call these -------------------------------------------------------------------------

    def send(self, message: bytes) -> None:
        """Send a message; one for a socket that has closed is lost."""
        if self.is_open:
            self.transport.write(framed(message))

    def close(self) -> None:
        """Close politely."""
        if self.is_open:
            self.transport.write(framed((1000).to_bytes(2, "big"), CLOSE))
        self.transport.close()


class Drain(asyncio.BufferedProtocol):
    """Reads an opened socket and throws away what comes: somebody who is there and is not measured."""

    _shared = bytearray(256 * 1024)

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._shared

    def buffer_updated(self, nbytes: int) -> None:
        self.wire.received_bytes += nbytes

    def connection_lost(self, error: Exception | None) -> None:
        self.wire.connection_lost(error)


async def connect(address: Address) -> Wire:
    """Return an open socket; RefusedError or OSError when there is none."""
    _, wire = await asyncio.get_running_loop().create_connection(
        lambda: Wire(address), address.host, address.port
    )
    await wire.opened
    return wire
