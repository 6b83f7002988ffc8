"""The way to board documents: every touch of pycrdt happens in a child process, reached from here.

`Gate` is for an event loop (the hub has one), `ask` for ordinary code (views, tasks, commands). Either
starts its child when first needed and again when it has died; what was asked of a dead one ends in
GateDiedError, and the boards it held have to be opened anew.
"""

import asyncio
import contextlib
import itertools
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, cast

from whiteboard.gate_process import Answer, _size, pack, unpack

SECONDS_TO_ANSWER = 10.0
INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
LARGEST_ANSWER = 256 * 1024 * 1024


class GateDiedError(Exception):
    """The child ended, or did not answer in time and was ended."""


class GateFailedError(Exception):
    """The child could not do what it was asked; the text says what went wrong."""


class GateRefusedError(ValueError):
    """What was given may not be on a board; the text is a sentence for people."""


class UnknownBoardError(Exception):
    """The child does not hold this board: open it first."""


def _start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Return a new child and our end of the pipe to it."""
    ours, theirs = socket.socketpair()
    with theirs:
        environment = {
            name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ
        }
        child = subprocess.Popen(
            [sys.executable, "-m", "whiteboard.gate_process", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            # Nothing of our secrets: this is the process that reads what strangers send.
            env=environment,
        )
    for buffer in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        ours.setsockopt(socket.SOL_SOCKET, buffer, 1 << 20)
    return child, ours


def _result(head: dict[str, Any], blobs: list[bytes]) -> Answer:
    if head.get("unknown"):
        raise UnknownBoardError
    if "refused" in head:
        raise GateRefusedError(head["refused"])
    if "failed" in head:
        raise GateFailedError(head["failed"])
    return head, blobs


class _Link(asyncio.Protocol):
    """Our end of the pipe to one child."""

    def __init__(self, gate: "Gate") -> None:
        self._gate = gate
        self._come = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by birth

    def data_received(self, data: bytes) -> None:
        come = self._come
        come += data
        while len(come) >= _size.size:
            text_size, body_size = _size.unpack_from(come)
            start, end = _size.size + text_size, _size.size + text_size + body_size
            if end - _size.size > LARGEST_ANSWER:
                self._gate.end(self)
                return
            if len(come) < end:
                return
            text, body = bytes(come[_size.size : start]), bytes(come[start:end])
            del come[:end]
            try:
                self._gate.answered(*unpack(text, body))
            except ValueError:
                self._gate.end(self)
                return

    def connection_lost(self, error: Exception | None) -> None:
        self._gate.end(self)


class Gate:
    """A child process for one event loop; requests may overlap, answers come in order."""

    def __init__(self) -> None:
        self.generation = 0  # rises with every start: what an earlier child held is gone
        self._child: subprocess.Popen[bytes] | None = None
        self._link: _Link | None = None
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._numbers = itertools.count(1)
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The child's process id, None before the first request and after its end."""
        return self._child.pid if self._child and self._link else None

    async def ask(self, do: str, blobs: list[bytes] | None = None, **head: Any) -> Answer:
        """Return the child's answer to `do` (a method of gate_process.Documents)."""
        if self._link is None:
            await self.start()
        link, number = self._link, next(self._numbers)
        if link is None or link.transport is None:
            raise GateDiedError
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting[number] = future
        head.update(do=do, n=number)
        too_late = loop.call_later(SECONDS_TO_ANSWER, self.end, link)
        try:
            link.transport.write(pack(head, blobs or []))
            return _result(*await future)
        finally:
            too_late.cancel()
            self._waiting.pop(number, None)

    async def start(self) -> None:
        """Have a child, so that the first person to join need not wait for it to be made."""
        async with self._starting:
            if self._link is not None:
                return
            child, ours = _start()
            try:
                loop = asyncio.get_running_loop()
                _, link = await loop.create_unix_connection(lambda: _Link(self), sock=ours)
            except BaseException:
                child.kill()
                threading.Thread(target=child.wait, daemon=True).start()
                raise
            self._child = child
            self.generation += 1
            self._link = link

    async def ready(self) -> None:
        """Have a child that has loaded all it needs."""
        await self.ask("ping")

    def answered(self, head: dict[str, Any], blobs: list[bytes]) -> None:
        """Hand an answer to whoever asked."""
        future = self._waiting.pop(head.pop("n"), None)
        if future is not None and not future.done():
            future.set_result((head, blobs))

    def end(self, link: _Link) -> None:
        """End this child and fail what was asked of it; a later one is left alone."""
        if self._link is not link:
            return
        self._link = None
        if link.transport is not None:
            link.transport.abort()
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            with contextlib.suppress(RuntimeError):  # the loop may be closing
                asyncio.get_running_loop().call_later(0.05, child.poll)
            threading.Thread(target=child.wait, daemon=True).start()  # leaves no zombie
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            if not future.done():
                future.set_exception(GateDiedError())

    async def close(self) -> None:
        """End the child."""
        if self._link is not None:
            self.end(self._link)


class _Blocking:
    """A child for code without an event loop, one request at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._link: socket.socket | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, do: str, blobs: list[bytes], head: dict[str, Any]) -> Answer:
        with self._lock:
            if self._owner != os.getpid():  # a fork shares the pipe with its parent: start our own
                self._link = self._child = None
            if self._link is None or self._child is None:
                self._child, self._link = _start()
                self._link.settimeout(SECONDS_TO_ANSWER)
                self._owner = os.getpid()
            head.update(do=do, n=0)
            try:
                self._link.sendall(pack(head, blobs))
                text_size, body_size = _size.unpack(self._receive(_size.size))
                answer, out = unpack(self._receive(text_size), self._receive(body_size))
                answer.pop("n")
                return answer, out
            except OSError:
                self._link.close()
                self._child.kill()
                self._child.wait()
                self._link = self._child = None
                raise GateDiedError from None

    def _receive(self, size: int) -> bytes:
        assert self._link is not None
        parts = bytearray()
        while len(parts) < size:
            part = self._link.recv(min(size - len(parts), 1 << 20))
            if not part:
                raise ConnectionError
            parts += part
        return bytes(parts)


_blocking = _Blocking()


def ask(do: str, blobs: list[bytes] | None = None, **head: Any) -> Answer:
    """Return the answer of this process's second child; for code that may block (not an event loop)."""
    return _result(*_blocking.ask(do, blobs or [], head))
