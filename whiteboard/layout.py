"""A design written as a table (grid cells, kinds, groups, arrows) turned into elements of a board.

The cases' reference designs and the samples are kept that way: a person can read and change them.
Everything is bound as Excalidraw binds it, so that a box can be moved and its arrows follow.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

COLUMN, ROW = 288.0, 160.0
WIDTH, HEIGHT = 176.0, 80.0
PADDING = 26.0
FRAME_HEAD = 12.0
GAP = 5.0
FONT_SIZE, LABEL_SIZE, LINE_HEIGHT = 18.0, 14.0, 1.25
HAND = 5  # Excalifont
# The colours of the palette (frontend/src/palette/shape.ts), by what a part is for.
INK_AND_WASH = {
    "client": ("#0b6e99", "#e3f1f7"),
    "source": ("#0a7f5a", "#e2f3ec"),
    "queue": ("#0a7f5a", "#e2f3ec"),
    "store": ("#0a7f5a", "#e2f3ec"),
    "pipeline": ("#5e7d0f", "#eef4dd"),
    "index": ("#5e7d0f", "#eef4dd"),
    "model": ("#a45a00", "#fbeedd"),
    "training": ("#a45a00", "#fbeedd"),
    "registry": ("#a45a00", "#fbeedd"),
    "service": ("#7a4fc2", "#efe8fa"),
    "cache": ("#7a4fc2", "#efe8fa"),
    "monitoring": ("#b23a2e", "#fbe7e4"),
}
ROUND = {"store", "index", "cache", "registry"}
SHARP = {"client", "source"}
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
Element = dict[str, Any]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A box on the board."""

    left: float
    top: float

    @property
    def center(self) -> Point:
        """Its middle."""
        return self.left + WIDTH / 2, self.top + HEIGHT / 2

    def is_crossed(self, start: Point, end: Point) -> bool:
        """Return whether a straight line passes through this box, with some room around it."""
        first, last = 0.0, 1.0
        for near, far, origin, way in (
            (self.left - 6, self.left + WIDTH + 6, start[0], end[0] - start[0]),
            (self.top - 6, self.top + HEIGHT + 6, start[1], end[1] - start[1]),
        ):
            if way == 0:
                if not near < origin < far:
                    return False
                continue
            enters, leaves = sorted(((near - origin) / way, (far - origin) / way))
            first, last = max(first, enters), min(last, leaves)
        return first < last

    def edge_towards(self, point: Point, gap: float = GAP) -> Point:
        """Return where a line from the middle to `point` leaves the box, a little outside."""
        (x, y), (to_x, to_y) = self.center, point
        across, down = to_x - x, to_y - y
        if across == 0 and down == 0:
            return x, y
        share = min(
            (WIDTH / 2) / abs(across) if across else math.inf,
            (HEIGHT / 2) / abs(down) if down else math.inf,
        )
        length = math.hypot(across, down)
        return x + across * share + gap * across / length, y + down * share + gap * down / length


def indexes() -> Iterator[str]:
    """Yield Excalidraw's order keys (fractional indexing, integers only): a0, a1, … az, b00, …"""
    for letter, digits in (("a", 1), ("b", 2), ("c", 3)):
        for number in range(62**digits):
            key, rest = "", number
            for _ in range(digits):
                rest, digit = divmod(rest, 62)
                key = DIGITS[digit] + key
            yield letter + key


