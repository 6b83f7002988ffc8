"""A part of a board's log, written anew: one person's elements, and their notes if wanted, and nothing else.

Runs in the gate's child process like everything that touches pycrdt. What is left out is not hidden in the
result: it is a new document that never held it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc, Map, Text

from whiteboard.gate_touch import Touch, touch_of

# What an element says, as opposed to where and how it stands.
WORDS = frozenset({"text", "customData", "name", "link", "fileId"})


@dataclass
class Change:
    """What one row made of the board: fields by element (None: the element is gone), whole notes by step."""

    elements: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def excerpt(
    rows: Sequence[bytes], own: Sequence[bool], *, elements: bool, notes: bool
) -> tuple[list[bytes], list[str]]:
    """Return an update for each row (empty: nothing of it is wanted), and the elements that were left out.

    `own` says of each row whether it is the person's. An element that somebody else made, or whose words
    somebody else ever wrote, is left out from the beginning; so are notes.
    """
    changes, foreign_elements, foreign_notes = read(rows, own)
    return (
        written(
            changes,
            {name for one in changes for name in one.elements} - foreign_elements if elements else set(),
            {step for one in changes for step in one.notes} - foreign_notes if notes else set(),
        ),
        sorted(foreign_elements),
    )


def read(rows: Sequence[bytes], own: Sequence[bool]) -> tuple[list[Change], set[str], set[str]]:
    """Return what each row changed, and the elements and notes in which there are words of others."""
    doc: Doc[Any] = Doc()
    there: Map[Any] = doc.get("elements", type=Map)
    texts: Map[Any] = doc.get("notes", type=Map)
    touched: list[Touch] = []
    watched = [
        root.integrated.observe_deep(
            lambda events, name=name: touched.extend(touch_of(name, e) for e in events)
        )
        for name, root in (("elements", there), ("notes", texts))
    ]
    changes: list[Change] = []
    known: set[str] = set()
    foreign: dict[str, set[str]] = {"elements": set(), "notes": set()}
    for row, mine in zip(rows, own, strict=True):
        touched.clear()
        doc.apply_update(row)
        change = Change()
        for touch in touched:
            names = [str(touch.path[0])] if touch.path else list(touch.changes or {})
            for name in names:
                if touch.root == "notes":
                    change.notes[name] = str(texts[name]) if name in texts else ""
                    if not mine:
                        foreign["notes"].add(name)
                    continue
                keys = set(touch.changes or {}) if touch.path else None
                if not mine and (name not in known or keys is None or keys & WORDS):
                    foreign["elements"].add(name)
                note(change, name, there, keys)
        known.update(change.elements)
        changes.append(change)
    del watched
    return changes, foreign["elements"], foreign["notes"]


def note(change: Change, name: str, there: Map[Any], keys: set[str] | None) -> None:
    """Add to a change what an element's fields are now; all of them without `keys`."""
    if name not in there:
        change.elements[name] = None
        return
    now = there[name]
    fields = {key: plain(now[key]) for key in now.keys() if keys is None or key in keys}  # noqa: SIM118
    before = change.elements.get(name)
    gone = {key: None for key in keys or () if key not in now.keys()}  # noqa: SIM118
    change.elements[name] = {**(before or {}), **fields, **gone}


def plain(value: Any) -> Any:
    return value.to_py() if hasattr(value, "to_py") else value


def written(changes: Sequence[Change], elements: set[str], notes: set[str]) -> list[bytes]:
    """Return one update for each change, of a new document that holds these elements and notes alone."""
    doc: Doc[Any] = Doc()
    root: Map[Any] = doc.get("elements", type=Map)
    texts: Map[Any] = doc.get("notes", type=Map)
    updates, before = [], doc.get_state()
    for change in changes:
        wanted = {name: one for name, one in change.elements.items() if name in elements}
        words = {step: text for step, text in change.notes.items() if step in notes}
        if not wanted and not words:
            updates.append(b"")
            continue
        with doc.transaction():
            for name, fields in wanted.items():
                draw(root, name, fields)
            for step, text in words.items():
                if step not in texts:
                    texts[step] = Text("")
                write(texts[step], text)
        updates.append(doc.get_update(before))
        before = doc.get_state()
    return updates


def draw(root: Map[Any], name: str, fields: dict[str, Any] | None) -> None:
    if fields is None:
        if name in root:
            del root[name]
    elif name not in root:
        root[name] = Map({key: value for key, value in fields.items() if value is not None})
    else:
        for key, value in fields.items():
            root[name][key] = value


def write(text: Text, words: str) -> None:
    """Make a text say `words` by one cut and one insertion; places in a text are bytes of UTF-8."""
    old, new = str(text), words
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    at = len(old[:start].encode())
    cut = len(old[start : len(old) - end].encode())
    if cut:
        del text[at : at + cut]
    if new[start : len(new) - end]:
        text.insert(at, new[start : len(new) - end])
