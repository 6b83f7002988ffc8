"""Servers that may be killed: PostgreSQL and Valkey of our own in a folder of a moment, a worker, the site.

Every one is started, killed by number and started again here; nothing that somebody else runs is touched.
PostgreSQL keeps its promise of durability (fsync is on), as it does under `./run`.
"""

import asyncio
import contextlib
import os
import secrets
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench import proc, scratch
from bench.server import House, Web, house
from devstack import apps, servers, throwaway, venv
from devstack.serve import supervised
from devstack.state import State
from devstack.supervisor import Running, Supervisor

SECONDS_TO_RETURN = 120.0


class Mortal:
    """One of the supervised programs, killed and started again by us."""

    def __init__(self, supervisor: Supervisor, running: Running) -> None:
        self.supervisor = supervisor
        self.running = running

    @property
    def name(self) -> str:
        """What it is."""
        return self.running.service.name

    def kill(self) -> None:
        """End it and all it has started by kill -9, as a machine does that runs out of memory."""
        process = self.running.process
        for pid in proc.family(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        self.supervisor.guarded.forget(process)

    async def come_back(self) -> None:
        """Start it again and wait until it answers."""
        service, until = self.running.service, time.monotonic() + SECONDS_TO_RETURN
        while True:
            process = self.running.process = self.supervisor.spawn(service)
            while process.poll() is None:
                if await asyncio.to_thread(service.ready, process.pid):
                    return
                if time.monotonic() > until:
                    raise RuntimeError(f"{service.name} does not come back; its log: {service.log}")
                await asyncio.sleep(0.02)
            self.supervisor.guarded.forget(process)  # the last of the killed ones still hold the memory
            await asyncio.sleep(0.1)


class Mortals:
    """The whole stack on servers of its own."""

    def __init__(self, supervisor: Supervisor, home: House, running: servers.Servers) -> None:
        self.supervisor = supervisor
        self.home = home
        self.database_url = home.database_url
        by_name = {one.service.name: Mortal(supervisor, one) for one in running.running}
        self.postgres, self.valkey = by_name["PostgreSQL"], by_name["Valkey"]
        self.webs: list[Web] = []
        self.worker: Mortal | None = None

    def start(self, webs: int, *, worker: bool) -> None:
        """Start the site, all of it at once, and wait until it answers."""
        self.webs = [self.home.web(start=False) for _ in range(webs)]
        for web in self.webs:
            web.begin()
        if worker:
            service = apps.worker(self.supervisor.state, dict(os.environ))
            self.worker = Mortal(self.supervisor, self.supervisor.start(service))
        for web in self.webs:
            web.await_ready()

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        """Return a connection of our own to the site's database."""
        return psycopg.connect(self.database_url, autocommit=True)


async def start_again(web: Web) -> None:
    """Start a killed web process on its port and wait until it answers; the event loop goes on meanwhile."""
    web.begin()
    until = time.monotonic() + SECONDS_TO_RETURN
    while not await asyncio.to_thread(apps.answers, web.port):
        if time.monotonic() > until:
            raise RuntimeError(f"the site does not come back\n{web.words()}")
        await asyncio.sleep(0.02)


@contextlib.contextmanager
def mortals(*, quick: bool = False) -> Iterator[Mortals]:
    """Give servers of our own, whatever DATABASE_URL and REDIS_URL say, and a migrated database on them.

    `quick` makes the tables from the models as they are, without walking through the migrations.
    """
    kept_environment = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "REDIS_URL")}
    try:
        with throwaway.state() as kept, _running(kept) as (supervisor, running):
            os.environ.update(running.addresses)
            with _quick_house() if quick else house() as home:
                yield Mortals(supervisor, home, running)
    finally:
        for name, value in kept_environment.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextlib.contextmanager
def _running(kept: State) -> Iterator[tuple[Supervisor, servers.Servers]]:
    with (
        supervised(kept) as (supervisor, pool),
        servers.running(supervisor, venv.site_packages(), pool, durable=True) as running,
    ):
        yield supervisor, running


@contextlib.contextmanager
def _quick_house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="mockboard-bench-") as folder, scratch.database() as url:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)
        import django
        from django.apps import apps as installed
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        settings.MIGRATION_MODULES = {each.label: None for each in installed.get_app_configs()}
        call_command("migrate", "--noinput", "--run-syncdb", "--verbosity=0")
        home = House(Path(folder), url)
        try:
            yield home
        finally:
            home.close()
            connections["default"].close()
            connections["default"].close_pool()  # type: ignore[attr-defined]
