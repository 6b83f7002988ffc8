"""What strangers send: frames turned wrong in every way, known bombs, sound bytes that mean nonsense."""

import random
import struct
from collections.abc import Iterator
from typing import Any

from bench.updates import ARRAY, MAP, TEXT, Part, setting
from whiteboard import protocol
from whiteboard.protocol import write_varint

PLACE = {"x": 0.0, "y": 0.0, "width": 100.0, "height": 50.0, "angle": 0.0}
LARGEST_SEED = 4_000
_HUGE = b"\xff\xff\xff\xff\x0f"  # 2**32 - 1 in five bytes
_VALUE = b"\x01\x01\x05\x00\x28\x01\x08elements\x01a\x01"  # client 5 sets the element "a" to what follows


def element(name: str, fields: Any, client: int = 7) -> bytes:
    """Return an update that puts one element on a board, or what is no element."""
    return setting(client, "elements", {name: Part(MAP, fields) if isinstance(fields, dict) else fields})


def nested(depth: int, opening: bytes = b"\x75\x01") -> bytes:
    """Return an update whose one value is that many lists deep."""
    return _VALUE + opening * depth + b"\x7e\x00"


def bombs() -> dict[str, bytes]:
    """Return the frames that are known to hurt: they end a process, fill its memory or spoil its document."""
    updates = {
        "26,000 lists in lists": nested(26_000),
        "26,000 objects in objects": nested(26_000, b"\x76\x01\x01k"),
        "lists in lists, 100": nested(100),
        "a billion clients": b"\x80\x94\xeb\xdc\x03",
        "a billion steps": b"\x01\x80\x94\xeb\xdc\x03\x05\x00",
        "a billion deletions": b"\x00\x80\x94\xeb\xdc\x03",
        "a billion ranges": b"\x00\x01\x05\x80\x94\xeb\xdc\x03",
        "a text without end": b"\x01\x01\x05\x00\x04\x01\x05notes" + _HUGE + b"a",
        "a list without end": _VALUE + b"\x75" + _HUGE,
        "an object without end": _VALUE + b"\x76" + _HUGE,
        "bytes without end": _VALUE + b"\x74" + _HUGE,
        "any without end": b"\x01\x01\x05\x00\x28\x01\x08elements\x01a" + _HUGE + b"\x7e",
        "deleted without end": b"\x01\x01\x05\x00\x21\x01\x08elements\x01a" + _HUGE + b"\x00",
        "a clock at its end": b"\x01\x01\x05\x00\x00" + write_varint(2**53 - 1) + b"\x00",
        "a clock beyond 32 bits": b"\x01\x01\x05" + write_varint(2**32 - 1) + b"\x00\x02\x00",
        "a deletion at its end": b"\x00\x01\x05\x01" + write_varint(2**31) + write_varint(2**31),
        "a panic in twenty bytes": b"\x01\x02\x05\x00\x28\x01\x08elements\x01a\x01\x7e\x00\x00",
        "an origin of its own": b"\x01\x01\x05\x00\x88\x05\x00\x01\x7e\x00",
        "a skip over nothing": b"\x01\x01\x05\x00\x0a\x05\x00",
        "a step before its client": b"\x01\x01\x05\x05\x28\x01\x08elements\x01a\x01\x7e\x00",
        "a part inside itself": b"\x01\x01\x05\x00\x27\x00\x05\x00\x01a\x01\x00",
        "an infinite number": _VALUE + b"\x7b" + struct.pack(">d", float("inf")) + b"\x00",
        "half an emoji": setting(7, "notes", {"scope": Part(TEXT, text="a😀b")})[:-3],
        "nothing at all": b"",
    }  # fmt: skip
    frames = {name: protocol.update(data) for name, data in updates.items()}
    frames |= {f"{name}, as step 2": protocol.step_2(data) for name, data in updates.items()}
    frames |= {
        "a giant state vector": protocol.step_1(_HUGE + b"\x00" * 4),
        "a full state vector": protocol.step_1(
            protocol.write_state_vector(dict.fromkeys(range(1, 6_000), 2**31 - 1))
        ),
        "a state vector beyond all": protocol.step_1(protocol.write_state_vector({5: 2**53 - 1})),
        "a billion people": protocol.awareness(_HUGE),
        "a person without end": protocol.awareness(b"\x01\x05\x01" + _HUGE),
        "deep words of a person": protocol.awareness(b"\x01\x05\x01" + protocol.write_string("[" * 7_000)),
        "a person who is no object": protocol.awareness(b"\x01\x05\x01" + protocol.write_string("NaN")),
        "an empty frame": b"",
        "a number without end": b"\xff" * 12,
        "a step nobody knows": b"\x00\x07\x01a",
        "a length that lies": b"\x00\x02\xff\xff\x03a",
        "an ack": protocol.ack(10**6),
        "a hello": protocol.hello(epoch=99, right="write", head=1),
        "a reject": protocol.reject("Go away."),
    }
    return frames


