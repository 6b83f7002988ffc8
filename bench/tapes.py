"""What people do in a load run, made once: the edits of one who drags, one who draws and one who types.

The same bytes go to every server and into every room. Together with twenty pointers a second from each
of eight people that is 296 messages a second into a room, and seven times as many out.
"""

import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pycrdt import Doc, Map, Text

from whiteboard import protocol

POINTERS_PER_SECOND = 20.0
TYPED_PER_SECOND, DRAGGED_PER_SECOND, DRAWN_PER_SECOND = 6.0, 30.0, 100.0
EDITS_PER_SECOND = TYPED_PER_SECOND + DRAGGED_PER_SECOND + DRAWN_PER_SECOND
DRAGGED_POINTS = 27  # makes an edit of some 600 bytes
STROKE_POINTS = 60


@dataclass(frozen=True)
class Tape:
    """The edits of one person in order; `ends` are the clocks of their client id after each."""

    client: int
    per_second: float
    updates: tuple[bytes, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)


def _record(client: int, per_second: float, seconds: float, act: Callable[[Doc[Any], int], None]) -> Tape:
    doc: Doc[Any] = Doc(client_id=client)
    updates: list[bytes] = []
    ends: list[int] = []

    subscription = doc.observe(lambda event: updates.append(event.update))
    for step in range(math.ceil(per_second * seconds)):
        with doc.transaction():
            act(doc, step)
        ends.append(protocol.read_state_vector(doc.get_state())[client])
    doc.unobserve(subscription)
    return Tape(client, per_second, tuple(updates), tuple(ends))


def _place(step: int, points: list[list[float]]) -> dict[str, Any]:
    return {
        "x": step * 1.17, "y": step * 0.31, "width": 160.5, "height": 80.25, "angle": 0, "points": points,
    }  # fmt: skip


def _drag(doc: Doc[Any], step: int) -> None:
    elements = doc.get("elements", type=Map)
    place = _place(step, [[n * 1.13, n * 2.37] for n in range(DRAGGED_POINTS)])
    if "dragged" in elements:
        elements["dragged"]["geom"] = place
    else:
        elements["dragged"] = Map({"type": "line", "geom": place, "isDeleted": False})


def _draw(doc: Doc[Any], step: int) -> None:
    elements = doc.get("elements", type=Map)
    stroke, points = divmod(step, STROKE_POINTS)
    place = _place(stroke, [[n * 1.31, n * 0.77] for n in range(points + 1)])
    name = f"stroke-{stroke}"
    if name in elements:
        elements[name]["geom"] = place
    else:
        elements[name] = Map({"type": "freedraw", "geom": place, "isDeleted": False})


def _type(doc: Doc[Any], step: int) -> None:
    notes = doc.get("notes", type=Map)
    if "scope" in notes:
        text = notes["scope"]
        text += "who asks, how often, and what is good enough? "[step % 46]
    else:
        notes["scope"] = Text("w")


@cache
def full_board(updates: int, elements: int = 200) -> Tape:
    """Return the edits of one person after which a board has that many elements, moved now and then."""
    moves = random.Random(4)

    def act(doc: Doc[Any], step: int) -> None:
        boxes = doc.get("elements", type=Map)
        name = f"box-{step % elements}"
        place = {
            "x": round(moves.uniform(0, 4000), 2), "y": round(moves.uniform(0, 4000), 2),
            "width": 160, "height": 80, "angle": 0,
        }  # fmt: skip
        if name in boxes:
            boxes[name]["geom"] = place
        else:
            boxes[name] = Map(
                {
                    "type": "rectangle", "geom": place, "isDeleted": False, "strokeColor": "#1e1e1e",
                    "backgroundColor": "transparent", "fillStyle": "solid", "strokeWidth": 2,
                    "strokeStyle": "solid", "roughness": 1, "opacity": 100, "index": f"a{step:04}",
                    "seed": 1000 + step, "customData": {"kind": "service", "part": "api"},
                }
            )  # fmt: skip

    return _record(900, updates, 1.0, act)


@cache
def tapes(seconds: float) -> tuple[Tape, Tape, Tape]:
    """Return what a room's three writers do: the first types, the second drags, the third draws."""
    return (
        _record(1001, TYPED_PER_SECOND, seconds, _type),
        _record(1002, DRAGGED_PER_SECOND, seconds, _drag),
        _record(1003, DRAWN_PER_SECOND, seconds, _draw),
    )


def pointer(client: int, clock: int) -> bytes:
    """Return the awareness states somebody shows at a moment, as the page writes them."""
    state = {
        "pointer": {"x": round(clock * 1.37, 2), "y": round(clock * 2.21, 2), "tool": "pointer"},
        "button": "up", "selectedElementIds": {}, "notes": None,
    }  # fmt: skip
    return (
        b"\x01"
        + protocol.write_varint(client)
        + protocol.write_varint(clock)
        + protocol.write_string(json.dumps(state, separators=(",", ":")))
    )
