"""The servers ours is measured beside: y-websocket's and Hocuspocus, from npm, as their makers ship them.

Their packages are pinned by hash in bench/peers and installed into the state folder of the bench.
"""

import asyncio
import contextlib
import http.client
import json
import shutil
import signal
import subprocess
import time
import uuid
from pathlib import Path

import uvloop

from bench import proc, visits
from bench.callers import Caller, Callers
from bench.server import SECONDS_TO_START, free_port
from bench.tapes import Tape
from bench.wire import Address
from devstack import node, stamps, venv, ways
from devstack.node import Node
from devstack.processes import Guarded
from devstack.say import Trouble, last_lines, teller
from devstack.state import ROOT, default_path
from whiteboard import protocol

SOURCES = ROOT / "bench" / "peers"
AUTH = b"\x02"  # Hocuspocus' third kind of message; its first number says that a token follows
SYNC_STATUS = 8


def install(guarded: Guarded) -> "Installed":
    """Return the installed packages; Trouble when they cannot be had."""
    folder = default_path() / "peers"
    found = node.find(guarded)
    value = stamps.digest(sorted(SOURCES.iterdir()), found.version)
    if not stamps.is_fresh(folder / ".stamp", value):
        with teller.step("Servers from npm") as note:
            folder.mkdir(parents=True, exist_ok=True)
            for file in SOURCES.iterdir():
                shutil.copy(file, folder)
            options = ["--no-audit", "--no-fund", "--loglevel=error"]
            finished = guarded.run(
                [*found.npm, "ci", "--ignore-scripts", *options], env=found.environment(), cwd=folder
            )
            if finished.code != 0:
                raise Trouble(
                    f"The servers to compare with could not be installed.{venv.reason(finished.output)}",
                    last_lines(finished.output),
                )
            # The one package whose driver is fetched or compiled; without it Node's own SQLite is used.
            built = guarded.run(
                [*found.npm, "rebuild", "better-sqlite3", *options], env=found.environment(), cwd=folder
            )
            if built.code != 0:
                note("better-sqlite3 could not be built")
            stamps.put(folder / ".stamp", value)
    return Installed(folder, found)


class Installed:
    """The folder of packages, and the Node to run them with."""

    def __init__(self, folder: Path, found: Node) -> None:
        self.folder = folder
        self.node = found

    def versions(self) -> dict[str, str]:
        """Return package → version of those that matter."""
        return {
            name: json.loads((self.folder / "node_modules" / name / "package.json").read_text())["version"]
            for name in ("@y/websocket-server", "y-leveldb", "@hocuspocus/server", "yjs")
        }


class NodeServer:
    """One Node process that serves boards of its own; names of rooms are made up as they are needed."""

    name = ""
    keeps = True

    def __init__(self, installed: Installed, folder: Path) -> None:
        self.installed = installed
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / f"{type(self).__name__}.log"

    def command(self) -> list[str]:
        """Return how to start it."""
        raise NotImplementedError(self.name)

    def settings(self) -> dict[str, str]:
        """Return what it is told by its environment."""
        return {}

    def caller(self, room: str) -> Caller:
        """Return how to reach a room."""
        raise NotImplementedError(self.name)

    def start(self) -> None:
        """Start on the same port as before and wait until it answers."""
        env = {"PATH": self.installed.node.environment()["PATH"], "NODE_ENV": "production", **self.settings()}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*ways.plain().argv(signal.SIGKILL), str(self.installed.node.node), *self.command()],
                cwd=self.installed.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise Trouble(f"{self.name} does not start.", self.log.read_text(errors="replace")[-2000:])
            time.sleep(0.01)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, by SIGTERM as a service manager would."""
        if self.process is not None:
            self.process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=10)
            self.process.kill()
            self.process.wait()
            self.process = None

    def kill(self) -> None:
        """End it by kill -9."""
        self.stop(signal.SIGKILL)

    def pids(self) -> list[int]:
        """Return its processes."""
        assert self.process is not None
        return proc.family(self.process.pid)

    def rooms(self, count: int, people: int) -> list[Callers]:
        """Return new rooms."""
        return [[self.caller(name)] * people for name in (f"room-{uuid.uuid4().hex}" for _ in range(count))]

    def fill(self, room: Callers, tape: Tape) -> None:
        """Have one person send edits, and wait until the server has taken them in."""

        async def send() -> None:
            sender = await visits.stay(room[0])
            await sender.send(tape.updates)
            await visits.whole(room[0], tape)
            sender.wire.close()
            await asyncio.sleep(0.2)

        uvloop.run(send())


class YWebsocket(NodeServer):
    """y-websocket's server, which forgets when it ends."""

    name = "y-websocket"
    keeps = False

    def command(self) -> list[str]:
        return ["node_modules/@y/websocket-server/src/server.js"]

    def settings(self) -> dict[str, str]:
        return {"HOST": "127.0.0.1", "PORT": str(self.port)}

    def caller(self, room: str) -> Caller:
        return Caller(Address(self.port, f"/{room}"))


class YWebsocketLevelDB(YWebsocket):
    """The same, keeping what was drawn in LevelDB."""

    name = "y-websocket, LevelDB"
    keeps = True

    def settings(self) -> dict[str, str]:
        return super().settings() | {"YPERSISTENCE": str(self.folder / "leveldb")}


class Hocuspocus(NodeServer):
    """Hocuspocus, keeping what was drawn in SQLite."""

    name = "Hocuspocus, SQLite"

    def command(self) -> list[str]:
        return ["hocuspocus.js", str(self.port), str(self.folder / "hocuspocus.sqlite")]

    def caller(self, room: str) -> Caller:
        prefix = protocol.write_string(room)
        return Caller(
            Address(self.port, "/"),
            prefix,
            (prefix + AUTH + b"\x00" + protocol.write_string(""),),
            SYNC_STATUS,
        )
