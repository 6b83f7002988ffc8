"""A short load run, as a person would start it: our own server, one room, two seconds."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
SHORT = ("load", "--rooms", "1", "--seconds", "2", "--warm", "0.3", "--crowds", "1")


def environment() -> dict[str, str]:
    """Return what a command needs to find the servers of the tests."""
    at = connection.settings_dict
    name = os.environ.get("DATABASE_URL", "").rpartition("/")[2] or "postgres"
    url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{name}"
    return {**os.environ, "DATABASE_URL": url}


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_short_run_counts_everything_and_leaves_no_database_behind():
    running = start(*SHORT)
    said, complained = running.communicate(timeout=120)
    assert running.returncode == 0, complained
    assert re.search(r"^1 rooms of 8: \d\.\d\d k messages/s in", said)
    assert re.search(r"CPU in ms per 1,000 deliveries: server \d+\.\d\d ", said)
    assert "edits missing at the end 0; closed none" in said
    with psycopg.connect(environment()["DATABASE_URL"]) as database:
        ours = f"mockboard_bench_{running.pid}_%"
        left = database.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [ours])
        assert left.fetchall() == []


def test_a_name_that_is_none_is_answered_with_those_there_are():
    running = start("nonsense")
    _, complained = running.communicate(timeout=60)
    assert running.returncode == 2
    assert "compare" in complained
