"""Running a command in our place: it has our terminal, our input and our output."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from devstack import ways
from devstack.processes import Interrupted
from devstack.supervisor import Supervisor


def run(supervisor: Supervisor, command: Sequence[str], env: Mapping[str, str], cwd: Path) -> int:
    """Run a command in the foreground and return its exit code.

    It stays in our process group, so that it may read from the terminal and answers Ctrl-C itself.
    The supervisor must not take Ctrl-C as meant for us; SIGTERM is passed on.
    """
    child = subprocess.Popen(
        [*ways.plain().argv(signal.SIGKILL), shutil.which(command[0]) or command[0], *command[1:]],
        env=env,
        cwd=cwd,
    )
    try:
        while child.poll() is None:
            supervisor.sleep(60)
    except Interrupted:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def become(command: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
    """End this program by becoming the command."""
    os.chdir(cwd)
    os.execve(command[0], list(command), dict(env))
