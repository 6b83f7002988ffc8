"""What a load run counts: each thing a person did, once for each other person, in whatever frame it came."""

from collections import Counter

import pytest
from pycrdt import merge_updates

from bench.callers import Caller
from bench.crowd import Book, Crowd, Member, Room
from bench.load import Delays
from bench.tapes import EDITS_PER_SECOND, POINTERS_PER_SECOND, full_board, pointer, tapes
from bench.wire import Address
from whiteboard import protocol
from whiteboard.gate_reader import outline

TYPED, DRAGGED, DRAWN = tapes(1.0)
PREFIX = protocol.write_string("room")


@pytest.fixture
async def reader() -> Member:
    """Somebody in a room who only reads, after everybody has sent all of their edits."""
    crowd = Crowd({"seconds": 1.0, "rooms": [], "measured": 0})
    member = Member(5, Caller(Address(1, "/"), PREFIX), 3, crowd, is_measured=True)
    member.room = Room([member], crowd.recorded)
    for tape in crowd.recorded:
        member.room.edits_sent[tape.client] = [0.0] * len(tape.updates)
    member.room.pointers_sent = {1001: [0.0] * 10}
    crowd.rooms = [member.room]
    return member


def told(update: bytes) -> bytes:
    return PREFIX + protocol.update(update)


def shown(clock: int) -> bytes:
    return PREFIX + protocol.awareness(pointer(1001, clock))


def test_eight_people_send_what_the_design_says():
    assert 8 * POINTERS_PER_SECOND + EDITS_PER_SECOND == 296
    assert 580 < sum(map(len, DRAGGED.updates)) / len(DRAGGED.updates) < 640


def test_what_people_send_is_what_boards_are_made_of():
    for tape in (TYPED, DRAGGED, DRAWN, full_board(400)):
        start = 0
        for update, end in zip(tape.updates, tape.ends, strict=True):
            assert outline(update).adds == [(tape.client, start, end)]
            start = end


def test_an_edit_is_known_by_itself_merged_and_with_part_of_another():
    book = Book((TYPED, DRAGGED))
    assert book.edits_in(DRAGGED.updates[3]) == ((1002, 3, 3),)
    assert book.edits_in(merge_updates(*DRAGGED.updates[3:7])) == ((1002, 3, 6),)
    merged = merge_updates(TYPED.updates[0], *DRAGGED.updates[:2])
    assert sorted(book.edits_in(merged)) == [(1001, 0, 0), (1002, 0, 1)]


def test_others_edits_are_nobody_s():
    assert Book((TYPED,)).edits_in(DRAGGED.updates[0]) == ()


async def test_each_edit_counts_once_for_each_who_gets_it(reader: Member):
    reader.take(told(DRAWN.updates[0]))
    reader.take(told(merge_updates(*DRAWN.updates[:3])))
    assert reader.crowd.tally.edits == 3
    assert len(reader.crowd.tally.edit_delays) == 3


async def test_an_edit_that_comes_late_counts_when_it_comes(reader: Member):
    reader.take(told(DRAWN.updates[0]))
    reader.take(told(DRAWN.updates[2]))
    assert reader.crowd.tally.edits == 2
    before = reader.crowd._missing_now()
    reader.take(told(DRAWN.updates[1]))
    assert reader.crowd.tally.edits == 3
    assert reader.crowd._missing_now() == before - 1


async def test_a_newer_pointer_stands_for_those_it_replaced(reader: Member):
    for clock in (1, 4, 4, 3):
        reader.take(shown(clock))
    assert (reader.crowd.tally.shown, reader.crowd.tally.replaced) == (2, 2)


async def test_one_s_own_pointer_and_edits_sent_back_are_no_deliveries(reader: Member):
    reader.client = 1001
    reader.take(shown(1))
    reader.take(told(TYPED.updates[0]))
    assert (reader.crowd.tally.shown, reader.crowd.tally.edits) == (0, 0)


def test_the_share_of_delays_is_read_off_the_counts():
    delays = Delays(Counter({10: 90, 200: 9})) + Delays(Counter({5000: 1}))
    assert [delays.at(share) for share in (0.5, 0.95, 1.0)] == [1.0, 20.0, 500.0]
    assert Delays(Counter()).at(0.5) == 0.0
