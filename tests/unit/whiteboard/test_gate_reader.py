"""The quick ways of the reader say what the slow ones say, of sound edits and of broken ones."""

import math
import random
import struct
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from whiteboard.gate_doc import BoardDoc
from whiteboard.gate_reader import _read_any_outline, _read_one_step, outline
from whiteboard.gate_rules import LARGEST_COORDINATE
from whiteboard.gate_values import skip_any
from whiteboard.protocol import BadMessageError, read_varint, write_varint


def edits() -> list[bytes]:
    """Return what somebody does who drags, draws and types."""
    doc: Doc = Doc()
    made: list[bytes] = []
    subscription = doc.observe(lambda event: made.append(event.update))
    elements, notes = doc.get("elements", type=Map), doc.get("notes", type=Map)
    elements["a"] = Map({"type": "line", "geom": {"x": 1, "y": 2.5}})
    notes["scope"] = Text("words")
    for step in range(40):
        points = [[n * 1.25, -n * 7] for n in range(step)]
        elements["a"]["geom"] = {"x": step * 1.1, "y": 3, "width": 4e6, "angle": 0.5, "points": points}
        elements["a"]["groupIds"] = ["one", "two"][: step % 3]
        elements["a"]["isDeleted"] = step % 2 == 0
        note = notes["scope"]
        note += "é " if step % 5 == 0 else "word "
        if step % 7 == 0:
            del note[1:3]
    doc.unobserve(subscription)
    return made


def slow(data: bytes) -> Any:
    try:
        return _read_any_outline(data)
    except BadMessageError:
        return None


def quick(data: bytes) -> Any:
    try:
        return _read_one_step(data)
    except BadMessageError:
        return None


def said(found: Any) -> Any:
    return found.adds, found.needs, found.deletes, found.skips, set(found.cuts), found.halves, found.wild


def test_most_edits_are_read_the_quick_way_and_no_differently() -> None:
    made = edits()
    quickly = [data for data in made if quick(data) is not None]
    assert len(quickly) > len(made) * 0.8
    for data in quickly:
        assert said(quick(data)) == said(slow(data))


def test_of_broken_edits_none_is_let_through_the_quick_way_alone() -> None:
    dice = random.Random(5)
    made = edits()
    for _ in range(20_000):
        data = bytearray(dice.choice(made))
        for _ in range(dice.choice([1, 1, 2, 4])):
            place = dice.randrange(len(data))
            data[place : place + dice.choice([0, 1, 1, 1, 2])] = dice.randbytes(dice.choice([0, 1, 1, 1, 3]))
        found = quick(bytes(data))
        if found is not None:
            by_the_book = slow(bytes(data))
            assert by_the_book is not None, bytes(data)
            assert said(found) == said(by_the_book), bytes(data)


def read(data: bytes, at: int) -> tuple[Any, int]:
    """Return a lib0 value and its end, as plainly as can be; any error: it is none."""
    kind = data[at]
    at += 1
    if kind == 0x7D:
        value, sign = data[at] & 0x3F, -1 if data[at] & 0x40 else 1
        shift = 6
        while data[at] & 0x80:
            at += 1
            value |= (data[at] & 0x7F) << shift
            shift += 7
        return sign * value, at + 1
    if kind == 0x7B:
        return struct.unpack_from(">d", data, at)[0], at + 8
    if kind == 0x7C:
        return struct.unpack_from(">f", data, at)[0], at + 4
    if kind == 0x77:
        size, at = read_varint(data, at)
        assert at + size <= len(data)
        return data[at : at + size].decode(), at + size
    if kind == 0x75:
        count, at = read_varint(data, at)
        items = []
        for _ in range(count):
            item, at = read(data, at)
            items.append(item)
        return items, at
    if kind == 0x76:
        count, at = read_varint(data, at)
        fields = []
        for _ in range(count):
            size, at = read_varint(data, at)
            name, at = data[at : at + size].decode(), at + size
            value, at = read(data, at)
            fields.append((name, value))
        return fields, at
    assert kind in (0x7F, 0x7E, 0x79, 0x78)
    return None, at


