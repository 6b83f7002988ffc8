"""The short way in: frames in any pieces, and everything that is not a plain binary message."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode

from whiteboard.wire import Wire, wire_of

HEAD = (
    b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
LARGEST = 5000


def frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


def binary(data: bytes) -> bytes:
    return frame(Opcode.BINARY, data)


class Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.reading = True
        self.closing = self.aborted = False

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = self.aborted = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    @property
    def answer(self) -> bytes:
        return self.written.partition(b"\r\n\r\n")[2]


class Visit:
    """One socket, and what was heard on it."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.others: list[int] = []
        self.ended: dict[str, Any] | None = None
        self.there = asyncio.Event()
        config = Config(self.app, ws_max_size=LARGEST, ws_per_message_deflate=False, interface="asgi3")
        config.load()
        self.transport = Transport()
        self.wire = Wire(config, ServerState(), {}, asyncio.get_running_loop())
        self.wire.connection_made(self.transport)
        self.wire.data_received(HEAD)

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        self.send = send
        wire = wire_of(scope)
        assert wire is not None
        wire.listen(self)
        await send({"type": "websocket.accept"})
        self.there.set()
        self.ended = await receive()

    def heard(self, message: bytes) -> None:
        self.messages.append(message)

    def heard_other(self, size: int) -> None:
        self.others.append(size)


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    one = Visit()
    async with asyncio.timeout(10):
        await one.there.wait()
    yield one
    one.wire.connection_lost(None)
    await asyncio.gather(*one.wire.tasks)


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 100_000])
async def test_messages_come_whole_however_they_are_cut(visit: Visit, step: int) -> None:
    messages = [b"", b"a", os.urandom(125), os.urandom(126), os.urandom(4000), b"z"]
    stream = b"".join(map(binary, messages))
    visit.wire.resume()
    for at in range(0, len(stream), step):
        visit.wire.data_received(stream[at : at + step])
    assert visit.messages == messages
    assert visit.others == []


async def test_nothing_is_heard_while_it_is_held(visit: Visit) -> None:
    visit.wire.data_received(binary(b"early") + binary(b"bird"))
    assert not visit.transport.reading
    assert visit.messages == []
    visit.wire.resume()
    assert visit.transport.reading
    assert visit.messages == [b"early", b"bird"]


async def test_a_listener_that_holds_gets_the_rest_later(visit: Visit) -> None:
    def hold_at_the_second(message: bytes) -> None:
        visit.messages.append(message)
        if len(visit.messages) == 2:
            visit.wire.hold()

    visit.heard = hold_at_the_second  # type: ignore[method-assign]
    visit.wire.resume()
    visit.wire.data_received(b"".join(binary(bytes((number,))) for number in range(4)) + binary(b"cut")[:-1])
    assert visit.messages == [b"\0", b"\1"]
    visit.wire.data_received(binary(b"cut")[-1:])
    visit.wire.resume()
    assert visit.messages[2:4] == [b"\2", b"\3"]
    assert len(visit.messages) == 5


async def test_pieces_pings_and_words_go_uvicorns_way_and_are_counted(visit: Visit) -> None:
    visit.wire.resume()
    visit.wire.data_received(
        frame(Opcode.BINARY, b"one ", fin=False)
        + frame(Opcode.PING, b"?")
        + frame(Opcode.CONT, b"message")
        + frame(Opcode.TEXT, b"words")
        + binary(b"another")
    )
    assert visit.messages == [b"one message", b"another"]
    assert visit.others == [0, 1, 0, 5]  # what is heard whole is counted then
    assert Frame(Opcode.PONG, b"?").serialize(mask=False) in visit.transport.answer


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x82\xfe" + (LARGEST + 1).to_bytes(2, "big") + b"mask" + b"x" * 10, 1009),
        (b"\x82\xff" + (2**62).to_bytes(8, "big") + b"mask", 1009),
        (Frame(Opcode.BINARY, b"not masked").serialize(mask=False), 1002),
        (b"\xc2\x81mask1", 1002),
        (frame(Opcode.CONT, b"of nothing"), 1002),
        (frame(Opcode.BINARY, b"begun", fin=False) + binary(b"and another"), 1002),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "sent",  # masks are random
)
async def test_what_is_no_message_ends_the_socket(visit: Visit, sent: bytes, code: int) -> None:
    visit.wire.resume()
    visit.wire.data_received(binary(b"before") + sent + binary(b"after"))
    assert visit.messages == [b"before"]
    assert visit.transport.answer[2:4] == code.to_bytes(2, "big")
    assert visit.transport.closing


async def test_the_browsers_close_is_answered(visit: Visit) -> None:
    visit.wire.resume()
    visit.wire.data_received(binary(b"bye") + frame(Opcode.CLOSE, (1001).to_bytes(2, "big")))
    await asyncio.gather(*visit.wire.tasks)
    assert visit.messages == [b"bye"]
    assert visit.ended is not None
    assert visit.ended["code"] == 1001
    assert visit.transport.answer == b"\x88\x02" + (1001).to_bytes(2, "big")


async def test_after_our_close_nothing_is_heard_but_the_browsers(visit: Visit) -> None:
    visit.wire.resume()
    visit.wire.data_received(binary(b"half")[:-2])
    await visit.send({"type": "websocket.close", "code": 4403})
    visit.wire.data_received(binary(b"half")[-2:] + binary(b"more"))
    assert visit.messages == []
    assert not visit.transport.closing
    visit.wire.data_received(frame(Opcode.CLOSE, (4403).to_bytes(2, "big")))
    assert visit.transport.closing


async def test_a_browser_that_takes_too_little_is_known_to_be_behind(visit: Visit) -> None:
    visit.wire.pause_writing()
    assert visit.wire.is_behind
    visit.wire.resume_writing()
    assert not visit.wire.is_behind
