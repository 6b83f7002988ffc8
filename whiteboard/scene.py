"""Elements as Excalidraw knows them, from and to the fields they have in the shared document.

In the document an element is a map: `geom` and `text` are one value each (so that two people who move
and recolour lose nothing), every arrow bound to it has its own key `b/<id>`, the rest are plain keys.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from whiteboard.gate_rules import sound_elements

# The same groups as in frontend/src/sync/element.ts: a field must not stand in two places.
GEOMETRY = {
    "x", "y", "width", "height", "angle", "points", "pressures", "startBinding", "endBinding",
    "fixedSegments", "startIsSpecial", "endIsSpecial",
}  # fmt: skip
TEXT = {"text", "originalText", "fontSize", "fontFamily", "lineHeight", "autoResize"}
NEVER_SHARED = {"id", "version", "versionNonce", "updated", "lastCommittedPoint", "boundElements"}
DEFAULTS: dict[str, Any] = {
    "angle": 0,
    "strokeColor": "#1e1e1e",
    "backgroundColor": "transparent",
    "fillStyle": "solid",
    "strokeWidth": 2,
    "strokeStyle": "solid",
    "roughness": 1,
    "opacity": 100,
    "groupIds": [],
    "frameId": None,
    "roundness": None,
    "seed": 1,
    "isDeleted": False,
    "boundElements": [],
    "link": None,
    "locked": False,
}


def fields_of(element: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that an element has in the shared document."""
    geometry = {name: value for name, value in element.items() if name in GEOMETRY}
    text = {name: value for name, value in element.items() if name in TEXT and element.get("type") == "text"}
    apart = geometry.keys() | text.keys() | NEVER_SHARED
    fields = {name: value for name, value in element.items() if name not in apart}
    for bound in element.get("boundElements") or []:
        if isinstance(bound, Mapping) and "id" in bound:
            fields[f"b/{bound['id']}"] = bound.get("type", "arrow")
    fields["geom"] = geometry
    if text:
        fields["text"] = text
    return fields


def fields_by_id(elements: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return id → fields for the shared document."""
    return {str(element["id"]): fields_of(element) for element in elements}


def element_of(identity: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return an element in Excalidraw's form, with a default for what the document does not say."""
    element: dict[str, Any] = {**DEFAULTS, "groupIds": []}
    bound: list[dict[str, str]] = []
    for name, value in fields.items():
        if name in ("geom", "text") and isinstance(value, Mapping):
            element.update(value)
        elif name.startswith("b/"):
            kind = value if isinstance(value, str) else "arrow"
            if isinstance(value, Mapping):
                kind = str(value.get("type", "arrow"))
            bound.append({"id": name[2:], "type": kind})
        else:
            element[name] = value
    element["id"] = identity
    element["boundElements"] = sorted(bound, key=lambda one: one["id"])
    return element


def _order(element: Mapping[str, Any]) -> tuple[str, str]:
    index = element.get("index")
    return (index if isinstance(index, str) else "", str(element["id"]))


def elements_of(fields_by_id: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the elements of a document that can be drawn, deleted ones left out, back to front."""
    elements = [
        element_of(name, fields) for name, fields in fields_by_id.items() if isinstance(fields, Mapping)
    ]
    kept = [element for element in sound_elements(elements) if not element.get("isDeleted")]
    return sorted(kept, key=_order)


def scene_of(fields_by_id: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document's elements as an Excalidraw file."""
    return file_of(elements_of(fields_by_id))


def file_of(elements: list[dict[str, Any]]) -> dict[str, Any]:
    """Return elements as the JSON of an `.excalidraw` file."""
    return {
        "type": "excalidraw",
        "version": 2,
        "source": "mockboard",
        "elements": elements,
        "appState": {"viewBackgroundColor": "#ffffff"},
        "files": {},
    }
