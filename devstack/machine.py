"""What this machine is and does: platform, ports, and which process is which."""

import contextlib
import errno
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from devstack.say import Trouble

MIN_PYTHON = (3, 11)


def check_platform() -> None:
    """Refuse a platform for which no servers are packed and no signals work as we use them."""
    if sys.platform not in ("linux", "darwin"):
        raise Trouble(
            f"Mockboard runs on Linux and macOS, and this is {platform.system() or sys.platform}. "
            "On Windows, use WSL."
        )
    if sys.version_info < MIN_PYTHON:
        raise Trouble(f"Mockboard needs Python 3.11 or newer, and this is {platform.python_version()}.")


def free_port(wanted: int | None = None) -> int:
    """Return `wanted` if nothing listens there on loopback, else a port that is free now."""
    for port in (wanted, 0):
        if port is None:
            continue
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                trial.bind(("127.0.0.1", port))
                return int(trial.getsockname()[1])
    raise Trouble("No free port could be found on 127.0.0.1.")


def check_port(text: str) -> int:
    """Return the port Mockboard is asked to serve on, if it can be had."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Trouble(f"PORT must be a number from 1 to 65535, and it is “{text}”.")
    port = int(text)
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
            trial.listen(1)  # on Linux two may bind with SO_REUSEADDR, but only one listens
        except OSError as problem:
            if problem.errno == errno.EACCES:
                raise Trouble(
                    f"Only root may use port {port}. Choose one above 1023: PORT=8000 ./run"
                ) from None
            other = port + 1 if port < 65535 else 8000
            raise Trouble(
                f"Port {port} is already in use by another program. "
                f"Stop that program, or choose another port: PORT={other} ./run"
            ) from None
    return port


def started_at(pid: int) -> str | None:
    """Return when a living process began, as a text that no later process of that number has; else None."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        if sys.platform == "linux":
            return None
    shown = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True)
    state, _, began = shown.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else began.strip()


def send(pid: int, number: int) -> None:
    """Signal a process and its group, should they still be there; only once, as a second one means haste."""
    for call in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            return call(pid, number)


def end(known: Iterable[tuple[int, str, int]], patience: float = 5.0) -> int:
    """End those processes that are still the ones meant, and return how many there were.

    Each is (pid, started_at, signal to end it with).
    """
    alive = [(pid, began, number) for pid, began, number in known if started_at(pid) == began]
    for pid, _, number in alive:
        send(pid, number)
    until = time.monotonic() + patience
    left = list(alive)
    while left and time.monotonic() < until:
        time.sleep(0.02)
        left = [item for item in left if started_at(item[0]) == item[1]]
    for pid, _, _ in left:
        send(pid, signal.SIGKILL)
    return len(alive)


def works_in(pid: int, folder: Path) -> bool:
    """Say whether a process has `folder` as its working directory (a postmaster has its data there)."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", folder)
    except OSError:
        if sys.platform == "linux":
            return False
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return str(folder) in shown.stdout
