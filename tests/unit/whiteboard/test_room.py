from typing import Any
from uuid import uuid4

import pytest

from whiteboard import room as rooms
from whiteboard.presence import Person
from whiteboard.protocol import Close
from whiteboard.room import Admission, Right, Room, Seat

BOARD = uuid4()


class Sitting(Seat):
    """A seat whose socket is only noted to be closed."""

    def __init__(self, name: str) -> None:
        async def nowhere(*values: Any) -> None:
            return None

        super().__init__(Admission(BOARD, 1, Right.WRITE, Person(name, name, "candidate")), nowhere, nowhere)
        self.closed: Close | None = None

    def end(self, code: Close, reason: str = "") -> None:
        self.closed = code

    def put(self, *messages: bytes) -> None:
        pass


@pytest.fixture
def room() -> Room:
    return Room(BOARD, 1)


def sit(room: Room, name: str) -> Sitting:
    seat = Sitting(name)
    room.enter(seat)
    return seat


def send(room: Room, seat: Seat, *sizes: int) -> None:
    for size in sizes:
        room.take_edit(seat, bytes(size), b"", repeats=False)


def test_who_piles_up_too_much_is_turned_away_and_nobody_else(room: Room) -> None:
    ana, ben = sit(room, "ana"), sit(room, "ben")
    send(room, ana, *[200_000] * 11)
    assert ana.closed is Close.TOO_FAST
    send(room, ben, 200_000)
    assert ben.closed is None
    assert [edit.seat for edit in room.pending] == [ben], "what a flood brought is not worked off first"
    assert room.pending_size == 200_000


def test_in_a_room_that_is_full_the_one_with_most_goes(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_PENDING", 500_000)
    ana, ben, carla = (sit(room, name) for name in ("ana", "ben", "carla"))
    send(room, ana, 300_000)
    send(room, ben, 150_000)
    send(room, carla, 100_000)
    assert (ana.closed, ben.closed, carla.closed) == (Close.TOO_FAST, None, None)
    assert room.pending_size == 250_000


def test_a_flush_takes_of_everybody_and_not_all_of_one(room: Room) -> None:
    ana, ben = sit(room, "ana"), sit(room, "ben")
    send(room, ana, 60_000, 60_000, 10)
    send(room, ben, 500)
    first = room.take_pending(400)
    assert [(edit.seat, len(edit.data)) for edit in first] == [(ana, 60_000), (ben, 500)]
    second = room.take_pending(400)
    assert [len(edit.data) for edit in second] == [60_000, 10], "in the order they were sent"
    assert room.take_pending(400) == []
    assert (room.pending_size, ana.pending_size, ben.pending_size) == (0, 0, 0)


def test_one_large_edit_is_taken_whole(room: Room) -> None:
    ana = sit(room, "ana")
    send(room, ana, 250_000, 250_000)
    assert [len(edit.data) for edit in room.take_pending(400)] == [250_000]


def test_what_waits_behind_a_gap_is_tried_before_what_came_since(room: Room) -> None:
    ana = sit(room, "ana")
    send(room, ana, 10)
    [edit] = room.take_pending(400)
    room.keep_behind_gap(edit)
    send(room, ana, 20)
    room.retry()
    assert [len(each.data) for each in room.pending] == [10, 20]
    assert room.pending_size == 30


def test_pointers_have_a_pace(room: Room) -> None:
    ana = sit(room, "ana")
    at_once = [room.take_pointer(ana, b"") for _ in range(10)]
    assert at_once == [True] * 4 + [False] * 6


def test_what_waits_of_somebody_who_is_refused_is_dropped(room: Room) -> None:
    bad, good = sit(room, "bad"), sit(room, "good")
    send(room, bad, 100, 200)
    send(room, good, 50)
    room.refuse(bad, "No.")
    assert [edit.seat for edit in room.pending] == [good]
    assert (room.pending_size, bad.pending_size) == (50, 0)


def test_what_somebody_sent_before_they_went_counts_unless_a_lot_waits(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_PENDING_OF_GONE", 1000)
    first, second = sit(room, "first"), sit(room, "second")
    send(room, first, 400)
    room.leave(first)
    assert len(room.pending) == 1
    send(room, second, 400, 400)
    room.leave(second)
    assert [edit.seat for edit in room.pending] == [first]
    assert room.pending_size == 400
