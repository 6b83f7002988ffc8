"""`./run bench load`: people who draw, point and type, in processes of their own, and what came of it."""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench import proc
from bench.callers import Callers
from bench.house_costs import Helpers, between
from bench.server import house
from bench.subjects import Ours, Subject
from bench.tapes import EDITS_PER_SECOND, POINTERS_PER_SECOND
from devstack.state import ROOT

WARM_SECONDS = 2.0
PROCESSES = 2


@dataclass(frozen=True)
class Delays:
    """How long things took, in ms, as counts per tenth of a millisecond."""

    counts: Counter[int]

    def at(self, share: float) -> float:
        """Return the delay that this share of all did not exceed; 0 when there were none."""
        wanted, seen = self.counts.total() * share, 0
        for key in sorted(self.counts):
            seen += self.counts[key]
            if seen >= wanted:
                return key / 10
        return 0.0

    def __add__(self, other: "Delays") -> "Delays":
        return Delays(self.counts + other.counts)


@dataclass(frozen=True)
class Result:
    """What one load run showed."""

    rooms: int
    people: int
    seconds: float
    sent: int  # messages into the server
    wanted: int  # messages there would have been, had the people and the server kept up
    told: float  # share of all that was to arrive in the time which did, or for which a newer pointer came
    shown: float  # the same without the pointers for which a newer one came
    pointers_replaced: float  # share of the pointers for which a newer one came
    missing: int  # edits that had not arrived three seconds after the end
    closed: dict[str, int]
    bytes: int
    frames_share: float  # frames per delivery
    edits: Delays
    pointers: Delays
    lag: Delays  # how late the people themselves were
    cpu: float  # seconds of processor time of the server's processes
    helpers: dict[str, float]  # the same of PostgreSQL and Redis

    @property
    def delays(self) -> Delays:
        """Of edits and pointers alike."""
        return self.edits + self.pointers

    @property
    def deliveries(self) -> float:
        """How often what one person did reached another; also by a newer pointer in its place."""
        return self.sent * (self.people - 1) * self.told

    @property
    def ms_per_1000(self) -> float:
        """Server's processor time per 1,000 deliveries."""
        return self.cpu * 1e6 / self.deliveries if self.deliveries else float("inf")

    @property
    def ms_per_1000_shown(self) -> float:
        """The same, if a pointer for which a newer one came is no delivery."""
        return self.ms_per_1000 * self.told / self.shown if self.shown else float("inf")

    @property
    def kept_up(self) -> bool:
        """Whether the people sent what they should, and nothing got lost."""
        return self.sent > 0.95 * self.wanted and not self.missing and not self.closed


