"""Starts real servers in folders of their own, and sees to it that none is left."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
STACK = Path(__file__).with_name("stack.py")


def environment(**more: str) -> dict[str, str]:
    """Return our environment without the servers and folders that the tests themselves were given."""
    ours = (
        "DATABASE_URL",
        "REDIS_URL",
        "MOCKBOARD_STATE",
        "MOCKBOARD_POSTGRES_BIN",
        "MOCKBOARD_VALKEY",
        "PORT",
    )
    kept = {key: value for key, value in os.environ.items() if key not in ours}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def processes_of(state: Path) -> list[str]:
    """Return the command lines of all living processes that work in a state directory or were told of it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            cwd = os.readlink(entry / "cwd")
            zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            continue
        if not zombie and (str(state) in command or cwd.startswith(str(state))):
            found.append(command)
    return found


def await_nothing_left(state: Path, seconds: float) -> list[str]:
    """Return what still runs when the time is over; comes back early when nothing does."""
    until = time.monotonic() + seconds
    while (left := processes_of(state)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


@dataclass
class Stack:
    """A running stand-in for `./run`, and what it told us."""

    process: subprocess.Popen[str]
    state: Path
    told: dict[str, Any]

    def stop(self, number: int = signal.SIGINT) -> float:
        """Signal it, and return the seconds until it had ended."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.communicate(timeout=20)
        return time.monotonic() - begun


Start = Callable[..., Stack]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state directory whose path has a space and a quote in it."""
    return tmp_path / "it's a state"


@pytest.fixture
def start(state: Path) -> Iterator[Start]:
    """Start stand-ins; at the end of the test whatever is left of them is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(*command: str, site_packages: Path = SITE_PACKAGES, **more: str) -> Stack:
        argv = [sys.executable, str(STACK), str(state), str(site_packages), *command]
        # Under nohup a hang-up is ignored, and what we start would ignore it too.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        process = subprocess.Popen(
            argv, env=environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            _, said = process.communicate(timeout=20)
            raise AssertionError(f"exit code {process.returncode}: {said}")
        return Stack(process, state, json.loads(line))

    yield begin
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
    assert await_nothing_left(state, 10) == []
