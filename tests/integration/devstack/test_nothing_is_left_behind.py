"""However `./run` ends, its programs end too, and the data stays."""

import os
import signal
import subprocess
import time

import psycopg
import pytest

from devstack import machine
from devstack.state import State
from tests.integration.devstack.conftest import Start, await_nothing_left, processes_of

# A program that starts another and would stay for ten minutes.
FAMILY = ("sh", "-c", "sleep 600 & sleep 600")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_in_time_and_leaves_nothing(start: Start, number: int):
    stack = start(*FAMILY)
    assert len(processes_of(stack.state)) > 5
    assert stack.stop(number) < 3
    assert stack.process.returncode == 0
    assert await_nothing_left(stack.state, 0.5) == []
    assert not (stack.state / "servers.json").exists()


def test_killed_it_takes_its_programs_and_theirs_along(start: Start):
    stack = start(*FAMILY)
    stack.process.kill()
    stack.process.communicate(timeout=20)
    assert await_nothing_left(stack.state, 5) == []


def test_killed_together_with_its_guard_it_takes_the_servers_along(start: Start):
    stack = start()
    (guard,) = [
        int(name)
        for name in os.listdir("/proc")
        if name.isdecimal()
        and parent_of(int(name)) == stack.process.pid
        and b"guard.py" in command_of(int(name))
    ]
    stack.process.send_signal(signal.SIGSTOP)
    os.kill(guard, signal.SIGKILL)
    stack.process.kill()
    stack.process.communicate(timeout=20)
    assert await_nothing_left(stack.state, 5) == []


def parent_of(pid: int) -> int | None:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return None


def command_of(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def test_what_was_committed_survives_a_kill(start: Start):
    stack = start()
    with psycopg.connect(stack.told["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")
    stack.process.kill()
    stack.process.communicate(timeout=20)
    again = start()  # at once, while the old servers may still be ending
    assert again.told["DATABASE_URL"] == stack.told["DATABASE_URL"]
    with psycopg.connect(again.told["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("still here",)]


def test_a_stale_pid_file_does_not_keep_the_database_from_starting(start: Start):
    stack = start()
    data = stack.state / "servers" / "postgres"
    held = (data / "postmaster.pid").read_text().split("\n", 1)[1]
    stack.stop()
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{held}")  # a number that is somebody else's now
    os.chown(data / "postmaster.pid", data.stat().st_uid, data.stat().st_gid)
    assert start().told["orphans"] == 0


def test_programs_left_running_by_an_earlier_copy_are_ended(start: Start):
    # Written down by hand, because the death signal and the guard leave nothing to be found.
    stack = start()
    stack.stop()
    orphan = subprocess.Popen(["sleep", "600"], start_new_session=True)
    State.open(stack.state).note_children({orphan.pid: int(signal.SIGTERM)})
    assert machine.started_at(orphan.pid)
    assert start().told["orphans"] == 1
    until = time.monotonic() + 5
    while orphan.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert orphan.returncode == -signal.SIGTERM
