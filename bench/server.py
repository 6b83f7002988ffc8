"""Our own site, as `./run` starts it, on a scratch database: to be loaded, stopped and killed.

    with house() as home:
        [place] = home.rooms(1)             # an interview with eight signed-in people in it
        web = home.web()                    # a real uvicorn with the options of `./run`, and its gate
        ...                                 # web.port, place.path, place.people[0].cookie
        web.kill(); web.start()             # kill -9; again on the same port

Call from the main thread: the kernel ends a child when the thread that started it ends.
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import proc, scratch, seating
from bench.seating import Place
from devstack import apps, ways
from devstack.state import ROOT, State
from devstack.throwaway import PERSONS_OWN

SECONDS_TO_START = 30.0


def free_port() -> int:
    """Return a port nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Web:
    """One web process of ours and its gate. Make it with `House.web`."""

    def __init__(self, folder: Path, env: dict[str, str], name: str) -> None:
        self.port = free_port()
        self.service = apps.web(State(folder), env, self.port)
        self.log = folder / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The web process."""
        assert self.process is not None
        return self.process.pid

    @property
    def gate_pid(self) -> int | None:
        """The process that reads what browsers send; there is none before the first socket."""
        return next((pid for pid in proc.children(self.pid) if "gate_process" in proc.name(pid)), None)

    def pids(self) -> list[int]:
        """Return all processes: the web process and what it has started."""
        return proc.family(self.pid)

    @property
    def origin(self) -> str:
        """What a browser says the page is from."""
        return f"http://127.0.0.1:{self.port}"

    def url(self, place: Place) -> str:
        """Return the address of a board's socket."""
        return f"ws://127.0.0.1:{self.port}{place.path}"

    def headers(self, place: Place, person: int) -> dict[str, str]:
        """Return what the browser of a person in a room sends along."""
        return {"Origin": self.origin, "Cookie": place.people[person].cookie}

    def begin(self) -> None:
        """Start, on the same port as before, without waiting."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*ways.plain().argv(signal.SIGKILL), *self.service.command],
                cwd=ROOT,
                env=self.service.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def await_ready(self) -> None:
        """Come back when it answers."""
        until = time.monotonic() + SECONDS_TO_START
        while not apps.answers(self.port):
            if time.monotonic() > until or (self.process is not None and self.process.poll() is not None):
                raise RuntimeError(f"The site does not answer.\n{self.words()}")
            time.sleep(0.02)

    def start(self) -> None:
        """Start, on the same port as before, and wait until it answers."""
        self.begin()
        self.await_ready()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it in order (or by another signal) and wait until it is gone."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def kill(self) -> None:
        """End it by kill -9; its gate ends by itself when the pipe to it closes."""
        self.stop(signal.SIGKILL)

    def words(self) -> str:
        """Return the end of what it has logged."""
        with contextlib.suppress(OSError):
            return self.log.read_text(errors="replace")[-3000:]
        return ""


class House:
    """A scratch database, and web processes on it. Make it with `house`."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.webs: list[Web] = []
        (folder / "logs").mkdir(exist_ok=True)

    def rooms(self, count: int, people: int = 8) -> list[Place]:
        """Return new rooms with signed-in people in them; not from inside an event loop."""
        return seating.rooms(count, people)

    def web(self, *, start: bool = True) -> Web:
        """Return a web process on a port of its own; the second one shares rooms with the first by Redis."""
        env = {key: value for key, value in os.environ.items() if key not in PERSONS_OWN}
        web = Web(self.folder, env, f"web-{len(self.webs) + 1}")
        self.webs.append(web)
        if start:
            web.start()
        return web

    def close(self) -> None:
        """End all web processes."""
        for web in self.webs:
            web.kill()


@contextlib.contextmanager
def house() -> Iterator[House]:
    """Give a migrated scratch database on the server DATABASE_URL names; nothing of it is left afterwards.

    Django is set up in this process for it, once: a process can have one house.
    """
    with tempfile.TemporaryDirectory(prefix="mockboard-bench-") as folder, scratch.database() as url:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", "--noinput", "--verbosity=0")
        connection.close()
        home = House(Path(folder), url)
        try:
            yield home
        finally:
            home.close()
            connection.close()
            _close_pool()


def _close_pool() -> None:
    """Let go of the database, so that it can be dropped."""
    from django.db import connections

    for each in connections.all():
        close = getattr(each, "close_pool", None)
        if close is not None:
            close()
