"""The programs of Mockboard itself: web, worker, beat; and the environment they all read."""

import http.client
import os
import signal
from collections.abc import Mapping

from devstack import venv
from devstack.say import Trouble
from devstack.services import Service
from devstack.state import ROOT, State


def environment(state: State, addresses: Mapping[str, str]) -> dict[str, str]:
    """Return what every program of ours is started with. What a person set themselves goes first."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or state.secret("secret_key"),
        "STATIC_ROOT": os.environ.get("STATIC_ROOT") or str(state.path / "static"),
        "PYTHONUNBUFFERED": "1",
    }
    theirs = {key: value for key, value in venv.environment().items() if value or key not in addresses}
    return dict(addresses) | theirs | ours


def python(*arguments: str) -> tuple[str, ...]:
    """Return the command that runs a module with our packages."""
    return (str(venv.PYTHON), "-m", *arguments)


def answers(port: int) -> bool:
    """Say whether the site answers /healthz; Trouble if it answers that something is wrong."""
    hosts = [
        host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host.strip() and "*" not in host
    ]
    host = hosts[0].strip().lstrip(".") if hosts else f"127.0.0.1:{port}"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    if status != 200:
        raise Trouble(f"The site answers /healthz at {host} with status {status}.")
    return True


def web(state: State, env: dict[str, str], port: int) -> Service:
    """Return the web server: pages and sockets."""
    command = python("config.web", "--host", "127.0.0.1", "--port", str(port))
    return Service(
        name="Web",
        command=command,
        cwd=ROOT,
        log=state.logs / "web.log",
        ready=lambda pid: answers(port),
        env=env | {"PORT": str(port)},
        death_signal=signal.SIGKILL,  # what is acknowledged is stored
    )


def worker(state: State, env: dict[str, str]) -> Service:
    """Return the worker. It neither asks other workers what they know nor gossips: there are none."""
    options = ("-P", "threads", "-c", "4", "--without-mingle", "--without-gossip")
    return celery(state, env, "Worker", "worker", *options)


def beat(state: State, env: dict[str, str]) -> Service:
    """Return the clock that starts what is due."""
    return celery(state, env, "Beat", "beat", "--pidfile=")


def celery(state: State, env: dict[str, str], name: str, *arguments: str) -> Service:
    """Return a service of Celery's."""
    return Service(
        name=name,
        command=python("celery", "-A", "config", *arguments),
        cwd=ROOT,
        log=state.logs / f"{name.lower()}.log",
        ready=lambda pid: True,
        env=env,
        stop_signal=signal.SIGTERM,
        death_signal=signal.SIGKILL,  # a job cut off is taken up again when its lease ends
    )
