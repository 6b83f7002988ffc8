"""What reading a criterion on a drawing gives: a level, what on the board earned it, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from interviews.scoring.diagram.board import Arc, Diagram, Edge

MOST_EVIDENCE = 12


@dataclass(frozen=True)
class DiagramScore:
    """A level from 0 to 4 with its evidence; a level above 0 always cites at least one element."""

    level: int
    evidence: tuple[dict[str, Any], ...] = ()
    rationale: str = ""
    missing: tuple[str, ...] = ()
    next_level: str | None = None
    # True when the level rests on boxes that no arrow touches.
    from_loose_boxes: bool = False


def node_evidence(diagram: Diagram, index: int) -> dict[str, Any]:
    return {"kind": "node", "element": diagram.nodes[index].id}


def edge_evidence(edge: Edge) -> dict[str, Any]:
    return {"kind": "edge", "element": edge.id, "source": edge.source, "target": edge.target}


def cite(diagram: Diagram, boxes: Iterable[int] = (), arcs: Iterable[Arc] = ()) -> tuple[dict[str, Any], ...]:
    """Return evidence for these boxes and arrows, each element once, no more than a reader can look at."""
    found: list[dict[str, Any]] = [node_evidence(diagram, index) for index in dict.fromkeys(boxes)]
    edges = dict.fromkeys(arc.edge.index for arc in arcs)
    found += [edge_evidence(diagram.edges[index]) for index in edges]
    return tuple(found[:MOST_EVIDENCE])


def name(diagram: Diagram, index: int) -> str:
    """Return a box's label as it can be quoted in a sentence."""
    label = " ".join(diagram.nodes[index].label.split())
    return f"“{label[:48].rstrip()}{'…' if len(label) > 48 else ''}”" if label else "a box without a name"


def names(diagram: Diagram, boxes: Iterable[int], most: int = 3) -> str:
    """Return a few labels as a phrase: “A”, “B” and 2 more."""
    all_of = list(dict.fromkeys(boxes))
    shown = [name(diagram, index) for index in all_of[:most]]
    if len(all_of) > most:
        return f"{', '.join(shown)} and {len(all_of) - most} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else "none"


def verb_s(boxes: Iterable[int]) -> str:
    """Return the ending of a verb: "s" after one box, none after several."""
    return "s" if len(set(boxes)) == 1 else ""


def route(diagram: Diagram, boxes: Iterable[int], most: int = 6) -> str:
    """Return a way as a phrase: “A” → “B” → “C”."""
    all_of = list(boxes)
    if len(all_of) > most:
        return " → ".join([name(diagram, i) for i in all_of[: most - 2]] + ["…", name(diagram, all_of[-1])])
    return " → ".join(name(diagram, i) for i in all_of)


def cited(diagram: Diagram, score: DiagramScore) -> tuple[tuple[int, ...], tuple[Arc, ...]]:
    """Return the boxes and arrows that a score cites."""
    ids = {item["element"] for item in score.evidence if item["kind"] == "node"}
    ends = {(i["source"], i["target"]) for i in score.evidence if i["kind"] == "edge"}
    boxes = tuple(node.index for node in diagram.nodes if node.id in ids)
    first: dict[tuple[object, object], Arc] = {}
    for arc in diagram.arcs:
        if (arc.edge.source, arc.edge.target) in ends:
            first.setdefault((arc.edge.source, arc.edge.target), arc)
    if not boxes:
        boxes = tuple(dict.fromkeys(index for arc in first.values() for index in (arc.source, arc.target)))
    return boxes, tuple(first.values())
