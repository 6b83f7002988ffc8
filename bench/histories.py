"""`./run bench histories`: what people do at random, in any order, ends with one board for everybody.

Rooms of four on two web processes that lose a third of what they tell each other. People draw, write,
undo, delete, lose connections with edits on the way, draw offline and come back to the other process;
gates and web processes are killed or restarted. The same seed makes the same people do the same things.
"""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.board_page import content_of, until
from bench.history_checker import Findings, Log, head_of, rows_of
from bench.mortal import start_again
from bench.seating import Place
from bench.server import Web, house
from bench.somebody import OurPage, Somebody, StockPage
from bench.yjs_people import YjsPeople, yjs_people

SECONDS_TO_CONVERGE = 40.0
Connection = psycopg.Connection[tuple[object, ...]]


class Chaos:
    """The two web processes, and what happens to them; one thing at a time."""

    def __init__(self, webs: list[Web]) -> None:
        self.webs = webs
        self.lock = asyncio.Lock()
        self.happened: Counter[str] = Counter()

    async def kill_gate(self, dice: random.Random) -> None:
        """End a gate by kill -9."""
        pid = dice.choice(self.webs).gate_pid if not self.lock.locked() else None
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self.happened["gates killed"] += 1

    async def restart(self, dice: random.Random) -> None:
        """End a web process, in order or not, and start it again."""
        how, web = dice.choice((signal.SIGKILL, signal.SIGTERM)), dice.choice(self.webs)
        if self.lock.locked():  # two at once would leave nobody to talk to
            return
        async with self.lock:
            assert web.process is not None
            web.process.send_signal(how)
            await until(
                lambda: web.process is None or web.process.poll() is not None, 20, "the end of a server"
            )
            web.process = None
            await start_again(web)
            self.happened["servers killed" if how == signal.SIGKILL else "servers restarted"] += 1


@dataclass
class History:
    """One board and what chance does at it."""

    seed: int
    place: Place
    chaos: Chaos
    people: YjsPeople
    rounds: int
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Seat the candidate twice, in a page of ours and in the stock client, and so the interviewers."""
        self.dice = random.Random(self.seed)
        webs, dice = self.chaos.webs, self.dice
        self.everybody: list[Somebody] = []
        for seat in range(len(self.place.people)):
            given: dict[str, Any] = {"name": f"{self.seed}:{seat}", "client": dice.randrange(1, 2**32)}
            self.everybody.append(OurPage(webs, self.place, seat, dice.randrange(len(webs)), **given))
        for seat in (0, 1):
            given = {"name": f"{self.seed}:{seat}y", "client": dice.randrange(1, 2**32)}
            page = StockPage(self.people, webs, self.place, seat, dice.randrange(len(webs)), **given)
            self.everybody.append(page)

    async def run(self) -> None:
        """Let chance have its way, then bring everybody back."""
        for one in self.everybody:
            await one.come()
        await self._wait(self._are_done, 60)
        writers = [one for one in self.everybody if one.may_write]
        ways: list[tuple[float, Callable[[Somebody], Awaitable[None]]]] = [
            (0.72, self._edits),
            (0.80, self._breaks),
            (0.88, self._goes_offline),
            (0.92, self._comes_back),
            (0.96, self._moves),
            (0.985, self._loses_its_gate),
            (1.0, self._loses_its_server),
        ]
        for _ in range(self.rounds):
            chance, one = self.dice.random(), self.dice.choice(writers)
            await next(way for limit, way in ways if chance < limit)(one)
            await asyncio.sleep(self.dice.choice((0, 0, 0.002, 0.02, 0.1)))
        for one in self.everybody:
            await one.come()
        await self._wait(self._are_done, SECONDS_TO_CONVERGE)

    async def _are_done(self) -> bool:
        return all([await one.is_done() for one in self.everybody])

    async def _wait(self, holds: Callable[[], Awaitable[bool]], seconds: float) -> None:
        """Wait until something holds, but not for ever: what does not is said by `judge`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if await holds():
                return
            await asyncio.sleep(0.05)

    # -- what happens to somebody --------------------------------------------------------------

    async def _edits(self, one: Somebody) -> None:
        count = self.dice.randint(1, 4)
        await one.edit(self.dice, count)
        self.happened["edits"] += count

    async def _breaks(self, one: Somebody) -> None:
        """The connection goes with edits on the way."""
        await self._edits(one)
        if self.dice.random() < 0.5:
            await asyncio.sleep(0)
        await one.tear()
        await self._edits(one)
        self.happened["breaks"] += 1

    async def _goes_offline(self, one: Somebody) -> None:
        await one.leave()
        for _ in range(self.dice.randint(1, 5)):
            await self._edits(one)
        self.happened["offline"] += 1

    async def _comes_back(self, one: Somebody) -> None:
        await one.come()

    async def _moves(self, one: Somebody) -> None:
        """The next connection leads to the other process."""
        await one.leave()
        await one.move(self.dice.randrange(len(self.chaos.webs)))
        if self.dice.random() < 0.5:
            await self._edits(one)
        await one.come()
        self.happened["moves"] += 1

    async def _loses_its_gate(self, one: Somebody) -> None:
        await self.chaos.kill_gate(self.dice)

    async def _loses_its_server(self, one: Somebody) -> None:
        await self.chaos.restart(self.dice)

    # -- the end -------------------------------------------------------------------------------

    async def judge(self, connect: Callable[[], Connection]) -> Findings:
        """Return what differs once everything is quiet: between pages, log, and Yjs' reading of it."""
        at = self.dice.randrange(len(self.chaos.webs))
        late = OurPage(self.chaos.webs, self.place, 0, at, name=f"{self.seed}:late", client=1)
        await late.come()
        self.everybody.append(late)
        board, rows = self.place.board_id, []
        deadline = time.monotonic() + SECONDS_TO_CONVERGE
        while True:
            with connect() as connection:
                rows, head = rows_of(connection, board), head_of(connection, board)
            log = Log(board)
            log.read(rows)
            scene = content_of(log.doc)
            seen = [await one.sees(scene, log.clocks) for one in self.everybody]
            if all(seen) or time.monotonic() > deadline:
                break
            await asyncio.sleep(0.2)
        if log.head != head:
            log.findings.gaps.append(f"board {board} says it has {head} rows")
        read, waits = await self.people.read(data for _, data in rows)
        if read != scene or waits:
            log.findings.divergent.append(f"board {board}: Yjs reads the log otherwise than pycrdt")
        for one in self.everybody:
            await one.hold_against(log)
            await one.close()
        return log.findings


