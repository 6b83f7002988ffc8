"""A board's history as a whole: written moment by moment, seen at any row, read back as what came when.

Runs in the gate's child process like everything that touches pycrdt.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pycrdt import Doc, Map, Text
from pycrdt import get_update as rest_of_update

from whiteboard import gate_rules as rules
from whiteboard.gate_doc import BoardDoc, _leaked
from whiteboard.protocol import read_state_vector, read_varint


def written_in_moments(moments: Iterable[Mapping[str, Any]]) -> list[bytes]:
    """Return one update for each moment: {"elements": {id: fields}, "notes": {step: words to append}}.

    Fields of an element that is there already are set beside those it has.
    """
    doc: Doc[Any] = Doc()
    elements: Map[Any] = doc.get("elements", type=Map)
    notes: Map[Any] = doc.get("notes", type=Map)
    updates, before = [], doc.get_state()
    for number, moment in enumerate(moments):
        with doc.transaction():
            if number == 0:
                doc.get("meta", type=Map)["schema"] = 1
            for name, fields in moment["elements"].items():
                if name in elements:
                    for key, value in fields.items():
                        elements[name][key] = value
                    continue
                rules.check_element_id(name)
                rules.check_element(fields)
                elements[name] = Map(fields)
            for step, words in moment["notes"].items():
                rules.check_step(step)
                if step not in notes:
                    notes[step] = Text("")
                text = notes[step]  # `notes[step] += words` would put an empty text in its place
                text += words
        updates.append(doc.get_update(before))
        before = doc.get_state()
    return updates


def seen(base: bytes | None, rows: Sequence[bytes]) -> tuple[bytes, dict[str, str]]:
    """Return what stood on a board after a snapshot and rows: fields by element id as JSON, notes by step.

    The same as BoardDoc's `view`, several times as fast: rows of the log have been read and tried before
    they were stored, so here yrs is given them as they are and only asked whether it took each whole. A
    log in which one builds on what came later, or cannot be read, is given to a BoardDoc after all.
    """
    doc: Doc[Any] = Doc()
    elements: Map[Any] = doc.get("elements", type=Map)
    notes: Map[Any] = doc.get("notes", type=Map)
    try:
        if base:
            doc.apply_update(base)
        clocks = read_state_vector(doc.get_state())
        for row in rows:
            doc.apply_update(row)
            state = doc.get_state()
            rest = rest_of_update(row, state)
            if rest != b"\x00\x00" and not _is_done(rest, clocks):
                clocks = read_state_vector(state)
                if not _is_done(rest, clocks):
                    break
        else:
            words = {step: str(text) for step, text in dict(notes).items() if isinstance(text, Text)}
            return str(elements).encode() if len(elements) else b"{}", words
    except BaseException as error:
        if not isinstance(error, Exception):
            _leaked.append((doc, elements, notes))
    view = BoardDoc(base, list(rows)).view()
    return json.dumps(view["elements"], separators=(",", ":")).encode(), view["notes"]


def _is_done(rest: bytes, clocks: Mapping[int, int]) -> bool:
    """Return whether what a document left of an update is only deletions of steps that it has."""
    clients, at = read_varint(rest, 0)
    if clients:
        return False
    clients, at = read_varint(rest, at)
    for _ in range(clients):
        client, at = read_varint(rest, at)
        ranges, at = read_varint(rest, at)
        for _ in range(ranges):
            clock, at = read_varint(rest, at)
            length, at = read_varint(rest, at)
            if clock + length > clocks.get(client, 0):
                return False
    return True


def arrivals(rows: Sequence[bytes]) -> dict[str, Any]:
    """Return when things came: {"elements": {id: row}, "notes": [[row, step, words]]}, rows counted from 0.

    `words` is what a step's notes have gained at their end since the row before; what was changed
    further up is left out.
    """
    doc: Doc[Any] = Doc()
    elements: Map[Any] = doc.get("elements", type=Map)
    notes: Map[Any] = doc.get("notes", type=Map)
    first: dict[str, int] = {}
    said: list[tuple[int, str, str]] = []
    known: dict[str, str] = {}
    for number, row in enumerate(rows):
        doc.apply_update(row)
        for name in elements.keys():  # noqa: SIM118  (a Map iterates, and says otherwise of itself)
            first.setdefault(name, number)
        for step in sorted(notes.keys()):
            text = str(notes[step])
            before = known.get(step, "")
            if text != before and text.startswith(before):
                said.append((number, step, text[len(before) :]))
            known[step] = text
    return {"elements": first, "notes": said}
