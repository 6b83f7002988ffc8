import asyncio
import socket
from collections.abc import Iterator

import pytest

from whiteboard.intake import MOST_AT_ONCE, Intake


class End:
    """One end of a socket pair, read by an intake."""

    def __init__(self) -> None:
        self.far, self.near = socket.socketpair()
        self.near.setblocking(False)
        self.come = b""
        self.given_back = 0

    def fileno(self) -> int:
        return self.near.fileno()

    def data_received(self, data: bytes) -> None:
        if data == b"bad":
            raise ValueError(data)
        self.come += data

    def give_back(self) -> None:
        self.given_back += 1


@pytest.fixture
def ends() -> Iterator[tuple[End, End]]:
    pair = End(), End()
    yield pair
    for end in pair:
        end.far.close()
        end.near.close()


def test_all_sockets_that_have_something_are_read_at_once(ends: tuple[End, End]) -> None:
    intake = Intake()
    for end in ends:
        intake.add(end)
    assert intake.read() == 0
    ends[0].far.send(b"a")
    ends[1].far.send(b"b")
    ends[1].far.send(b"c")
    assert intake.read() == 2
    assert [end.come for end in ends] == [b"a", b"bc"]
    intake.remove(ends[0])
    ends[0].far.send(b"later")
    assert intake.read() == 0


def test_who_sends_a_lot_is_read_a_part_at_a_time(ends: tuple[End, End]) -> None:
    intake, (one, _) = Intake(), ends
    one.far.setblocking(False)
    sent = one.far.send(b"x" * MOST_AT_ONCE * 2)
    intake.add(one)
    intake.read()
    assert len(one.come) == min(MOST_AT_ONCE, sent)


def test_an_end_and_a_failure_are_the_transports_business(ends: tuple[End, End]) -> None:
    intake = Intake()
    for end in ends:
        intake.add(end)
    ends[0].far.close()
    ends[1].far.send(b"bad")
    intake.read()
    assert [end.given_back for end in ends] == [1, 1]


def test_a_socket_that_has_closed_can_be_removed(ends: tuple[End, End]) -> None:
    intake, (one, _) = Intake(), ends
    intake.add(one)
    one.near.close()
    intake.remove(one)
    assert intake.read() == 0


async def test_it_can_be_waited_for(ends: tuple[End, End]) -> None:
    intake, (one, _) = Intake(), ends
    intake.add(one)
    woken = asyncio.Event()
    intake.watch(woken.set)
    one.far.send(b"a")
    async with asyncio.timeout(10):
        await woken.wait()
    assert intake.read() == 1
    woken.clear()
    one.far.send(b"b")  # nobody watches now
    await asyncio.sleep(0)
    assert not woken.is_set()
    intake.close()
    assert one.given_back == 1
