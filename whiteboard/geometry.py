"""Boxes and arrow ends of a drawing as plane geometry: what contains, touches or surrounds what."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

TOUCH = 32.0  # how far from a box a loose end may stop and still mean it
CELL = 256.0
MOST_CELLS = 400
MOST_IN_CELL = 300  # thousands of boxes on one spot mean nothing, and must not take minutes
Point = tuple[float, float]
Element = Mapping[str, Any]


@dataclass(slots=True)
class Box:
    """Something that can be a node: its place, its words, and what it stands in."""

    id: str
    shape: str
    left: float
    top: float
    width: float
    height: float
    angle: float = 0.0
    label: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    frame: str | None = None
    groups: tuple[str, ...] = ()
    parent: str | None = None
    is_group: bool = False

    @property
    def area(self) -> float:
        """Its size, to find the smallest of several around a point."""
        return self.width * self.height

    @property
    def center(self) -> Point:
        """Its middle."""
        return self.left + self.width / 2, self.top + self.height / 2

    def distance(self, point: Point) -> float:
        """Return how far outside a point lies; 0 inside."""
        x, y = turned(point, self.center, -self.angle) if self.angle else point
        across = max(self.left - x, 0.0, x - self.left - self.width)
        down = max(self.top - y, 0.0, y - self.top - self.height)
        return math.hypot(across, down)

    def holds(self, other: "Box") -> bool:
        """Return whether `other` stands wholly inside."""
        slack = 2.0
        return (
            self.left - slack <= other.left
            and self.top - slack <= other.top
            and other.left + other.width <= self.left + self.width + slack
            and other.top + other.height <= self.top + self.height + slack
        )


class Grid:
    """Boxes by the cells they cover, to find those around a point without looking at all."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._cells: dict[tuple[int, int], list[Box]] = defaultdict(list)
        self._wide: list[Box] = []
        for box in boxes:
            reach = TOUCH + (max(box.width, box.height) if box.angle else 0.0)
            left, right = (box.left - reach) // CELL, (box.left + box.width + reach) // CELL
            top, bottom = (box.top - reach) // CELL, (box.top + box.height + reach) // CELL
            if (right - left + 1) * (bottom - top + 1) > MOST_CELLS:
                if len(self._wide) < MOST_IN_CELL:
                    self._wide.append(box)
                continue
            for column in range(int(left), int(right) + 1):
                for row in range(int(top), int(bottom) + 1):
                    cell = self._cells[column, row]
                    if len(cell) < MOST_IN_CELL:
                        cell.append(box)

    def near(self, point: Point) -> Iterator[Box]:
        """Yield the boxes that may contain the point or be within reach of it."""
        yield from self._cells.get((int(point[0] // CELL), int(point[1] // CELL)), ())
        yield from self._wide


def groups_of(element: Element) -> tuple[str, ...]:
    """Return the groups an element is in, the innermost first, each once."""
    groups = element.get("groupIds")
    if not isinstance(groups, list):
        return ()
    return tuple(dict.fromkeys(one for one in groups[:20] if isinstance(one, str)))


def number_of(value: Any) -> float:
    return float(value) if type(value) in (int, float) and math.isfinite(value) else 0.0


def box_of(element: Element) -> Box:
    width, height = float(element["width"]), float(element["height"])
    frame, custom = element.get("frameId"), element.get("customData")
    return Box(
        id=element["id"],
        shape=element["type"],
        left=float(element["x"]) + min(width, 0.0),
        top=float(element["y"]) + min(height, 0.0),
        width=abs(width),
        height=abs(height),
        angle=math.remainder(number_of(element.get("angle")), 2 * math.pi),
        custom=custom if isinstance(custom, Mapping) else {},
        frame=frame if isinstance(frame, str) else None,
        groups=groups_of(element),
    )


def turned(point: Point, around: Point, angle: float) -> Point:
    x, y = point[0] - around[0], point[1] - around[1]
    cosine, sine = math.cos(angle), math.sin(angle)
    return around[0] + x * cosine - y * sine, around[1] + x * sine + y * cosine


def from_border(box: Box, point: Point) -> float:
    """Return how far a point is from a box's outline, inside or out."""
    away = box.distance(point)
    if away:
        return away
    x, y = turned(point, box.center, -box.angle) if box.angle else point
    return min(x - box.left, box.left + box.width - x, y - box.top, box.top + box.height - y)


def ends_of(arrow: Element) -> tuple[Point, Point] | None:
    """Return where an arrow starts and ends on the board; None when its points make no sense."""
    points = arrow.get("points")
    if not isinstance(points, list) or len(points) < 2:
        return None
    ends: list[Point] = []
    for point in (points[0], points[-1]):
        if not (isinstance(point, list) and len(point) == 2 and all(_is_finite(value) for value in point)):
            return None
        ends.append((arrow["x"] + point[0], arrow["y"] + point[1]))
    angle = math.remainder(number_of(arrow.get("angle")), 2 * math.pi)
    if angle:
        whole = box_of(arrow)
        ends = [turned(end, whole.center, angle) for end in ends]
    return ends[0], ends[1]


def _is_finite(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and abs(value) < 1e9
