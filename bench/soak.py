"""`./run bench soak`: fifty rooms of four that draw and point for minutes; people come and go meanwhile.

Watched: how soon an edit reaches the others, the memory of the web process and its gate after they have
warmed up, and whether descriptors, threads or database connections pile up.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from pycrdt import Doc, Map

from bench.acts import place
from bench.history_checker import percentile
from bench.seating import Place
from bench.server import Web, house
from bench.wire import Address, Wire, connect
from whiteboard import protocol
from whiteboard.gate_reader import trusted_outline

MILLISECONDS_TO_ARRIVE = 150.0
DRIFT = 0.05
SHAPES = 12  # each drags so many boxes about
SECONDS_BETWEEN_LOOKS = 2.0


class Sitter:
    """Somebody at a board: draws at a steady rate, points, and notes what arrives."""

    def __init__(self, room: "Room", seat: int, client: int, *, draws: bool) -> None:
        self.room, self.seat, self.draws = room, seat, draws
        self.doc: Doc[Any] = Doc(client_id=client)
        self.elements: Map[Any] = self.doc.get("elements", type=Map)
        self.client = client
        self.dice = random.Random(client)
        self.sent: deque[tuple[int, float]] = deque(maxlen=4_000)  # clock after the edit, when
        self.unacked = 0
        self.edits = 0
        self.heard: dict[int, int] = {}  # client → clock up to which their edits have arrived
        self.wire: Wire | None = None
        self.synced = False
        self.refused: int | None = None
        self._since = 0.0
        self._clock = 0
        self._points = 0
        self.doc.observe(self._changed)

    async def come(self, web: Web) -> None:
        """Open the board."""
        headers = web.headers(self.room.place, self.seat)
        self.wire = await connect(Address(web.port, self.room.place.path, headers))
        self.wire.on_message = self._take
        self.synced = False
        self._since = time.perf_counter()
        self.wire.send(protocol.step_1(self.doc.get_state()))

    def leave(self) -> None:
        """Close the board; what is drawn from now on waits for the next visit."""
        self.synced = False
        if self.wire is not None:
            self.wire.close()

    @property
    def is_here(self) -> bool:
        """Whether the socket is open and has the board."""
        return self.wire is not None and self.wire.is_open and self.synced

    def draw(self) -> None:
        """Make an edit: a box more, or one of one's boxes moved."""
        name = f"{self.client}-{self.edits % SHAPES}"
        self.edits += 1
        if name in self.elements:
            self.elements[name]["geom"] = place(self.dice, self.edits)
        else:
            self.elements[name] = Map({"type": "rectangle", "geom": place(self.dice, 0), "isDeleted": False})

    def point(self) -> None:
        """Show the pointer somewhere else."""
        self._points += 1
        state = json.dumps({"pointer": {"x": self._points, "y": self.dice.randrange(900)}, "button": "up"})
        body = protocol.write_varint(1) + protocol.write_varint(self.client)
        body += protocol.write_varint(self._points) + protocol.write_string(state)
        if self.wire is not None:
            self.wire.send(protocol.awareness(body))

    def _changed(self, event: Any) -> None:
        update = event.update
        for client, _, end in trusted_outline(update).adds:
            if client == self.client:
                self.sent.append((end, time.perf_counter()))
        if self.is_here:
            assert self.wire is not None
            self.unacked += 1
            self.wire.send(protocol.update(update))

    def _take(self, frame: bytes) -> None:
        kind = frame[0]
        if kind == protocol.Kind.SYNC:
            body = protocol.read_bytes(frame, 2)[0]
            if frame[1] == protocol.Sync.STEP_1:
                self.synced = True
                missing = self.doc.get_update(body)
                if self.draws and missing != b"\x00\x00":
                    self.unacked += 1
                    assert self.wire is not None
                    self.wire.send(protocol.step_2(missing))
                return
            self.room.arrived(self, body, is_whole=frame[1] == protocol.Sync.STEP_2)
        elif kind == protocol.Kind.ACK:
            self.unacked -= protocol.read_varint(frame, 1)[0]
        elif kind == protocol.Kind.REJECT:
            self.refused = protocol.Close.BAD_UPDATE


