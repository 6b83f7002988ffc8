"""`./run`: from a bare checkout to a site that answers, and on until somebody stops it."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from devstack import apps, checkout, machine, node, state, venv
from devstack.prepare import Database, collect, is_collected
from devstack.processes import Guarded, Interrupted
from devstack.say import teller
from devstack.servers import Servers
from devstack.state import State
from devstack.supervisor import Supervisor

T = TypeVar("T")


@contextlib.contextmanager
def supervised(
    kept: State, *, forward_interrupt: bool = True
) -> Iterator[tuple[Supervisor, ThreadPoolExecutor]]:
    """Give a supervisor and threads to work in; whatever happens, nothing of theirs is left after it."""
    guarded = Guarded()
    supervisor = Supervisor(kept, guarded)
    with supervisor.signals(forward_interrupt=forward_interrupt), ThreadPoolExecutor(4) as pool:
        try:
            yield supervisor, pool
        finally:
            supervisor.stop()
            guarded.close()  # before the pool waits for its threads, which wait for what this ends


def serve() -> int:
    """Set up and serve until Ctrl-C; returns the exit code."""
    begun = time.monotonic()
    port_text = os.environ.get("PORT") or "8000"
    kept = State.open(state.default_path())
    kept.lock(f"./run on port {port_text}")
    if count := kept.end_orphans():
        teller.line(f"  Ended {count} programs that an earlier copy had left running.")
    port = machine.check_port(port_text)
    with supervised(kept) as (supervisor, pool):
        site = Site(supervisor, pool, port)
        try:
            site.start()
            teller.line(f"Mockboard is ready at http://127.0.0.1:{port}  (Ctrl-C stops it)")
            teller.line(f"  in {time.monotonic() - begun:.1f} s; logs are in {kept.logs}")
            supervisor.watch()
        except Interrupted:
            stopping = time.monotonic()
            site.stop()
            teller.line(f"Stopped in {time.monotonic() - stopping:.1f} s.")
        finally:
            site.stop()
    return 0 if site.was_ready else 130


class Site:
    """Everything that runs behind the address."""

    def __init__(self, supervisor: Supervisor, pool: ThreadPoolExecutor, port: int) -> None:
        self.supervisor = supervisor
        self.pool = pool
        self.port = port
        self.servers: Servers | None = None
        self.was_ready = False

    def step(self, name: str, work: Callable[[Callable[[str], None]], T]) -> "Future[T]":
        """Begin a step in another thread; `work` is given a function that adds a note to its line."""

        def run() -> T:
            with teller.step(name) as note:
                return work(note)

        return self.pool.submit(run)

    def start(self) -> None:
        """Do all that is needed, as much of it at once as can be, until the site answers."""
        supervisor = self.supervisor
        with checkout.alone(supervisor):
            packages, board = checkout.everything(supervisor, self.pool)
            supervisor.outcomes(packages)
            self.start_servers()
            assert self.servers is not None
            env = apps.environment(supervisor.state, self.servers.addresses)
            ours = "DATABASE_URL" in self.servers.addresses
            database = Database(supervisor.state, ours=ours, fresh=self.servers.fresh)
            filled = self.step(
                "Database", lambda note: describe(note, database.prepare(env, supervisor.guarded))
            )
            supervisor.outcomes(board)
        collected = self.pool.submit(self.collect, env)
        # Migrations that were all applied at the last start are so again: then the site starts meanwhile.
        before: list[Future[Any]] = [collected] if database.was_migrated() else [collected, filled]
        supervisor.outcomes(*before)
        with teller.step("Web"):
            supervisor.await_ready(supervisor.start(apps.web(supervisor.state, env, self.port)))
        supervisor.outcomes(filled)
        for service in (apps.worker(supervisor.state, env), apps.beat(supervisor.state, env)):
            supervisor.start(service)
        self.was_ready = True

    def start_servers(self) -> None:
        """Start the embedded servers, as a step a person sees."""
        with teller.step("Servers") as note:
            self.servers = Servers(self.supervisor, venv.site_packages())
            (prepared,) = self.supervisor.outcomes(self.pool.submit(self.servers.prepare))
            self.servers.start(prepared)
            note(self.servers.summary())

    def collect(self, env: dict[str, str]) -> None:
        """Gather the assets, as a step a person sees if there is anything to do."""
        supervisor = self.supervisor
        if not is_collected(supervisor.state, env):
            with teller.step("Assets"):
                collect(supervisor.state, env, supervisor.guarded)

    def stop(self) -> None:
        """End the programs, then the servers they stand on."""
        ours = self.servers.running if self.servers else []
        self.supervisor.stop([running for running in self.supervisor.running if running not in ours])
        if self.servers:
            self.servers.stop()


def describe(note: Callable[[str], None], took: dict[str, float]) -> None:
    """Note what the commands took, where that is worth a word."""
    if slow := [f"{name} {seconds:.1f} s" for name, seconds in took.items() if seconds >= 0.2]:
        note(", ".join(slow))


def assets() -> int:
    """Build the board; returns the exit code."""
    kept = State.open(state.default_path())
    with supervised(kept) as (supervisor, pool), checkout.alone(supervisor):

        def build() -> None:
            with teller.step("Board"):
                if node.on_path() is None:
                    venv.ensure_venv(supervisor.guarded)  # Node's wheel is put below it
                node.build(supervisor.guarded, node.find(supervisor.guarded))

        supervisor.outcomes(pool.submit(build))
    return 0