def is_points(value: Any) -> bool:
    return all(
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(part, int | float) and abs(part) <= LARGEST_COORDINATE for part in point)
        for point in value
    )


def number(dice: random.Random) -> bytes:
    if dice.random() < 0.4:
        size = dice.choice([1.5, -300.25, 8388607.9, 8388608.0, 1e7, 1e300, math.inf, math.nan, 0.0, 5e-324])
        return b"\x7b" + struct.pack(">d", size)
    if dice.random() < 0.5:
        return b"\x7c" + struct.pack(">f", dice.choice([1.5, -300.25, 8388608.0, 3e38, math.inf, 0.0]))
    return b"\x7d" + dice.choice([b"\x05", b"\x85\x01", b"\xff\xff\x7f", b"\xff\xff\xff\x01", b"\xff"])


def a_value(dice: random.Random, depth: int = 3) -> bytes:
    what = dice.random()
    if depth and what < 0.35:
        count = dice.choice([0, 1, 2, 3, 5, 26, 33])
        wrong = dice.random() < 0.1
        point = [b"\x75" + dice.choice([b"\x02"] * 9 + [b"\x03"]) + number(dice) * 2 for _ in range(count)]
        return b"\x75" + write_varint(count + wrong) + b"".join(point)
    if depth and what < 0.5:
        count = dice.randrange(4)
        return b"\x75" + bytes((count,)) + b"".join(a_value(dice, depth - 1) for _ in range(count))
    if depth and what < 0.8:
        names = [dice.choice(["x", "y", "width", "height", "angle", "points", "other"]) for _ in range(6)]
        fields = b"".join(
            bytes((len(name),)) + name.encode() + a_value(dice, depth - 1 if name == "points" else 0)
            for name in names
        )
        return b"\x76" + bytes((dice.choice([6] * 9 + [5]),)) + fields
    return dice.choice([number(dice), number(dice), b"\x77\x02ab", b"\x78", b"\x7f"])


def test_values_end_where_a_plain_reader_says_and_lists_are_what_is_said_of_them() -> None:
    dice = random.Random(7)
    sound = tame = 0
    for _ in range(6_000):
        data = a_value(dice) + dice.randbytes(3)
        try:
            end, wild = skip_any(data, 0)
        except BadMessageError:
            continue
        value, plain_end = read(data, 0)
        assert end == plain_end, data
        sound += 1
        if not wild:
            tame += 1
            outer = [each for each in _outermost(value) if each]
            assert all(is_points(each) for each in outer), data
    assert sound > 1000
    assert tame > 500


def _outermost(value: Any) -> list[list[Any]]:
    """Return the lists that are not inside another list; a field's value may be one."""
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return [inner for _, item in value for inner in _outermost(item)]
    return [value] if isinstance(value, list) else []


@pytest.mark.parametrize("bomb", [b"\x75" * 30_000, b"\x76\x01\x01a" * 9_000, b"\x75\xff\xff\xff\xff\x0f"])
def test_bombs_are_refused(bomb: bytes) -> None:
    with pytest.raises(BadMessageError):
        skip_any(bomb, 0)
    with pytest.raises(BadMessageError):
        outline(b"\x01\x01\x05\x00\x28\x01\x08elements\x01a\x01" + bomb)


def test_all_that_a_key_was_set_to_may_come_at_once() -> None:
    """Yjs joins the values of a key that undo keeps into one content; the last of them counts."""
    edit = b"\x01\x01\x05\x00\x28\x01\x04meta\x06schema\x02\x7d\x01\x7d\x02\x00"
    assert outline(edit).adds == [(5, 0, 2)]
    board = BoardDoc(None, [])
    [verdict] = board.try_all([(edit, "")])
    assert verdict.store == edit
    assert board.meta["schema"] == 2
    for wrong in (
        edit.replace(b"\x02\x7d\x01", b"\x03\x7d\x01"),
        edit.replace(b"\x02\x7d\x01", b"\x00\x7d\x01"),
    ):
        with pytest.raises(BadMessageError):
            outline(wrong)
