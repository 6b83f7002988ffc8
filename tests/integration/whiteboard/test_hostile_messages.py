"""What strangers may send: the process lives, nothing bad reaches anybody, whoever sent it starts afresh."""

import asyncio
import random
import struct

import pytest
from pycrdt import Array, Doc, Map, Text

from tests.factories.whiteboard import strokes
from tests.integration.whiteboard.conftest import Visit
from tests.integration.whiteboard.people import in_db
from whiteboard import gate, protocol
from whiteboard.hub import Hub
from whiteboard.models import Board, Update
from whiteboard.protocol import Close, write_varint

pytestmark = pytest.mark.django_db(transaction=True)


def edit(change) -> bytes:
    """Return what `change(elements, notes, doc)` does to an empty board, as one update."""
    doc: Doc = Doc()
    with doc.transaction():
        change(doc.get("elements", type=Map), doc.get("notes", type=Map), doc)
    return doc.get_update()


def nested(depth: int) -> bytes:
    """Return an update whose one value is that many lists deep."""
    value = b"\x75\x01" * depth + b"\x7e"
    return b"\x01\x01\x05\x00\x28\x01\x08elements\x01a\x01" + value + b"\x00"


def place(**more) -> dict:
    return {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0, **more}


BAD = {
    "an iframe": edit(lambda e, n, d: e.__setitem__("a", Map({"type": "iframe", "geom": place()}))),
    "an embed": edit(
        lambda e, n, d: e.__setitem__("a", Map({"type": "embeddable", "link": "https://x.org"}))
    ),
    "points that are words": edit(
        lambda e, n, d: e.__setitem__("a", Map({"geom": place(points=["a", "b"])}))
    ),
    "a place that is no number": edit(
        lambda e, n, d: e.__setitem__("a", Map({"geom": place(x=float("nan"))}))
    ),
    "a place out of this world": edit(lambda e, n, d: e.__setitem__("a", Map({"geom": place(x=1e12)}))),
    "a script as link": edit(lambda e, n, d: e.__setitem__("a", Map({"link": "javascript:alert(1)"}))),
    "a link in capitals": edit(
        lambda e, n, d: e.__setitem__("a", Map({"link": "JaVaScRiPt://x/%0aalert(1)"}))
    ),
    "an unknown field": edit(lambda e, n, d: e.__setitem__("a", Map({"innerHTML": "<script>"}))),
    "an element that is a word": edit(lambda e, n, d: e.__setitem__("a", "rectangle")),
    "an element that is a list": edit(lambda e, n, d: e.__setitem__("a", Array([1]))),
    "a part inside a part": edit(lambda e, n, d: e.__setitem__("a", Map({"geom": Map({"x": 1})}))),
    "another root": edit(lambda e, n, d: d.get("secrets", type=Map).__setitem__("a", 1)),
    "notes that are a map": edit(lambda e, n, d: n.__setitem__("scope", Map({"a": 1}))),
    "notes without end": edit(lambda e, n, d: n.__setitem__("scope", Text("x" * 60_000))),
    "large custom data": edit(lambda e, n, d: e.__setitem__("a", Map({"customData": {"a": "x" * 5000}}))),
    "too many points": edit(lambda e, n, d: e.__setitem__("a", Map({"geom": place(points=[[1, 2]] * 5001)}))),
    "a billion clients": b"\x80\x94\xeb\xdc\x03",
    "a billion steps": b"\x01\x80\x94\xeb\xdc\x03\x05\x00",
    "a text without end": b"\x01\x01\x05\x00\x04\x01\x05notes\xff\xff\xff\xff\x0fa",
    "a clock at its end": b"\x01\x01\x05\x00\x00" + write_varint(2**53 - 1) + b"\x00",
    "lists in lists": nested(100),
    "26,000 lists in lists": nested(26_000),
    "a number cut off": b"\x01\x01\x05\x00\x28\x01\x08elements\x01a\x01\x7b\x00\x00",
    "an infinite number": b"\x01\x01\x05\x00\x28\x01\x08elements\x01a\x01\x7b"
    + struct.pack(">d", float("inf"))
    + b"\0",
    "nothing at all": b"",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
async def test_a_bad_edit_is_refused_and_shown_to_nobody(visit: Visit, board: Board, data: bytes) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    before = len(ben.received)
    ana.put(protocol.update(data))
    assert await ana.ended() == Close.BAD_UPDATE
    assert ana.rejected.endswith(".")
    ben.draw("b")
    await ben.saved()
    updates = [one for one in ben.received[before:] if one[:2] == b"\x00\x02"]
    assert updates == []
    assert await in_db(Update.objects.filter(board=board).count) == 1


async def test_a_bad_edit_among_good_ones_costs_only_its_sender(visit: Visit, board: Board) -> None:
    ana, ben = await visit(board, "ana"), await visit(board, "ben")
    for step in range(5):
        ben.draw("b", step)
    ana.put(protocol.update(BAD["an iframe"]))
    for step in range(5, 10):
        ben.draw("b", step)
    await ben.saved()
    assert await ana.ended() == Close.BAD_UPDATE
    carla = await visit(board, "carla")
    assert carla.scene() == ben.scene()


async def test_a_hostile_state_vector_is_refused_without_asking_the_gate(visit: Visit, board: Board) -> None:
    ana = await visit(board, join=False)
    ana.put(protocol.step_1(b"\xff\xff\xff\xff\x0f" + b"\x00" * 4))
    assert await ana.ended() == Close.BAD_UPDATE


def test_thousands_of_mutated_edits_leave_the_gate_alive() -> None:
    dice = random.Random(20261121)
    seeds = [*strokes(4), *BAD.values(), edit(lambda e, n, d: n.__setitem__("scope", Text("héllo wörld")))]
    gate.ask("open", [b"", *strokes(4)], board="fuzz")
    process = gate._blocking._child
    for _ in range(120):
        batch = [mutated(dice.choice(seeds), dice) for _ in range(50)]
        head, _ = gate.ask("check", batch, rooms=[{"board": "fuzz", "marks": [""] * 50}])
        assert len(head["rooms"][0]) == 50
    assert gate._blocking._child is process
    view, _ = gate.ask("view", board="fuzz")
    assert all(fields.get("type", "rectangle") == "rectangle" for fields in view["elements"].values())


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Return bytes with some flipped, cut, doubled or put in."""
    changed = bytearray(data[:4000])
    for _ in range(dice.randint(1, 4)):
        if not changed:
            break
        at = dice.randrange(len(changed))
        how = dice.random()
        if how < 0.5:
            changed[at] = dice.choice([changed[at] ^ (1 << dice.randrange(8)), dice.randrange(256), 0xFF, 0])
        elif how < 0.7:
            del changed[at : at + dice.randint(1, 8)]
        elif how < 0.85:
            changed[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 9)))
        else:
            changed[at:at] = changed[at : at + 12]
    return bytes(changed)


async def test_mutated_messages_reach_nobody_and_end_no_process(visit: Visit, board: Board) -> None:
    dice = random.Random(5)
    ben = await visit(board, "ben")
    ben.draw("b")
    await ben.saved()
    gate_before = (await Hub.here()).ledger.gate.generation
    whole = [protocol.update(one) for one in [*strokes(3), *list(BAD.values())[:8]]] + [
        protocol.step_1(b"\x00")
    ]
    for _ in range(60):
        mallory = await visit(board, "mallory", join=False)
        for _ in range(20):
            mallory.put(mutated(dice.choice(whole), dice))
        await asyncio.sleep(0.002)
    await asyncio.sleep(0.2)
    ben.draw("b", 9)
    await ben.saved()
    assert (await Hub.here()).ledger.gate.generation == gate_before
    kinds = {fields["type"] for fields in ben.elements.to_py().values() if "type" in fields}
    assert kinds <= {"rectangle"}
    assert (await visit(board, "carla")).scene() == ben.scene()


async def test_who_is_refused_again_and_again_has_to_wait_and_nobody_else(visit: Visit, board: Board) -> None:
    ben, patience = await visit(board, "ben"), (await Hub.here()).patience
    ana = await visit(board, "ana")
    ana.put(protocol.update(BAD["an iframe"]))
    assert await ana.ended() == Close.BAD_UPDATE
    for _ in range(310):
        patience.lose(board.pk, "ana")
    assert await (await visit(board, "ana", join=False)).ended() == Close.TOO_FAST
    ben.draw("b")
    await ben.saved()
    assert (await visit(board, "carla")).scene() == ben.scene()
