"""A drawn design as boxes and arrows that can be followed, read from whatever a board or a file holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from interviews.scoring.diagram import figures
from interviews.scoring.diagram.labels import Reading, read_label

MOST_NODES = 20_000
MOST_EDGES = 60_000
# An arrow to a frame counts for every part in it; a frame of thousands is cut so that reading stays linear.
MOST_ARROWS_FROM_FRAMES = 40_000

KIND_TO_PART = {
    "client": "client",
    "service": "service",
    "model": "model",
    "store": "store",
    "index": "index",
    "cache": "cache",
    "queue": "stream",
    "pipeline": "process",
    "training": "training",
    "registry": "registry",
    "monitoring": "monitoring",
    "source": "source",
}


# Kinds that a drawer picks on purpose, and parts whose words are said of many boxes.
SURE = frozenset({"client", "training", "monitoring", "registry"})
UNSURE = frozenset(
    {"log", "source", "entry", "understanding", "scorer", "process", "service", "store", "features"}
)
# Words for people and their things name all kinds of boxes; the kind that somebody chose tells which.
PEOPLE = frozenset({"client", "entry"})
# What a job writes and what a service reads aloud have the same names: "OCR", "Vectors", "Sessions".
MADE_BY_JOBS = frozenset({"index_job", "encoder", "log"})


@dataclass(frozen=True)
class Node:
    """One box: what it is called, where it stands and what it is taken for (`parts`)."""

    index: int
    id: str | int
    label: str
    kind: str | None
    frame: int | None
    reading: Reading
    parts: frozenset[str]
    milliseconds: float | None = None
    volume: str | None = None


@dataclass(frozen=True)
class Frame:
    """A group of boxes with a name; `parent` is the frame it stands in."""

    index: int
    id: str | int
    label: str
    parent: int | None
    reading: Reading


@dataclass(frozen=True)
class Edge:
    """One arrow as drawn; `source` and `target` are the ids on the board, of a box or of a frame."""

    index: int
    id: str | int | None
    source: str | int
    target: str | int
    label: str
    reading: Reading


@dataclass(frozen=True)
class Arc:
    """One direction in which something flows between two boxes, and the arrow that says so."""

    source: int
    target: int
    edge: Edge


@dataclass(frozen=True)
class Diagram:
    """Boxes, frames and arrows of one drawing. Never changed once built."""

    nodes: tuple[Node, ...]
    frames: tuple[Frame, ...]
    edges: tuple[Edge, ...]
    arcs: tuple[Arc, ...]
    out: tuple[tuple[Arc, ...], ...] = field(repr=False)
    into: tuple[tuple[Arc, ...], ...] = field(repr=False)
    text: tuple[str, ...] = ()

    def having(self, *parts: str) -> list[int]:
        """Return the boxes that are any of these parts, in the order drawn."""
        wanted = frozenset(parts)
        return [node.index for node in self.nodes if node.parts & wanted]

    def is_any(self, index: int, parts: frozenset[str]) -> bool:
        return bool(self.nodes[index].parts & parts)

    def around(self, index: int) -> list[int]:
        """Return the boxes joined to this one by an arrow in either direction, each once."""
        return list(dict.fromkeys([a.target for a in self.out[index]] + [a.source for a in self.into[index]]))

    def hangs_loose(self, index: int) -> bool:
        return not self.out[index] and not self.into[index]


def _key(value: object) -> str | None:
    """Return an id as text, or None for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)[:400] if str(value) else None


def _text(value: object) -> str:
    """Return a label as text; numbers are kept, lists and the like say nothing."""
    if isinstance(value, str):
        return value[:2000]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    try:
        return str(value)[:40]
    except ValueError:  # an integer of more digits than Python prints
        return ""


def _dicts(value: object, most: int) -> list[dict[str, Any]]:
    return (
        [item for item in value[:most] if isinstance(item, dict)] if isinstance(value, list | tuple) else []
    )


def _parts(reading: Reading, kind: str | None) -> frozenset[str]:
    """Return what a box is: its label decides, its kind helps where the label says little."""
    by_kind = KIND_TO_PART.get(kind or "")
    parts = set(reading.parts)
    if by_kind in SURE and parts and not parts & SURE and parts <= UNSURE:
        return frozenset(parts | {by_kind})
    if by_kind == "model" and parts and parts <= {"gateway", "policy", "understanding"}:
        return frozenset(parts | {by_kind})  # an intent router that is a model
    if by_kind is None:
        return frozenset(parts)
    if not parts or (parts <= PEOPLE and by_kind not in PEOPLE):
        return frozenset({by_kind})  # "New uploads" drawn as a queue, "Planner" as a model
    if parts <= MADE_BY_JOBS and by_kind in ("service", "model", "process"):
        return frozenset(parts | {by_kind})
    generic = {"service", "store", "process"}
    if parts == {"entry"}:  # "Trees, every payment" drawn as a model is a model
        return frozenset({by_kind})
    if reading.only_product and parts & {"cache", "store", "lake", "process", "stream", "model", "warehouse"}:
        # "Redis" drawn as a store is not a cache; "Spark" drawn as training trains.
        return frozenset(parts if by_kind in ("service", "process") else (parts - {"cache"}) | {by_kind})
    if parts <= generic and by_kind not in generic:
        return frozenset(parts | {by_kind})
    if parts == {"service"} and by_kind == "process":
        return frozenset({"process"})
    if by_kind == "stream" and parts & {"log", "label", "human"}:
        return frozenset(parts | {"stream"})
    return frozenset(parts)


