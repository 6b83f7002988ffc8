"""Scripts put into every field that can hold words: what a writer's socket may do to the others."""

import asyncio
import contextlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench import page_rules
from bench.board_page import Door, Page, until
from bench.mutations import PLACE
from bench.payloads import payloads
from bench.seating import Place
from bench.server import Web
from bench.updates import MAP, TEXT, Part, setting
from bench.wire import Address, Wire, connect
from whiteboard import protocol

AT_ONCE = 16
PLAIN = (
    "type", "strokeColor", "backgroundColor", "fillStyle", "strokeStyle", "frameId", "index", "fileId",
    "status", "id", "link", "name", "containerId", "textAlign", "verticalAlign", "originalText", "rawText",
    "mode", "onload", "innerHTML", "src", "href", "srcdoc",
)  # fmt: skip


@dataclass
class Injected:
    """How many were tried, and what became of them."""

    tried: int = 0
    refused: int = 0
    kept: int = 0
    wrong: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """Return the figures in words."""
        return f"{self.tried:,} put into fields: {self.refused:,} refused, {self.kept:,} kept as plain words"


def places(payload: str, name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (where, root, entries) for every place that can hold words."""
    base: dict[str, Any] = {"type": "rectangle", "geom": PLACE, "isDeleted": False}
    text = {"text": payload, "originalText": payload, "fontSize": 20, "fontFamily": 5}
    for key in PLAIN:
        yield key, "elements", {name: Part(MAP, {**base, key: payload})}
    for where, more in (
        ("text", {"type": "text", "text": text}),
        ("text.fontFamily", {"type": "text", "text": {**text, "fontFamily": payload}}),
        ("name of a frame", {"type": "frame", "name": payload}),
        ("groupIds", {"groupIds": [payload]}),
        ("customData", {"customData": {"kind": payload, payload[:40]: payload}}),
        ("bound", {f"b/{payload}": payload}),
        ("arrowhead", {"geom": {**PLACE, "startArrowhead": payload}}),
        ("points", {"geom": {**PLACE, "points": [[payload, payload]]}}),
        ("x", {"geom": {**PLACE, "x": payload}}),
        ("binding", {"geom": {**PLACE, "startBinding": {"elementId": payload}}}),
        ("iframe", {"type": "iframe", "link": payload}),
        ("embeddable", {"type": "embeddable", "link": payload}),
        ("inner map", {"customData": Part(MAP, {"html": payload})}),
    ):
        yield where, "elements", {name: Part(MAP, {**base, **more})}
    yield "element id", "elements", {payload: Part(MAP, base)}
    yield "notes", "notes", {"scope": Part(TEXT, text=payload)}
    yield "step of notes", "notes", {payload: Part(TEXT, text=payload)}
    yield "meta", "meta", {"title": payload}
    yield "root", payload, {"a": payload}


def tries(wanted: list[str]) -> list[tuple[str, bytes]]:
    """Return (where, update) for each script in each place, each of a Yjs client of its own."""
    made = [
        (where, root, entries)
        for number, payload in enumerate(wanted)
        for where, root, entries in places(payload, f"x{number}")
    ]
    return [
        (where, setting(client, root, entries))
        for client, (where, root, entries) in enumerate(made, start=10_000)
    ]


async def inject(web: Web, place: Place, dice: random.Random, *, share: float = 1.0) -> Injected:
    """Send each script in each place over a writer's socket, and look at what an honest page then has."""
    found = Injected()
    door = Door(lambda: web.url(place), lambda: web.headers(place, 2))
    door.open.set()
    honest = Page(door, name="honest")
    honest.start()
    await until(lambda: honest.synced, 30, "the honest page cannot join")
    wanted = payloads()
    chosen = [data for _, data in tries(wanted) if dice.random() < share]
    left = iter(chosen)
    await asyncio.gather(*(_put(web, place, left, found) for _ in range(AT_ONCE)))
    await _point(web, place, wanted)
    await asyncio.sleep(0.5)
    found.wrong += _faults(honest, set(wanted))
    await honest.stop()
    return found


async def _put(web: Web, place: Place, left: Iterator[bytes], found: Injected) -> None:
    """Send edits one by one, on a new socket after each that is refused, until none are left."""
    wire: Wire | None = None
    acks: asyncio.Queue[bytes] = asyncio.Queue()
    for data in left:
        if wire is None or wire.closed.done():
            wire = await connect(Address(web.port, place.path, web.headers(place, 0)))
            wire.on_message = lambda frame: acks.put_nowait(frame) if frame[:1] == b"\x64" else None
            wire.send(protocol.step_1(b"\x00"))
        found.tried += 1
        wire.send(protocol.update(data))
        acked = asyncio.ensure_future(acks.get())
        either: set[asyncio.Future[Any]] = {acked, wire.closed}
        done, _ = await asyncio.wait(either, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        acked.cancel()
        if not done:
            found.wrong.append("an edit was neither acknowledged nor refused")
            wire.close()
            wire = None
        elif acked in done:
            found.kept += 1
        else:
            found.refused += 1
    if wire is not None:
        wire.close()


async def _point(web: Web, place: Place, wanted: list[str]) -> None:
    """Show pointers whose states are scripts, under somebody else's name."""
    wire = await connect(Address(web.port, place.path, web.headers(place, 1)))
    wire.send(protocol.step_1(b"\x00"))
    for clock, payload in enumerate(wanted[:40], start=1):
        state = {
            "user": {"id": payload, "name": payload, "color": payload, "role": "interviewer"},
            "pointer": {"x": payload, "y": 1, "tool": payload},
            "username": payload,
            "selectedElementIds": {payload: True},
        }
        body = protocol.write_varint(1) + b"\x09" + protocol.write_varint(clock)
        wire.send(protocol.awareness(body + protocol.write_string(json.dumps(state))))
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    with contextlib.suppress(OSError):
        wire.close()


def _faults(honest: Page, wanted: set[str]) -> list[str]:
    """Return what an honest page has been given that it must not show."""
    found: list[str] = []
    for name, fields in honest.content()[0].items():
        found.extend(page_rules.faults(name, fields))
    found.extend(page_rules.faults_of_notes(honest.content()[1]))
    for state in honest.others.values():
        user = state.get("user") or {}
        if user.get("name") in wanted or user.get("id") in wanted:
            found.append("a pointer is shown under a name that its page made up")
    return found
