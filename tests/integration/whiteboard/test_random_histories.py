"""Whatever happens in whatever order, all who drew end with the same board, and so does the log."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable

import pytest
from pycrdt import Doc, Map

from tests.integration.whiteboard.conftest import Visit
from tests.integration.whiteboard.people import Drawer, in_db, until
from whiteboard import gate, log
from whiteboard.hub import Hub
from whiteboard.models import Board

pytestmark = pytest.mark.django_db(transaction=True)


def act(drawer: Drawer, dice: random.Random) -> None:
    """Let somebody do something."""
    names = list(drawer.elements.keys())
    what = dice.random()
    if what < 0.35 or not names:
        drawer.draw(dice.choice("abcdefgh"), dice.randint(0, 999))
    elif what < 0.5:
        drawer.elements[dice.choice(names)]["strokeColor"] = dice.choice(["#111111", "#222222", "#333333"])
    elif what < 0.6:
        drawer.elements[dice.choice(names)]["isDeleted"] = dice.random() < 0.5
    elif what < 0.7:
        drawer.elements[dice.choice(names)][f"b/{dice.choice('xyz')}"] = "arrow"
    elif what < 0.75:
        element = drawer.elements[dice.choice(names)]
        bound = [key for key in element if key.startswith("b/")]
        if bound:
            del element[dice.choice(bound)]
    elif "scope" not in drawer.notes:
        drawer.write("scope", "Notes")
    else:
        note = drawer.notes["scope"]
        text = str(note)
        place = dice.randint(0, len(text))
        # pycrdt counts bytes, and takes a letter apart when told to.
        start = len(text[:place].encode())
        if what < 0.92 or place == len(text):
            note.insert(start, dice.choice(["a", "bé", "😀", " word "]))
        else:
            del note[start : start + len(text[place].encode())]


async def another_process(board: Board, dice: random.Random) -> None:
    """Write to the log as a process would whose wake-ups are all lost."""
    history = await in_db(log.history, board.pk)
    doc: Doc = Doc()
    for blob in history.blobs:
        if blob:
            doc.apply_update(blob)
    edits: list[bytes] = []
    subscription = doc.observe(lambda event: edits.append(event.update))
    doc.get("elements", type=Map)[f"far{dice.randint(0, 3)}"] = Map(
        {"type": "ellipse", "opacity": dice.randint(1, 99)}
    )
    doc.unobserve(subscription)
    for edit in edits:
        await in_db(log.append, board, edit)


@pytest.mark.parametrize("seed", range(4))
async def test_a_random_history_converges(visit: Visit, board: Board, seed: int) -> None:
    dice = random.Random(seed)

    async def come_in(place: int, doc: Doc | None = None) -> Drawer:
        return await visit(board, ("ana", "ben", "carla")[place], doc=doc)

    people = [await come_in(place) for place in range(3)]
    observer = await visit(board, "observer", right="read")
    for _ in range(60):
        what = dice.random()
        place = dice.randrange(3)
        if what < 0.86:
            for _ in range(dice.randint(1, 4)):
                act(people[place], dice)
        elif what < 0.92:  # the connection is lost with edits on the way, some drawn while it is away
            doc = people[place].doc
            await people[place].leave()
            drawing = Drawer(_Nowhere(), doc)
            act(drawing, dice)
            await drawing.leave()
            people[place] = await come_in(place, doc)
        elif what < 0.96:
            await another_process(board, dice)
        else:
            child = (await Hub.here()).ledger.gate._child
            if child is not None:
                child.kill()
        await asyncio.sleep(dice.choice([0, 0, 0.002, 0.02]))
    for place in range(3):
        people[place] = await all_stored(people[place], lambda doc, place=place: come_in(place, doc))
    if observer.closed is not None:
        observer = await visit(board, "observer", right="read")
    rows = await in_db(log.rows_after, board.pk, 0)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    view, _ = gate.ask("view_log", [b"", *(row.data for row in rows)])
    in_the_log = json.dumps([view["elements"], view["notes"]], sort_keys=True)
    # What another process wrote last, without a word, comes with the next heartbeat.
    await until(lambda: all(one.scene() == in_the_log for one in (*people, observer)), 30)
    assert (await visit(board, "late")).scene() == people[0].scene()


async def all_stored(drawer: Drawer, come_in: Callable[[Doc], Awaitable[Drawer]]) -> Drawer:
    """Return the drawer once all is acknowledged; who was sent away as the gate died twice comes back."""
    while True:
        one = drawer
        await until(lambda one=one: not one.unacknowledged or one.closed is not None, 30)
        if drawer.closed is None:
            return drawer
        await drawer.leave()
        drawer = await come_in(drawer.doc)


class _Nowhere:
    """The wire of somebody who is offline."""

    async def send(self, data: bytes) -> None:
        return None

    async def receive(self) -> bytes:
        await asyncio.Event().wait()
        return b""

    async def close(self) -> None:
        return None
