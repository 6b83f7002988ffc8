"""Arithmetic of the clock: budgets per step, time spent, time left. Plain Python; times are aware, in UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

AMBER_FROM = 0.8
# What one extension adds, and how often there is one.
EXTENSION_SECONDS = 300
MOST_EXTENSIONS = 3


class Mood(StrEnum):
    """How the clock looks: calm to 80 % of the time, amber to 100 %, red after."""

    CALM = "calm"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Reading:
    """What a clock shows at one moment; all in seconds."""

    budget: int
    spent: float

    @property
    def left(self) -> float:
        """Seconds left; negative once the time has run out."""
        return self.budget - self.spent

    @property
    def share(self) -> float:
        """Share of the budget that is spent, from 0; above 1 once it has run out."""
        return self.spent / self.budget if self.budget else 0.0

    @property
    def mood(self) -> Mood:
        if self.share > 1:
            return Mood.RED
        return Mood.AMBER if self.share >= AMBER_FROM else Mood.CALM


def remaining(limit: timedelta, started_at: datetime, paused: timedelta, now: datetime) -> timedelta:
    """Return the time left in a phase; negative once it has overrun.

    `paused` is how long the clock has stood still since `started_at`. `now` is
    passed in so that tests and replay can choose it.
    """
    return limit - (now - started_at - paused)


def spent(
    started_at: datetime | None, ended_at: datetime | None, paused: timedelta, now: datetime
) -> timedelta:
    """Return how long a phase has run; nothing if it has not begun, never negative."""
    if started_at is None:
        return timedelta()
    return max((ended_at or now) - started_at - paused, timedelta())


def due_at(started_at: datetime, paused: timedelta, budget_seconds: int) -> datetime:
    """Return the moment a running clock gets to nought; `paused` is how long it stood still so far."""
    return started_at + paused + timedelta(seconds=budget_seconds)


def budgets(minutes: int, shares: Sequence[int]) -> list[int]:
    """Split an interview of `minutes` over steps in proportion to `shares`; seconds, summing exactly.

    Rounded to half minutes by largest remainder, so that every budget reads well.
    """
    whole = sum(shares)
    if not shares or whole <= 0:
        raise ValueError(f"budgets need positive shares, not {list(shares)}")
    halves = minutes * 2
    exact = [halves * share / whole for share in shares]
    parts = [int(value) for value in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: halves - sum(parts)]:
        parts[i] += 1
    return [part * 30 for part in parts]


def shown(seconds: float) -> str:
    """Return seconds as the clock writes them: 5:07, 61:30."""
    whole = int(abs(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
