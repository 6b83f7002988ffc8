"""`./run bench`: ours beside y-websocket's server and Hocuspocus: one machine, one run, the same clients."""

import argparse
import sys
import time
from pathlib import Path

from bench import facts, node_servers, proc
from bench.held import TRIES, held
from bench.house_costs import Helpers
from bench.joins import joins
from bench.load import Result, load
from bench.losses import losses
from bench.server import House, house
from bench.subjects import Ours, Subject
from bench.table import Figures, notes, table, write
from devstack.processes import Guarded
from devstack.say import Trouble

LARGE_ROOM = 36


class Measuring:
    """One run over all servers; says what it does as it goes."""

    def __init__(self, *, seconds: float, tries: int, kills: int) -> None:
        self.seconds = seconds
        self.tries = tries
        self.kills = kills
        self.begun = time.monotonic()

    def say(self, text: str) -> None:
        """Print a line of progress, apart from the table."""
        print(f"  {time.monotonic() - self.begun:4.0f} s  {text}", file=sys.stderr, flush=True)

    def figures(self, subject: Subject, helpers: Helpers | None = None) -> Figures:
        """Return what is measured of a server; what fails is left out, and said."""
        found = Figures(subject.name, keeps=subject.keeps)
        try:
            self.measure(subject, found, helpers)
        except (Trouble, RuntimeError, OSError) as problem:  # a time-out is an OSError
            found.trouble = f"{subject.name} could not be measured to the end: {problem}"
            self.say(found.trouble)
        finally:
            subject.kill()
        return found

    def measure(self, subject: Subject, found: Figures, helpers: Helpers | None) -> None:
        """Fill in the figures of a server, one after the other."""
        used: list[int] = []

        def weigh() -> None:
            used.append(proc.memory_bytes(subject.pids()))

        subject.start()
        found.one_room = load(subject, 1, self.seconds, helpers=helpers, during=weigh)
        self.say(f"{subject.name}: 1 room {brief(found.one_room)}")
        found.eight_rooms = load(subject, 8, self.seconds, helpers=helpers, during=weigh)
        self.say(f"{subject.name}: 8 rooms {brief(found.eight_rooms)}")
        found.large_room = load(subject, 1, self.seconds, people=LARGE_ROOM, helpers=helpers)
        self.say(f"{subject.name}: 1 room of {LARGE_ROOM} {brief(found.large_room)}")
        found.memory_one, found.memory_eight = used
        found.joins = joins(subject)
        self.say(f"{subject.name}: 20 joins at once {found.joins.p50:.0f} ms")
        if self.kills and subject.keeps:
            found.losses = lost = losses(subject, kills=self.kills)
            self.say(f"{subject.name}: kill -9 lost {lost.seen_lost} of {lost.seen} edits seen")
        if self.tries:
            cores = found.eight_rooms.cpu / found.eight_rooms.seconds
            found.held = held(subject, cores_at_8=cores, tries=self.tries)
            tried = ", ".join(f"{each.rooms}: {each.delays.at(0.95):.0f} ms" for each in found.held.tried)
            self.say(f"{subject.name}: {found.held.rooms} rooms held ({tried})")

    def ours(self, home: House) -> Figures:
        """Return what is measured of our own server, by one process and by two."""
        helpers = Helpers()
        found = self.figures(Ours(home), helpers)
        two = Ours(home, processes=2)
        try:
            two.start()
            found.shared = load(two, 8, self.seconds, helpers=helpers)
            self.say(f"{two.name}, two processes: 8 rooms {brief(found.shared)}")
        except (RuntimeError, OSError) as problem:
            found.trouble += f" Two processes could not be measured: {problem}"
        finally:
            two.kill()
        return found

    def others(self, folder: Path, installed: node_servers.Installed) -> list[Figures]:
        """Return what is measured of the other servers."""
        kinds = (node_servers.YWebsocket, node_servers.YWebsocketLevelDB, node_servers.Hocuspocus)
        return [self.figures(kind(installed, folder)) for kind in kinds]


def brief(result: Result) -> str:
    """Return a result in a few words."""
    return (
        f"{result.ms_per_1000:.1f} ms per 1,000 deliveries, p95 {result.delays.at(0.95):.0f} ms"
        f"{'' if result.kept_up else ' (did not keep up)'}"
    )


def main(arguments: list[str]) -> int:
    """Measure, and print the table (or put it into docs/performance.md)."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--quick", action="store_true", help="shorter, without rooms held and without kills")
    parser.add_argument("--ours-only", action="store_true", help="without the servers from npm")
    chosen = parser.parse_args(arguments)
    run = Measuring(
        seconds=3.0 if chosen.quick else 6.0,
        tries=0 if chosen.quick else TRIES,
        kills=0 if chosen.quick else 1,
    )
    guarded = Guarded()
    try:
        installed = None if chosen.ours_only else node_servers.install(guarded)
    except Trouble as problem:
        print(f"Ours alone: {problem}", file=sys.stderr)
        installed = None
    finally:
        guarded.close()
    with house() as home:
        known = facts.facts(
            node=installed.node.version if installed else "",
            peers=installed.versions() if installed else None,
        )
        ours = run.ours(home)
        others = run.others(home.folder, installed) if installed else []
    text = "\n".join([table(ours, others), "", *(f"- {line}" for line in [*notes(ours, others), *known])])
    print(text)
    if chosen.write:
        write(text)
    run.say("done")
    return 0
