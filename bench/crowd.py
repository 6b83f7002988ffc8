"""One process full of people, started by bench.load: `python -m bench.crowd`, a plan in, counts out.

All people of a room are in one process, so that a delay is the difference of two readings of one clock.
What is counted is told in docs/performance.md: an edit has reached somebody when the steps that it added
to its author's client id are in a message to them, in whatever frame; a pointer, when its clock is.

Input, a line each: the plan (JSON), then `draw`, `measure`, `stop`. Output, a line each: `ready`, then
after `stop` the counts (JSON).
"""

import asyncio
import contextlib
import heapq
import json
import random
import sys
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from bench.callers import Caller
from bench.tapes import POINTERS_PER_SECOND, Tape, pointer, tapes
from bench.wire import Drain, Wire, connect, framed
from whiteboard import protocol
from whiteboard.gate_reader import trusted_outline
from whiteboard.presence import read_states

FIRST_WATCHER = 2000
AT_ONCE = 24  # sockets opened at the same time
EVENTS_AT_ONCE = 64
LOOKS, SECONDS_BETWEEN_LOOKS = 60, 0.05  # for edits still on their way at the end
MOST_KNOWN = 4096
NOTHING_NEW = b"\x00"  # the state vector of somebody who has nothing yet
EMPTY_STEP_1 = protocol.step_1(NOTHING_NEW)

Steps = tuple[tuple[int, int, int], ...]  # of a message: client, first and last of their edits by number


class Book:
    """What this process knows of messages by their bytes, so that each is taken apart once."""

    def __init__(self, recorded: tuple[Tape, ...]) -> None:
        self.tapes = {tape.client: tape for tape in recorded}
        self.edits: dict[bytes, Steps] = {
            update: ((tape.client, number, number),)
            for tape in recorded
            for number, update in enumerate(tape.updates)
        }
        self.others: dict[bytes, Steps] = {}
        self.states: dict[bytes, tuple[tuple[int, int], ...]] = {}

    def edits_in(self, body: bytes) -> Steps:
        """Return which edits an update holds, also one that the server has merged or written anew."""
        found = self.edits.get(body) or self.others.get(body)
        if found is None:
            if len(self.others) > MOST_KNOWN:
                self.others.clear()
            found = self.others[body] = tuple(self._read(body))
        return found

    def _read(self, body: bytes) -> Iterator[tuple[int, int, int]]:
        for client, start, end in trusted_outline(body).adds:
            tape = self.tapes.get(client)
            if tape is not None:
                # An edit counts when its last step is there.
                first, after = bisect_left(tape.ends, start + 1), bisect_left(tape.ends, end + 1)
                if after > first:
                    yield client, first, after - 1

    def states_in(self, body: bytes) -> tuple[tuple[int, int], ...]:
        """Return whose pointers, and which, a message shows."""
        found = self.states.get(body)
        if found is None:
            if len(self.states) > MOST_KNOWN:
                self.states.clear()
            found = self.states[body] = tuple((client, clock) for client, clock, _ in read_states(body))
        return found


class Tally:
    """What has arrived in this process since `measure`."""

    def __init__(self) -> None:
        self.edits = self.shown = self.replaced = 0
        self.edit_delays: list[float] = []
        self.pointer_delays: list[float] = []
        self.lags: list[float] = []
        self.sent_edits = self.sent_pointers = 0
        self.expected_edits = self.expected_pointers = 0


class Room:
    """A board and the people at it."""

    def __init__(self, members: "list[Member]", recorded: tuple[Tape, ...]) -> None:
        self.members = members
        self.measured = sum(member.is_measured for member in members)
        self.next = {tape.client: 0 for tape in recorded}
        self.edits_sent: dict[int, list[float]] = {tape.client: [] for tape in recorded}
        self.pointers_sent: dict[int, list[float]] = {member.client: [] for member in members}


