"""The design in a drawing: boxes, arrows, groups and free text, read from the elements of a scene.

Reads any board: what makes no sense is left out, nothing is raised. An arrow end that is not bound to a
box belongs to the box it lies in or nearly touches, because people draw that way; the boxes are kept in
a grid so that a board of thousands is read as fast as one of ten.

frontend/src/mermaid/graph.ts reads the same in the browser; tests/data/mermaid holds both to it.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from whiteboard.gate_rules import sound_elements
from whiteboard.geometry import TOUCH, Box, Element, Grid, Point, box_of, ends_of, from_border, groups_of

KINDS = {
    "client", "service", "model", "store", "index", "cache",
    "queue", "pipeline", "training", "registry", "monitoring", "source",
}  # fmt: skip
BOXES = {"rectangle", "diamond", "ellipse", "image"}
LONGEST_LABEL = 500
SNUG = 200.0  # a box around a text that arrows lead to is that text's own if it is no larger than by this
DEEPEST = 24  # groups in groups; an element is in at most twenty

# Two letters look like the mu of µs: the micro sign and the Greek letter.
_LATENCY = re.compile(
    r"(?<![\w.,])([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s?([mM][sS]|[µμuU][sS]|[sS](?:[eE][cC])?)(?!\w)"
)
_IN_MS = {"ms": 1.0, "µs": 0.001, "μs": 0.001, "us": 0.001, "s": 1000.0, "sec": 1000.0}
MERMAID_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}(?:-[A-Za-z0-9_]{1,40}){0,3}\Z", re.ASCII)


def read_graph(elements: Iterable[Any]) -> dict[str, Any]:
    """Return the graph of a scene: {"nodes", "edges", "frames", "text"}, as stored with a submission."""
    alive = [element for element in sound_elements(list(elements)) if element.get("isDeleted") is not True]
    return _Reading(alive).graph()


class _Reading:
    """One pass over the elements; `graph` puts the findings together."""

    def __init__(self, elements: list[dict[str, Any]]) -> None:
        self.arrows = [one for one in elements if one["type"] in ("arrow", "line")]
        self.texts = [one for one in elements if one["type"] == "text"]
        self.boxes: dict[str, Box] = {}
        self.frames: dict[str, Box] = {}
        self.labels: dict[str, str] = {}
        self.free: list[dict[str, Any]] = []
        self.stands_for: dict[str, str] = {}  # member of a drawn-together part → the part
        for one in elements:
            if one["type"] in BOXES:
                self.boxes[one["id"]] = box_of(one)
            elif one["type"] == "frame":
                frame = self.frames[one["id"]] = box_of(one)
                frame.is_group, frame.label = True, _words(one.get("name"))
        for name in self.frames.keys() & self.boxes.keys():  # one id cannot be two things
            del self.frames[name]
        self._place_text()
        self._gather_groups()
        self._find_parents()

    # -- words ---------------------------------------------------------------------------------

    def _place_text(self) -> None:
        """Give each text to the box or arrow it labels; text that arrows are bound to is a box itself."""
        ends = {
            str(binding.get("elementId"))
            for arrow in self.arrows
            for binding in (arrow.get("startBinding"), arrow.get("endBinding"))
            if isinstance(binding, Mapping)
        }
        lines = {arrow["id"] for arrow in self.arrows}
        with_arrows = []
        for text in self.texts:
            words, holder = _words(text.get("text")), text.get("containerId")
            if not words:
                continue
            if isinstance(holder, str) and (holder in self.boxes or holder in lines):
                before = self.labels.get(holder)
                self.labels[holder] = f"{before} {words}"[:LONGEST_LABEL] if before else words
                self.stands_for[text["id"]] = holder
            elif text["id"] in ends:
                with_arrows.append(text)
            else:
                self.free.append(text)
        for name, words in self.labels.items():
            if name in self.boxes:
                self.boxes[name].label = words
        self.unnamed = Grid(box for box in self.boxes.values() if not box.label and box.shape != "text")
        for text in with_arrows:
            if not self._takes(text, SNUG):
                box = self.boxes[text["id"]] = box_of(text)
                box.label = _words(text.get("text"))
        self.free = [text for text in self.free if not self._takes(text)]

    def _takes(self, text: Element, room: float = math.inf) -> bool:
        """Let a text be the label of the smallest box around it that has none and is not larger by `room`."""
        words = box_of(text)
        around = [
            box
            for box in self.unnamed.near(words.center)
            if not box.label
            and box.holds(words)
            and box.width <= words.width + room
            and box.height <= words.height + room
        ]
        if not around:
            return False
        holder = min(around, key=lambda box: box.area)
        holder.label = _words(text.get("text"))
        self.stands_for[text["id"]] = holder.id
        return True

    # -- what stands in what -------------------------------------------------------------------

    def _gather_groups(self) -> None:
        """Make one part of shapes grouped into a picture, and a group node of a group of parts."""
        members: dict[str, list[Box]] = defaultdict(list)
        for box in self.boxes.values():
            for name in box.groups:
                members[name].append(box)
        words: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for text in self.free:
            for name in groups_of(text):
                words[name].append(text)
        taken: set[str] = set()
        for name in sorted(members, key=lambda group: len(members[group])):
            boxes = [box for box in members[name] if box.id in self.boxes]
            texts = [text for text in words[name] if text["id"] not in taken]
            if len(boxes) + len(texts) < 2 or not boxes:
                continue
            named = [box for box in boxes if box.label]
            label = " ".join(_words(text.get("text")) for text in texts[:20])[:LONGEST_LABEL]
            largest = max(boxes, key=lambda box: box.area)
            if len(named) == 1:
                self._merge(boxes, named[0].label)  # the text beside it says something else
                continue
            if not named:
                self._merge(boxes, label)
            elif not all(largest.holds(other) for other in boxes):
                self._add_group(name, boxes, label)
            else:
                continue
            taken.update(text["id"] for text in texts)
        self.free = [text for text in self.free if text["id"] not in taken]

    def _merge(self, boxes: list[Box], label: str) -> None:
        """Let the largest of several shapes stand for all: a picture of a database is one part."""
        whole = max(boxes, key=lambda box: (bool(box.custom), bool(box.label), box.area))
        left, top = min(box.left for box in boxes), min(box.top for box in boxes)
        right = max(box.left + box.width for box in boxes)
        bottom = max(box.top + box.height for box in boxes)
        whole.left, whole.top, whole.width, whole.height = left, top, right - left, bottom - top
        whole.angle, whole.label = 0.0, label
        for box in boxes:
            if box is not whole:
                self.stands_for[box.id] = whole.id
                del self.boxes[box.id]

    def _add_group(self, name: str, boxes: list[Box], label: str) -> None:
        if name in self.boxes or name in self.frames:
            return
        left, top = min(box.left for box in boxes), min(box.top for box in boxes)
        right = max(box.left + box.width for box in boxes)
        bottom = max(box.top + box.height for box in boxes)
        group = Box(name, "group", left, top, right - left, bottom - top, label=label, is_group=True)
        inside: set[str | None] = set()
        for box in boxes:
            inside.add(box.frame if box.frame in self.frames else None)
            outermost, steps = box, 0
            while outermost.parent in self.boxes and steps < DEEPEST:
                outermost, steps = self.boxes[outermost.parent], steps + 1
            if outermost is not group:
                outermost.parent = name
        group.frame = inside.pop() if len(inside) == 1 else None
        self.boxes[name] = group

    def _find_parents(self) -> None:
        """Set each box's parent: its group, the smallest box around it, or its frame."""
        grid = Grid(box for box in self.boxes.values() if not (box.is_group or box.shape == "text"))
        for box in self.boxes.values():
            if box.parent is None:
                around = [
                    other
                    for other in grid.near(box.center)
                    if other is not box and other.area > box.area and other.holds(box)
                ]
                if around:
                    box.parent = min(around, key=lambda other: other.area).id
                    continue
            if box.parent is None and box.frame in self.frames:
                box.parent = box.frame
        frames = Grid(self.frames.values())
        for frame in self.frames.values():
            around = [o for o in frames.near(frame.center) if o.area > frame.area and o.holds(frame)]
            if around:
                frame.parent = min(around, key=lambda other: other.area).id
        self._cut_circles()

    def _cut_circles(self) -> None:
        """Let nothing stand in itself, whatever groups and frames claim."""
        cleared: set[str] = set()
        for box in (*self.boxes.values(), *self.frames.values()):
            way: dict[str, Box] = {}
            at: Box | None = box
            while at is not None and at.id not in cleared:
                if at.id in way:
                    at.parent = None
                    break
                way[at.id] = at
                at = self.boxes.get(at.parent or "") or self.frames.get(at.parent or "")
            cleared.update(way)

    # -- arrows --------------------------------------------------------------------------------

    def _edges(self) -> list[dict[str, Any]]:
        holders = {box.parent for box in self.boxes.values() if box.parent}
        grid = Grid([*self.boxes.values(), *self.frames.values()])
        edges = []
        for arrow in self.arrows:
            ends = ends_of(arrow)
            if ends is None or (arrow["type"] == "line" and arrow.get("polygon") is True):
                continue
            bound = [self._bound(arrow.get(name)) for name in ("startBinding", "endBinding")]
            source, target = (
                found or self._touched(grid, holders, end) for found, end in zip(bound, ends, strict=True)
            )
            if source is None or target is None or (source == target and None in bound):
                continue
            edges.append(self._edge(arrow, source, target))
        return edges

    def _edge(self, arrow: Element, source: str, target: str) -> dict[str, Any]:
        is_arrow = arrow["type"] == "arrow"
        at_start = _is_head(arrow.get("startArrowhead"))
        at_end = _is_head(arrow.get("endArrowhead", "arrow" if is_arrow else None))
        heads = {(True, True): "both", (False, False): "none"}.get((at_start, at_end), "end")
        if at_start and not at_end:
            source, target = target, source
        label = self.labels.get(arrow["id"], "")
        return {"id": arrow["id"], "source": source, "target": target, "label": label, "heads": heads}

    def _bound(self, binding: Any) -> str | None:
        name = binding.get("elementId") if isinstance(binding, Mapping) else None
        if not isinstance(name, str):
            return None
        for _ in range(DEEPEST):
            name = self.stands_for.get(name, name)
        return name if name in self.boxes or name in self.frames else None

    def _touched(self, grid: Grid, holders: set[str], end: Point) -> str | None:
        """Return the box a loose end means: the smallest around it, else the nearest within reach."""
        inside: Box | None = None
        nearest: tuple[float, Box] | None = None
        for box in grid.near(end):
            away = box.distance(end)
            is_holder = box.is_group or box.id in holders
            if away == 0 and not is_holder and (inside is None or box.area < inside.area):
                inside = box
            edge_away = from_border(box, end) if is_holder else away
            if edge_away <= TOUCH and (nearest is None or edge_away < nearest[0]):
                nearest = (edge_away, box)
        if inside is not None:
            return inside.id
        return nearest[1].id if nearest else None

    # -- the whole -----------------------------------------------------------------------------

    def graph(self) -> dict[str, Any]:
        """Return everything found, in the order of the drawing."""
        holders = {box.parent for box in (*self.boxes.values(), *self.frames.values())}
        framed = [frame for frame in self.frames.values() if frame.id in holders]
        return {
            "nodes": [_node(box, self.frames) for box in (*framed, *self.boxes.values())],
            "edges": self._edges(),
            "frames": [_frame(frame) for frame in self.frames.values()],
            "text": [{"id": text["id"], "text": _words(text.get("text"))} for text in self.free],
        }


