"""What may stand on a board: types, fields, sizes and links, checked on each value an edit sets.

Excalidraw renders whatever it is given: an `iframe` runs its script, a point that is a string ends
the page of everybody in the room. So each field that an edit touches is held against this list.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

TYPES = {"rectangle", "diamond", "ellipse", "arrow", "line", "freedraw", "text", "frame", "image"}
MOST_ELEMENTS = 5_000
MOST_POINTS = 5_000
MOST_NOTES = 40
LONGEST_NOTE = 50_000
LONGEST_TEXT = 50_000
LONGEST_LINK = 2_000
LARGEST_COORDINATE = 1e7
MOST_FIELDS = 600  # an element has about thirty, and one `b/<id>` for each arrow bound to it
LARGEST_CUSTOM_DATA = 2_000

_ID = re.compile(r"[\w.:~|-]{1,64}\Z", re.ASCII)
# What whiteboard.images calls a picture that was uploaded; its bytes never travel in the document.
FILE_ID = re.compile(r"img-[0-9a-f]{36}\Z")
_STEP = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_LINK = re.compile(r"https?://[^\s<>\"'`\\]+\Z", re.IGNORECASE)


class RefusedError(ValueError):
    """An edit may not stand; the text is a sentence for the person who made it."""


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _number(value: Any) -> bool:
    return _is_number(value) and abs(value) <= LARGEST_COORDINATE


def _any_number(value: Any) -> bool:
    return value is None or (_is_number(value) and abs(value) <= 2**53)


def _flag(value: Any) -> bool:
    return value is None or type(value) is bool


def _word(value: Any) -> bool:
    return value is None or (type(value) is str and len(value) <= 128)


def _name(value: Any) -> bool:
    return value is None or (type(value) is str and len(value) <= 500)


def _long_text(value: Any) -> bool:
    return value is None or (type(value) is str and len(value) <= LONGEST_TEXT)


def _link(value: Any) -> bool:
    return value in (None, "") or (
        type(value) is str and len(value) <= LONGEST_LINK and _LINK.match(value) is not None
    )


def _point(value: Any) -> bool:
    return type(value) is list and len(value) == 2 and _number(value[0]) and _number(value[1])


def _points(value: Any) -> bool:
    if value is None:
        return True
    if type(value) is not list or len(value) > MOST_POINTS:
        return False
    limit = LARGEST_COORDINATE
    for point in value:
        if type(point) is not list or len(point) != 2:
            return False
        x, y = point
        if (type(x) is not float and not _number(x)) or (type(y) is not float and not _number(y)):
            return False
        if not (-limit <= x <= limit and -limit <= y <= limit):  # also false for NaN
            return False
    return True


def _numbers(value: Any) -> bool:
    return value is None or (
        type(value) is list and len(value) <= MOST_POINTS and all(_number(item) for item in value)
    )


def _maybe_point(value: Any) -> bool:
    return value is None or _point(value)


def _file_id(value: Any) -> bool:
    return value is None or (type(value) is str and FILE_ID.match(value) is not None)


def _picture_state(value: Any) -> bool:
    return value in (None, "pending", "saved", "error")


def _words(value: Any) -> bool:
    return value is None or (
        type(value) is list
        and len(value) <= 100
        and all(type(item) is str and len(item) <= 128 for item in value)
    )


def plain_size(value: Any, depth: int = 4) -> int:
    """Return about how many characters a plain value takes; RefusedError when it is not plain or too deep."""
    if value is None or type(value) is bool:
        return 4
    if type(value) is str:
        return len(value) + 2
    if _is_number(value):
        return 8
    if depth and type(value) is list:
        return 2 + sum(plain_size(item, depth - 1) for item in value[:5000])
    if depth and isinstance(value, Mapping):
        return 2 + sum(len(str(key)) + plain_size(item, depth - 1) for key, item in value.items())
    raise RefusedError("One value on the board is not plain text, number or list.")


def _small(value: Any) -> bool:
    return plain_size(value) <= 4_000


def _custom(value: Any) -> bool:
    return value is None or (type(value) is dict and plain_size(value, 3) <= LARGEST_CUSTOM_DATA)


def _dict_of(fields: Mapping[str, Any]) -> Any:
    def check(value: Any) -> bool:
        if value is None:
            return True
        if type(value) is not dict:
            return False
        for key, item in value.items():
            rule = fields.get(key)
            if rule is None or not rule(item):
                return False
        return True

    return check


_BINDING = _dict_of(
    {"elementId": _word, "focus": _any_number, "gap": _any_number, "fixedPoint": _maybe_point, "mode": _word}
)
_CROP = _dict_of(dict.fromkeys(("x", "y", "width", "height", "naturalWidth", "naturalHeight"), _number))
_ROUNDNESS = _dict_of({"type": _any_number, "value": _any_number})
_GEOMETRY = {
    "x": _number,
    "y": _number,
    "width": _number,
    "height": _number,
    "angle": _number,
    "points": _points,
    "pressures": _numbers,
    "simulatePressure": _flag,
    "lastCommittedPoint": _maybe_point,
    "startBinding": _BINDING,
    "endBinding": _BINDING,
    "startArrowhead": _word,
    "endArrowhead": _word,
    "elbowed": _flag,
    "polygon": _flag,
    "fixedSegments": _small,
    "startIsSpecial": _flag,
    "endIsSpecial": _flag,
    "scale": _maybe_point,
    "crop": _CROP,
    "roundness": _ROUNDNESS,
}
_TEXT = {
    "text": _long_text,
    "originalText": _long_text,
    "rawText": _long_text,
    "fontSize": _number,
    "fontFamily": lambda value: _any_number(value) or _word(value),
    "textAlign": _word,
    "verticalAlign": _word,
    "containerId": _word,
    "autoResize": _flag,
    "lineHeight": _number,
    "baseline": _any_number,
}
Fields = Mapping[str, Callable[[Any], bool]]
FIELDS: Fields = {
    **_GEOMETRY,
    **{name: rule for name, rule in _TEXT.items() if name != "text"},
    "type": lambda value: type(value) is str and value in TYPES,
    "geom": _dict_of(_GEOMETRY),
    "text": _dict_of(_TEXT),
    "id": _word,
    "strokeColor": _word,
    "backgroundColor": _word,
    "fillStyle": _word,
    "strokeWidth": _number,
    "strokeStyle": _word,
    "roughness": _number,
    "opacity": _number,
    "groupIds": _words,
    "frameId": _word,
    "index": _word,
    "seed": _any_number,
    "version": _any_number,
    "versionNonce": _any_number,
    "updated": _any_number,
    "isDeleted": _flag,
    "locked": _flag,
    "link": _link,
    "name": _name,
    "fileId": _file_id,
    "status": _picture_state,
    "customData": _custom,
    "boundElements": _small,
}


def _list_of_points(value: Any) -> bool:
    return value is None or (type(value) is list and len(value) <= MOST_POINTS)


# For edits in which gate_reader has found no list but points within bounds: going through them again
# would take longer than all other checks together.
FIELDS_WITH_SOUND_POINTS: Fields = {
    **FIELDS,
    "points": _list_of_points,
    "geom": _dict_of({**_GEOMETRY, "points": _list_of_points}),
}


def check_field(name: str, value: Any, fields: Fields = FIELDS) -> None:
    """Return quietly when `name` may hold `value` on an element; RefusedError says why not."""
    rule = fields.get(name)
    if rule is None:
        if name.startswith("b/") and _ID.match(name[2:]):
            rule = _small
        else:
            raise RefusedError(f"Elements on a board have no field “{name[:40]}”.")
    if not rule(value):
        if name == "link":
            raise RefusedError("Only links that start with http:// or https:// can be on a board.")
        if name == "fileId":
            raise RefusedError("A picture has to be uploaded before it can be on a board.")
        if name == "type":
            raise RefusedError(f"A board cannot hold “{str(value)[:40]}”.")
        raise RefusedError(f"The field “{name[:40]}” of an element does not hold what it should.")


def check_element_id(name: str) -> None:
    """Return quietly when `name` can be the id of an element."""
    if not _ID.match(name):
        raise RefusedError("One element has an id that boards do not use.")


def check_step(name: str) -> None:
    """Return quietly when `name` can be the step that a note belongs to."""
    if not _STEP.match(name):
        raise RefusedError("Notes belong to a step, and this one is not a step's name.")


def check_element(fields: Mapping[str, Any]) -> None:
    """Return quietly when a whole element may stand on a board."""
    if len(fields) > MOST_FIELDS:
        raise RefusedError("One element has too many fields.")
    for name, value in fields.items():
        check_field(name, value)
    if fields.get("type") == "image" and not fields.get("fileId"):
        raise RefusedError("A picture has to be uploaded before it can be on a board.")


def sound_elements(elements: Any) -> list[dict[str, Any]]:
    """Return the elements of a scene that a renderer can take: known type, finite place and size."""
    return [
        element
        for element in (elements if isinstance(elements, list) else [])
        if isinstance(element, dict)
        and isinstance(element.get("id"), str)
        and isinstance(element.get("type"), str)
        and element["type"] in TYPES
        and all(_number(element.get(name)) for name in ("x", "y", "width", "height"))
    ]