class Crowd:
    """A process of people (bench.crowd)."""

    def __init__(self, rooms: list[Callers], seconds: float, measured: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.crowd"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        callers = [[caller.plan() for caller in room] for room in rooms]
        self.say(json.dumps({"rooms": callers, "seconds": seconds, "measured": measured}))

    def say(self, line: str) -> None:
        """Send a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        """Return the next line; RuntimeError when the process has ended instead."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The people of the load run have ended early; what went wrong stands above.")
        return line.strip()

    def end(self) -> None:
        """End the process if it has not ended by itself."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def load(
    subject: Subject,
    rooms: int,
    seconds: float,
    *,
    people: int = 8,
    measured: int = 0,
    warm: float = WARM_SECONDS,
    processes: int = PROCESSES,
    helpers: Helpers | None = None,
    during: Callable[[], None] = lambda: None,
) -> Result:
    """Fill new rooms with people, let them draw, and return what it cost and how long things took.

    With `measured` only that many people of each room read what they get; the others throw it away, which
    leaves more of the machine to the server. `during` is called in the middle of the time measured.
    """
    callers = subject.rooms(rooms, people)
    shares = [share for n in range(processes) if (share := callers[n::processes])]
    crowds = [Crowd(share, warm + seconds + 2, measured) for share in shares]
    try:
        for crowd in crowds:
            assert crowd.hear() == "ready"
        for crowd in crowds:
            crowd.say("draw")
        time.sleep(warm)
        pids = subject.pids()
        for crowd in crowds:
            crowd.say("measure")
        cpu, before = proc.cpu_seconds(pids), helpers.look() if helpers else {}
        time.sleep(seconds / 2)
        during()
        time.sleep(seconds / 2)
        cpu = proc.cpu_seconds(pids) - cpu
        helped = between(before, helpers.look()) if helpers else {}
        for crowd in crowds:
            crowd.say("stop")
        return _result(rooms, people, [json.loads(crowd.hear()) for crowd in crowds], cpu, helped)
    finally:
        for crowd in crowds:
            crowd.end()


def _result(
    rooms: int, people: int, counts: list[dict[str, Any]], cpu: float, helped: dict[str, float]
) -> Result:
    def total(name: str) -> int:
        return sum(each[name] for each in counts)

    def delays(name: str) -> Delays:
        found: Counter[int] = Counter()
        for each in counts:
            found.update({int(key): count for key, count in each[name].items()})
        return Delays(found)

    closed: Counter[str] = Counter()
    for each in counts:
        closed.update(each["closed"])
    sent = total("sent_edits") + total("sent_pointers")
    expected = max(1, total("expected_edits") + total("expected_pointers"))
    arrived = total("edits") + total("shown")
    seconds = max(each["seconds"] for each in counts)
    return Result(
        rooms=rooms,
        people=people,
        seconds=seconds,
        sent=sent,
        wanted=int(rooms * (people * POINTERS_PER_SECOND + EDITS_PER_SECOND) * seconds),
        told=(arrived + total("replaced")) / expected,
        shown=arrived / expected,
        pointers_replaced=total("replaced") / max(1, total("replaced") + total("shown")),
        missing=total("missing"),
        closed=dict(closed),
        bytes=total("bytes"),
        frames_share=total("frames") / max(1, arrived),
        edits=delays("edit_delays"),
        pointers=delays("pointer_delays"),
        lag=delays("lags"),
        cpu=cpu,
        helpers=helped,
    )


def told(result: Result) -> str:
    """Return a result in a few lines for people who tune."""
    edits, pointers, all_of_it = result.edits, result.pointers, result.delays
    rate = result.seconds * 1000
    helpers = "  ".join(
        f"{name} {used * 1e6 / result.deliveries:.2f}" for name, used in result.helpers.items()
    )
    lines = [
        f"{result.rooms} rooms of {result.people}: {result.sent / rate:.2f} k messages/s in, "
        f"{result.deliveries / rate:.1f} k deliveries/s out, {result.bytes / rate / 1000:.2f} MB/s, "
        f"{result.frames_share:.2f} frames a delivery",
        f"CPU in ms per 1,000 deliveries: server {result.ms_per_1000:.2f} "
        f"({result.cpu / result.seconds * 100:.0f} % of a core)   {helpers}",
        f"  if only pointers count that were shown: {result.ms_per_1000_shown:.2f} "
        f"({result.pointers_replaced:.0%} of the pointers were replaced by a newer one)",
        f"delays in ms, p50/p95/p99: all {_three(all_of_it)}   edits {_three(edits)}   "
        f"pointers {_three(pointers)}",
        f"told in time {result.told:.1%}; edits missing at the end {result.missing}; "
        f"closed {result.closed or 'none'}; the people themselves late by {_three(result.lag)} ms",
    ]
    if not result.kept_up:
        lines.append("THE SERVER DID NOT KEEP UP, or the people did not: the figures are of an overload.")
    return "\n".join(lines)


def _three(delays: Delays) -> str:
    return " / ".join(f"{delays.at(share):.1f}" for share in (0.5, 0.95, 0.99))


def main(arguments: list[str]) -> int:
    """Load our own server once and tell what it showed."""
    parser = argparse.ArgumentParser(prog="./run bench load", description=__doc__)
    parser.add_argument("--rooms", type=int, default=8)
    parser.add_argument("--people", type=int, default=8, help="in each room (8)")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--processes", type=int, default=1, help="web processes that share the rooms (1)")
    parser.add_argument("--measured", type=int, default=0, help="people of each room who are measured (all)")
    parser.add_argument("--warm", type=float, default=WARM_SECONDS, help="seconds before those measured (2)")
    parser.add_argument("--crowds", type=int, default=PROCESSES, help="processes the people are in (2)")
    chosen = parser.parse_args(arguments)
    with house() as home:
        subject = Ours(home, processes=chosen.processes)
        subject.start()
        try:
            result = load(
                subject, chosen.rooms, chosen.seconds, people=chosen.people, measured=chosen.measured,
                warm=chosen.warm, processes=chosen.crowds, helpers=Helpers(),
            )  # fmt: skip
        except RuntimeError:
            print(*(web.words() for web in subject.webs), file=sys.stderr)
            raise
        print(told(result), flush=True)
        subject.stop()
    return 0