def _node(box: Box, frames: Mapping[str, Box]) -> dict[str, Any]:
    kind = box.custom.get("kind")
    node: dict[str, Any] = {
        "id": box.id,
        "label": box.label,
        "kind": "group" if box.is_group else kind if isinstance(kind, str) and kind in KINDS else None,
        "shape": box.shape,
        "frame": box.frame if box.frame in frames else None,
        "parent": box.parent,
        "x": round(box.left, 2),
        "y": round(box.top, 2),
    }
    latency: Any = box.custom.get("latencyMs")
    is_number = isinstance(latency, int | float) and not isinstance(latency, bool)
    if is_number and math.isfinite(latency) and latency >= 0:
        node["latency_ms"] = latency
    elif not box.is_group and (said := latency_in(box.label)) is not None:
        node["latency_ms"] = said
    volume = box.custom.get("volume")
    if isinstance(volume, str) and volume.strip():
        node["volume"] = volume.strip()[:100]
    return _named(node, box)


def _frame(frame: Box) -> dict[str, Any]:
    return _named(
        {"id": frame.id, "label": frame.label} | ({"parent": frame.parent} if frame.parent else {}), frame
    )


def _named(node: dict[str, Any], box: Box) -> dict[str, Any]:
    """Add the name that somebody gave it in a Mermaid text."""
    name = box.custom.get("mermaidId")
    if isinstance(name, str) and MERMAID_ID.match(name):
        node["mermaid_id"] = name
    return node


def latency_in(label: str) -> float | None:
    """Return the milliseconds a label speaks of ("Ranker 12 ms"), None when it names no time."""
    found = _LATENCY.search(label)
    if found is None:
        return None
    amount = float(found[1].replace(",", ".")) * _IN_MS[found[2].lower()]
    return int(amount) if amount == int(amount) else amount


def _is_head(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _words(text: Any) -> str:
    return " ".join(text[: LONGEST_LABEL * 4].split())[:LONGEST_LABEL] if isinstance(text, str) else ""