async def run(histories: Sequence[History], connect: Callable[[], Connection]) -> Findings:
    """Run histories side by side and return all that was found."""
    await asyncio.gather(*(history.run() for history in histories))
    found = Findings()
    for each in await asyncio.gather(*(history.judge(connect) for history in histories)):
        found.add(each)
    return found


def two_webs(make: Callable[[], Web], *, loss: float, seed: int) -> list[Web]:
    """Return two web processes, not started, that lose that share of what they tell each other."""
    webs = [make(), make()]
    for number, web in enumerate(webs):
        assert web.service.env is not None
        web.service.env.update(
            DJANGO_SETTINGS_MODULE="bench.lossy_settings", BENCH_LOSS=str(loss), BENCH_SEED=f"{seed}:{number}"
        )
    return webs


def main(arguments: list[str]) -> int:
    """Run histories of consecutive seeds; 1 when any two pages differ, or something waits for ever."""
    parser = argparse.ArgumentParser(prog="./run bench histories", description=__doc__)
    parser.add_argument("--histories", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=80, help="of each history")
    parser.add_argument("--seed", type=int, default=1, help="of the first history")
    parser.add_argument("--at-once", type=int, default=10, help="boards that are drawn on at the same time")
    parser.add_argument(
        "--loss", type=float, default=0.3, help="share of news between processes that is lost"
    )
    given = parser.parse_args(arguments)
    begun, found, happened, broken = time.monotonic(), Findings(), Counter[str](), list[str]()
    with house() as home:
        webs = two_webs(lambda: home.web(start=False), loss=given.loss, seed=given.seed)
        for web in webs:
            web.begin()
        places = home.rooms(given.histories, 4)
        for web in webs:
            web.await_ready()

        def connect() -> Connection:
            return psycopg.connect(home.database_url, autocommit=True)

        async def batches() -> None:
            chaos = Chaos(webs)
            async with yjs_people() as people:
                for start in range(0, given.histories, given.at_once):
                    some = [
                        History(given.seed + number, places[number], chaos, people, given.rounds)
                        for number in range(start, min(start + given.at_once, given.histories))
                    ]
                    one = await run(some, connect)
                    found.add(one)
                    for history in some:
                        happened.update(history.happened)
                    seeds = f"seeds {some[0].seed} to {some[-1].seed}"
                    print(f"  {seeds}: {one.rows} rows, {len(one.wrong)} findings", flush=True)
                    broken.extend(f"{seeds}: {line}" for line in one.wrong)
            happened.update(chaos.happened)

        asyncio.run(batches())
    for line in broken[:20]:
        print(f"  BROKEN: {line}")
    events = ", ".join(f"{count:,} {what}" for what, count in sorted(happened.items()))
    print(f"  {given.histories} histories in {time.monotonic() - begun:.0f} s: {events}")
    print(
        f"  divergent {len(found.divergent)}, pending {len(found.pending)}, lost {len(found.lost)}, "
        f"gaps {len(found.gaps)}; news between processes lost {given.loss:.0%}, stored twice and counted "
        f"once {len(found.repeated)}, asked for again {found.stale}"
    )
    return 1 if broken else 0
