"""The servers Mockboard stands on: started here, unless the environment names others."""

import contextlib
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devstack import machine, postgres, valkey, ways
from devstack.say import Trouble
from devstack.services import Server
from devstack.state import State
from devstack.supervisor import Running, Supervisor, tail
from devstack.ways import Way

TRIES = 5


def wanted() -> list[str]:
    """Return the variables for which we have to start a server ourselves."""
    return [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]


class Servers:
    """The embedded servers of one state directory."""

    def __init__(self, supervisor: Supervisor, site_packages: Path | None, *, durable: bool = True) -> None:
        self.supervisor = supervisor
        self.state = supervisor.state
        self.guarded = supervisor.guarded
        self.durable = durable
        self.site_packages = site_packages
        self.running: list[Running] = []
        self.addresses: dict[str, str] = {}
        self.versions: list[str] = []
        self.fresh = False  # whether the database was made just now

    def prepare(self) -> tuple[postgres.Programs | None, valkey.Program | None, Way]:
        """Find the programs and make the folders they need; runs in any thread."""
        state, names = self.state, wanted()
        data = state.servers / "postgres"
        programs = postgres.find(self.site_packages, data) if "DATABASE_URL" in names else None
        program = valkey.find(self.site_packages) if "REDIS_URL" in names else None
        needed = [programs.folder / "postgres"] if programs else []
        way = (
            ways.choose(state.servers, needed + ([program.path] if program else []))
            if names
            else ways.plain()
        )
        if programs:
            self.fresh = not (data / "PG_VERSION").is_file()
            postgres.create(state, self.guarded, programs, way, durable=self.durable)
        if program and not (state.servers / "valkey").is_dir():
            made = self.guarded.run(
                ["mkdir", "-m", "700", state.servers / "valkey"], way=way, cwd=state.servers
            )
            if made.code != 0:
                raise Trouble(f"No folder could be made in {state.servers}.", made.output)
        return programs, program, way

    def start(self, prepared: tuple[postgres.Programs | None, valkey.Program | None, Way]) -> None:
        """Start what is wanted and wait until it answers; only in the supervisor's thread."""
        programs, program, way = prepared
        before = ports_before(self.state)
        pending: dict[str, int | None] = {name: before.get(name) for name in wanted()}
        for attempt in range(TRIES):
            started: list[tuple[Server, Running]] = []
            for name, port in pending.items():
                port = machine.free_port(port)
                if name == "DATABASE_URL" and programs:
                    server = postgres.server(self.state, programs, way, port, durable=self.durable)
                else:
                    assert program is not None
                    server = valkey.server(self.state, program, way, port, durable=self.durable)
                started.append((server, self.supervisor.start(server.service)))
            pending = {}
            for server, running in started:
                try:
                    self.supervisor.await_ready(running)
                except Trouble as problem:
                    self.supervisor.drop(running)
                    if attempt == TRIES - 1 or not may_pass(tail(server.service)):
                        raise problem
                    time.sleep(0.3)
                    pending[server.variable] = None  # another port
                else:
                    self.running.append(running)
                    self.addresses[server.variable] = server.url
                    self.versions.append(f"{server.service.name} {server.version}")
            if not pending:
                break
        write_ports(self.state, self.addresses)
        named = {name: url for name in ("DATABASE_URL", "REDIS_URL") if (url := os.environ.get(name))}
        self.state.publish(self.addresses | named)

    def summary(self) -> str:
        """Return which servers run, in words."""
        return ", ".join(self.versions) or "yours"

    def stop(self) -> None:
        """End the servers; whoever still works with them loses the connection."""
        self.state.withdraw()
        self.supervisor.stop(self.running, patience=5.0)
        self.running = []


def may_pass(log: str) -> bool:
    """Say whether a server that did not start may do so at another try.

    Its port was taken in between; or a killed one's last children still hold the shared memory.
    """
    last = log[-1500:].lower()
    return any(words in last for words in ("in use", "could not bind", "could not create any tcp/ip"))


def ports_before(state: State) -> dict[str, int]:
    """Return the ports of the last start, so that a tool pointed at them finds them again."""
    try:
        words = (state.path / "ports").read_text().split()
        return dict(zip(words[::2], map(int, words[1::2]), strict=True))
    except (OSError, ValueError):
        return {}


def write_ports(state: State, addresses: dict[str, str]) -> None:
    """Remember the ports."""
    words = [f"{name} {url.rsplit(':', 1)[1].split('/')[0]}" for name, url in addresses.items()]
    (state.path / "ports").write_text("\n".join(words))


@contextlib.contextmanager
def running(
    supervisor: Supervisor, site_packages: Path | None, pool: ThreadPoolExecutor, *, durable: bool = True
) -> Iterator[Servers]:
    """Run the servers of a locked state directory for as long as the body lasts."""
    servers = Servers(supervisor, site_packages, durable=durable)
    try:
        (prepared,) = supervisor.outcomes(pool.submit(servers.prepare))
        servers.start(prepared)
        yield servers
    finally:
        servers.stop()
