"""Elements drawn as one SVG on the server: no script, no style attributes, themed by the page's CSS.

Shapes have a `fill` and hand-drawn `path`s, as in static/css/drawing.css; presentation attributes are
there for pages without that file (print, mail), and any CSS rule outranks them. Every stroke comes from
the element's seed: the same board is the same picture, byte for byte.
"""

import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from whiteboard.gate_rules import sound_elements
from whiteboard.geometry import Box, box_of, number_of
from whiteboard.strokes import arrow_head, curve, diamond, ellipse, polyline, rounded

MARGIN = 28.0
MOST_DRAWN = 3_000
LONGEST_LINE = 200
TINTS = {
    "service": "on", "model": "on", "cache": "on", "store": "store", "index": "store", "registry": "store",
    "client": "client",
    "training": "train", "pipeline": "train", "queue": "label", "source": "label", "monitoring": "mon",
}  # fmt: skip
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}\Z|[a-z]{3,20}\Z")
Element = Mapping[str, Any]
Point = tuple[float, float]


def svg(
    elements: Iterable[Any],
    *,
    title: str,
    description: str = "",
    earned: Mapping[str, Sequence[str]] | None = None,
    pictures: Mapping[str, str] | None = None,
    name: str = "board",
) -> str:
    """Return a drawing of a scene as an inline `<svg>`; every element is a `<g data-element="id">`.

    `earned` gives codes for elements that carry evidence: they get `data-earned`, a halo and a pin that
    CSS shows. `pictures` gives the address of an uploaded picture by its file id; one that has none is a
    box that says so, as on paper. `name` keeps ids apart when a page holds several drawings. Elements
    that make no sense are left out; an empty board is an empty picture with its title.
    """
    kept = [one for one in sound_elements(list(elements)) if one.get("isDeleted") is not True][:MOST_DRAWN]
    labels: dict[str, list[Element]] = {}
    ids = {one["id"] for one in kept}
    for one in kept:
        holder = one.get("containerId")
        if one["type"] == "text" and isinstance(holder, str) and holder in ids:
            labels.setdefault(holder, []).append(one)
    bound = {one["id"] for texts in labels.values() for one in texts}
    parts, box = [], _Extent()
    for one in sorted(kept, key=lambda element: element["type"] != "frame"):
        box.add(one)
        if one["id"] not in bound:
            own_labels, codes = labels.get(one["id"], []), (earned or {}).get(one["id"], ())
            parts.append(_drawn(one, own_labels, codes, pictures or {}))
    # Over everything: the paper under the words of an arrow would take a piece of a name away.
    parts += [_frame_name(one) for one in kept if one["type"] == "frame"]
    heading = f'<title id="{escape(name)}-title">{escape(title)}</title>'
    labelled = f"{escape(name)}-title"
    if description:
        heading += f'<desc id="{escape(name)}-desc">{escape(description)}</desc>'
        labelled += f" {escape(name)}-desc"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="board" viewBox="{box.view()}" role="img"'
        f' aria-labelledby="{labelled}" fill="none" stroke="currentColor" stroke-width="1.5"'
        f' stroke-linecap="round" stroke-linejoin="round">{heading}{"".join(parts)}</svg>'
    )


class _Extent:
    """The rectangle around all elements."""

    def __init__(self) -> None:
        self.left = self.top = math.inf
        self.right = self.bottom = -math.inf

    def add(self, element: Element) -> None:
        box = box_of(element)
        points = _points(element)
        xs = [element["x"] + x for x, _ in points] or [box.left, box.left + box.width]
        ys = [element["y"] + y for _, y in points] or [box.top, box.top + box.height]
        self.left, self.right = min(self.left, *xs), max(self.right, *xs)
        self.top, self.bottom = min(self.top, *ys), max(self.bottom, *ys)

    def view(self) -> str:
        if self.left > self.right:
            return "0 0 640 360"
        left, top = self.left - MARGIN, self.top - MARGIN
        return f"{left:.0f} {top:.0f} {self.right - left + MARGIN:.0f} {self.bottom - top + MARGIN:.0f}"


