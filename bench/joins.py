"""`./run bench joins`: twenty people open a board of 10,000 updates at once; one, after a restart."""

import argparse
import asyncio
import statistics
import time
from dataclasses import dataclass

import uvloop

from bench import visits
from bench.callers import Callers
from bench.server import house
from bench.subjects import Ours, Subject
from bench.tapes import Tape, full_board
from bench.visits import Visit

UPDATES = 10_000
PEOPLE = 20


@dataclass(frozen=True)
class Joins:
    """What came of it; seconds."""

    together: tuple[Visit, ...]
    after_restart: tuple[float, ...]  # the first person's, each after another restart
    starts: tuple[float, ...]  # from stopped to answering

    @property
    def p50(self) -> float:
        """From the first byte of the connection, in ms."""
        return statistics.median(visit.seconds for visit in self.together) * 1000

    @property
    def answer_p50(self) -> float:
        """From the question on the open socket, in ms."""
        return statistics.median(visit.answer_seconds for visit in self.together) * 1000

    @property
    def bytes(self) -> float:
        """What one person is sent."""
        return statistics.median(visit.size for visit in self.together)

    @property
    def restart(self) -> float | None:
        """The first person's time after a restart, in ms; None when the server forgets its boards."""
        return statistics.median(self.after_restart) * 1000 if self.after_restart else None


def joins(subject: Subject, *, rounds: int = 3, restarts: int = 3) -> Joins:
    """Fill a board of a running server, have people open it at once, and restart the server under it."""
    tape = full_board(UPDATES)
    [callers] = subject.rooms(1, PEOPLE + 1)
    subject.fill(callers, tape)
    size = uvloop.run(_whole_size(callers, tape))
    together = [visit for _ in range(rounds) for visit in uvloop.run(_at_once(callers, size))]
    after, starts = [], []
    for _ in range(restarts if subject.keeps else 0):
        subject.stop()
        begun = time.perf_counter()
        subject.start()
        starts.append(time.perf_counter() - begun)
        after.append(uvloop.run(visits.visit(callers[0], size)).seconds)
    return Joins(tuple(together), tuple(after), tuple(starts))


async def _whole_size(callers: Callers, tape: Tape) -> int:
    """Return how many bytes of edits the board is, a little less: it may be packed tighter another time."""
    first = await visits.stay(callers[0])  # so that the server goes on reading the board from its disk
    found = await visits.whole(callers[1], tape)
    first.wire.close()
    await asyncio.sleep(0.2)
    return int(sum(map(len, found.updates)) * 0.9)


async def _at_once(callers: Callers, size: int) -> list[Visit]:
    """Return the visits of everybody but the first, who is there already."""
    first = await visits.stay(callers[0])
    found = await asyncio.gather(*(visits.visit(caller, size) for caller in callers[1:]))
    first.wire.close()
    await asyncio.sleep(0.2)
    return found


def main(arguments: list[str]) -> int:
    """Try our own server and tell what it showed."""
    parser = argparse.ArgumentParser(prog="./run bench joins", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--restarts", type=int, default=3)
    chosen = parser.parse_args(arguments)
    with house() as home:
        subject = Ours(home)
        subject.start()
        found = joins(subject, rounds=chosen.rounds, restarts=chosen.restarts)
        subject.stop()
    print(
        f"{PEOPLE} at once onto {UPDATES:,} updates: p50 {found.p50:.1f} ms from the connection, "
        f"{found.answer_p50:.1f} ms from the question; {found.bytes / 1000:.0f} kB each\n"
        f"first one after a restart: {', '.join(f'{each * 1000:.0f}' for each in found.after_restart)} ms "
        f"(the server answers {', '.join(f'{each * 1000:.0f}' for each in found.starts)} ms after its start)"
    )
    return 0
