"""What changed between two moments of one board: the elements that look different, and a list in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from whiteboard.compare import Comparison, Item, Pair, folded

Element = Mapping[str, Any]
LONGEST_NAME = 60
MOVED = 0.5  # less than half a unit cannot be seen

PLACE = ("x", "y")
SHAPE = ("width", "height", "angle", "points", "pressures")
# Where an arrow is bound is seen in where it ends; how far from the border it stops is the editor's.
BINDINGS = ("startBinding", "endBinding")
LOOK = (
    "type", "strokeColor", "backgroundColor", "fillStyle", "strokeWidth", "strokeStyle", "roughness",
    "opacity", "roundness", "startArrowhead", "endArrowhead", "elbowed", "text", "fontSize", "fontFamily",
    "textAlign", "verticalAlign", "link", "name", "fileId", "crop", "scale", "customData",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """Ids of elements by how they differ; the label of a box or arrow counts as part of it."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, list[str]]:
        """Return the ids as lists."""
        return {name: list(getattr(self, name)) for name in ("added", "changed", "moved", "removed")}


@dataclass(frozen=True, slots=True)
class Line:
    """One difference in words: its mark (added, changed or removed) and the elements it is about."""

    mark: str
    text: str
    elements: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as the browser reads it."""
        return {"mark": self.mark, "text": self.text, "elements": list(self.elements)}


# -- to the eye ---------------------------------------------------------------------------------------


def marks(before: Iterable[Element], after: Iterable[Element]) -> Marks:
    """Return which elements look different, back to front; both sides in Excalidraw's form, none deleted."""
    old = {str(one["id"]): one for one in before}
    new = {str(one["id"]): one for one in after}
    ways: dict[str, str] = {}
    for name, one in new.items():
        was = old.get(name)
        way = "added" if was is None else _difference(was, one)
        if way:
            ways[name] = way
    ways |= {name: "removed" for name in old if name not in new}
    for name in [name for name in ways if _holder(name, old, new)]:
        holder, way = _holder(name, old, new), ways.pop(name)
        # A label that moves along with its box says nothing; one that says something else changes the box.
        if way != "moved" and ways.get(holder, "moved") == "moved":
            ways[holder] = "changed"
    found: dict[str, list[str]] = {}
    for name, way in ways.items():
        found.setdefault(way, []).append(name)
    return Marks(**{way: tuple(names) for way, names in found.items()})


def _holder(name: str, old: Mapping[str, Element], new: Mapping[str, Element]) -> str:
    """Return the box or arrow that a label belongs to, "" for what is no label."""
    one = new.get(name) or old[name]
    holder = one.get("containerId") if one.get("type") == "text" else None
    return holder if isinstance(holder, str) and (holder in new or holder in old) else ""


def _difference(before: Element, after: Element) -> str:
    if any(before.get(name) != after.get(name) for name in LOOK):
        return "changed"
    if any(_bound(before, name) != _bound(after, name) for name in BINDINGS):
        return "changed"
    if all(_near(before.get(name), after.get(name)) for name in (*PLACE, *SHAPE)):
        return ""
    if all(_bound(after, name) for name in BINDINGS):
        return ""  # an arrow follows the boxes at its ends: what is new is said of them
    return "moved" if all(_near(before.get(name), after.get(name)) for name in SHAPE) else "changed"


def _bound(element: Element, name: str) -> Any:
    binding = element.get(name)
    return binding.get("elementId") if isinstance(binding, Mapping) else None


def _near(a: Any, b: Any) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(a - b) < MOVED
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_near, a, b))
    return bool(a == b)


# -- in words -----------------------------------------------------------------------------------------


def lines(found: Comparison) -> list[Line]:
    """Return the differences as sentences: boxes, then arrows, then loose text; nothing when all is kept."""
    nodes, edges, text = found.nodes, found.edges, found.text
    every = (nodes.kept, nodes.changed, nodes.renamed, nodes.rewired)
    both = [pair for pairs in every for pair in pairs]
    then = {one.get("id"): one for one in (*(pair.before for pair in both), *nodes.removed)}
    now = {one.get("id"): one for one in (*(pair.after for pair in both), *nodes.added)}
    said = [_alone("Added", one) for one in nodes.added] + [_alone("Removed", one) for one in nodes.removed]
    for pair in (*nodes.renamed, *nodes.changed):
        said += _about_box(pair, then, now)
    said += [_arrow_alone("Added", one, now) for one in edges.added]
    said += [_arrow_alone("Removed", one, then) for one in edges.removed]
    for pair in (*edges.rewired, *edges.renamed):
        said += _about_arrow(pair, then, now)
    said += [_line("added", f"Added the text {_quoted(one.get('text'))}.", one) for one in text.added]
    said += [_line("removed", f"Removed the text {_quoted(one.get('text'))}.", one) for one in text.removed]
    for pair in text.renamed:
        words = f"The text {_quoted(pair.before.get('text'))} now says {_quoted(pair.after.get('text'))}."
        said.append(_line("changed", words, pair.after))
    return said


