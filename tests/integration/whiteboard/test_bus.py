"""What processes tell each other, over a real Redis that may go away and come back."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings as site

from tests.integration.whiteboard.people import until
from whiteboard import bus, wakeups
from whiteboard.bus import LocalBus, RedisBus
from whiteboard.wakeups import News, Wakeups


class Way:
    """The way to Redis, which can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port, self.is_open = host, port, True
        self.through: set[asyncio.StreamWriter] = set()

    async def start(self) -> str:
        self.server = await asyncio.start_server(self.pass_on, "127.0.0.1", 0)
        return f"127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.is_open:
            writer.close()
            return
        there, back = await asyncio.open_connection(self.host, self.port)
        self.through |= {writer, back}

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while data := await source.read(65536):
                    sink.write(data)
            sink.close()

        await asyncio.gather(pump(reader, back), pump(there, writer))

    def cut(self) -> None:
        for writer in self.through:
            writer.transport.abort()
        self.through.clear()


@pytest.fixture
async def way() -> AsyncIterator[tuple[Way, str]]:
    if not os.environ.get("REDIS_URL"):
        pytest.fail("This needs REDIS_URL; `./run test` sets it.")
    parts = urlsplit(os.environ["REDIS_URL"])
    found = Way(parts.hostname or "127.0.0.1", parts.port or 6379)
    at = await found.start()
    user = parts.netloc.rpartition("@")[0]
    yield found, parts._replace(netloc=f"{user}@{at}" if user else at).geturl()
    found.cut()
    found.server.close()


@pytest.fixture
async def buses(way: tuple[Way, str]) -> AsyncIterator[Callable[[], RedisBus]]:
    made: list[RedisBus] = []

    def make() -> RedisBus:
        made.append(RedisBus(way[1]))
        return made[-1]

    yield make
    await asyncio.gather(*(each.close() for each in made))


async def told(one: RedisBus, channel: str, heard: list[bytes], message: bytes) -> None:
    """Tell until it is heard: a single message may be lost."""
    for _ in range(200):
        one.tell(channel, message)
        with contextlib.suppress(TimeoutError):
            await until(lambda: message in heard, 0.1)
            return
    raise AssertionError("nothing was heard")


async def test_what_one_process_tells_the_other_hears_as_it_was(buses: Callable[[], RedisBus]) -> None:
    one, other, heard, channel = buses(), buses(), [], uuid4().hex
    await one.start([uuid4().hex], lambda message: None)
    await other.start([uuid4().hex, channel], heard.append)
    messages = [bytes(range(256)) * 1000, b"", b"\r\n$5\r\n"]
    for message in messages:
        one.tell(channel, message)
    await until(lambda: len(heard) == 3, 10)
    assert heard == messages


async def test_after_redis_was_away_they_hear_each_other_again(
    way: tuple[Way, str], buses: Callable[[], RedisBus]
) -> None:
    one, other, heard, channel = buses(), buses(), [], uuid4().hex
    await one.start([uuid4().hex], lambda message: None)
    await other.start([channel], heard.append)
    await told(one, channel, heard, b"before")
    way[0].is_open = False
    way[0].cut()
    await until(lambda: not one._listening.is_set() and not other._listening.is_set(), 10)
    one.tell(channel, b"lost")  # nobody waits for it
    way[0].is_open = True
    await told(one, channel, heard, b"after")
    assert b"lost" not in heard


async def test_a_connection_that_fell_silent_is_made_anew(
    way: tuple[Way, str], buses: Callable[[], RedisBus]
) -> None:
    one, heard, channel = buses(), [], uuid4().hex
    await one.start([channel], heard.append)
    before = set(way[0].through)
    one.again()
    await told(one, channel, heard, b"hello")
    assert way[0].through - before


async def test_a_process_starts_without_redis() -> None:
    alone = RedisBus("redis://127.0.0.1:1/0")
    await alone.start([uuid4().hex], lambda message: None)
    alone.tell("anybody", b"hello")
    await alone.close()


def test_a_connection_that_listens_has_no_time_out_whatever_the_address_says() -> None:
    connection = RedisBus("redis://127.0.0.1:1/0?socket_timeout=60").connections.make_connection()
    assert connection.socket_timeout is None
    assert connection.socket_connect_timeout == bus.SECONDS_TO_CONNECT
    assert connection.health_check_interval == 0


async def test_more_than_waits_is_lost(
    buses: Callable[[], RedisBus], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, heard, channel = buses(), [], uuid4().hex
    await one.start([channel], heard.append)
    monkeypatch.setattr(bus, "MOST_WAITING", 10)
    one.tell(channel, b"x" * 11)
    one.tell(channel, b"short")
    await until(lambda: heard == [b"short"], 10)


async def test_in_one_process_ordinary_code_reaches_the_hub_from_a_thread() -> None:
    assert site.BOARD_BUS == "whiteboard.bus.LocalBus"
    local, heard = LocalBus(), []
    await local.start(["boards"], heard.append)
    await asyncio.to_thread(bus.tell, "boards", b"hello")
    await asyncio.to_thread(bus.tell, "others", b"hello")
    await until(lambda: heard == [b"hello"], 10)
    await local.close()
    bus.tell("boards", b"nobody there")


async def test_news_goes_to_those_who_have_the_board_open_and_to_nobody_else() -> None:
    first, second, third = (uuid4().hex for _ in range(3))
    open_at = {"ana": [first, second], "ben": [first], "carla": [third], "dora": []}
    heard: dict[str, list[dict]] = {name: [] for name in open_at}
    here = {name: Wakeups(heard[name].append, lambda rooms=rooms: rooms) for name, rooms in open_at.items()}
    for one in here.values():
        await one.start()
        one.here(asks=True)
    await until(lambda: here["ana"].shared(first) and here["ben"].shared(first), 10)
    assert not here["ana"].shared(second)
    news = News(
        heads={first: 7, second: 9},
        rows={first: (6, [b"six", b""]), second: (9, [b"nine"])},
        states={first: b"pointers"},
    )
    here["ana"].news(news)
    await until(lambda: any(message["type"] == "boards.news" for message in heard["ben"]), 10)
    [message] = [message for message in heard["ben"] if message["type"] == "boards.news"]
    assert message == {
        "type": "boards.news", "from": here["ana"].name, "heads": {first: 7},
        "rows": {first: (6, [b"six", b""])}, "states": {first: b"pointers"},
    }  # fmt: skip
    await here["ben"].close()
    await until(lambda: not here["ana"].shared(first), 10)
    for name in ("ana", "carla", "dora"):
        assert not [message for message in heard[name] if message["type"] == "boards.news"]
        await here[name].close()


async def test_who_does_not_hear_themselves_connects_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whiteboard.wakeups.SECONDS_BETWEEN_HERE", 0.01)
    again = asyncio.Event()
    deaf = Wakeups(lambda message: None, lambda: [uuid4().hex])
    monkeypatch.setattr(deaf._bus, "tell", lambda channel, message: None)
    monkeypatch.setattr(deaf._bus, "again", again.set)
    await deaf.start()
    async with asyncio.timeout(10):
        await again.wait()
    await deaf.close()


def test_ordinary_code_reaches_redis_and_does_not_wait_for_one_that_is_away(settings) -> None:
    settings.BOARD_BUS = "whiteboard.bus.RedisBus"
    settings.REDIS_URL = os.environ["REDIS_URL"]
    bus._blocking.cache_clear()
    bus.tell(uuid4().hex, b"hello")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    bus._blocking.cache_clear()
    wakeups.boards_replaced()  # a warning in the log, and no error
    bus._blocking.cache_clear()