def _drawn(element: Element, labels: list[Element], codes: Sequence[str], pictures: Mapping[str, str]) -> str:
    kind = element["type"]
    custom = element.get("customData")
    part = custom.get("kind") if isinstance(custom, Mapping) else None
    classes = ["wire"] if kind in ("arrow", "line") else ["el", f"el--{kind}"]
    if isinstance(part, str) and part in TINTS:
        classes.append(f"el--{TINTS[part]}")
    draw = _DRAW.get(kind, _shape)
    drawn = _image(element, pictures) if kind == "image" else draw(element)
    inner = drawn + "".join(_label(element, label) for label in labels)
    if kind not in ("arrow", "line", "text"):
        inner += _below(element, labels)
    more = ""
    if codes:
        more = f' data-earned="{escape(" ".join(codes))}"'
        inner = _halo(element) + inner + _pin(element, codes)
    opacity = number_of(element.get("opacity", 100))
    if opacity < 100:
        more += f' opacity="{max(opacity, 0) / 100:.2f}"'
    angle = math.degrees(number_of(element.get("angle")))
    if angle:
        x, y = box_of(element).center
        more += f' transform="rotate({angle:.1f} {x:.1f} {y:.1f})"'
    return f'<g class="{" ".join(classes)}" data-element="{escape(element["id"])}"{more}>{inner}</g>'


def _dice(element: Element) -> random.Random:
    seed = element.get("seed")
    return random.Random(seed if isinstance(seed, int) else str(element["id"]))


def _path(d: str, element: Element, extra: str = "") -> str:
    dashes = {"dashed": ' stroke-dasharray="8 7"', "dotted": ' stroke-dasharray="1.5 6"'}
    style = element.get("strokeStyle")
    dash = dashes.get(style, "") if isinstance(style, str) else ""
    return f'<path d="{d}"{dash}{extra}/>'


def _fill(element: Element) -> tuple[str, str]:
    """Return class and attributes of an element's fill: themed for known parts, its own colour else."""
    color = element.get("backgroundColor")
    custom = element.get("customData")
    if isinstance(custom, Mapping) and custom.get("kind") in TINTS:
        own = color if isinstance(color, str) and _COLOR.match(color) else "none"
        return "fill", f' fill="{own}" stroke="none"'
    if isinstance(color, str) and _COLOR.match(color) and color not in ("transparent", "white"):
        return "tint", f' fill="{color}" fill-opacity="0.22" stroke="none"'
    return "fill", ' fill="none" stroke="none"'


def _shape(element: Element) -> str:
    box, dice = box_of(element), _dice(element)
    name, paint = _fill(element)
    left, top, width, height = box.left, box.top, box.width, box.height
    x, y = box.center
    if element["type"] == "ellipse":
        radii = f'rx="{width / 2:.1f}" ry="{height / 2:.1f}"'
        inside = f'<ellipse class="{name}" cx="{x:.1f}" cy="{y:.1f}" {radii}{paint}/>'
        return inside + _path(ellipse(box, dice), element)
    if element["type"] == "diamond":
        corners = (
            f"M{x:.1f} {top:.1f}L{left + width:.1f} {y:.1f}L{x:.1f} {top + height:.1f}L{left:.1f} {y:.1f}Z"
        )
        return f'<path class="{name}" d="{corners}"{paint}/>' + _path(diamond(box, dice), element)
    radius = min(12.0, width / 4, height / 4) if element.get("roundness") else 0.0
    inside = (
        f'<rect class="{name}" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
        f' rx="{radius:.1f}"{paint}/>'
    )
    return inside + _path(rounded(box, radius, dice), element)


