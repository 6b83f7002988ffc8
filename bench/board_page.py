"""A person's open page: a document that comes back by itself, and notes when each edit was made and stored.

It behaves as the island's provider does (frontend/src/sync/provider.ts): every edit waits until the
server acknowledges it, at most twelve frames are on the way, what waits behind them is merged, and after
a break both sides ask each other what they lack. Unlike it, it draws what a test tells it to.
"""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import websockets
from pycrdt import Doc, Map, Text, merge_updates

from whiteboard import protocol
from whiteboard.gate_reader import trusted_outline
from whiteboard.protocol import BadMessageError, Close, Kind, Sync

FRAMES_ON_THE_WAY = 12
SECONDS_OF_SILENCE = 12.0
NOT_THERE = (OSError, TimeoutError, websockets.InvalidHandshake, websockets.InvalidMessage)
FINAL = {Close.MAY_NOT, Close.NO_SUCH_BOARD, Close.OTHER_EPOCH, Close.BAD_UPDATE}


@dataclass(slots=True)
class Edit:
    """One edit of one person."""

    update: bytes
    made_at: float
    adds: list[tuple[int, int, int]]  # client, first clock, clock after the last
    connection: int  # on which connection it was made; 0: offline
    token: str = ""  # what it wrote, if it wrote something that nobody else writes
    acked_at: float | None = None
    acked_on: int = 0


@dataclass
class Door:
    """Where a page connects to; the test may change it, and hold everybody back."""

    url: Callable[[], str]
    headers: Callable[[], dict[str, str]] = dict
    open: asyncio.Event = field(default_factory=asyncio.Event)


