"""What a page can show without harm: a second opinion on the rules of the gate, written apart from them.

Excalidraw draws whatever it is given; these are the things that end a page, run a script or ask another
host. Nothing here is imported from `whiteboard`, so a hole in the gate's rules is not repeated.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

SHAPES = {"rectangle", "diamond", "ellipse", "arrow", "line", "freedraw", "text", "frame", "image"}
WORDS = {
    "strokeColor", "backgroundColor", "fillStyle", "strokeStyle", "frameId", "index", "fileId", "status",
    "id", "containerId", "textAlign", "verticalAlign", "startArrowhead", "endArrowhead", "name", "mode",
    "elementId",
}  # fmt: skip
NUMBERS = {
    "x", "y", "width", "height", "angle", "strokeWidth", "roughness", "opacity", "seed", "version",
    "versionNonce", "updated", "fontSize", "lineHeight", "baseline", "focus", "gap",
}  # fmt: skip
FLAGS = {
    "isDeleted", "locked", "autoResize", "elbowed", "polygon", "simulatePressure", "startIsSpecial",
    "endIsSpecial",
}  # fmt: skip
FARTHEST = 1e7
DEEPEST = 6


def faults(name: str, element: Any) -> Iterator[str]:
    """Yield what is wrong with one element of a shared document."""
    if not isinstance(element, Mapping):
        yield f"{name} is no element but {type(element).__name__}"
        return
    if not 0 < len(name) <= 64 or any(ord(letter) <= 32 or letter in "<>\"'&/\\" for letter in name):
        yield f"an element called {name!r}"
    if "type" in element and (not isinstance(element["type"], str) or element["type"] not in SHAPES):
        yield f"{name} is a {element['type']!r}"
    for key, value in element.items():
        yield from _field(f"{name}.{key}", key, value)


def _field(where: str, key: str, value: Any) -> Iterator[str]:
    if not all(_is_plain(one) for one in _inside(value)):
        yield f"{where} holds what no page can read"
    elif key in ("geom", "text") and isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _field(f"{where}.{inner}", inner, one)
    elif key in ("text", "originalText", "rawText"):
        if value is not None and (not isinstance(value, str) or len(value) > 50_000):
            yield f"{where} is no text"
    elif key == "link":
        if value not in (None, "") and not (
            isinstance(value, str) and value.lower().startswith(("http://", "https://"))
        ):
            yield f"{where} leads to {str(value)[:40]!r}"
    elif key in WORDS:
        if value is not None and not isinstance(value, str):
            yield f"{where} is no word"
    elif key in NUMBERS:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            yield f"{where} is no number"
        elif key in ("x", "y", "width", "height") and (value is None or abs(value) > FARTHEST):
            yield f"{where} lies nowhere"
    elif key in FLAGS:
        if value is not None and not isinstance(value, bool):
            yield f"{where} is neither true nor false"
    elif key == "points":
        if value is not None and not (isinstance(value, list) and all(map(_is_point, value))):
            yield f"{where} are no points"
    elif key == "groupIds" and value is not None and not _are_words(value):
        yield f"{where} are no groups"


def _inside(value: Any, depth: int = 0) -> Iterator[Any]:
    yield value if depth <= DEEPEST else object()
    if isinstance(value, Mapping) and depth <= DEEPEST:
        for key, one in value.items():
            yield key
            yield from _inside(one, depth + 1)
    elif isinstance(value, list | tuple) and depth <= DEEPEST:
        for one in value:
            yield from _inside(one, depth + 1)


def _is_plain(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int | bool | list | tuple | Mapping)


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_point(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
        and all(abs(one) <= FARTHEST for one in value)
    )


def faults_of_notes(notes: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the notes: steps that are no slugs, and what is not running text."""
    for step, text in notes.items():
        if not step or len(step) > 40 or not all(c in "abcdefghijklmnopqrstuvwxyz0123456789-_" for c in step):
            yield f"notes of a step called {step!r}"
        if len(str(text)) > 50_000:
            yield f"the notes of {step} have no end"
