"""The way in for all boards of a process: sockets are read together, when a flush is due.

What comes between two flushes waits for the second anyway. So while boards are busy nobody wakes up
for a message: every 16 ms all sockets that have something are read in one go. In an idle process the
first message wakes the hub at once. An epoll can itself be waited for; that is how.
"""

import asyncio
import contextlib
import logging
import os
import select
from collections.abc import Callable
from typing import Protocol

MOST_AT_ONCE = 256 * 1024  # of one socket: who floods waits for the others' turn
logger = logging.getLogger(__name__)


class Source(Protocol):
    """A socket that is read here and not by its transport."""

    def fileno(self) -> int:
        """Return its file descriptor."""

    def data_received(self, data: bytes) -> None:
        """Take what came."""

    def give_back(self) -> None:
        """Let the transport read again: it is the one to notice an end."""


class Intake:
    """The sockets of one event loop that are read together. Only where there is epoll (Linux)."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._sources: dict[int, Source] = {}
        self._wake: Callable[[], None] | None = None
        buffer = bytearray(MOST_AT_ONCE)
        self._buffers, self._view = (buffer,), memoryview(buffer)

    def add(self, source: Source) -> None:
        """Read a socket from now on."""
        number = source.fileno()
        self._sources[number] = source
        self._poll.register(number, select.EPOLLIN)

    def remove(self, source: Source) -> None:
        """Read it no more. Its number may be another's by now: a closed socket has left the epoll already."""
        for number, other in list(self._sources.items()):
            if other is source:
                del self._sources[number]
                with contextlib.suppress(OSError):
                    self._poll.unregister(number)

    def read(self) -> int:
        """Read every socket that has something, and return how many had."""
        ready = self._poll.poll(0)
        for number, _ in ready:
            source = self._sources.get(number)
            if source is None:
                continue
            try:
                data = bytes(self._view[: os.readv(number, self._buffers)])
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            try:
                if data:
                    source.data_received(data)
                else:
                    source.give_back()
            except Exception:
                logger.exception("what a socket sent could not be taken")
                source.give_back()
        return len(ready)

    def watch(self, wake: Callable[[], None]) -> None:
        """Have `wake` called once as soon as a socket has something."""
        if self._wake is None:
            asyncio.get_running_loop().add_reader(self._poll.fileno(), self._woken)
        self._wake = wake

    def _woken(self) -> None:
        wake = self._wake
        self.rest()
        if wake is not None:
            wake()

    def rest(self) -> None:
        """Wake nobody."""
        if self._wake is not None:
            self._wake = None
            asyncio.get_running_loop().remove_reader(self._poll.fileno())

    def close(self) -> None:
        """Give all sockets back."""
        self.rest()
        for source in list(self._sources.values()):
            source.give_back()
        self._poll.close()


def intake() -> Intake | None:
    """Return an intake, None where the system has no epoll."""
    return Intake() if hasattr(select, "epoll") else None
