"""`./run bench kills`: people draw while web, gate, worker, Redis and PostgreSQL are killed with kill -9.

After each kill, before any page may come back and mend what was lost, the log is held against what was
acknowledged. At the end every edit is looked for in the log, on the board and on every page.
"""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import Any

from bench.acts import Person
from bench.board_page import Door, Page, content_of, until
from bench.history_checker import Findings, Log, head_of, percentile, rows_of
from bench.mortal import Mortals, mortals, start_again
from bench.seating import Place
from bench.server import Web

VICTIMS = ("web", "gate", "worker", "redis", "postgres")
MILLISECONDS_TO_ACK = 600.0


@dataclass
class Room:
    """One board, its people, and what of its log has been seen."""

    place: Place
    people: list[Person] = field(default_factory=list)
    watchers: list[Page] = field(default_factory=list)
    seen: dict[int, bytes] = field(default_factory=dict)  # row → digest
    clocks: Log = field(default_factory=Log)

    @property
    def pages(self) -> list[Page]:
        """All pages of the room."""
        return [*(person.page for person in self.people), *self.watchers]


@dataclass
class Report:
    """What a run found."""

    findings: Findings
    kills: Counter[str]
    delays: list[float]  # seconds from edit to ack, on one connection and outside the outages
    outages: list[float]  # seconds from each kill until everybody had the board again
    closes: Counter[int]
    healed: int
    seconds: float

    @property
    def p95_ms(self) -> float:
        """How long 95 of 100 edits waited for their ack at most, outside the outages."""
        return percentile(self.delays, 0.95) * 1000