class Page:
    """A document behind a board socket; `start` connects, and again after every break, until `stop`."""

    def __init__(self, door: Door, *, name: str = "", client: int | None = None, seed: int = 0) -> None:
        self.door = door
        self.name = name
        self.dice = random.Random(seed)
        self.doc: Doc[Any] = Doc(client_id=client) if client else Doc()
        self.elements: Map[Any] = self.doc.get("elements", type=Map)
        self.notes: Map[Any] = self.doc.get("notes", type=Map)
        self.doc.get("meta", type=Map)
        self.edits: list[Edit] = []
        self.pending: list[Edit] = []
        self.on_the_way: list[list[Edit]] = []
        self.connections = 0
        self.synced = False
        self.hello: dict[str, Any] = {}
        self.closes: list[tuple[float, int]] = []
        self.gone: int | None = None  # the code after which it does not come back
        self.rejected = ""
        self.healed = 0  # how often the server lacked something that it had acknowledged
        self.others: dict[int, Any] = {}
        self.heard: list[bytes] | None = None  # a test that wants all frames puts a list here
        self.on_update: Callable[[bytes], None] | None = None
        self._socket: Any = None
        self._running: asyncio.Task[None] | None = None
        self._applying = False
        self._token = ""
        self._pointer_clock = 0
        self._sending: asyncio.Queue[bytes] = asyncio.Queue()
        self._subscription = self.doc.observe(self._changed)

    # -- what a test asks of it ----------------------------------------------------------------

    def start(self) -> None:
        """Connect, now and after every break."""
        if self._running is None:
            self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Disconnect and stay away; what is pending stays so."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        self._lost_connection()

    @property
    def saved(self) -> bool:
        """Whether the page shows *Saved*."""
        return self.synced and not self.pending

    @contextlib.contextmanager
    def drawing(self, token: str = "") -> Iterator[None]:
        """Make all that the body does one edit."""
        self._token = token
        with self.doc.transaction():
            yield
        self._token = ""

    def point(self, **state: Any) -> None:
        """Show a pointer."""
        self._pointer_clock += 1
        body = protocol.write_varint(1) + protocol.write_varint(self.doc.client_id)
        body += protocol.write_varint(self._pointer_clock) + protocol.write_string(json.dumps(state))
        if self._socket is not None:
            self._sending.put_nowait(protocol.awareness(body))

    def send(self, frame: bytes) -> None:
        """Send any frame; it is not counted."""
        self._sending.put_nowait(frame)

    def content(self) -> list[Any]:
        """Return all that is on the board: [elements, notes]."""
        return content_of(self.doc)

    def clocks(self) -> dict[int, int]:
        """Return how many steps of each client the page has."""
        return protocol.read_state_vector(self.doc.get_state())

    # -- connection ----------------------------------------------------------------------------

    async def _run(self) -> None:
        failures = 0
        while self.gone is None:
            await self.door.open.wait()
            code = 1006
            with contextlib.suppress(*NOT_THERE):
                async with websockets.connect(
                    self.door.url(),
                    additional_headers=self.door.headers(),
                    user_agent_header=None,
                    max_size=None,
                    compression=None,
                    ping_interval=None,
                    open_timeout=10,
                    close_timeout=1,
                ) as socket:
                    code = await self._converse(socket)
            if self.synced:
                failures = 0
            self._lost_connection()
            self.closes.append((time.monotonic(), code))
            if code in FINAL:
                self.gone = code
                return
            wait = min(6.0, 0.4 * 2**failures) * self.dice.uniform(0.5, 1.0)
            if code == Close.RESTART:
                wait = self.dice.uniform(0.1, 1.6)
            elif code == Close.TOO_FAST:
                wait = self.dice.uniform(10, 12)
            failures += 1
            await asyncio.sleep(wait)

    def _lost_connection(self) -> None:
        self._socket = None
        self.synced = False
        self.on_the_way.clear()
        self.others.clear()
        self._sending = asyncio.Queue()

    async def _converse(self, socket: Any) -> int:
        self._socket = socket
        self.connections += 1
        self._sending.put_nowait(protocol.step_1(self.doc.get_state()))
        self._sending.put_nowait(b"\x03")
        writing = asyncio.create_task(self._write(socket, self._sending))
        try:
            while True:
                waits = self.on_the_way or not self.synced
                async with asyncio.timeout(SECONDS_OF_SILENCE if waits else None):
                    frame = await socket.recv()
                self._take(frame)
        except TimeoutError:
            return 1006  # an open connection on which nobody acknowledges is as good as none
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, socket: Any, queue: asyncio.Queue[bytes]) -> None:
        while True:
            await socket.send(await queue.get())

    # -- what comes ----------------------------------------------------------------------------

    def _take(self, frame: bytes) -> None:
        if self.heard is not None:
            self.heard.append(frame)
        kind, at = protocol.read_varint(frame, 0)
        if kind == Kind.SYNC:
            sync, at = protocol.read_varint(frame, at)
            body = protocol.read_bytes(frame, at)[0]
            if sync == Sync.STEP_1:
                return self._answer(body)
            self._applying = True
            try:
                self.doc.apply_update(body)
            finally:
                self._applying = False
            if self.on_update is not None:
                self.on_update(body)
        elif kind == Kind.ACK:
            self._acknowledged(protocol.read_varint(frame, at)[0])
        elif kind == Kind.AWARENESS:
            self._take_states(protocol.read_bytes(frame, at)[0])
        elif kind == Kind.HELLO:
            self.hello = json.loads(protocol.read_string(frame, at)[0])
        elif kind == Kind.REJECT:
            self.rejected = protocol.read_string(frame, at)[0]

    def _take_states(self, body: bytes) -> None:
        count, at = protocol.read_varint(body, 0)
        for _ in range(count):
            client, at = protocol.read_varint(body, at)
            _, at = protocol.read_varint(body, at)
            text, at = protocol.read_string(body, at)
            self.others[client] = json.loads(text)
            if self.others[client] is None:
                del self.others[client]

    def _answer(self, state_vector: bytes) -> None:
        """The server says what it has; send what it lacks."""
        self.synced = True
        if self.hello.get("right") == "read":
            return
        bounds = protocol.read_state_vector(state_vector)
        gap = False
        for edit in self.pending:
            for client, start, end in edit.adds:
                gap = gap or start > bounds.get(client, 0)
                bounds[client] = max(end, bounds.get(client, 0))
        ours = protocol.read_state_vector(self.doc.get_state())
        if gap or any(clock > bounds.get(client, 0) for client, clock in ours.items()):
            self.healed += 1
            self.on_the_way.append(list(self.pending))
            self._sending.put_nowait(protocol.step_2(self.doc.get_update(state_vector)))
            return
        self._flush()

    def _acknowledged(self, count: int) -> None:
        now = time.monotonic()
        stored, self.on_the_way = self.on_the_way[:count], self.on_the_way[count:]
        done = {id(edit) for batch in stored for edit in batch}
        for edit in (edit for batch in stored for edit in batch):
            edit.acked_at, edit.acked_on = now, self.connections
        self.pending = [edit for edit in self.pending if id(edit) not in done]
        self._flush()

    # -- what goes -----------------------------------------------------------------------------

    def _changed(self, event: Any) -> None:
        if self._applying:
            return
        try:
            adds = trusted_outline(event.update).adds
        except BadMessageError:  # what pycrdt writes itself and boards have no use for: a test's own mistake
            adds = []
        connection = self.connections if self.synced else 0
        edit = Edit(event.update, time.monotonic(), adds, connection, self._token)
        self.edits.append(edit)
        self.pending.append(edit)
        self._flush()

    def _flush(self) -> None:
        if not self.synced or self._socket is None or self.hello.get("right") == "read":
            return
        sent = {id(edit) for batch in self.on_the_way for edit in batch}
        waiting = [edit for edit in self.pending if id(edit) not in sent]
        while waiting and len(self.on_the_way) < FRAMES_ON_THE_WAY:
            last = len(self.on_the_way) == FRAMES_ON_THE_WAY - 1
            batch = waiting[:200] if last or len(waiting) > FRAMES_ON_THE_WAY else waiting[:1]
            waiting = waiting[len(batch) :]
            self.on_the_way.append(batch)
            updates = [edit.update for edit in batch]
            whole = updates[0] if len(updates) == 1 else merge_updates(*updates)
            self._sending.put_nowait(protocol.update(whole))


def content_of(doc: Doc[Any]) -> list[Any]:
    """Return a document's elements and notes as plain values that can be compared."""
    elements: Map[Any] = doc.get("elements", type=Map)
    notes: Map[Any] = doc.get("notes", type=Map)
    drawn = json.loads(str(elements)) if len(elements) else {}
    return [drawn, {step: str(text) for step, text in notes.items() if isinstance(text, Text)}]


async def until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Come back once something holds; AssertionError says what did not."""
    deadline = time.monotonic() + seconds
    while not holds():  # documents and sockets have no events to wait for
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds:.0f} s: {what}")
        await asyncio.sleep(0.01)