def elements_of(board: Mapping[str, Any]) -> list[Element]:
    """Return the elements of a design {"groups", "nodes", "edges"}, back to front.

    A node: {"id", "label", "kind", "at": [column, row], "group"?, "latency_ms"?, "volume"?}; an edge:
    {"from", "to", "label"?}. Element ids are the nodes' own, so that evidence can name them.
    """
    places = {node["id"]: Place(node["at"][0] * COLUMN, node["at"][1] * ROW) for node in board["nodes"]}
    boxes: dict[str, Element] = {}
    drawn: list[Element] = []
    grouped = sorted(board["nodes"], key=lambda node: str(node.get("group") or ""))
    for node in grouped:
        box, label = _box(node, places[node["id"]])
        boxes[node["id"]] = box
        drawn += [box, label]
    for group in board.get("groups", []):
        inside = [places[node["id"]] for node in board["nodes"] if node.get("group") == group["id"]]
        if inside:
            drawn.append(_frame(group, inside))
    routes: list[tuple[Point, ...]] = []
    for number, edge in enumerate(board.get("edges", [])):
        drawn += _arrow(number, edge, boxes, places, routes)
    keys = indexes()
    for element in drawn:
        element["index"] = next(keys)
    return drawn


def _element(name: str, kind: str, left: float, top: float, width: float, height: float) -> Element:
    return {
        "id": name,
        "type": kind,
        "x": round(left, 2),
        "y": round(top, 2),
        "width": round(width, 2),
        "height": round(height, 2),
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
        "seed": sum(ord(letter) * (place + 7) for place, letter in enumerate(name)) % 2147483000 + 1,
        "isDeleted": False,
        "boundElements": [],
        "link": None,
        "locked": False,
    }


def _box(node: Mapping[str, Any], place: Place) -> tuple[Element, Element]:
    kind = node.get("kind")
    ink, wash = INK_AND_WASH.get(str(kind), ("#1e1e1e", "#ffffff"))
    box = _element(
        node["id"], "ellipse" if kind in ROUND else "rectangle", place.left, place.top, WIDTH, HEIGHT
    )
    box.update(strokeColor=ink, backgroundColor=wash, frameId=node.get("group"))
    if kind not in ROUND and kind not in SHARP:
        box["roundness"] = {"type": 3}
    box["customData"] = {"kind": kind} if kind else {}
    if node.get("latency_ms") is not None:
        box["customData"]["latencyMs"] = node["latency_ms"]
    if node.get("volume"):
        box["customData"]["volume"] = str(node["volume"])
    room = WIDTH * 0.72 if kind in ROUND else WIDTH - 16
    label = _text(f"{node['id']}-label", node["label"], FONT_SIZE, room, place.center)
    label.update(containerId=node["id"], frameId=node.get("group"))
    box["boundElements"].append({"id": label["id"], "type": "text"})
    return box, label


def _text(name: str, text: str, size: float, room: float, middle: Point) -> Element:
    lines = wrap(text, room, size)
    width = max(width_of(line, size) for line in lines)
    height = len(lines) * size * LINE_HEIGHT
    element = _element(name, "text", middle[0] - width / 2, middle[1] - height / 2, width, height)
    element.update(
        text="\n".join(lines),
        originalText=text,
        fontSize=size,
        fontFamily=HAND,
        lineHeight=LINE_HEIGHT,
        textAlign="center",
        verticalAlign="middle",
        containerId=None,
        autoResize=True,
    )
    return element


def width_of(line: str, size: float) -> float:
    """Return about how wide a line of handwriting is."""
    return len(line) * size * 0.52


