"""Lines as a hand draws them: SVG path data from points, each side drawn twice and not quite straight."""

import math
import random
from collections.abc import Sequence
from itertools import pairwise

from whiteboard.geometry import Box

Point = tuple[float, float]
WOBBLE = 1.0


def _near(point: Point, dice: random.Random, wobble: float = WOBBLE) -> str:
    return f"{point[0] + dice.uniform(-wobble, wobble):.1f} {point[1] + dice.uniform(-wobble, wobble):.1f}"


def stroke(start: Point, end: Point, dice: random.Random) -> str:
    """Return a line drawn twice, each time with a slight bow."""
    length = math.dist(start, end)
    bow = min(length / 120, 1.4)
    drawn = []
    for _ in range(2):
        first = (start[0] + (end[0] - start[0]) * 0.35, start[1] + (end[1] - start[1]) * 0.35)
        second = (start[0] + (end[0] - start[0]) * 0.7, start[1] + (end[1] - start[1]) * 0.7)
        bends = f"{_near(first, dice, bow)} {_near(second, dice, bow)}"
        drawn.append(f"M{_near(start, dice, 0.7)}C{bends} {_near(end, dice, 0.7)}")
    return "".join(drawn)


def polyline(points: Sequence[Point], dice: random.Random) -> str:
    """Return straight lines through the points."""
    return "".join(stroke(start, end, dice) for start, end in pairwise(points))


def curve(points: Sequence[Point]) -> str:
    """Return a smooth line through the points (Catmull-Rom as cubic curves); a dot for one point."""
    first = points[0]
    drawn = [f"M{first[0]:.1f} {first[1]:.1f}"]
    if len(points) == 1:
        return f"{drawn[0]}l0.1 0"
    for place in range(len(points) - 1):
        before = points[max(place - 1, 0)]
        here, there = points[place], points[place + 1]
        after = points[min(place + 2, len(points) - 1)]
        one = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        two = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        drawn.append(f"C{one[0]:.1f} {one[1]:.1f} {two[0]:.1f} {two[1]:.1f} {there[0]:.1f} {there[1]:.1f}")
    return "".join(drawn)


def rounded(box: Box, radius: float, dice: random.Random) -> str:
    """Return the outline of a rectangle, with round corners when `radius` is not 0."""
    left, top, right, bottom = box.left, box.top, box.left + box.width, box.top + box.height
    sides = (
        ((left + radius, top), (right - radius, top), (right, top)),
        ((right, top + radius), (right, bottom - radius), (right, bottom)),
        ((right - radius, bottom), (left + radius, bottom), (left, bottom)),
        ((left, bottom - radius), (left, top + radius), (left, top)),
    )
    drawn = ""
    for place, (start, end, corner) in enumerate(sides):
        drawn += stroke(start, end, dice)
        if radius:
            after = sides[(place + 1) % 4][0]
            drawn += (
                f"M{end[0]:.1f} {end[1]:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {after[0]:.1f} {after[1]:.1f}"
            )
    return drawn


def diamond(box: Box, dice: random.Random) -> str:
    """Return the outline of a diamond."""
    x, y = box.center
    corners = [
        (x, box.top),
        (box.left + box.width, y),
        (x, box.top + box.height),
        (box.left, y),
        (x, box.top),
    ]
    return polyline(corners, dice)


def ellipse(box: Box, dice: random.Random) -> str:
    """Return the outline of an ellipse, drawn twice round."""
    x, y = box.center
    across, down = box.width / 2, box.height / 2
    drawn = ""
    for _ in range(2):
        turn = dice.uniform(0, math.tau)
        points = []
        for step in range(13):
            angle = turn + math.tau * step / 12
            wide, high = across + dice.uniform(-0.8, 0.8), down + dice.uniform(-0.8, 0.8)
            points.append((x + wide * math.cos(angle), y + high * math.sin(angle)))
        drawn += curve([*points[:-1], points[0]])
    return drawn


def arrow_head(before: Point, tip: Point, dice: random.Random) -> str:
    """Return the two strokes of an arrow's head."""
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    size = min(14.0, math.dist(before, tip) / 2)
    drawn = ""
    for side in (math.radians(155), math.radians(-155)):
        end = (tip[0] + size * math.cos(angle + side), tip[1] + size * math.sin(angle + side))
        drawn += stroke(tip, end, dice)
    return drawn
