"""How server processes reach each other: Redis' publish and subscribe, or just this process without Redis.

What is told arrives at most once, and nobody may depend on it. No layer in between: a busy process tells
and hears sixty times a second, and Channels' layer took a fifth of its time for that. One connection
listens; on the other nothing is ever answered (CLIENT REPLY OFF), so telling is one write.
"""

import asyncio
import contextlib
import logging
import random
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol

import redis
from django.conf import settings
from django.utils.module_loading import import_string
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS_TO_CONNECT = 2.0
SECONDS_TO_SEND = 5.0
SECONDS_TO_CLOSE = 1.0
SECONDS_BEFORE_AGAIN = (0.1, 5.0)  # doubled with each failure in a row
MOST_WAITING = 8 * 1024 * 1024
# A connection that listens may hear nothing for an hour. With a time-out on its socket (a minute in some
# set-ups, and redis-py 8 brings one) it would be taken for dead each time, and miss what is said meanwhile.
LISTENING = {"socket_timeout": None, "socket_connect_timeout": SECONDS_TO_CONNECT, "socket_keepalive": True}
logger = logging.getLogger(__name__)
Hear = Callable[[bytes], None]


class Bus(Protocol):
    """One event loop's way to other processes."""

    async def start(self, channels: Sequence[str], hear: Hear) -> None:
        """Call `hear` with what is told on the channels from now on; a failure is tried again for ever."""

    def tell(self, channel: str, message: bytes) -> None:
        """Send a message, or lose it; never waits."""

    def again(self) -> None:
        """Connect anew: nothing arrives any more."""

    async def close(self) -> None:
        """Send what waits, and end."""


def bus() -> Bus:
    """Return a way to other processes as the settings want it."""
    made: Bus = import_string(settings.BOARD_BUS)()
    return made


def tell(channel: str, message: bytes) -> None:
    """Tell everybody from ordinary code (views, tasks, commands); raises when it cannot be sent."""
    if issubclass(import_string(settings.BOARD_BUS), LocalBus):
        _tell_here(channel, message)
    else:
        _blocking().publish(channel, message)


@cache
def _blocking() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=SECONDS_TO_CONNECT,
        socket_connect_timeout=SECONDS_TO_CONNECT,
        retry=Retry(NoBackoff(), 1),  # for a connection that died meanwhile; somebody may be waiting
    )


class LocalBus:
    """Reaches the hubs of this process only: for tests, and where there is no Redis."""

    hearing: dict["LocalBus", tuple[asyncio.AbstractEventLoop, frozenset[str], Hear]] = {}
    lock = threading.Lock()

    async def start(self, channels: Sequence[str], hear: Hear) -> None:
        """Hear what is told in this process."""
        with self.lock:
            self.hearing[self] = (asyncio.get_running_loop(), frozenset(channels), hear)

    def tell(self, channel: str, message: bytes) -> None:
        """Tell the others of this process, and ourselves."""
        _tell_here(channel, message)

    def again(self) -> None:
        """Do nothing: there is no connection."""

    async def close(self) -> None:
        """Hear nothing more."""
        with self.lock:
            self.hearing.pop(self, None)


def _tell_here(channel: str, message: bytes) -> None:
    with LocalBus.lock:
        listeners = list(LocalBus.hearing.values())
    for loop, channels, hear in listeners:
        if channel in channels:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                loop.call_soon_threadsafe(hear, message)


class RedisBus:
    """Reaches every process that has the same Redis."""

    def __init__(self, url: str | None = None) -> None:
        self.connections = ConnectionPool.from_url(url or settings.REDIS_URL)
        # After the address, so that a time-out in it does not count.
        self.connections.connection_kwargs.update(LISTENING)
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._size = 0
        self._sent = asyncio.Event()
        self._wake = asyncio.Event()
        self._listening = asyncio.Event()
        self._tried = asyncio.Event()
        self._living: asyncio.Task[None] | None = None

    async def start(self, channels: Sequence[str], hear: Hear) -> None:
        """Listen from now on; come back when that has begun, or has failed for the first time."""
        self._living = asyncio.create_task(self._live(tuple(channels), hear))
        await self._tried.wait()

    def tell(self, channel: str, message: bytes) -> None:
        """Send a message with the next turn of the loop; without a connection it is lost."""
        if not self._listening.is_set() or self._size + len(message) > MOST_WAITING:
            return
        self._waiting.append((channel, message))
        self._size += len(message)
        self._wake.set()

    def again(self) -> None:
        """Connect anew: nothing arrives any more."""
        if self._listening.is_set():
            self._listening.clear()
            self._wake.set()

    async def close(self) -> None:
        """Send what waits, for a second at most, and end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_CLOSE):
                while self._waiting and self._listening.is_set():
                    self._sent.clear()
                    await self._sent.wait()
        if self._living is not None:
            self._living.cancel()
            await asyncio.gather(self._living, return_exceptions=True)

    async def _live(self, channels: Sequence[str], hear: Hear) -> None:
        """Connect again and again."""
        shortest, longest = SECONDS_BEFORE_AGAIN
        pause, warned = shortest, False
        while True:
            try:
                await self._connected(channels, hear)
            except (redis.RedisError, OSError, TimeoutError) as error:
                if not warned:
                    logger.warning("Redis does not answer, boards are compared every second: %s", error)
            if self._listening.is_set():
                pause, warned = shortest, False
            else:
                warned = True
            self._listening.clear()
            self._tried.set()
            self._waiting.clear()
            self._size = 0
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, longest)

    async def _connected(self, channels: Sequence[str], hear: Hear) -> None:
        """Listen and tell until either ends; both are closed then."""
        ear, mouth = self.connections.make_connection(), self.connections.make_connection()
        tasks: list[asyncio.Task[None]] = []
        try:
            async with asyncio.timeout(2 * SECONDS_TO_CONNECT):
                await ear.connect()
                await ear.send_command("SUBSCRIBE", *channels)
                for _ in channels:
                    await ear.read_response(disable_decoding=True)
                await mouth.connect()
                await mouth.send_command("CLIENT", "REPLY", "OFF")
            self._listening.set()
            self._tried.set()
            tasks = [asyncio.create_task(self._hear(ear, hear)), asyncio.create_task(self._speak(mouth))]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for connection in (ear, mouth):
                with contextlib.suppress(Exception):
                    await connection.disconnect(nowait=True)

    async def _hear(self, ear: AbstractConnection, hear: Hear) -> None:
        while True:
            said: Any = await ear.read_response(disable_decoding=True)
            if said[0] == b"message":
                try:
                    hear(said[2])
                except Exception:
                    logger.exception("a wake-up could not be understood")

    async def _speak(self, mouth: AbstractConnection) -> None:
        while self._listening.is_set():
            while self._waiting:
                packed: list[bytes] = []
                while self._waiting:
                    packed += mouth.pack_command("PUBLISH", *self._waiting.popleft())
                self._size = 0
                async with asyncio.timeout(SECONDS_TO_SEND):
                    await mouth.send_packed_command(packed, check_health=False)
            self._sent.set()
            self._wake.clear()
            await self._wake.wait()