def wrap(text: str, room: float, size: float) -> list[str]:
    """Return a text in lines that fit; a word longer than a line keeps one of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def _frame(group: Mapping[str, Any], inside: list[Place]) -> Element:
    left, top = (
        min(one.left for one in inside) - PADDING,
        min(one.top for one in inside) - PADDING - FRAME_HEAD,
    )
    right = max(one.left for one in inside) + WIDTH + PADDING
    bottom = max(one.top for one in inside) + HEIGHT + PADDING
    frame = _element(group["id"], "frame", left, top, right - left, bottom - top)
    frame.update(name=group["label"], strokeColor="#bbb", roughness=0)
    return frame


def _arrow(
    number: int,
    edge: Mapping[str, Any],
    boxes: Mapping[str, Element],
    places: Mapping[str, Place],
    routes: list[tuple[Point, ...]],
) -> list[Element]:
    source, target = boxes[edge["from"]], boxes[edge["to"]]
    others = [place for name, place in places.items() if name not in (edge["from"], edge["to"])]
    path = _route(places[edge["from"]], places[edge["to"]], others, routes)
    routes.append(path)
    (left, top), name = path[0], f"arrow-{number}"
    points = [[round(x - left, 2), round(y - top, 2)] for x, y in path]
    across, down = [point[0] for point in points], [point[1] for point in points]
    arrow = _element(name, "arrow", left, top, max(across) - min(across), max(down) - min(down))
    arrow.update(
        points=points,
        roundness={"type": 2},
        startBinding={"elementId": source["id"], "focus": 0, "gap": GAP},
        endBinding={"elementId": target["id"], "focus": 0, "gap": GAP},
        startArrowhead=None,
        endArrowhead="arrow",
        elbowed=False,
    )
    for box in (source, target):
        box["boundElements"].append({"id": name, "type": "arrow"})
    if not edge.get("label"):
        return [arrow]
    lies_flat = abs(path[0][1] - path[-1][1]) < HEIGHT / 2 and max(across) < 2 * COLUMN - WIDTH
    room = COLUMN - WIDTH - 22 if lies_flat else COLUMN - WIDTH + 30
    label = _text(f"{name}-label", edge["label"], LABEL_SIZE, room, middle_of(path))
    label["containerId"] = name
    arrow["boundElements"].append({"id": label["id"], "type": "text"})
    return [arrow, label]


def middle_of(path: tuple[Point, ...]) -> Point:
    """Return the point half way along a path, where Excalidraw puts an arrow's label."""
    lengths = [math.dist(one, other) for one, other in pairwise(path)]
    left = sum(lengths) / 2
    for (one, other), length in zip(pairwise(path), lengths, strict=True):
        if left <= length and length:
            share = left / length
            return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
        left -= length
    return path[-1]


def _route(
    source: Place, target: Place, others: list[Place], routes: list[tuple[Point, ...]]
) -> tuple[Point, ...]:
    """Return the way that crosses the fewest boxes, then overlaps the fewest arrows, then is shortest."""
    ways: list[tuple[Point, ...]] = []
    (x1, y1), (x2, y2) = source.center, target.center
    bends: list[tuple[Point, ...]] = [()]
    half_row, half_column = ROW / 2, COLUMN / 2
    for shift in (-9.0, 9.0, 0.0):
        rows = [y + shift for y in (y1 - half_row, y1 + half_row, y2 - half_row, y2 + half_row)]
        columns = [
            x + shift for x in (x1 - half_column, x1 + half_column, x2 - half_column, x2 + half_column)
        ]
        bends += [((x1 + shift, row), (x2 + shift, row)) for row in rows]
        bends += [(((x1 + x2) / 2 + shift, row),) for row in rows]
        bends += [((column, y1 + shift), (column, y2 + shift)) for column in columns]
    bends += [((x1, y2),), ((x2, y1),)]
    for bend in bends:
        first, last = (bend[0], bend[-1]) if bend else (target.center, source.center)
        ways.append((source.edge_towards(first), *bend, target.edge_towards(last)))
    # Most first choices cross nothing: boxes are looked at only until one does not.
    best: tuple[int, tuple[Point, ...]] | None = None
    for way in sorted(ways, key=lambda one: _length(one, routes)):
        crossed = sum(place.is_crossed(start, end) for start, end in pairwise(way) for place in others)
        if best is None or crossed < best[0]:
            best = crossed, way
        if crossed == 0:
            break
    return best[1] if best else ways[0]


def _length(way: tuple[Point, ...], routes: list[tuple[Point, ...]]) -> float:
    along = sum(_runs_along(way, route) for route in routes)
    length = sum(math.dist(start, end) for start, end in pairwise(way))
    return length * (1 + 0.12 * (len(way) - 2)) + 90 * along


def _runs_along(way: tuple[Point, ...], other: tuple[Point, ...]) -> bool:
    """Return whether two ways have a middle in the same spot: their labels would lie on each other."""
    return math.dist(middle_of(way), middle_of(other)) < 24