@dataclass
class Room:
    """One board and those who sit at it."""

    place: Place
    sitters: list[Sitter] = field(default_factory=list)
    by_client: dict[int, Sitter] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)

    def arrived(self, who: Sitter, update: bytes, *, is_whole: bool) -> None:
        """Note how long each edit took that has come to somebody just now."""
        now = time.perf_counter()
        for client, _, end in trusted_outline(update).adds:
            before = who.heard.get(client, 0)
            who.heard[client] = max(end, before)
            sender = self.by_client.get(client)
            if sender is None or is_whole:
                continue
            for clock, sent_at in reversed(sender.sent):
                if clock <= before:
                    break
                if clock <= end:
                    self.delays.append(now - sent_at)


@dataclass(frozen=True)
class Look:
    """What the processes use at one moment."""

    at: float
    web: int  # bytes
    gate: int
    descriptors: int
    threads: int
    connections: int


def look(web: Web, connection: "psycopg.Connection[tuple[Any, ...]]", since: float) -> Look:
    """Return what the web process, its gate and its database use now."""
    found = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchone()
    gate = web.gate_pid
    return Look(
        time.monotonic() - since,
        resident(web.pid),
        resident(gate) if gate else 0,
        len(os.listdir(f"/proc/{web.pid}/fd")),
        len(os.listdir(f"/proc/{web.pid}/task")),
        int(found[0]) if found else 0,
    )


