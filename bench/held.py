"""How many rooms a server holds: the most at which delivery stays below 50 ms for 95 of 100."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.load import Result, load
from bench.subjects import Subject

LIMIT_MS = 50.0
STEP = 4
TRIES = 6
MOST = 200
MEASURED = 2  # people of each room who read what they get; the others only take it off the wire


@dataclass(frozen=True)
class Held:
    """The most rooms that were held, and all that was tried."""

    rooms: int
    tried: tuple[Result, ...]

    @property
    def late_people(self) -> float:
        """How late the people themselves were with that many rooms (p95, ms): they are load too."""
        return max((each.lag.at(0.95) for each in self.tried if each.rooms == self.rooms), default=0.0)


def holds(result: Result) -> bool:
    """Say whether everybody could work."""
    return result.kept_up and result.delays.at(0.95) < LIMIT_MS


def held(subject: Subject, *, cores_at_8: float, seconds: float = 3.0, tries: int = TRIES) -> Held:
    """Search for the number of rooms, starting where the processor time of eight rooms says it may be."""
    tried: list[Result] = []

    def is_held(rooms: int) -> bool:
        tried.append(load(subject, rooms, seconds, measured=MEASURED, warm=1.5))
        return holds(tried[-1])

    return Held(most(is_held, start=8 / max(cores_at_8, 0.05) * 0.8, tries=tries), tuple(tried))


def most(is_held: Callable[[int], bool], *, start: float, tries: int) -> int:
    """Return the largest number of rooms that was held, in steps of four; 0 when none was."""
    low, high = 0, MOST + STEP  # what was held, what was too much
    rooms = _step(start)
    for _ in range(tries):
        if is_held(rooms):
            low = rooms
        else:
            high = rooms
        if high - low <= STEP:
            break
        if high > MOST:
            rooms = max(_step(rooms * 1.4), low + STEP)
        else:
            rooms = _step((low + high) / 2) if low else _step(rooms * 0.6)
    return low


def _step(rooms: float) -> int:
    return min(MOST, max(STEP, round(rooms / STEP) * STEP))