def _quoted(words: Any) -> str:
    said = " ".join(words.split()) if isinstance(words, str) else ""
    return f"“{said if len(said) <= LONGEST_NAME else said[: LONGEST_NAME - 1].rstrip() + '…'}”"


def _called(node: Item | None) -> str:
    if node is None:
        return "something that is gone"
    return _quoted(node.get("label")) if folded(node.get("label")) else _nameless(node)


def _nameless(node: Item) -> str:
    return "a picture without a name" if node.get("shape") == "image" else "a box without a name"


def _line(mark: str, text: str, *about: Item) -> Line:
    return Line(mark, text, tuple(one["id"] for one in about if isinstance(one.get("id"), str)))


def _alone(act: str, node: Item) -> Line:
    kind = node.get("kind")
    if kind == "group":
        words = f"{act} the group {_called(node)}."
    else:
        words = f"{act} {_called(node)}{f' ({kind})' if isinstance(kind, str) else ''}."
    return _line(act.lower(), words, node)


def _about_box(pair: Pair, then: Mapping[Any, Item], now: Mapping[Any, Item]) -> list[Line]:
    before, after, said = pair.before, pair.after, []
    name = _called(after)
    subject = name[0].upper() + name[1:]
    if "label" in pair.differs and folded(before.get("label")):
        was = _called(before)
        said.append(f"{was} is now called {name}." if folded(after.get("label")) else f"{was} lost its name.")
    elif "label" in pair.differs:
        was = _nameless(before)
        said.append(f"{was[0].upper()}{was[1:]} is now called {name}.")
    if "kind" in pair.differs:
        said.append(f"{subject} is {_kind(after)}; it was {_kind(before)}.")
    if "latency_ms" in pair.differs:
        said.append(_figure(subject, "takes", "a time", before, after, "latency_ms", " ms"))
    if "volume" in pair.differs:
        said.append(_figure(subject, "handles", "a volume", before, after, "volume", ""))
    if "parent" in pair.differs:
        inside = now.get(after.get("parent"))
        left = then.get(before.get("parent"))
        said.append(
            f"{subject} is now in {_called(inside)}." if inside else f"{subject} is out of {_called(left)}."
        )
    return [_line("changed", words, after) for words in said]


def _kind(node: Item) -> str:
    kind = node.get("kind")
    if not isinstance(kind, str):
        return "of no kind"
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


def _figure(subject: str, verb: str, what: str, before: Item, after: Item, key: str, unit: str) -> str:
    was, now = before.get(key), after.get(key)
    if now is None:
        return f"{subject} no longer says {what}; it said {was}{unit}."
    return f"{subject} {verb} {now}{unit}" + (f"; it was {was}{unit}." if was is not None else ".")


def _route(edge: Item, boxes: Mapping[Any, Item]) -> str:
    return f"from {_called(boxes.get(edge.get('source')))} to {_called(boxes.get(edge.get('target')))}"


def _arrow_alone(act: str, edge: Item, boxes: Mapping[Any, Item]) -> Line:
    label = f", {_quoted(edge.get('label'))}" if folded(edge.get("label")) else ""
    return _line(act.lower(), f"{act} an arrow {_route(edge, boxes)}{label}.", edge)


def _about_arrow(pair: Pair, then: Mapping[Any, Item], now: Mapping[Any, Item]) -> list[Line]:
    before, after, said = pair.before, pair.after, []
    whole = f"The arrow {_route(after, now)}"
    if "ends" in pair.differs:
        was, route = _route(before, then), _route(after, now)
        said.append(f"The arrow {was} now goes {route}.")
    if "heads" in pair.differs:
        heads = {"both": "points both ways", "none": "points nowhere"}
        said.append(f"{whole} now {heads.get(str(after.get('heads')), 'points one way')}.")
    if "label" in pair.differs:
        words = _quoted(after.get("label")) if folded(after.get("label")) else ""
        said.append(f"{whole} now says {words}." if words else f"{whole} lost its label.")
    return [_line("changed", words, after) for words in said]