def _frames_of(
    raw_nodes: Sequence[dict[str, Any]], raw_frames: Sequence[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the things that hold others: frames, groups, and boxes that others name as their parent."""
    holders: dict[str, dict[str, Any]] = {}
    parents = {key for raw in raw_nodes for key in (_key(raw.get("parent")), _key(raw.get("frame"))) if key}
    for raw in raw_frames:
        key = _key(raw.get("id"))
        if key and key in parents:
            holders.setdefault(key, raw)
    for raw in raw_nodes:
        key = _key(raw.get("id"))
        if key and key in parents and key not in holders:
            holders[key] = raw
    return holders


def as_drawn(graph: Mapping[str, Any]) -> Diagram:
    """Return the boxes and arrows of a graph, each box taken for what its own label and kind say.

    Anything odd is left out; nothing raises.
    """
    if not isinstance(graph, Mapping):
        graph = {}
    raw_nodes = _dicts(graph.get("nodes"), MOST_NODES)
    raw_edges = _dicts(graph.get("edges"), MOST_EDGES)
    raw_frames = _dicts(graph.get("frames"), MOST_NODES)
    holders = _frames_of(raw_nodes, raw_frames)
    frame_index = {key: i for i, key in enumerate(holders)}
    frames = [
        Frame(
            i, raw["id"], label := _text(raw.get("label")), _parent(raw, key, frame_index), read_label(label)
        )
        for i, (key, raw) in enumerate(holders.items())
    ]
    nodes: list[Node] = []
    by_key: dict[str, int] = {}
    children: list[list[int]] = [[] for _ in frames]
    for raw in raw_nodes:
        key = _key(raw.get("id"))
        if key is None or key in by_key or key in frame_index:
            continue
        node = _node(raw, len(nodes), _parent(raw, key, frame_index))
        by_key[key] = node.index
        nodes.append(node)
        if node.frame is not None:
            children[node.frame].append(node.index)
    inside = _everything_inside(frames, children)
    edges, arcs = _arcs(raw_edges, by_key, frame_index, inside)
    out: list[list[Arc]] = [[] for _ in nodes]
    into: list[list[Arc]] = [[] for _ in nodes]
    for arc in arcs:
        out[arc.source].append(arc)
        into[arc.target].append(arc)
    return Diagram(
        tuple(nodes),
        tuple(frames),
        tuple(edges),
        tuple(arcs),
        tuple(map(tuple, out)),
        tuple(map(tuple, into)),
        tuple(_text(raw.get("text")) for raw in _dicts(graph.get("text"), 2000)),
    )


def _parent(raw: Mapping[str, Any], key: str, frame_index: Mapping[str, int]) -> int | None:
    for name in ("frame", "parent"):
        parent = _key(raw.get(name))
        if parent is not None and parent != key and parent in frame_index:
            return frame_index[parent]
    return None


def _node(raw: Mapping[str, Any], index: int, frame: int | None) -> Node:
    label = _text(raw.get("label"))
    kind = raw.get("kind") if isinstance(raw.get("kind"), str) else None
    reading = read_label(label)
    latency = figures.plain_number(raw.get("latency_ms", raw.get("latencyMs")))
    volume = _text(raw.get("volume")).strip() or None
    return Node(
        index=index,
        id=raw["id"],
        label=label,
        kind=kind,
        frame=frame,
        reading=reading,
        parts=_parts(reading, kind),
        milliseconds=latency if latency is not None else reading.milliseconds,
        volume=volume,
    )


def _everything_inside(frames: Sequence[Frame], children: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return for each frame the boxes in it and in the frames in it; frames that hold each other are cut."""
    inside = [list(own) for own in children]
    for frame in frames:
        seen, parent = {frame.index}, frame.parent
        while parent is not None and parent not in seen and len(seen) < 12:
            inside[parent].extend(children[frame.index])
            seen.add(parent)
            parent = frames[parent].parent
    return inside


def _arcs(
    raw_edges: Sequence[dict[str, Any]],
    by_key: Mapping[str, int],
    frame_index: Mapping[str, int],
    inside: Sequence[Sequence[int]],
) -> tuple[list[Edge], list[Arc]]:
    """Return the arrows whose both ends exist, and the flows between boxes that they stand for."""
    edges: list[Edge] = []
    arcs: list[Arc] = []
    seen: set[tuple[int, int]] = set()
    left = MOST_ARROWS_FROM_FRAMES

    def ends(key: str) -> Iterable[int]:
        return (by_key[key],) if key in by_key else inside[frame_index[key]]

    for raw in raw_edges:
        source, target = _key(raw.get("source")), _key(raw.get("target"))
        if source is None or target is None or source == target:
            continue
        if not all(key in by_key or key in frame_index for key in (source, target)):
            continue
        label = _text(raw.get("label"))
        own = raw.get("id")
        edge = Edge(
            len(edges),
            own if _key(own) else None,
            raw["source"],
            raw["target"],
            label,
            read_label(label) if label else Reading(),
        )
        edges.append(edge)
        both = raw.get("heads") == "both"
        framed = source in frame_index or target in frame_index
        for a in ends(source):
            for b in ends(target):
                if a == b:
                    continue
                if framed:
                    left -= 1
                    if left < 0:
                        break
                for pair in ((a, b), (b, a)) if both else ((a, b),):
                    if pair not in seen:
                        seen.add(pair)
                        arcs.append(Arc(*pair, edge))
            if left < 0:
                break
    return edges, arcs