def _image(element: Element, pictures: Mapping[str, str]) -> str:
    box, address = box_of(element), pictures.get(str(element.get("fileId")))
    (x, y), width, height = box.center, box.width, box.height
    if not address or width <= 0 or height <= 0:
        size = min(max(min(width, height) / 4, 8.0), 16.0)
        said = _written({"fontSize": size}, "middle", x, ["Picture"], y - size * 0.65)
        return _shape(element) + said
    place = f'x="{box.left:.1f}" y="{box.top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    crop = _crop(element)
    if crop is None:
        drawn = f'<image href="{escape(address)}" {place} preserveAspectRatio="none"/>'
    else:  # the outer box is the place on the board, the picture behind it is seen in part
        left, top, seen_width, seen_height, whole_width, whole_height = crop
        drawn = (
            f'<svg {place} viewBox="{left:.2f} {top:.2f} {seen_width:.2f} {seen_height:.2f}"'
            f' preserveAspectRatio="none"><image href="{escape(address)}" width="{whole_width:.2f}"'
            f' height="{whole_height:.2f}" preserveAspectRatio="none"/></svg>'
        )
    scale = element.get("scale")
    if not isinstance(scale, list) or len(scale) != 2:
        return drawn
    across, down = (-1 if number_of(value) < 0 else 1 for value in scale)
    if across == down == 1:
        return drawn
    moved = f"translate({x * (1 - across):.1f} {y * (1 - down):.1f})"
    return f'<g transform="{moved} scale({across} {down})">{drawn}</g>'


def _crop(element: Element) -> tuple[float, ...] | None:
    """Return left, top, width and height of what is seen of a picture, and width and height of it all."""
    crop = element.get("crop")
    if not isinstance(crop, Mapping):
        return None
    names = ("x", "y", "width", "height", "naturalWidth", "naturalHeight")
    values = tuple(number_of(crop.get(name)) for name in names)
    return values if min(values[2:]) > 0 else None


def _frame(element: Element) -> str:
    box = box_of(element)
    return (
        f'<rect class="frame" x="{box.left:.1f}" y="{box.top:.1f}" width="{box.width:.1f}"'
        f' height="{box.height:.1f}" rx="10" stroke-dasharray="5 5" stroke-opacity="0.5"/>'
    )


def _frame_name(element: Element) -> str:
    box, name = box_of(element), element.get("name")
    if not isinstance(name, str) or not name.strip():
        return ""
    return (
        f'<text class="frame-name" fill="currentColor" stroke="none"><tspan x="{box.left + 12:.1f}"'
        f' y="{box.top + 20:.1f}" text-anchor="start" font-size="14">'
        f"{escape(name[:LONGEST_LINE])}</tspan></text>"
    )


def _points(element: Element) -> list[Point]:
    points = element.get("points")
    kept: list[Point] = []
    for point in points if isinstance(points, list) else []:
        if isinstance(point, list) and len(point) == 2:
            x, y = (number_of(value) for value in point)
            if abs(x) < 1e7 and abs(y) < 1e7:
                kept.append((x, y))
    return kept


def _line(element: Element) -> str:
    points = [(element["x"] + x, element["y"] + y) for x, y in _points(element)]
    if len(points) < 2:
        return ""
    dice = _dice(element)
    is_curved = bool(element.get("roundness")) and len(points) > 2
    drawn = _path(curve(points) if is_curved else polyline(points, dice), element)
    solid = {**element, "strokeStyle": "solid"}
    default = "arrow" if element["type"] == "arrow" else None
    if element.get("endArrowhead", default):
        drawn += _path(arrow_head(points[-2], points[-1], dice), solid)
    if element.get("startArrowhead"):
        drawn += _path(arrow_head(points[1], points[0], dice), solid)
    return drawn


def _freehand(element: Element) -> str:
    points = [(element["x"] + x, element["y"] + y) for x, y in _points(element)]
    if not points:
        return ""
    width = min(max(number_of(element.get("strokeWidth", 1)), 0.5), 8) * 1.4
    return _path(curve(points), element, f' stroke-width="{width:.1f}"')


def _lines(text: Any) -> list[str]:
    lines = text[:5_000].split("\n")[:60] if isinstance(text, str) else []
    return [line[:LONGEST_LINE] for line in lines]


def _written(
    element: Element, anchor: str, x: float, lines: list[str], top: float, class_name: str = ""
) -> str:
    size = min(max(number_of(element.get("fontSize")) or 16.0, 4.0), 200.0)
    step = size * 1.25
    spans = "".join(
        # Size and anchor stand on the lines: CSS sets those of <text>, and a board has its own.
        f'<tspan x="{x:.1f}" y="{top + step * place + size:.1f}" text-anchor="{anchor}"'
        f' font-size="{size:.0f}">{escape(line)}</tspan>'
        for place, line in enumerate(lines)
    )
    return f'<text{class_name} fill="currentColor" stroke="none">{spans}</text>'