class Drill:
    """People who draw at rooms of two web processes, and somebody who kills."""

    def __init__(self, home: Mortals, places: list[Place], *, seed: int, rate: float) -> None:
        self.home = home
        self.dice = random.Random(seed)
        self.rate = rate
        self.open = asyncio.Event()
        self.open.set()
        self.stopping = False
        self.rooms = [Room(place) for place in places]
        self.kills: Counter[str] = Counter()
        self.outages: list[tuple[float, float]] = []
        self.findings = Findings()
        number = 0
        for room in self.rooms:
            for seat, person in enumerate(room.place.people):
                web = home.webs[number % len(home.webs)]
                page = Page(
                    self._door(web, room.place, seat), name=f"p{number}", seed=self.dice.randrange(10**9)
                )
                number += 1
                if person.role == "observer":
                    room.watchers.append(page)
                else:
                    dice = random.Random(self.dice.randrange(10**9))
                    room.people.append(Person(page, dice, person.role == "candidate"))

    def _door(self, web: Web, place: Place, seat: int) -> Door:
        return Door(lambda: web.url(place), lambda: web.headers(place, seat), self.open)

    @property
    def pages(self) -> list[Page]:
        """Everybody's pages."""
        return [page for room in self.rooms for page in room.pages]

    @property
    def acknowledged(self) -> int:
        """How many edits have been acknowledged so far."""
        people = [person for room in self.rooms for person in room.people]
        return sum(len(person.page.edits) - len(person.page.pending) for person in people)

    async def run(self, *, edits: int, kills: int) -> Report:
        """Draw until so many edits are acknowledged, with the kills spread over them."""
        begun = time.monotonic()
        for page in self.pages:
            page.start()
        await self._everybody_back()
        drawing = [asyncio.create_task(self._draw(person)) for room in self.rooms for person in room.people]
        try:
            for number in range(kills):
                await self._wait_for(edits * (number + 1) // (kills + 1), drawing)
                await self._kill(VICTIMS[number % len(VICTIMS)])
            await self._wait_for(edits, drawing)
        finally:
            self.stopping = True
            await asyncio.gather(*drawing)
        await self._finish()
        pages = self.pages
        for page in pages:
            await page.stop()
        return Report(
            self.findings,
            self.kills,
            [
                edit.acked_at - edit.made_at
                for page in pages
                for edit in page.edits
                if edit.acked_at is not None
                and edit.connection
                and edit.acked_on == edit.connection
                and not any(edit.made_at < end and start < edit.acked_at for start, end in self.outages)
            ],
            [end - start for start, end in self.outages],
            Counter(code for page in pages for _, code in page.closes),
            sum(page.healed for page in pages),
            time.monotonic() - begun,
        )

    async def _draw(self, person: Person) -> None:
        while not self.stopping:
            await asyncio.sleep(person.dice.expovariate(self.rate))
            if len(person.page.pending) < 400:  # nobody draws for minutes while the site is away
                person.act()
                if person.dice.random() < 0.2:
                    person.page.point(pointer={"x": person.count, "y": 1}, button="up")

    async def _wait_for(self, edits: int, drawing: list[asyncio.Task[None]]) -> None:
        last, moved_at = -1, time.monotonic()
        while (now := self.acknowledged) < edits:
            if now != last:
                last, moved_at = now, time.monotonic()
            for task in drawing:
                if task.done():
                    task.result()
            lost = [page for page in self.pages if page.gone is not None]
            if lost:
                raise AssertionError(f"{lost[0].name} was sent away: {lost[0].gone} {lost[0].rejected}")
            if time.monotonic() - moved_at > 60:
                raise AssertionError(f"nothing was acknowledged for a minute, after {now} edits")
            await asyncio.sleep(0.02)

    # -- killing -------------------------------------------------------------------------------

    async def _kill(self, victim: str) -> None:
        """Kill something in the middle of it, look at the log, and let everybody come back."""
        self.kills[victim] += 1
        home, begun = self.home, time.monotonic()
        if victim == "web":
            web = self.dice.choice(home.webs)
            self.open.clear()
            web.kill()
            await start_again(web)
            await self._look()
        elif victim == "postgres":
            self.open.clear()
            home.postgres.kill()
            await home.postgres.come_back()
            await self._look(from_the_start=True)
        elif victim == "gate":
            web = self.dice.choice(home.webs)
            with contextlib.suppress(ProcessLookupError):
                if (pid := web.gate_pid) is not None:
                    os.kill(pid, signal.SIGKILL)
        elif victim == "redis":
            home.valkey.kill()
            await home.valkey.come_back()
        elif home.worker is not None:
            home.worker.kill()
            await home.worker.come_back()
        self.open.set()
        await self._everybody_back()
        self.outages.append((begun, time.monotonic()))

    async def _everybody_back(self) -> None:
        await until(lambda: all(page.synced for page in self.pages), 60, "not everybody has the board")

    async def _look(self, *, from_the_start: bool = False) -> None:
        """Hold the log against what was acknowledged, before pages come back and mend it."""
        told = [
            (room, [edit.adds for person in room.people for edit in person.page.edits if edit.acked_at])
            for room in self.rooms
        ]
        with self.home.connect() as connection:
            for room, acknowledged in told:
                board = room.place.board_id
                if from_the_start:
                    now = {seq: digest(data) for seq, data in rows_of(connection, board)}
                    gone = [seq for seq, known in room.seen.items() if now.get(seq) != known]
                    if gone:
                        self.findings.lost.append(f"board {board}: {len(gone)} rows are not what they were")
                fresh = rows_of(connection, board, room.clocks.head)
                room.clocks.read(fresh)
                room.seen.update((seq, digest(data)) for seq, data in fresh)
                clocks = room.clocks.clocks
                for adds in acknowledged:
                    for client, _, end in adds:
                        if clocks.get(client, 0) < end:
                            self.findings.lost.append(f"board {board}: step {end} of {client}, after a kill")

    # -- the end -------------------------------------------------------------------------------

    async def _finish(self) -> None:
        """Wait until everything is saved and seen, then hold everything against everything."""
        await until(
            lambda: all(person.page.saved for room in self.rooms for person in room.people), 60, "not saved"
        )
        with self.home.connect() as connection:
            for number, room in enumerate(self.rooms):
                board = room.place.board_id
                log = Log(board)
                log.read(rows_of(connection, board))
                if log.head != head_of(connection, board):
                    log.findings.gaps.append(f"board {board} says it has {head_of(connection, board)} rows")
                web = self.home.webs[number % len(self.home.webs)]
                late = Page(self._door(web, room.place, 0), name="late")
                late.start()
                await until(partial(_synced, late), 30, "nobody can join at the end")
                with contextlib.suppress(AssertionError):  # said below, page by page
                    await until(partial(_all_see, [*room.pages, late], log), 15, "")
                for person in room.people:
                    log.hold_against(person.page.edits, person.page.name)
                    words = [word for _, word in person.words]
                    log.hold_tokens(words, never=person.erased)
                for page in [*room.pages, late]:
                    log.hold_scene(page.content(), page.clocks(), page.name)
                await late.stop()
                self.findings.add(log.findings)


def _synced(page: Page) -> bool:
    return bool(page.synced)


def _all_see(pages: list[Page], log: Log) -> bool:
    scene = content_of(log.doc)
    return all(page.clocks() == log.clocks and page.content() == scene for page in pages)


def digest(data: bytes) -> bytes:
    """Return sixteen bytes that stand for a row."""
    return blake2b(data, digest_size=16).digest()


def problems(report: Report, *, edits: int) -> list[str]:
    """Return how the promise was broken; nothing when it was kept."""
    found = [*report.findings.wrong, *report.findings.repeated]
    if report.healed:
        found.append(f"{report.healed} times the server lacked what it had acknowledged")
    if report.findings.acknowledged < edits:
        found.append(f"only {report.findings.acknowledged} edits were acknowledged")
    refused = [code for code in report.closes if code in (4403, 4404, 4409, 4422, 4429)]
    if refused:
        found.append(f"pages were refused with {refused}")
    return found


def table(report: Report) -> str:
    """Return the figures."""
    findings = report.findings
    kills = ", ".join(f"{count} {name}" for name, count in report.kills.items())
    acks = " / ".join(f"{percentile(report.delays, share) * 1000:.0f}" for share in (0.5, 0.95, 0.99))
    outages = f"{percentile(report.outages, 0.5):.1f} / {max(report.outages, default=0):.1f} s"
    rows: list[tuple[str, Any]] = [
        ("kill -9", f"{report.kills.total()} ({kills})"),
        ("edits acknowledged", f"{findings.acknowledged:,}, {findings.rows:,} rows, {report.seconds:.0f} s"),
        ("lost / doubled", f"{len(findings.lost)} / {len(findings.doubled) + len(findings.repeated)}"),
        ("gaps in the log", len(findings.gaps)),
        ("pages that differ / wait", f"{len(findings.divergent)} / {len(findings.pending)}"),
        ("ack p50 / p95 / p99", f"{acks} ms, outside the outages"),
        ("outages p50 / longest", outages),
        ("closes", dict(report.closes)),
    ]
    return "\n".join(f"  {name:26} {value}" for name, value in rows)


def main(arguments: list[str]) -> int:
    """Run the drill; 1 when an acknowledged edit is lost or doubled, pages differ, or acks take too long."""
    parser = argparse.ArgumentParser(prog="./run bench kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--edits", type=int, default=50_000, help="how many acknowledged edits at least")
    parser.add_argument("--rooms", type=int, default=8)
    parser.add_argument("--webs", type=int, default=2, help="web processes")
    parser.add_argument("--rate", type=float, default=14.0, help="edits a second of each who draws")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="for the tests: set up quickly, judge no times")
    given = parser.parse_args(arguments)
    with mortals(quick=given.short) as home:
        places = home.home.rooms(given.rooms, 4)
        home.start(given.webs, worker=True)

        async def run() -> Report:
            drill = Drill(home, places, seed=given.seed, rate=given.rate)
            return await drill.run(edits=given.edits, kills=given.kills)

        report = asyncio.run(run())
    wrong = problems(report, edits=given.edits)
    if report.p95_ms > MILLISECONDS_TO_ACK and not given.short:
        wrong.append(f"ack p95 {report.p95_ms:.0f} ms, promised {MILLISECONDS_TO_ACK:.0f}")
    print(table(report))
    for line in wrong[:20]:
        print(f"  BROKEN: {line}")
    print("  kept" if not wrong else f"  {len(wrong)} findings (seed {given.seed})")
    return 1 if wrong else 0