class Member:
    """Somebody in a room."""

    def __init__(
        self, number: int, caller: Caller, writers: int, crowd: "Crowd", *, is_measured: bool
    ) -> None:
        self.client = 1001 + number if number < writers else FIRST_WATCHER + number
        self.caller = caller
        self.crowd = crowd
        self.is_measured = is_measured
        self.wire: Wire | None = None
        self.room: Room
        self.synced = asyncio.get_running_loop().create_future()
        self.newest: dict[int, int] = {}  # client → the number of their newest edit that is here
        self.holes: set[tuple[int, int]] = set()  # edits passed over so far
        self.clocks: dict[int, int] = {}
        self.acknowledged = 0

    async def join(self) -> None:
        """Open the socket, ask for the board and wait until it is here."""
        async with asyncio.timeout(30):
            self.wire = await connect(self.caller.address)
        self.wire.on_message = self.take
        for message in self.caller.greeting:
            self.wire.send(message)
        self.wire.send(self.caller.prefix + EMPTY_STEP_1)
        waiting = (self.synced, self.wire.closed)
        await asyncio.wait(waiting, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        if not self.synced.done():
            raise ConnectionError(f"no board; the socket was closed with {self.wire.close_code}")
        if not self.is_measured:
            self.wire.transport.set_protocol(Drain(self.wire))

    def take(self, message: bytes) -> None:
        """Count what one message brings."""
        now = time.perf_counter()
        at = len(self.caller.prefix)
        kind = message[at]
        if kind == 0:
            sync = message[at + 1]
            if sync == 1 and not self.synced.done():
                self.synced.set_result(None)
            elif sync:
                body, _ = protocol.read_bytes(message, at + 2)
                for client, first, last in self.crowd.book.edits_in(body):
                    if client != self.client:
                        self._take_edits(client, first, last, now)
        elif kind == 1:
            body, _ = protocol.read_bytes(message, at + 1)
            for client, clock in self.crowd.book.states_in(body):
                if client != self.client:
                    self._take_pointer(client, clock, now)
        elif kind == self.caller.ack:
            # Ours says how many edits are in the log; Hocuspocus says for each that it has taken it.
            self.acknowledged += protocol.read_varint(message, at + 1)[0]

    def _take_edits(self, client: int, first: int, last: int, now: float) -> None:
        tally, sent = self.crowd.tally, self.room.edits_sent[client]
        newest = self.newest.get(client, -1)
        if first > newest + 1:
            self.holes.update((client, number) for number in range(newest + 1, first))
        for number in range(first, last + 1):
            if number > newest or (client, number) in self.holes:
                self.holes.discard((client, number))
                tally.edits += 1
                tally.edit_delays.append(now - sent[number])
        self.newest[client] = max(newest, last)

    def _take_pointer(self, client: int, clock: int, now: float) -> None:
        sent = self.room.pointers_sent.get(client)
        before = self.clocks.get(client, 0)
        if sent is None or not before < clock <= len(sent):
            return
        self.clocks[client] = clock
        tally = self.crowd.tally
        tally.shown += 1
        tally.replaced += clock - before - 1
        tally.pointer_delays.append(now - sent[clock - 1])


class Crowd:
    """All people of this process."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.recorded: tuple[Tape, ...] = tapes(float(plan["seconds"]))
        self.book = Book(self.recorded)
        self.tally = Tally()
        self.rooms: list[Room] = []
        self.drawing = False
        self.waking: list[tuple[float, int, float, Callable[[float], None]]] = []

    async def come(self) -> None:
        """Have everybody join."""
        for callers in self.plan["rooms"]:
            measured = self.plan["measured"] or len(callers)
            members = [
                # The last ones of a room only watch; of few measured people, take those.
                Member(
                    n,
                    Caller.from_plan(caller),
                    len(self.recorded),
                    self,
                    is_measured=n >= len(callers) - measured,
                )
                for n, caller in enumerate(callers)
            ]
            room = Room(members, self.recorded)
            for member in members:
                member.room = room
            self.rooms.append(room)
        members = [member for room in self.rooms for member in room.members]
        for start in range(0, len(members), AT_ONCE):
            await asyncio.gather(*(member.join() for member in members[start : start + AT_ONCE]))

    def schedule(self) -> None:
        """Give everything that is to be sent its first time, spread over its period."""
        spread = random.Random(7)
        now = time.perf_counter() + 0.05
        for room in self.rooms:
            for member, tape in zip(room.members, self.recorded, strict=False):
                period = 1 / tape.per_second
                self._later(now + spread.random() * period, period, self._edit(room, member, tape))
            for member in room.members:
                period = 1 / POINTERS_PER_SECOND
                self._later(now + spread.random() * period, period, self._point(room, member))
        heapq.heapify(self.waking)

    def _later(self, due: float, period: float, act: Callable[[float], None]) -> None:
        self.waking.append((due, len(self.waking), period, act))

    def _edit(self, room: Room, member: Member, tape: Tape) -> Callable[[float], None]:
        head, sent = member.caller.prefix, room.edits_sent[tape.client]
        frames = [framed(head + protocol.update(update)) for update in tape.updates]

        def act(now: float) -> None:
            number = len(sent)
            if number < len(frames) and member.wire is not None and member.wire.is_open:
                sent.append(now)
                self.tally.sent_edits += 1
                self.tally.expected_edits += room.measured - member.is_measured
                member.wire.transport.write(frames[number])

        return act

    def _point(self, room: Room, member: Member) -> Callable[[float], None]:
        head, sent = member.caller.prefix, room.pointers_sent[member.client]

        def act(now: float) -> None:
            if member.wire is not None and member.wire.is_open:
                sent.append(now)
                self.tally.sent_pointers += 1
                self.tally.expected_pointers += room.measured - member.is_measured
                member.wire.send(head + protocol.awareness(pointer(member.client, len(sent))))

        return act

    async def draw(self) -> None:
        """Send until told to stop, each thing at its time or as soon after it as possible."""
        self.drawing = True
        waking = self.waking
        while self.drawing:
            done = 0
            while done < EVENTS_AT_ONCE:
                due, order, period, act = waking[0]
                now = time.perf_counter()
                if due > now:
                    break
                self.tally.lags.append(now - due)
                act(now)
                heapq.heapreplace(
                    waking, (due + period if now - due < 1 else now + period, order, period, act)
                )
                done += 1
            await asyncio.sleep(max(0.0, waking[0][0] - time.perf_counter()) if done < EVENTS_AT_ONCE else 0)

    async def missing(self) -> int:
        """Return how many edits have not reached somebody who is measured, after a while of waiting."""
        for _ in range(LOOKS):
            if not (left := self._missing_now()):
                break
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        return left

    def _missing_now(self) -> int:
        return sum(
            len(member.holes)
            + sum(
                len(sent) - 1 - member.newest.get(client, -1)
                for client, sent in room.edits_sent.items()
                if client != member.client
            )
            for room in self.rooms
            for member in room.members
            if member.is_measured
        )

    def closed(self) -> Counter[str]:
        """Return how many sockets the server has closed, by code."""
        wires = [member.wire for room in self.rooms for member in room.members if member.wire is not None]
        return Counter(str(wire.close_code) for wire in wires if not wire.is_open)

    def traffic(self) -> tuple[int, int]:
        """Return how many bytes and frames have come (frames only of those who are measured)."""
        wires = [member.wire for room in self.rooms for member in room.members if member.wire is not None]
        return sum(wire.received_bytes for wire in wires), sum(wire.received_frames for wire in wires)


def buckets(delays: list[float]) -> dict[str, int]:
    """Return how often each delay occurred, in tenths of a millisecond."""
    return {str(key): count for key, count in Counter(int(each * 10_000) for each in delays).items()}


async def run(plan: dict[str, Any], lines: "asyncio.Queue[str]") -> None:
    """Do what the lines say and print what was counted."""
    crowd = Crowd(plan)
    await crowd.come()
    print("ready", flush=True)
    assert await lines.get() == "draw"
    crowd.schedule()
    drawing = asyncio.create_task(crowd.draw())
    assert await lines.get() == "measure"
    crowd.tally = Tally()
    before, begun = crowd.traffic(), time.perf_counter()
    assert await lines.get() == "stop"
    seconds, after = time.perf_counter() - begun, crowd.traffic()
    tally, crowd.tally = crowd.tally, Tally()
    closed = crowd.closed()
    crowd.drawing = False
    await drawing
    missing = await crowd.missing()
    counts = {
        "seconds": seconds,
        "bytes": after[0] - before[0],
        "frames": after[1] - before[1],
        "closed": closed,
        "missing": missing,
        "edit_delays": buckets(tally.edit_delays),
        "pointer_delays": buckets(tally.pointer_delays),
        "lags": buckets(tally.lags),
    }
    names = "edits shown replaced sent_edits sent_pointers expected_edits expected_pointers"
    print(json.dumps(counts | {name: getattr(tally, name) for name in names.split()}), flush=True)
    for room in crowd.rooms:
        for member in room.members:
            if member.wire is not None:
                member.wire.transport.abort()
    await asyncio.sleep(0.05)


def main() -> None:
    """Read the plan, then the lines as they come."""
    import uvloop

    plan = json.loads(sys.stdin.readline())

    async def all_of_it() -> None:
        loop = asyncio.get_running_loop()
        lines: asyncio.Queue[str] = asyncio.Queue()

        def listen() -> None:
            for line in sys.stdin:
                loop.call_soon_threadsafe(lines.put_nowait, line.strip())
            with contextlib.suppress(RuntimeError):  # the loop may have ended
                loop.call_soon_threadsafe(lines.put_nowait, "")  # nobody is left to draw for

        threading.Thread(target=listen, daemon=True).start()
        await run(plan, lines)

    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(all_of_it())


if __name__ == "__main__":
    main()
