"""Servers of a moment, for tests and checks: a state directory of their own, apart from a running `./run`."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devstack import apps, servers, venv
from devstack.state import State
from devstack.supervisor import Supervisor

# Settings of the site that would make a test pass or fail on one person's machine alone.
PERSONS_OWN = {
    "DEBUG",
    "PORT",
    "ALLOWED_HOSTS",
    "PUBLIC_ORIGINS",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_TIMEOUT",
    "LOG_LEVEL",
}
PERSONS_OWN |= {"LLM_BASE_URL", "LLM_API_KEY", "LLM_MODEL"}
PERSONS_OWN |= {"ICE_STUN_URLS", "ICE_TURN_URLS", "ICE_TURN_SECRET", "ICE_RELAY_ONLY"}


@contextlib.contextmanager
def state() -> Iterator[State]:
    """Give a state directory that is gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="mockboard-"))
    try:
        kept = State.open(path)
        kept.lock("./run test")
        yield kept
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def environment(supervisor: Supervisor, pool: ThreadPoolExecutor) -> Iterator[dict[str, str]]:
    """Give the environment of programs that work with servers of a moment."""
    with servers.running(supervisor, venv.site_packages(), pool, durable=False) as running:
        env = apps.environment(supervisor.state, running.addresses)
        yield {key: value for key, value in env.items() if key not in PERSONS_OWN}
