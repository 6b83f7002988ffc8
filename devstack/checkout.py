"""Getting this checkout ready: Python packages and the built board, each left out while it is up to date."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from devstack import node, venv
from devstack.processes import Guarded
from devstack.say import Trouble, teller
from devstack.state import ROOT
from devstack.supervisor import Supervisor


@contextlib.contextmanager
def alone(supervisor: Supervisor) -> Iterator[None]:
    """Let only one `./run` at a time install and build in this checkout."""
    folder = os.open(ROOT, os.O_RDONLY)
    told = False
    try:
        while True:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    teller.line("  Another `./run` is installing here; waiting for it.")
                told = True
                supervisor.sleep(0.2)
        yield
    finally:
        os.close(folder)


def install_packages(guarded: Guarded) -> None:
    """Install the Python packages, as a step a person sees."""
    if venv.is_ready():
        return
    with teller.step("Python packages"):
        venv.prepare(guarded)


def build_board(guarded: Guarded, *, build: bool = True) -> node.Node | None:
    """Build the board, or only install what tests and checks of it need; as a step a person sees."""
    if node.is_built() if build else node.has_modules():
        return node.on_path() or node.from_wheel()
    with teller.step("Board") as note:
        found = node.find(guarded)
        note(f"Node {found.version.lstrip('v')}")
        node.build(guarded, found) if build else node.install_modules(guarded, found)
        return found


def everything(
    supervisor: Supervisor, pool: ThreadPoolExecutor, *, build: bool = True
) -> tuple["Future[None]", "Future[node.Node | None]"]:
    """Begin to install and to build at once; gives the two futures."""
    guarded = supervisor.guarded
    if not venv.is_ready():
        try:
            supervisor.outcomes(pool.submit(venv.ensure_venv, guarded))  # the Node wheel is put below it
        except OSError as problem:
            raise Trouble(f"{venv.VENV} could not be written: {problem.strerror}.") from None
    return pool.submit(install_packages, guarded), pool.submit(build_board, guarded, build=build)
