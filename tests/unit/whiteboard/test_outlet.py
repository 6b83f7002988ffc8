import asyncio
from typing import Any

import pytest

from whiteboard import outlet
from whiteboard.outlet import DirectOutlet, Outlet, framed, unframed
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


def test_frames_come_apart_again() -> None:
    messages = [b"", b"a" * 125, b"b" * 126, b"c" * 65536, b"d"]
    assert list(unframed(b"".join(map(framed, messages)))) == messages


class Transport:
    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)


class StandInWire:
    """What an outlet uses of a wire."""

    def __init__(self) -> None:
        self.transport = Transport()
        self.is_behind = self.close_sent = self.disconnected = False
        self.waiting = 0
        self.acts: list[str] = []
        self.never = asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
        if self.is_behind:
            await self.never.wait()
        self.acts.append(f"close {message['code']}")

    def hold(self) -> None:
        self.acts.append("hold")

    def resume(self) -> None:
        self.acts.append("resume")

    def cut(self) -> None:
        self.acts.append("cut")

    def abort(self, code: int) -> None:
        self.acts.append(f"abort {code}")


def direct(wire: Any, slow: list[bool]) -> DirectOutlet:
    return DirectOutlet(wire.send, lambda: slow.append(True), wire)


async def test_frames_are_handed_over_as_they_are() -> None:
    wire = StandInWire()
    frames = framed(b"ab") + framed(b"c")
    for _ in range(3):
        direct(wire, []).put(frames, b"")
    assert len({id(data) for data in wire.transport.written}) == 1
    wire.close_sent = True
    direct(wire, []).put(frames)
    assert len(wire.transport.written) == 3


async def test_who_is_behind_is_sent_no_pointers() -> None:
    wire = StandInWire()
    wire.is_behind = True
    direct(wire, []).put(b"edits and pointers", b"edits")
    assert wire.transport.written == [b"edits"]


async def test_a_browser_that_reads_nothing_for_ten_seconds_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire, slow = StandInWire(), []
    out = direct(wire, slow)
    wire.is_behind = True
    out.put(b"a")
    out.look()
    assert not slow
    monkeypatch.setattr(outlet, "SECONDS_TO_READ", -1.0)
    out.look()
    out.look()
    assert slow == [True]
    out.put(b"b")
    assert wire.transport.written == [b"a"]


async def test_a_browser_that_catches_up_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    wire, slow = StandInWire(), []
    out = direct(wire, slow)
    wire.is_behind = True
    out.look()
    wire.is_behind = False
    out.look()
    monkeypatch.setattr(outlet, "SECONDS_TO_READ", -1.0)
    wire.is_behind = True
    out.look()
    assert not slow


async def test_what_waits_for_one_browser_is_bounded() -> None:
    wire, slow = StandInWire(), []
    wire.is_behind, wire.waiting = True, outlet.MOST_WAITING + 1
    direct(wire, slow).put(b"a")
    assert slow
    assert wire.transport.written == []


async def test_a_browser_that_reads_nothing_loses_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet, "SECONDS_TO_CLOSE", 0.01)
    wire = StandInWire()
    wire.is_behind = True
    await direct(wire, []).close(Close.SLOW_READER)
    assert wire.acts == ["hold", "abort 1013"]


async def test_a_flood_is_not_read_to_its_end() -> None:
    wire = StandInWire()
    await direct(wire, []).close(Close.TOO_FAST)
    assert wire.acts == ["hold", "close 4429", "cut"]


async def test_others_are_heard_until_they_have_closed_too() -> None:
    wire = StandInWire()
    await direct(wire, []).close(Close.MAY_NOT)
    assert wire.acts == ["close 4403", "resume"]


async def test_through_asgi_a_slow_reader_holds_up_nobody_and_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outlet, "SECONDS_TO_READ", 0.05)
    slow: list[bool] = []
    stuck = asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        await stuck.wait()

    out = Outlet(send, lambda: slow.append(True))
    out.put(framed(b"a") + framed(b"b"))
    assert not slow
    async with asyncio.timeout(10):
        while not slow:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_messages_leave_in_order_through_asgi() -> None:
    sent: list[bytes] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["bytes"])

    out = Outlet(send, lambda: None)
    out.put(framed(b"a") + framed(b"b"))
    out.put(framed(b"c"))
    async with asyncio.timeout(10):
        while len(sent) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert sent == [b"a", b"b", b"c"]
