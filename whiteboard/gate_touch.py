"""What an edit touched, held against the rules: Yjs' events tell where, `gate_rules` says what may stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc, Map, Text
from pycrdt._pycrdt import Map as NativeMap
from pycrdt._pycrdt import MapEvent as NativeMapEvent
from pycrdt._pycrdt import Text as NativeText

from whiteboard import gate_rules as rules
from whiteboard.gate_rules import RefusedError


@dataclass(slots=True)
class Touch:
    """One thing that an edit changed: where, and by key what it is now (None: running text)."""

    root: str
    path: list[Any]
    changes: dict[str, Any] | None
    target: Any


def touch_of(root: str, event: Any) -> Touch:
    """Return what an event says; it can be asked only while its transaction is open."""
    changes = event.keys if isinstance(event, NativeMapEvent) else None  # type: ignore[attr-defined]
    return Touch(root, event.path, changes, event.target)


def check_touched(touched: Iterable[Touch], doc: Doc[Any], *, points_are_sound: bool) -> None:
    """Return quietly when all that was touched may stand as it is now; RefusedError says why not."""
    fields = rules.FIELDS_WITH_SOUND_POINTS if points_are_sound else rules.FIELDS
    for touch in touched:
        changes = {
            name: change["newValue"]
            for name, change in (touch.changes or {}).items()
            if change["action"] != "delete"
        }
        if touch.root == "elements":
            _check_elements(touch, changes, doc, fields)
        elif touch.root == "notes":
            _check_notes(touch, changes, doc)
        else:
            _check_meta(touch, changes, doc)


def _check_elements(touch: Touch, changes: dict[str, Any], doc: Doc[Any], fields: rules.Fields) -> None:
    if touch.changes is None or len(touch.path) > 1:
        raise RefusedError("Elements on a board hold plain values.")
    if touch.path:
        for name, value in changes.items():
            rules.check_field(name, value, fields)
        has_more = any(change["action"] == "add" for change in touch.changes.values())
        if has_more and len(_map(touch.target, doc)) > rules.MOST_FIELDS:
            raise RefusedError("One element has too many fields.")
        return
    for name, value in changes.items():
        rules.check_element_id(name)
        if not isinstance(value, NativeMap):
            raise RefusedError("An element on a board is a map of fields.")
        rules.check_element(dict(_map(value, doc)))
    if changes and len(doc["elements"]) > rules.MOST_ELEMENTS:
        raise RefusedError(f"A board holds {rules.MOST_ELEMENTS:,} elements, and this one is full.")


def _map(native: Any, doc: Doc[Any]) -> Map[Any]:
    return Map(_integrated=native, _doc=doc)


def _check_notes(touch: Touch, changes: dict[str, Any], doc: Doc[Any]) -> None:
    if touch.path:
        if not isinstance(touch.target, NativeText):
            raise RefusedError("Notes are plain text.")
        texts = [touch.target]
    else:
        for name, value in changes.items():
            rules.check_step(name)
            if not isinstance(value, NativeText):
                raise RefusedError("Notes are plain text.")
        texts = list(changes.values())
        if len(doc["notes"]) > rules.MOST_NOTES:
            raise RefusedError("There are more notes than steps.")
    for text in texts:
        if len(Text(_integrated=text, _doc=doc)) > rules.LONGEST_NOTE:
            raise RefusedError(f"The notes of a step hold {rules.LONGEST_NOTE:,} characters.")


def _check_meta(touch: Touch, changes: dict[str, Any], doc: Doc[Any]) -> None:
    if touch.path or len(doc["meta"]) > 20:
        raise RefusedError("A board's own details hold plain values.")
    if any(rules.plain_size(value, 1) > 200 for value in changes.values()):
        raise RefusedError("A board's own details are short.")
