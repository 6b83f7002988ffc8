"""People who draw: a pycrdt document behind a board socket, in this process or over the network."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import websockets
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connection
from pycrdt import Doc, Map, Text

from whiteboard import protocol
from whiteboard.protocol import Kind, Sync

T = TypeVar("T")


class Closed(Exception):
    """The server closed the socket; the first argument is the code."""


class Wire(Protocol):
    async def send(self, data: bytes) -> None: ...
    async def receive(self) -> bytes: ...
    async def close(self) -> None: ...


class Local:
    """A socket straight into an ASGI application of this process."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self.communicator = communicator

    async def send(self, data: bytes) -> None:
        await self.communicator.send_to(bytes_data=data)

    async def receive(self) -> bytes:
        message = await self.communicator.receive_output(timeout=30)
        if message["type"] == "websocket.close":
            raise Closed(message.get("code"))
        return message["bytes"]

    async def close(self) -> None:
        await self.communicator.disconnect(timeout=30)


class Remote:
    """A socket over the network."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    async def send(self, data: bytes) -> None:
        await self.socket.send(data)

    async def receive(self) -> bytes:
        try:
            return await self.socket.recv()
        except websockets.ConnectionClosed as closed:
            raise Closed(closed.rcvd.code if closed.rcvd else 1006) from None

    async def close(self) -> None:
        await self.socket.close()


class Drawer:
    """One person's page: a document, what is not acknowledged yet, what the others show."""

    def __init__(self, wire: Wire, doc: Doc | None = None) -> None:
        self.wire = wire
        self.doc = doc if doc is not None else Doc()
        self.elements = self.doc.get("elements", type=Map)
        self.notes = self.doc.get("notes", type=Map)
        self.unacknowledged = 0
        self.acknowledged = 0
        self.hello: dict[str, Any] = {}
        self.rejected = ""
        self.closed: int | None = None
        self.others: dict[int, Any] = {}
        self.received: list[bytes] = []
        self.synced = asyncio.Event()
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._applying = False
        self._subscription = self.doc.observe(self._changed)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]

    def _changed(self, event: Any) -> None:
        if not self._applying:
            self.put(protocol.update(event.update))

    def put(self, message: bytes) -> None:
        """Send a message; updates and step 2 count as not acknowledged."""
        if message[:2] in (b"\x00\x01", b"\x00\x02"):
            self.unacknowledged += 1
        self._outbox.put_nowait(message)

    async def join(self) -> "Drawer":
        """Ask for the board and wait until it is here."""
        self.put(protocol.step_1(self.doc.get_state()))
        async with asyncio.timeout(10):
            await self.synced.wait()
        return self

    def draw(self, name: str, x: float = 0, **fields: Any) -> None:
        """Put a box on the board, or move it there."""
        place = {"x": float(x), "y": 0.0, "width": 100.0, "height": 50.0, "angle": 0.0}
        if name in self.elements:
            self.elements[name]["geom"] = place
        else:
            self.elements[name] = Map({"type": "rectangle", "geom": place, "isDeleted": False, **fields})

    def write(self, step: str, text: str) -> None:
        """Add to the end of a note."""
        if step in self.notes:
            note = self.notes[step]
            note += text
        else:
            self.notes[step] = Text(text)

    def point(self, clock: int, client: int | None = None, **state: Any) -> None:
        """Show a pointer."""
        body = protocol.write_varint(1) + protocol.write_varint(client or self.doc.client_id)
        body += protocol.write_varint(clock) + protocol.write_string(json.dumps(state))
        self.put(protocol.awareness(body))

    def scene(self) -> str:
        """Return all that is on the board, in one order."""
        elements = json.loads(str(self.elements)) if len(self.elements) else {}
        notes = {step: str(text) for step, text in self.notes.items()}
        return json.dumps([elements, notes], sort_keys=True)

    async def saved(self, seconds: float = 10) -> None:
        """Wait until everything sent is acknowledged."""
        await until(lambda: not self.unacknowledged, seconds)

    async def ended(self, seconds: float = 10) -> int | None:
        """Wait until the server closes the socket and return its code."""
        await until(lambda: self.closed is not None, seconds)
        return self.closed

    async def leave(self) -> None:
        """Close the socket."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.doc.unobserve(self._subscription)
        with contextlib.suppress(asyncio.CancelledError, TimeoutError, OSError):
            await self.wire.close()

    async def _write(self) -> None:
        while True:
            await self.wire.send(await self._outbox.get())

    async def _read(self) -> None:
        while True:
            try:
                self._take(await self.wire.receive())
            except Closed as closed:
                self.closed = closed.args[0]
                return

    def _take(self, data: bytes) -> None:
        self.received.append(data)
        kind, at = protocol.read_varint(data, 0)
        if kind == Kind.HELLO:
            self.hello = json.loads(protocol.read_string(data, at)[0])
        elif kind == Kind.ACK:
            count = protocol.read_varint(data, at)[0]
            self.unacknowledged -= count
            self.acknowledged += count
        elif kind == Kind.REJECT:
            self.rejected = protocol.read_string(data, at)[0]
        elif kind == Kind.AWARENESS:
            self._take_states(protocol.read_bytes(data, at)[0])
        elif kind == Kind.SYNC:
            sync, at = protocol.read_varint(data, at)
            body = protocol.read_bytes(data, at)[0]
            if sync == Sync.STEP_1:
                self.put(protocol.step_2(self.doc.get_update(body)))
                return
            self._applying = True
            try:
                self.doc.apply_update(body)
            finally:
                self._applying = False
            if sync == Sync.STEP_2:
                self.synced.set()

    def _take_states(self, body: bytes) -> None:
        count, at = protocol.read_varint(body, 0)
        for _ in range(count):
            client, at = protocol.read_varint(body, at)
            _, at = protocol.read_varint(body, at)
            text, at = protocol.read_string(body, at)
            self.others[client] = json.loads(text)
            if self.others[client] is None:
                del self.others[client]


async def agree(*drawers: Drawer, seconds: float = 10) -> None:
    """Wait until all see the same board."""
    await until(lambda: len({drawer.scene() for drawer in drawers}) == 1, seconds)


async def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 (documents and sockets have no events to wait for)
            await asyncio.sleep(0.005)


async def in_db(act: Callable[..., T], *values: Any, **named: Any) -> T:
    """Run `act` in a thread and close its connection: channels.testing keeps Channels from doing so."""

    def run() -> T:
        try:
            return act(*values, **named)
        finally:
            connection.close()

    return await sync_to_async(run, thread_sensitive=False)()
