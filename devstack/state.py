"""The state directory: who uses it, its secrets, and where its servers listen."""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import threading
import time
from pathlib import Path
from typing import Any

from devstack import machine
from devstack.say import Trouble

ROOT = Path(__file__).resolve().parent.parent


class InUse(Trouble):
    """Another copy holds the state directory."""


def default_path() -> Path:
    """Return where the state is kept: MOCKBOARD_STATE, or `.mockboard` beside the code."""
    return Path(os.environ.get("MOCKBOARD_STATE") or ROOT / ".mockboard").expanduser().absolute()


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only its owner can read; never half written."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a file; empty when there is none that can be read."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


class State:
    """One state directory. Make it with `open`, which creates the directory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.servers = path / "servers"  # belongs to the user the servers run as
        self.logs = path / "logs"
        self.lock_file: int | None = None
        self.using: int | None = None
        self.secrets_lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> "State":
        """Return the state directory at `path`, made if need be."""
        state = cls(path)
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (state.servers, state.logs):
                folder.mkdir(mode=0o700, exist_ok=True)
            os.close(os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as problem:
            raise Trouble(
                f"Mockboard keeps its data in {path}, which cannot be written ({problem.strerror}). "
                "Set MOCKBOARD_STATE to a folder of yours."
            ) from None
        return state

    def lock(self, purpose: str) -> None:
        """Hold the directory until this process ends, or raise InUse naming who holds it."""
        file = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            holder = read_json(self.path / "lock")
            who = f"{holder.get('purpose', 'Mockboard')}, process {holder.get('pid', 'unknown')}"
            raise InUse(
                f"Another copy ({who}) is already using {self.path}. "
                "Stop it, or set MOCKBOARD_STATE to another folder for this one."
            ) from None
        self.lock_file = file
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps({"pid": os.getpid(), "purpose": purpose}).encode(), 0)

    def unlock(self) -> None:
        """Let others have the directory."""
        if self.lock_file is not None:
            os.ftruncate(self.lock_file, 0)
            os.close(self.lock_file)
            self.lock_file = None

    def secret(self, name: str) -> str:
        """Return the secret of that name, made at its first use."""
        path = self.path / "secrets.json"
        with self.secrets_lock:
            known = read_json(path)
            if name not in known:
                known[name] = secrets.token_urlsafe(48)
                write_private(path, json.dumps(known))
            return str(known[name])

    def share(self, *, across_exec: bool = False) -> None:
        """Say that we use the running servers, so that who started them for a command waits for us."""
        self.using = os.open(self.path / "users", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self.using, fcntl.LOCK_SH)
        os.set_inheritable(self.using, across_exec)

    def unshare(self) -> None:
        """Say that we no longer use the servers."""
        if self.using is not None:
            os.close(self.using)
            self.using = None

    def wait_for_users(self) -> None:
        """Come back once nobody else uses the servers."""
        self.unshare()
        file = os.open(self.path / "users", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        os.close(file)

    def is_free(self) -> bool:
        """Say whether nobody holds the directory."""
        file = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(file)
        return True

    def publish(self, addresses: dict[str, str]) -> None:
        """Write down how to reach the running servers."""
        write_private(self.path / "servers.json", json.dumps(addresses))

    def withdraw(self) -> None:
        """Say that no servers run any more."""
        (self.path / "servers.json").unlink(missing_ok=True)

    def published(self) -> dict[str, str]:
        """Return how to reach the running servers; empty while there are none."""
        return {str(key): str(value) for key, value in read_json(self.path / "servers.json").items()}

    def await_published(self, patience: float = 120.0) -> dict[str, str]:
        """Return how to reach servers that another process runs or is starting."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if addresses := self.published():
                return addresses
            if self.is_free():
                break
            time.sleep(0.1)
        raise Trouble(
            f"The servers in {self.path} are being started by another copy, and never became ready."
        )

    def note_children(self, children: dict[int, int]) -> None:
        """Write down our children and the signal that ends each, for who has to clean up after us."""
        known = [
            [pid, began, number]
            for pid, number in children.items()
            if (began := machine.started_at(pid)) is not None
        ]
        write_private(self.path / "children.json", json.dumps({"children": known}))

    def end_orphans(self) -> int:
        """End what a copy that was killed has left running, and return how many processes it was.

        The lock must be held: then whoever is still there has no parent of ours.
        """
        left = [tuple(entry) for entry in read_json(self.path / "children.json").get("children", [])]
        postmaster = self.servers / "postgres" / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(postmaster.read_text().split()[0])
            if machine.works_in(pid, postmaster.parent):
                left.append((pid, machine.started_at(pid) or "", signal.SIGINT))
            else:  # a number that now belongs to somebody else would make PostgreSQL refuse to start
                postmaster.unlink()
        count = machine.end(left)
        (self.path / "children.json").unlink(missing_ok=True)
        self.withdraw()
        return count