# -- sound bytes, nonsense inside ---------------------------------------------------------------------

TYPES = ("rectangle", "diamond", "ellipse", "arrow", "line", "freedraw", "text", "frame", "image")
STRANGE_TYPES = ("iframe", "embeddable", "script", "selection", "magicframe", "", "Rectangle", "rectangle ")
FIELDS = (
    "type", "geom", "text", "id", "strokeColor", "backgroundColor", "fillStyle", "strokeWidth", "strokeStyle",
    "roughness", "opacity", "groupIds", "frameId", "index", "seed", "version", "versionNonce", "updated",
    "isDeleted", "locked", "link", "name", "fileId", "status", "customData", "boundElements", "roundness",
    "containerId", "textAlign", "verticalAlign", "startBinding", "endBinding", "points", "x", "width",
    "scale", "crop", "b/other", "b/", "b/../x", "__proto__", "constructor", "onclick", "innerHTML", "href",
)  # fmt: skip
STRANGE: tuple[Any, ...] = (
    None, True, False, "", "x", "NaN", "\x00", "\u202e\ufeff", "😀" * 40, "a" * 127, "b" * 5_000,
    "c" * 60_000, 0, -1, 1, 3, 2**31, 2**53, -(2**63), 1e7, -1e7, 1e12, 0.1, float("nan"), float("inf"),
    -0.0, 5e-324,
    [], [[]], [1, 2], ["a", "b"], [[1, 2], [3, 4]], [[1, 2], ["x", 4]], [[0.5, 0.25]] * 300, [None],
    [[None, 1]], {}, {"x": 1}, {"type": 3}, {"elementId": "a", "focus": 0, "gap": 1}, {"elementId": {}},
    {"a": {"b": {"c": []}}}, {"__proto__": {"x": 1}}, {"constructor": 1}, "javascript:alert(1)",
    "data:text/html,x", "https://x.org/a", "#ff0000", "url(https://x.org)", "red;background:url(//x.org)",
    b"\x00\x01",
)  # fmt: skip


def strange_value(dice: random.Random) -> Any:
    """Return something, mostly wrong for wherever it is put."""
    value = dice.choice(STRANGE)
    if dice.random() < 0.1:
        value = {dice.choice(("x", "y", "points", "text", "fontSize")): value}
    return value


def strange_geometry(dice: random.Random) -> dict[str, Any]:
    """Return a place with one thing in it that may be wrong."""
    place: dict[str, Any] = {**PLACE, "points": [[0.0, 0.0], [50.0, 20.0]]}
    place[dice.choice((*place, "pressures", "startBinding", "endBinding", "more"))] = strange_value(dice)
    return place


