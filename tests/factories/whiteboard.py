"""Boards, empty or drawn on."""

import factory
from pycrdt import Doc, Map

from whiteboard.models import Board


class BoardFactory(factory.django.DjangoModelFactory[Board]):
    class Meta:
        model = Board


def strokes(count: int, *, name: str = "a") -> list[bytes]:
    """Return `count` edits of one person in order: a box is made, then moved."""
    doc: Doc = Doc()
    edits: list[bytes] = []
    subscription = doc.observe(lambda event: edits.append(event.update))
    elements = doc.get("elements", type=Map)
    place = {"y": 0.0, "width": 100.0, "height": 50.0, "angle": 0.0}
    elements[name] = Map({"type": "rectangle", "geom": {"x": 0.0, **place}})
    for step in range(1, count):
        elements[name]["geom"] = {"x": float(step), **place}
    doc.unobserve(subscription)
    return edits