def _label(holder: Element, label: Element) -> str:
    lines, box = _lines(label.get("text")), box_of(label)
    x, y = box.center
    size = number_of(label.get("fontSize")) or 16.0
    top = y - len(lines) * size * 1.25 / 2
    shield = ""
    if holder["type"] in ("arrow", "line"):
        shield = (
            f'<rect class="paper" x="{box.left - 3:.1f}" y="{box.top - 1:.1f}" width="{box.width + 6:.1f}"'
            f' height="{box.height + 2:.1f}" rx="3" fill="var(--sheet, #fff)" stroke="none"/>'
        )
    elif _detail(holder):
        top -= 8
    return shield + _written(label, "middle", x, lines, top)


def _free_text(element: Element) -> str:
    box, align = box_of(element), element.get("textAlign")
    anchor = {"center": "middle", "right": "end"}.get(align, "start") if isinstance(align, str) else "start"
    x = {"start": box.left, "middle": box.center[0], "end": box.left + box.width}[anchor]
    return _written(element, anchor, x, _lines(element.get("text")), box.top, ' class="loose"')


def _detail(element: Element) -> str:
    """Return the small line under a part's name: how long it takes, how much passes."""
    custom = element.get("customData")
    if not isinstance(custom, Mapping):
        return ""
    latency, volume = custom.get("latencyMs"), custom.get("volume")
    said = [f"{latency:g} ms"] if isinstance(latency, int | float) and math.isfinite(latency) else []
    if isinstance(volume, str) and volume:
        said.append(volume[:24])
    return " · ".join(said)


def _below(element: Element, labels: list[Element]) -> str:
    detail = _detail(element)
    if not detail:
        return ""
    box = box_of(element)
    y = box.center[1] + 6.0
    if labels:
        size = number_of(labels[0].get("fontSize")) or 16.0
        y = box.center[1] - 8 + len(_lines(labels[0].get("text"))) * size * 1.25 / 2 + 13
    y = min(y, box.top + box.height - 5)
    return (
        f'<text class="sub" x="{box.center[0]:.1f}" y="{y:.1f}" text-anchor="middle" fill="currentColor"'
        f' stroke="none" font-size="13">{escape(detail)}</text>'
    )


def _halo(element: Element) -> str:
    box = _around(element)
    return (
        f'<rect class="halo" x="{box.left - 6:.1f}" y="{box.top - 6:.1f}" width="{box.width + 12:.1f}"'
        f' height="{box.height + 12:.1f}" rx="14" stroke="none"/>'
    )


def _pin(element: Element, codes: Sequence[str]) -> str:
    box = _around(element)
    words = codes[0] if len(codes) == 1 else f"{codes[0]} +{len(codes) - 1}"
    width = 14 + 7 * len(words)
    x, y = box.left + box.width - width / 2, box.top - (22 if box.shape == "point" else 10)
    return (
        f'<g class="pin"><rect x="{x:.1f}" y="{y:.1f}" width="{width}" height="20" rx="10" fill="none"/>'
        f'<text x="{x + width / 2:.1f}" y="{y + 14:.1f}" text-anchor="middle" font-size="11"'
        f' fill="currentColor" stroke="none">{escape(words)}</text></g>'
    )


def _around(element: Element) -> Box:
    """Return the box around an element; around the middle of an arrow, whose whole box says little."""
    points = _points(element)
    if element["type"] not in ("arrow", "line") or len(points) < 2:
        return box_of(element)
    (x1, y1), (x2, y2) = points[(len(points) - 1) // 2], points[len(points) // 2]
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    return Box(element["id"], "point", element["x"] + x - 10, element["y"] + y - 10, 20, 20)


_DRAW = {
    "arrow": _line,
    "line": _line,
    "freedraw": _freehand,
    "text": _free_text,
    "frame": _frame,
}