def nonsense(dice: random.Random) -> bytes:
    """Return a well-formed update that draws nonsense; some of it may stand on a board, most may not."""
    client = dice.randrange(1, 2**32)
    name = dice.choice(
        ("n1", "n2", "n3", f"n{dice.randrange(10**6)}", "", "../x", "a b", "x" * 65, "__proto__")
    )
    how = dice.random()
    if how < 0.55:
        fields: dict[str, Any] = {"type": dice.choice(TYPES), "geom": dict(PLACE), "isDeleted": False}
        for _ in range(dice.randint(1, 3)):
            field = dice.choice(FIELDS)
            fields[field] = strange_geometry(dice) if field == "geom" else strange_value(dice)
        if dice.random() < 0.2:
            fields["type"] = dice.choice(STRANGE_TYPES)
        return element(name, fields, client)
    if how < 0.65:
        return setting(client, "elements", {name: strange_value(dice)})
    if how < 0.72:
        inner = (
            Part(ARRAY, items=(1, 2)),
            Part(TEXT, text="words"),
            Part(MAP, {"geom": Part(MAP, PLACE)}),
            Part(9),
        )
        return setting(client, "elements", {name: dice.choice(inner)})
    if how < 0.8:
        step = dice.choice(("scope", "data", "", "Scope", "x" * 80, "a/b", "__proto__"))
        words = (
            Part(TEXT, text="x" * 60_000),
            Part(MAP, {"a": 1}),
            "words",
            Part(TEXT, text="\x00\u2028"),
            5,
        )
        return setting(client, "notes", {step: dice.choice(words)})
    if how < 0.9:
        root = dice.choice(("meta", "secrets", "elements2", "", "__proto__"))
        return setting(client, root, {"k": strange_value(dice)})
    count = dice.choice((50, 700))
    return element(
        name, {f"b/{number}": dice.choice(("arrow", "text", 5)) for number in range(count)}, client
    )


# -- bytes turned wrong ------------------------------------------------------------------------------


def mutated(data: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """Return bytes with some flipped, cut, doubled, put in, spliced with others, or a length that lies."""
    changed = bytearray(data[:LARGEST_SEED])
    for _ in range(dice.choice((1, 1, 1, 2, 3, 5))):
        if not changed:
            break
        at = dice.randrange(len(changed))
        how = dice.random()
        if how < 0.35:
            changed[at] ^= 1 << dice.randrange(8)
        elif how < 0.45:
            changed[at] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        elif how < 0.57:
            del changed[at:]
        elif how < 0.65:
            del changed[at : at + dice.randint(1, 8)]
        elif how < 0.75:
            changed[at:at] = dice.randbytes(dice.randint(1, 9))
        elif how < 0.82:
            changed[at:at] = changed[at : at + dice.randint(1, 40)]
        elif how < 0.92:
            other = dice.choice(others)
            if other:
                changed[at:] = other[dice.randrange(len(other)) :][:LARGEST_SEED]
        else:
            lie = dice.choice(
                (write_varint(dice.randrange(2**35)), b"\x80\x00", b"\xff" * 9, b"\xff\xff\xff\xff\x0f")
            )
            changed[at : at + 1] = lie
    return bytes(changed)


def frames(seed: int, honest: list[bytes]) -> Iterator[bytes]:
    """Yield hostile frames without end, the same for the same seed: mutations, bombs, nonsense."""
    dice = random.Random(seed)
    known = list(bombs().values())
    stock = [
        *honest,
        *(protocol.update(nonsense(dice)) for _ in range(40)),
        *(one for one in known if len(one) < 400),
    ]
    while True:
        how = dice.random()
        if how < 0.02:
            yield dice.choice(known)
        elif how < 0.3:
            wrap = protocol.update if dice.random() < 0.8 else protocol.step_2
            yield wrap(nonsense(dice))
        elif how < 0.58:
            # Sound on the outside: only the update in it is wrong, so that the gate has to find it.
            inner = protocol.decode(dice.choice(honest))
            body = mutated(inner.body if inner else b"", honest, dice)
            yield protocol.update(body) if dice.random() < 0.8 else protocol.step_2(body)
        else:
            yield mutated(dice.choice(stock), stock, dice)
