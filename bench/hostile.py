"""`./run bench hostile`: 100,000 frames that nobody honest would send, into a room where people draw.

Strangers with a seat in the room send mutated frames, the known bombs and well-formed nonsense, from many
sockets. Watched: the web process lives on as the same process and grows little; whatever reaches an
honest page there can be read and holds nothing a page could not show; the others go on drawing.
"""

import argparse
import asyncio
import contextlib
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Map, MapEvent, Text

from bench import mutations, page_rules, proc
from bench.acts import Person
from bench.board_page import Door, Page, until
from bench.history_checker import percentile
from bench.seating import Place
from bench.server import Web, house
from bench.wire import Address, RefusedError, connect, framed
from whiteboard import protocol
from whiteboard.gate_reader import outline
from whiteboard.protocol import BadMessageError

MEGABYTES_MORE = 100
FRAMES_AT_ONCE = 20
BYTES_AT_ONCE = 100_000
SECONDS_TO_ANSWER = 0.1  # a socket may send 200 messages a second; more would be closed as a flood


class Listener:
    """An honest page that looks at everything it is sent before it believes it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.updates = 0
        page.on_update = self._took
        page.elements.observe_deep(self._note)
        self._touched: set[str] = set()

    def _note(self, events: list[Any]) -> None:
        for event in events:
            if event.path:
                self._touched.add(str(event.path[0]))
            elif isinstance(event, MapEvent):
                self._touched.update(event.keys)  # type: ignore[attr-defined]  # not in its stubs

    def _took(self, update: bytes) -> None:
        """Hold against the rules what the last update touched (the page has applied it already)."""
        self.updates += 1
        try:
            outline(update)
        except BadMessageError as error:
            if self.updates > 1:  # the first is the whole board, and may be larger than an edit
                self.faults.append(f"an update that cannot be read: {error}")
        touched, self._touched = self._touched, set()
        for name in touched:
            if name in self.page.elements:
                element = self.page.elements[name]
                plain = element.to_py() if isinstance(element, Map) else element
                self.faults.extend(page_rules.faults(name, plain))

    def look_at_all(self) -> None:
        """Hold the whole board against the rules."""
        self.faults.extend(faults_of(self.page))


def faults_of(page: Page) -> Iterator[str]:
    """Yield what is wrong with all that a page has."""
    for name, element in page.elements.items():
        yield from page_rules.faults(name, element.to_py() if isinstance(element, Map) else element)
    texts = {step: text for step, text in page.notes.items() if isinstance(text, Text)}
    if len(texts) != len(page.notes):
        yield "notes that are no text"
    yield from page_rules.faults_of_notes({step: str(text) for step, text in texts.items()})


@dataclass
class Report:
    """What a run found."""

    sent: int = 0
    sockets: int = 0
    closes: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    same_process: bool = True
    gates: int = 0
    megabytes_more: float = 0
    gate_megabytes: float = 0
    heard: int = 0
    drawn: int = 0
    unsaved: int = 0
    apart: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    seconds: float = 0

    @property
    def problems(self) -> list[str]:
        """How the promise was broken; nothing when it was kept."""
        found = [*self.faults[:10], *self.apart]
        if not self.same_process:
            found.append("the web process is gone")
        if self.megabytes_more > MEGABYTES_MORE:
            found.append(f"the web process has grown by {self.megabytes_more:.0f} MB")
        if self.unsaved or not self.drawn:
            found.append(f"of {self.drawn} edits of the others {self.unsaved} are not saved")
        return found

    def table(self) -> str:
        """Return the figures."""
        delays = " / ".join(f"{percentile(self.delays, share) * 1000:.0f}" for share in (0.5, 0.95))
        closes = ", ".join(f"{count:,} × {code}" for code, count in sorted(self.closes.items()))
        rows: list[tuple[str, Any]] = [
            ("hostile frames", f"{self.sent:,} over {self.sockets:,} sockets, {self.seconds:.0f} s"),
            ("answered with", closes),
            ("web process", "the same" if self.same_process else "GONE"),
            ("memory of the web process", f"{self.megabytes_more:+.0f} MB at most"),
            ("gates", f"{self.gates} in turn, {self.gate_megabytes:.0f} MB at most"),
            ("updates the others heard", f"{self.heard:,}, {len(self.faults)} of them bad"),
            ("edits of the others", f"{self.drawn:,}, {self.unsaved} not saved, ack p50 / p95 {delays} ms"),
        ]
        return "\n".join(f"  {name:26} {value}" for name, value in rows)


class Siege:
    """A room under fire, another room beside it, and those who fire."""

    def __init__(self, web: Web, attacked: Place, beside: Place, *, seed: int) -> None:
        self.web = web
        self.place = attacked
        self.dice = random.Random(seed)
        self.report = Report()
        self.people: list[Person] = []
        for place, seat in ((attacked, 0), (attacked, 1), (beside, 0), (beside, 1)):
            page = Page(
                self._door(place, seat), name=f"{'ab'[place is beside]}{seat}", client=1000 + len(self.people)
            )
            self.people.append(Person(page, random.Random(seed + seat), writes_notes=seat == 0))
        self.listener = Listener(Page(self._door(attacked, 3), name="listener", client=77))
        self._stop = False
        self._frames = mutations.frames(seed, self._honest(seed))

    def _door(self, place: Place, seat: int) -> Door:
        door = Door(lambda: self.web.url(place), lambda: self.web.headers(place, seat))
        door.open.set()
        return door

    def _honest(self, seed: int) -> list[bytes]:
        """Return what honest people send, for strangers to turn wrong."""
        person = Person(Page(self._door(self.place, 0), name="a0", client=1000), random.Random(seed), True)
        for _ in range(60):
            person.act()
        frames = [protocol.update(edit.update) for edit in person.page.edits]
        states = protocol.write_varint(1) + b"\x05\x01" + protocol.write_string('{"pointer":{"x":1,"y":2}}')
        whole = person.page.doc.get_update()
        return [*frames, protocol.step_2(whole), protocol.step_1(person.page.doc.get_state()), b"\x03",
                protocol.awareness(states)]  # fmt: skip

    async def run(self, *, frames: int, strangers: int, calm: float = 0.3) -> Report:
        """Fire so many frames from so many sockets at a time, and look what it does."""
        begun, report = time.monotonic(), self.report
        pages = [self.listener.page, *(person.page for person in self.people)]
        for page in pages:
            page.start()
        await until(lambda: all(page.synced for page in pages), 30, "the honest cannot join")
        drawing = [asyncio.create_task(self._draw(person)) for person in self.people]
        await asyncio.sleep(calm)
        pid, before, gates = self.web.pid, proc.memory_bytes([self.web.pid]), set[int]()
        watching = asyncio.create_task(self._watch(pid, before, gates))
        try:
            await self._fire_each(mutations.bombs())
            shares = [frames // strangers] * strangers
            await asyncio.gather(*(self._fire(share, number) for number, share in enumerate(shares)))
        finally:
            self._stop = True
            await asyncio.gather(*drawing)
            watching.cancel()
        report.seconds = time.monotonic() - begun
        await self._settle(pid, before, gates)
        for page in pages:
            await page.stop()
        return report

    async def _draw(self, person: Person) -> None:
        while not self._stop:
            person.act()
            person.page.point(pointer={"x": person.count, "y": 2}, button="up")
            await asyncio.sleep(person.dice.uniform(0.1, 0.3))

    async def _watch(self, pid: int, before: int, gates: set[int]) -> None:
        while True:
            self._weigh(pid, before, gates)
            await asyncio.sleep(0.5)

    def _weigh(self, pid: int, before: int, gates: set[int]) -> None:
        more = (proc.memory_bytes([pid]) - before) / 1e6
        self.report.megabytes_more = max(self.report.megabytes_more, more)
        if (gate := self.web.gate_pid) is not None:
            gates.add(gate)
            self.report.gate_megabytes = max(self.report.gate_megabytes, proc.memory_bytes([gate]) / 1e6)
        self.report.gates = len(gates)

    # -- firing --------------------------------------------------------------------------------

    async def _fire_each(self, bombs: dict[str, bytes]) -> None:
        """Send each known bomb on a socket of its own, a few at a time."""
        left = iter(bombs.values())

        async def one_by_one() -> None:
            for bomb in left:
                await self._send([bomb], seat=2)

        await asyncio.gather(*(one_by_one() for _ in range(4)))

    async def _fire(self, frames: int, number: int) -> None:
        """Send that many hostile frames, on a new socket whenever one is closed."""
        seat = (1, 2, 1, 3)[number % 4]  # two who may draw, and one who may only read
        left = frames
        while left > 0:
            batch: list[bytes] = []
            size = 0
            while len(batch) < min(FRAMES_AT_ONCE, left) and size < BYTES_AT_ONCE:
                batch.append(next(self._frames))
                size += len(batch[-1])
                if _ends_the_socket(batch[-1]):
                    break  # the server reads nothing behind it
            left -= len(batch)
            await self._send(batch, seat)

    async def _send(self, batch: list[bytes], seat: int) -> None:
        headers = self.web.headers(self.place, seat)
        try:
            wire = await connect(Address(self.web.port, self.place.path, headers))
        except (OSError, RefusedError):
            self.report.closes[0] += 1
            return
        self.report.sockets += 1
        self.report.sent += len(batch)
        wire.transport.write(framed(b"\x00\x00\x01\x00") + b"".join(map(framed, batch)))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(wire.closed), SECONDS_TO_ANSWER)
        self.report.closes[wire.close_code or 1000] += 1
        wire.close()

    # -- afterwards ----------------------------------------------------------------------------

    async def _settle(self, pid: int, before: int, gates: set[int]) -> None:
        report, pages = self.report, [person.page for person in self.people]
        with contextlib.suppress(AssertionError):  # counted below
            await until(lambda: all(page.saved for page in pages), 30, "")
        late = Page(self._door(self.place, 2), name="late", client=78)
        late.start()
        here = [*pages[:2], self.listener.page, late]
        try:
            await until(lambda: late.synced and _agree(here), 30, "")
        except AssertionError:
            report.apart.append("those in the room do not see the same board")
        self.listener.look_at_all()
        report.faults = [*self.listener.faults, *faults_of(late)]
        report.heard = self.listener.updates
        report.drawn = sum(len(page.edits) for page in pages)
        report.unsaved = sum(len(page.pending) for page in pages)
        report.delays = [e.acked_at - e.made_at for page in pages for e in page.edits if e.acked_at]
        report.apart += [
            f"{page.name} was sent away: {page.rejected}" for page in here if page.gone is not None
        ]
        self._weigh(pid, before, gates)
        report.same_process = self.web.process is not None and self.web.process.poll() is None
        with contextlib.suppress(OSError):
            os.kill(pid, 0)
        await late.stop()


def _agree(pages: list[Page]) -> bool:
    return all(page.content() == pages[0].content() for page in pages)


def _ends_the_socket(frame: bytes) -> bool:
    try:
        protocol.decode(frame)
    except BadMessageError:
        return True
    return False


def main(arguments: list[str]) -> int:
    """Fire; 1 when the process is gone, anything bad was passed on or the others could not draw."""
    parser = argparse.ArgumentParser(prog="./run bench hostile", description=__doc__)
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--strangers", type=int, default=8, help="sockets that fire at a time")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with house() as home:
        attacked, beside = home.rooms(2, 4)
        web = home.web()

        async def run() -> Report:
            return await Siege(web, attacked, beside, seed=given.seed).run(
                frames=given.frames, strangers=given.strangers
            )

        report = asyncio.run(run())
        words = web.words()
    print(report.table())
    for line in report.problems:
        print(f"  BROKEN: {line}")
    if report.problems:
        print(words)
    return 1 if report.problems else 0
