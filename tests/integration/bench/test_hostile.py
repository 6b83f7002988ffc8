"""Hostile frames against a real server, short; the known bombs are all there."""

import random
from itertools import islice

import pytest

from bench import mutations, page_rules
from bench.acts import Person
from bench.board_page import Door, Page
from bench.hostile import Siege
from bench.server import House, Web
from whiteboard import gate_reader, protocol
from whiteboard.gate_doc import BoardDoc

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places(home: House, transactional_db: None) -> list:
    return home.rooms(2, 4)


async def test_a_room_under_fire_goes_on_and_hears_nothing_bad(web: Web, places):
    report = await Siege(web, *places, seed=3).run(frames=600, strangers=8, calm=0.1)
    assert report.problems == []
    assert report.sent >= 600 + len(mutations.bombs())
    assert report.heard > 0
    assert {4422} <= set(report.closes)


def test_the_same_seed_fires_the_same_frames():
    first, again = (list(islice(mutations.frames(4, [b"\x00\x02\x02\x00\x00"]), 400)) for _ in range(2))
    assert first == again


def test_what_the_gate_keeps_of_nonsense_could_be_shown():
    dice, board = random.Random(11), BoardDoc(None, [])
    kept = 0
    for _ in range(600):
        verdict = board.try_all([(mutations.nonsense(dice), "")])[0]
        kept += verdict.store is not None
    assert kept > 20
    view = board.view()
    assert [fault for name, one in view["elements"].items() for fault in page_rules.faults(name, one)] == []
    assert list(page_rules.faults_of_notes(view["notes"])) == []


def test_the_short_way_to_read_an_edit_agrees_with_the_long_one():
    person = Person(Page(Door(str), name="ana", client=300), random.Random(1), writes_notes=True)
    for _ in range(60):
        person.act()
    honest = [edit.update for edit in person.page.edits]
    assert sum(gate_reader._read_one_step(data) is not None for data in honest) > 20
    dice = random.Random(2)
    for _ in range(4_000):
        data = mutations.mutated(dice.choice(honest), honest, dice)
        found = _read(gate_reader._read_one_step, data)
        if found is not None:
            assert found == _read(gate_reader._read_any_outline, data), data


def _read(reader, data: bytes):
    try:
        found = reader(data)
    except protocol.BadMessageError:
        return "refused"
    return found and (found.adds, found.needs, found.deletes, found.skips, set(found.cuts), found.halves)
