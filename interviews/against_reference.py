"""A submitted drawing beside the case's reference: what both have, what only one of them has.

Nobody draws the reference's labels, so boxes are paired by what the scoring engine takes them for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interviews.scoring import diagram
from whiteboard.compare import Comparison, compare, folded

# Says what kind of box it is and not what it does.
GENERIC = frozenset({"service", "process", "store", "model"})
# A design may rank in one stage or in two: any model is, faintly, like any other.
MODELS = frozenset({"model", "scorer", "ranker", "preranker"})
SAME_LABEL, SAME_KIND, BOTH_MODELS = 10.0, 0.5, 0.3
SAME_WORDS = 0.6  # the share of words that makes two boxes one that the engine has no name for
OWN = "own:"


@dataclass(frozen=True)
class Side:
    """One drawing of the two: codes by element for its picture, and in words what only it has."""

    marks: dict[str, list[str]]
    boxes: list[str]
    arrows: list[str]


@dataclass(frozen=True)
class AgainstReference:
    """Both drawings, and the boxes they share as (yours, the reference's)."""

    own: Side
    reference: Side
    shared: list[tuple[str, str]]
    shared_arrows: int


def against(reference: Mapping[str, Any], own: Mapping[str, Any]) -> AgainstReference:
    """Return how `own` lies to `reference`; both are graphs as `whiteboard.graph` reads them."""
    twins = paired(reference, own)
    renames = new_names(own, reference, twins)
    found = compare(reference, renamed(own, reference, renames))
    back = {after: before for before, after in twins.items()}
    names = {str(node["id"]): called(node) for node in reference["nodes"]}
    names_own = {str(node["id"]): called(node) for node in own["nodes"]}
    after = {renames[one]: words for one, words in names_own.items()}
    same_edges = [*found.edges.kept, *found.edges.renamed]
    own_marks, reference_marks = dict[str, list[str]](), dict[str, list[str]]()
    for theirs, mine in twins.items():
        own_marks[mine] = reference_marks[theirs] = ["both"]
    for pair in same_edges:
        own_marks[str(pair.after["id"]).removeprefix(OWN)] = reference_marks[pair.before["id"]] = ["both"]
    return AgainstReference(
        Side(own_marks, *only(found, "added", after)),
        Side(reference_marks, *only(found, "removed", names)),
        sorted((names_own[mine], names[theirs]) for mine, theirs in back.items()),
        len(same_edges),
    )


def only(found: Comparison, which: str, names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the boxes and arrows of one drawing that the other lacks, in words."""
    boxes = [called(node) for node in getattr(found.nodes, which) if node.get("kind") != "group"]
    # An arrow that was turned round, or leads elsewhere, is missing on one side and new on the other.
    side = "after" if which == "added" else "before"
    edges = [*getattr(found.edges, which), *(getattr(pair, side) for pair in found.edges.rewired)]
    arrows = [
        f"{names.get(str(edge.get('source')), '?')} → {names.get(str(edge.get('target')), '?')}"
        for edge in edges
    ]
    return sorted(boxes, key=str.casefold), sorted(dict.fromkeys(arrows), key=str.casefold)


def called(node: Mapping[str, Any]) -> str:
    return " ".join(str(node.get("label") or "").split()) or "a box without a name"


def paired(reference: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, str]:
    """Return reference box → own box, each at most once, the surest pairs first."""
    theirs, mine = boxes(reference), boxes(own)
    offers = sorted(
        (
            (-likeness, a, b)
            for a, one in enumerate(theirs)
            for b, other in enumerate(mine)
            if (likeness := alike(one, other))
        )
    )
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for _, a, b in offers:
        first, second = str(theirs[a].id), str(mine[b].id)
        if first not in pairs and second not in taken:
            pairs[first] = second
            taken.add(second)
    return pairs


def boxes(graph: Mapping[str, Any]) -> Sequence[diagram.Node]:
    return [node for node in diagram.read(graph).nodes if node.kind != "group"]


def alike(one: diagram.Node, other: diagram.Node) -> float:
    """Return how surely two boxes are the same thing; 0 when nothing says so."""
    if folded(one.label) and folded(one.label) == folded(other.label):
        return SAME_LABEL
    parts, others = one.parts - GENERIC, other.parts - GENERIC
    shared = len(parts & others) / len(parts | others) if parts or others else 0.0
    words, more = set(one.reading.stems), set(other.reading.stems)
    spoken = len(words & more) / len(words | more) if words or more else 0.0
    if not shared:
        if spoken >= SAME_WORDS:
            return spoken
        return BOTH_MODELS if one.parts & MODELS and other.parts & MODELS else 0.0
    return shared + spoken + (SAME_KIND if one.kind and one.kind == other.kind else 0.0)


def new_names(
    own: Mapping[str, Any], reference: Mapping[str, Any], twins: Mapping[str, str]
) -> dict[str, str]:
    """Return the id each own box gets: its twin's, or its own if the reference has no such id."""
    back = {mine: theirs for theirs, mine in twins.items()}
    taken = {str(node["id"]) for node in reference["nodes"]}
    ids = [str(node["id"]) for node in own["nodes"]]
    return {one: back.get(one) or (f"{OWN}{one}" if one in taken else one) for one in ids}


def renamed(own: Mapping[str, Any], reference: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return `own` with the reference's boxes in place of their twins, so that only the rest differs."""
    known = {str(node["id"]): node for node in reference["nodes"]}
    nodes = [
        known.get(names[str(node["id"])]) or {**node, "id": names[str(node["id"])]} for node in own["nodes"]
    ]
    edges = [
        {
            **edge,
            "id": f"{OWN}{edge.get('id')}",  # drawn apart, equal ids of arrows mean nothing
            "source": names.get(str(edge["source"]), edge["source"]),
            "target": names.get(str(edge["target"]), edge["target"]),
        }
        for edge in own["edges"]
    ]
    return {"nodes": nodes, "edges": edges}
