"""A board's history as a whole: written moment by moment, and read back as what came when.

Runs in the gate's child process like everything that touches pycrdt.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pycrdt import Doc, Map, Text

from whiteboard import gate_rules as rules


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
