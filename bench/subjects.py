"""What is measured: a server that can be started and killed, and in which rooms can be had."""

from dataclasses import dataclass, field
from typing import Protocol

from bench import proc
from bench.callers import Caller, Callers
from bench.seating import Place
from bench.server import House, Web
from bench.tapes import Tape
from bench.wire import Address
from whiteboard.protocol import Kind


class Subject(Protocol):
    """A server under measurement."""

    name: str
    keeps: bool  # whether what was drawn is still there after a restart

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    def pids(self) -> list[int]: ...
    def rooms(self, count: int, people: int) -> list[Callers]: ...
    def fill(self, room: Callers, tape: Tape) -> None: ...


@dataclass
class Ours:
    """Mockboard: the web processes with their gates. Two share their rooms by way of Redis."""

    house: House
    processes: int = 1
    name: str = "Mockboard"
    keeps: bool = True
    webs: list[Web] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)  # by the path of the socket

    def start(self) -> None:
        """Start, or start again on the same ports."""
        if not self.webs:
            self.webs = [self.house.web(start=False) for _ in range(self.processes)]
        for web in self.webs:
            web.begin()
        for web in self.webs:
            web.await_ready()

    def stop(self) -> None:
        """End in order."""
        for web in self.webs:
            web.stop()

    def kill(self) -> None:
        """End by kill -9, the gates too."""
        for web in self.webs:
            web.kill()

    def pids(self) -> list[int]:
        """Return web processes and gates."""
        return [pid for web in self.webs for pid in proc.family(web.pid)]

    def rooms(self, count: int, people: int) -> list[Callers]:
        """Return new rooms; of two processes, every other person sits at the second."""
        found = []
        for place in self.house.rooms(count, people):
            self.places[place.path] = place
            callers = []
            for n in range(people):
                web = self.webs[n % len(self.webs)]
                callers.append(Caller(Address(web.port, place.path, web.headers(place, n)), ack=Kind.ACK))
            found.append(callers)
        return found

    def fill(self, room: Callers, tape: Tape) -> None:
        """Put edits into the log of a board nobody is at, with the shortcuts the hub makes every 500 rows."""
        from uuid import UUID

        from django.db import connection

        from whiteboard import log
        from whiteboard.models import Board

        place = self.places[room[0].address.path]
        board = Board.objects.get(pk=UUID(place.board_id))
        author = place.people[0].user_id
        for at in range(0, len(tape.updates), 500):
            entries = [log.Entry(update, author) for update in tape.updates[at : at + 500]]
            log.append_all({board.pk: entries}, epochs={board.pk: board.epoch})
        log.rebuild_snapshots(board)
        connection.close()
