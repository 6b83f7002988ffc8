"""Starting other programs, so that none of them outlives us."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from devstack import machine, ways
from devstack.say import Trouble, last_lines
from devstack.ways import Way

GUARD = Path(__file__).with_name("guard.py")


class Interrupted(BaseException):
    """Somebody asked us to stop (Ctrl-C, SIGTERM, a closed terminal) while we were setting up."""


@dataclass(frozen=True)
class Finished:
    """How a program ended, and all it said."""

    code: int
    output: str


class Guarded:
    """The programs we have started and are answerable for, with the guard that ends them if we cannot."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.alive: dict[int, int] = {}  # process group → signal that ends it
        self.guard: subprocess.Popen[str] | None = None
        self.stopping = False

    def tell_guard(self, line: str) -> None:
        """Send the guard a line, starting it at the first."""
        if self.guard is None:
            self.guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD)],
                stdin=subprocess.PIPE,
                text=True,
                start_new_session=True,
                cwd="/",
            )
        assert self.guard.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.guard.stdin.write(line + "\n")
            self.guard.stdin.flush()

    def spawn(
        self,
        command: Sequence[object],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        way: Way | None = None,
        output: int | IO[Any] | None = subprocess.DEVNULL,
        input: int | IO[Any] = subprocess.DEVNULL,
        signal_to_end: int = signal.SIGTERM,
    ) -> "subprocess.Popen[bytes]":
        """Start a program in a group of its own that dies with us."""
        program, *arguments = map(str, command)
        program = shutil.which(program) or program
        argv = [*(way or ways.plain()).argv(signal_to_end), program, *arguments]
        with self.lock:
            if self.stopping:
                raise Interrupted
            child = subprocess.Popen(
                argv,
                env=env,
                cwd=cwd,
                stdin=input,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.alive[child.pid] = signal_to_end
            self.tell_guard(f"+{child.pid} {int(signal_to_end)}")
        return child

    def forget(self, child: "subprocess.Popen[bytes]") -> None:
        """A child has ended: end what is left of its group, and note it."""
        with self.lock:
            if self.alive.pop(child.pid, None) is not None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.pid, signal.SIGKILL)
                self.tell_guard(f"-{child.pid}")

    def run(
        self,
        command: Sequence[object],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        way: Way | None = None,
        text: str = "",
    ) -> Finished:
        """Run a program to its end with `text` as its input."""
        child = self.spawn(
            command,
            env=env,
            cwd=cwd,
            way=way,
            output=subprocess.PIPE,
            input=subprocess.PIPE,
            signal_to_end=signal.SIGKILL,
        )
        try:
            said, _ = child.communicate(text.encode())
        finally:
            self.forget(child)
        if self.stopping:
            raise Interrupted
        return Finished(child.returncode, said.decode(errors="replace"))

    def end_all(self, patience: float = 2.0) -> None:
        """End everything that still runs, and start nothing more."""
        with self.lock:
            self.stopping = True
            left = list(self.alive.items())
        known = [(group, began, number) for group, number in left if (began := machine.started_at(group))]
        machine.end(known, patience)

    def close(self) -> None:
        """End everything and dismiss the guard."""
        self.end_all()
        if self.guard is not None and self.guard.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.guard.stdin.close()
            self.guard.wait(10)


def must(finished: Finished, sentence: str) -> str:
    """Return what a program said, or raise Trouble with it if it failed."""
    if finished.code != 0:
        raise Trouble(sentence, last_lines(finished.output, 25))
    return finished.output
