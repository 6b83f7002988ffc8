import asyncio
from typing import Any

import pytest

from whiteboard import outlet
from whiteboard.outlet import DirectOutlet, Outlet, Parcel, framed
from whiteboard.protocol import Close


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (5, b"\x82\x05"),
        (125, b"\x82\x7d"),
        (126, b"\x82\x7e\x00\x7e"),
        (65536, b"\x82\x7f" + (65536).to_bytes(8, "big")),
    ],
)
def test_a_message_is_framed_as_the_standard_says(size: int, head: bytes) -> None:
    assert framed(b"x" * size) == head + b"x" * size


class Transport:
    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.waiting = 0
        self.aborted = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def abort(self) -> None:
        self.aborted = True


class Protocol:
    """What uvicorn's websocket protocol shows of itself."""

    def __init__(self) -> None:
        self.transport = Transport()
        self.writable = asyncio.Event()
        self.writable.set()
        self.close_sent = self.disconnected = False

    async def send(self, message: dict[str, Any]) -> None:
        await self.writable.wait()


async def test_parcels_are_framed_once_for_everybody() -> None:
    protocol, parcel = Protocol(), Parcel([b"ab", b"c"])
    for _ in range(3):
        DirectOutlet(protocol.send, lambda: None, protocol).put(parcel)
    assert protocol.transport.written == [b"\x82\x02ab\x82\x01c"] * 3
    assert len({id(data) for data in protocol.transport.written}) == 1


async def test_a_browser_that_reads_nothing_for_ten_seconds_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    protocol, slow = Protocol(), []
    out = DirectOutlet(protocol.send, lambda: slow.append(True), protocol)
    protocol.writable.clear()
    out.put(Parcel([b"a"]))
    out.look()
    assert not slow
    monkeypatch.setattr(outlet, "SECONDS_TO_READ", -1.0)
    out.look()
    assert slow
    out.put(Parcel([b"b"]))
    assert protocol.transport.written == [b"\x82\x01a"]


async def test_a_browser_that_catches_up_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    protocol, slow = Protocol(), []
    out = DirectOutlet(protocol.send, lambda: slow.append(True), protocol)
    protocol.writable.clear()
    out.look()
    protocol.writable.set()
    out.look()
    monkeypatch.setattr(outlet, "SECONDS_TO_READ", -1.0)
    protocol.writable.clear()
    out.look()
    assert not slow


async def test_what_waits_for_one_browser_is_bounded() -> None:
    protocol, slow = Protocol(), []
    out = DirectOutlet(protocol.send, lambda: slow.append(True), protocol)
    protocol.writable.clear()
    protocol.transport.waiting = outlet.MOST_WAITING + 1
    out.put(Parcel([b"a"]))
    assert slow
    assert protocol.transport.written == []


async def test_closing_a_browser_that_reads_nothing_drops_the_connection() -> None:
    protocol = Protocol()
    protocol.writable.clear()
    await DirectOutlet(protocol.send, lambda: None, protocol).close(Close.SLOW_READER)
    assert protocol.transport.aborted
    assert protocol.transport.written == [b"\x88\x02\x03\xf5"]


async def test_through_asgi_a_slow_reader_holds_up_nobody_and_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outlet, "SECONDS_TO_READ", 0.05)
    slow: list[bool] = []
    stuck = asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        await stuck.wait()

    out = Outlet(send, lambda: slow.append(True))
    out.put(Parcel([b"a", b"b"]))
    assert not slow
    async with asyncio.timeout(10):
        while not slow:
            await asyncio.sleep(0.01)


async def test_messages_leave_in_order_through_asgi() -> None:
    sent: list[bytes] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["bytes"])

    out = Outlet(send, lambda: None)
    out.put(Parcel([b"a", b"b"]))
    out.put(Parcel([b"c"]))
    await asyncio.sleep(0.01)
    assert sent == [b"a", b"b", b"c"]