def resident(pid: int) -> int:
    """Return the memory of a process in bytes; 0 when it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0


class Soak:
    """Rooms full of people on one web process, for a while."""

    def __init__(
        self, web: Web, places: Sequence[Place], *, edits: float, points: float, calm: float = 2.5
    ) -> None:
        self.web = web
        self.calm = calm  # seconds of quiet before and after
        self.edits, self.points = edits, points
        self.rooms: list[Room] = []
        self.looks: list[Look] = []
        self.returns = 0
        self.before: Look | None = None
        self.after: Look | None = None
        self._stop = False
        for number, place_ in enumerate(places):
            room = Room(place_)
            for seat, person in enumerate(place_.people):
                sitter = Sitter(room, seat, 10 * number + seat + 1, draws=person.role != "observer")
                room.sitters.append(sitter)
                room.by_client[sitter.client] = sitter
            self.rooms.append(room)

    @property
    def sitters(self) -> list[Sitter]:
        """Everybody."""
        return [sitter for room in self.rooms for sitter in room.sitters]

    async def run(self, database_url: str, *, seconds: float) -> None:
        """Seat everybody, let them draw, have some go and come back, and see all of them out."""
        dice = random.Random(1)
        with psycopg.connect(database_url, autocommit=True) as connection:
            begun = time.monotonic()
            first = self.rooms[0].sitters[0]
            await first.come(self.web)  # starts the gate and fills the pool
            await asyncio.sleep(self.calm)
            first.leave()
            await asyncio.sleep(self.calm / 2)
            self.before = look(self.web, connection, begun)
            for sitter in self.sitters:
                await sitter.come(self.web)
            drawing = [asyncio.create_task(self._sit(sitter)) for sitter in self.sitters]
            started = time.monotonic()
            while time.monotonic() - started < seconds:
                await asyncio.sleep(min(SECONDS_BETWEEN_LOOKS, seconds / 4))
                self.looks.append(look(self.web, connection, started))
                await self._come_and_go(dice)
                for task in drawing:
                    if task.done():
                        task.result()
            self._stop = True
            await asyncio.gather(*drawing)
            for _ in range(600):
                if not any(sitter.unacked for sitter in self.sitters):
                    break
                await asyncio.sleep(0.05)
            for sitter in self.sitters:
                sitter.leave()
            await asyncio.sleep(
                self.calm * 1.6
            )  # connections are given back when nothing was written for a second
            self.after = look(self.web, connection, started)

    async def _sit(self, sitter: Sitter) -> None:
        await asyncio.sleep(sitter.dice.random())
        turn = 0.0
        share = self.edits / self.points
        while not self._stop:
            sitter.point()
            turn += share
            while sitter.draws and turn >= 1:
                turn -= 1
                if sitter.is_here:
                    sitter.draw()
            await asyncio.sleep(sitter.dice.uniform(0.5, 1.5) / self.points)

    async def _come_and_go(self, dice: random.Random) -> None:
        """Have somebody of every tenth room close the tab and open it again."""
        for room in dice.sample(self.rooms, max(1, len(self.rooms) // 10)):
            sitter = dice.choice(room.sitters)
            if sitter.is_here and not sitter.unacked:
                sitter.leave()
                await sitter.come(self.web)
                self.returns += 1

    # -- what came of it -----------------------------------------------------------------------

    @property
    def delays(self) -> list[float]:
        """How long each edit took to each of the others."""
        return [delay for room in self.rooms for delay in room.delays]

    def drift(self, of: str, *, warm: float) -> float:
        """Return by what share the memory of `web` or `gate` has grown since they were warm."""
        steady = [look for look in self.looks if look.at >= warm] or self.looks
        tenth = max(1, len(steady) // 10)
        first = sum(getattr(look, of) for look in steady[:tenth]) / tenth
        last = sum(getattr(look, of) for look in steady[-tenth:]) / tenth
        return last / first - 1 if first else 0.0

    def leaks(self) -> list[str]:
        """Return what is still held after everybody has left."""
        assert self.before is not None
        assert self.after is not None
        found = []
        for name, spare in (("descriptors", 8), ("threads", 12), ("connections", 8)):
            was, now = getattr(self.before, name), getattr(self.after, name)
            if now > was + spare:
                found.append(f"{name} were {was} and are {now} after all have left")
        unacked = sum(sitter.unacked for sitter in self.sitters)
        if unacked:
            found.append(f"{unacked} edits were never acknowledged")
        refused = [sitter.client for sitter in self.sitters if sitter.refused]
        if refused:
            found.append(f"people were refused: {refused[:5]}")
        return found


def main(arguments: list[str]) -> int:
    """Soak; 1 when edits arrive too late, memory drifts or anything is left open."""
    parser = argparse.ArgumentParser(prog="./run bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--rooms", type=int, default=50)
    parser.add_argument("--edits", type=float, default=2.0, help="a second of each who draws")
    parser.add_argument("--points", type=float, default=5.0, help="pointers a second of everybody")
    given = parser.parse_args(arguments)
    with house() as home:
        places = home.rooms(given.rooms, 4)
        web = home.web()
        seconds = given.minutes * 60

        async def run() -> Soak:
            soak = Soak(web, places, edits=given.edits, points=given.points)
            await soak.run(home.database_url, seconds=seconds)
            return soak

        soak = asyncio.run(run())
    warm = min(60.0, seconds / 3)
    delays, wrong = soak.delays, soak.leaks()
    p50, p95, p99 = (percentile(delays, share) * 1000 for share in (0.5, 0.95, 0.99))
    drift = {of: soak.drift(of, warm=warm) for of in ("web", "gate")}
    if p95 > MILLISECONDS_TO_ARRIVE:
        wrong.append(f"fan-out p95 {p95:.0f} ms, promised {MILLISECONDS_TO_ARRIVE:.0f}")
    if drift["web"] > DRIFT:
        wrong.append(f"the web process has grown by {drift['web']:.1%}, promised {DRIFT:.0%}")
    assert soak.before is not None
    assert soak.after is not None
    last = soak.looks[-1]
    edits = sum(sitter.edits for sitter in soak.sitters)
    print(f"  {given.rooms} rooms of 4, {seconds:.0f} s: {edits:,} edits, {len(delays):,} arrivals")
    print(f"  people who left and came back {soak.returns:,}")
    print(f"  fan-out p50 / p95 / p99    {p50:.0f} / {p95:.0f} / {p99:.0f} ms")
    print(f"  web   {last.web / 1e6:.0f} MB, drift {drift['web']:+.1%} after {warm:.0f} s")
    print(f"  gate  {last.gate / 1e6:.0f} MB, drift {drift['gate']:+.1%}: the boards themselves grow there")
    for name in ("descriptors", "threads", "connections"):
        most = max(getattr(one, name) for one in soak.looks)
        was, now = getattr(soak.before, name), getattr(soak.after, name)
        print(f"  {name:12} {was} before, {most} at most, {now} after")
    for line in wrong:
        print(f"  BROKEN: {line}")
    return 1 if wrong else 0
