"""A program that is kept running, and the two kinds of it that are servers of ours."""

import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from devstack.ways import Way


@dataclass(frozen=True)
class Service:
    """How to start and end one program, and how to see that it is ready."""

    name: str
    command: tuple[str, ...]
    cwd: Path
    log: Path
    ready: Callable[[int], bool]  # given the pid of the program
    env: dict[str, str] | None = None
    way: Way | None = None
    stop_signal: int = signal.SIGTERM
    # What it gets when the supervisor is killed and cannot see to it that the program ends in order.
    death_signal: int = signal.SIGKILL
    # Written to the program's standard input at its start: words no list of processes may show.
    text: str = ""
    patience_seconds: float = 60.0


@dataclass(frozen=True)
class Server:
    """A server as the others see it: its service and the address to put into the environment."""

    service: Service
    variable: str  # DATABASE_URL or REDIS_URL
    url: str = field(repr=False)
    version: str = ""
