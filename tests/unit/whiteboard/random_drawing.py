"""People who draw at random on one board, some of them behind, and the log that comes of it.

`python -m tests.unit.whiteboard.random_drawing > tests/data/replay/recorded.json` records one history with
what stood on the board at moments of it, for the server's engine and the browser's to agree on.
"""

import base64
import json
import random
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any

from pycrdt import Doc, Map, Text

from whiteboard import recording, scene
from whiteboard.gate_doc import BoardDoc

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORDS = ("labels come ", "late, ", "so 😀 ", "20:1 ", "naïve ", "— ", "p99 ", "\n")


def element(name: str, dice: random.Random) -> dict[str, Any]:
    """Return a new element as the page sends it."""
    kind = dice.choice(["rectangle", "ellipse", "text", "arrow", "freedraw"])
    made: dict[str, Any] = {
        **scene.DEFAULTS,
        "id": name,
        "type": kind,
        "x": dice.randrange(2000) / 4,
        "y": float(dice.randrange(900)),
        "width": 160.0,
        "height": 80.0,
        "index": f"a{name[1:]}V",
        "seed": dice.randrange(2**31),
        "groupIds": [],
        "boundElements": [],
    }
    if kind == "text":
        text = {"text": f"Part {name}", "originalText": f"Part {name}", "fontSize": 20, "fontFamily": 5}
        made |= {**text, "lineHeight": 1.25, "autoResize": True, "containerId": None}
        made |= {"textAlign": "left", "verticalAlign": "top"}
    if kind == "arrow":
        made |= {"points": [[0.0, 0.0], [100.5, 50.25]], "startBinding": None, "endBinding": None}
        made |= {"startArrowhead": None, "endArrowhead": "arrow", "elbowed": False}
    if kind == "freedraw":
        made |= {"points": [[0.0, 0.0]], "pressures": [], "simulatePressure": True}
    return made


class Person:
    """A page: its document, what it has not sent yet, and what it has not heard yet."""

    def __init__(self, client: int) -> None:
        self.doc: Doc[Any] = Doc(client_id=client)
        self.elements: Map[Any] = self.doc.get("elements", type=Map)
        self.notes: Map[Any] = self.doc.get("notes", type=Map)
        self.unsent: deque[bytes] = deque()
        self.unheard: deque[bytes] = deque()
        self.hearing = False
        self.watch = self.doc.observe(lambda event: self.hearing or self.unsent.append(event.update))

    def hear(self, count: int) -> None:
        self.hearing = True
        for _ in range(min(count, len(self.unheard))):
            self.doc.apply_update(self.unheard.popleft())
        self.hearing = False

    def act(self, dice: random.Random, fresh: str, most: int) -> None:
        """Do one thing: draw, move, recolour, bind, erase or bring back an element, or write."""
        there = sorted(self.elements.keys())
        roll = dice.random()
        with self.doc.transaction():
            if not there or (roll < 0.3 and len(there) < most):
                self.elements[fresh] = Map(scene.fields_of(element(fresh, dice)))
            elif roll < 0.5:
                self.write(dice)
            else:
                self.change(self.elements[dice.choice(there)], dice, there, roll)

    def change(self, one: Map[Any], dice: random.Random, there: list[str], roll: float) -> None:
        if roll < 0.75:
            place = dict(one["geom"])
            place["x"] += dice.randrange(1, 40) / 2
            if one["type"] == "freedraw":
                place["points"] = [*place["points"], [dice.random() * 100, dice.random() * 100]]
            one["geom"] = place
        elif roll < 0.85:
            one["strokeColor"] = dice.choice(["#e03131", "#2f9e44", "#1971c2"])
        elif roll < 0.92:
            key = f"b/{dice.choice(there)}"
            if key in one:
                del one[key]
            else:
                one[key] = "arrow"
        else:
            one["isDeleted"] = not one["isDeleted"]

    def write(self, dice: random.Random) -> None:
        step = dice.choice(["scope", "data"])
        if step not in self.notes:
            self.notes[step] = Text(dice.choice(WORDS))
            return
        text = self.notes[step]
        if len(text) > 12 and dice.random() < 0.4:
            start = dice.randrange(len(text) - 4)
            if str(text).isascii():
                del text[start : start + dice.randrange(1, 4)]
        elif str(text).isascii() and dice.random() < 0.5:
            text.insert(dice.randrange(len(text)), dice.choice(WORDS[:2]))
        else:
            text += dice.choice(WORDS)


def history(seed: int, rows: int, *, people: int = 3, most: int = 12) -> list[tuple[int, bytes]]:
    """Return the log of a random history as (person from 1, update), each built on rows before it only."""
    dice = random.Random(seed)
    everybody = [Person(1000 * seed + number) for number in range(1, people + 1)]
    log: list[tuple[int, bytes]] = []
    made = 0
    while len(log) < rows:
        number = dice.randrange(people)
        person = everybody[number]
        if dice.random() < 0.6:
            made += 1
            person.act(dice, f"e{made:04d}", most)
        if person.unsent and dice.random() < 0.7:
            update = person.unsent.popleft()
            log.append((number + 1, update))
            for other in everybody:
                if other is not person:
                    other.unheard.append(update)
        person.hear(dice.randrange(4))
    return log


def page_of(log: list[tuple[int, bytes]], dice: random.Random) -> recording.Page:
    """Return a log with times: bursts, pauses, and clocks that once run a little back."""
    rows, at = [], START
    for seq, (person, update) in enumerate(log, start=1):
        gap = dice.choice([0, 45_000, 61_234, 250_001, 1_000_000, 30_000_000])
        at += timedelta(microseconds=-40_000 if seq % 97 == 0 else gap)
        rows.append(recording.Recorded(seq, at, person, update))
    return recording.Page(1, len(rows), 0, None, rows)


def moments(page: recording.Page, every: int) -> list[dict[str, Any]]:
    """Return what stood on the board at times through a recording, by the gate's own document."""
    found = []
    times = [recording.milliseconds(row.at) for row in page.rows]
    for at in [times[0] - 1, *times[::every], times[-1] + 1]:
        count = recording.last_in_time(times, at)
        view = BoardDoc(None, [row.data for row in page.rows[:count]]).view()
        elements = scene.elements_of(view["elements"])
        found.append({"at": at, "seq": count, "elements": elements, "notes": view["notes"]})
    return found


def main() -> None:
    """Print one recorded history and its moments as JSON."""
    page = page_of(history(11, 600), random.Random(5))
    people = {number: {"name": f"Person {number}", "role": "candidate"} for number in (1, 2, 3)}
    recorded = base64.b64encode(recording.written(page, people)).decode()
    print(json.dumps({"recording": recorded, "moments": moments(page, 60)}, separators=(",", ":")))


if __name__ == "__main__":
    main()
