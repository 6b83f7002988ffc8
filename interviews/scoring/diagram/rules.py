"""Graph rules of a case's expectations: a path, a part used on both sides, a part something flows into."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from interviews.scoring.diagram import paths
from interviews.scoring.diagram.board import Arc, Diagram
from interviews.scoring.diagram.criteria_learning import serving_side_of, training_side_of
from interviews.scoring.diagram.labels import Reading, read_label
from interviews.scoring.diagram.result import cite
from interviews.scoring.diagram.sides import KEEPS, PREDICTS
from interviews.scoring.diagram.vocabulary import vocabulary

MOST_BOXES = 40
Evidence = list[dict[str, Any]]
# A case that asks for "model" means whatever predicts.
WIDER = {
    "model": PREDICTS,
    "model_server": frozenset({"model_server", "model", "scorer"}),
    "alerting": frozenset({"alerting"}),
}


@lru_cache(maxsize=4096)
def _alternatives(text: str) -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    """Return for each alternative the parts it is the plain name of, and its stems."""
    found = []
    for alternative in text[:600].split("|"):
        stems = read_label(alternative.strip()).stems
        part = vocabulary().names.get(stems)
        if stems:
            found.append((WIDER.get(part, frozenset({part})) if part else frozenset(), stems))
    return tuple(found)


def _says(reading: Reading, stems: tuple[str, ...]) -> bool:
    """Return whether a label contains these words, in this order and side by side."""
    row, size = reading.stems, len(stems)
    return any(row[i : i + size] == stems for i in range(len(row) - size + 1))


def matching(diagram: Diagram, alternatives: object) -> list[int]:
    """Return the boxes that one of the alternatives means: by its words or as the part it names.

    A frame whose name says it stands for the boxes in it.
    """
    if not isinstance(alternatives, str):
        return []
    wanted = _alternatives(alternatives)
    frames = {f.index for f in diagram.frames if any(_says(f.reading, stems) for _, stems in wanted)}
    return [
        node.index
        for node in diagram.nodes
        if node.frame in frames
        or any(node.parts & parts or _says(node.reading, stems) for parts, stems in wanted)
    ]


def _step(diagram: Diagram) -> paths.Neighbours:
    """Return the step along the arrows, and from a store to what reads it."""

    def step(index: int) -> Iterable[tuple[int, Arc]]:
        for arc in diagram.out[index]:
            yield arc.target, arc
        if diagram.nodes[index].parts & (KEEPS | {"cache"}):
            for arc in diagram.into[index]:
                yield arc.source, arc

    return step


def _path(diagram: Diagram, rule: object) -> Evidence | None:
    if not isinstance(rule, list | tuple) or len(rule) < 2:
        return None
    arcs: list[Arc] = []
    boxes: list[int] = []
    starts = matching(diagram, rule[0])
    asked = bool(starts) and all(diagram.is_any(i, frozenset({"client"})) for i in starts)
    for following in rule[1:]:
        ends = matching(diagram, following)

        def passes(index: int, ends: list[int] = ends) -> bool:
            # A request path does not run through training.
            return not (asked and diagram.is_any(index, frozenset({"training", "registry"})))

        both = [i for i in starts if i in set(ends)]
        found = paths.way(
            [i for i in starts if i not in both],
            [i for i in ends if i not in both],
            paths.forward(diagram),
            passes,
        )
        found = found or paths.way(
            [i for i in starts if i not in both], [i for i in ends if i not in both], _step(diagram), passes
        )
        if found:
            arcs += found
            starts = [found[-1].target]
            boxes += [found[0].source, found[-1].target]
        elif both:  # "Retrieval + ranking" in one box
            starts, boxes = both[:1], [*boxes, both[0]]
        else:
            return None
    return list(cite(diagram, boxes, arcs))


def _both_sides(diagram: Diagram, alternatives: object) -> Evidence | None:
    boxes = matching(diagram, alternatives)
    train = [(i, w) for i in boxes[:MOST_BOXES] if (w := training_side_of(diagram, i))]
    serve = [(i, w) for i in boxes[:MOST_BOXES] if (w := serving_side_of(diagram, i))]
    same = [i for i, _ in train if i in {j for j, _ in serve}]
    if not train or not serve:
        return None
    # Two boxes, an offline and an online one, count together when they are joined.
    if not same and not paths.way(
        [train[0][0]], [j for j, _ in serve], paths.either_way(diagram), lambda i: i in set(boxes)
    ):
        return None
    chosen = same[0] if same else train[0][0]
    arcs = next(w for i, w in train if i == chosen) + (dict(serve).get(chosen) or serve[0][1])
    return list(cite(diagram, [chosen], arcs))


def _attached(diagram: Diagram, alternatives: object) -> Evidence | None:
    boxes = matching(diagram, alternatives)
    inside = set(boxes)
    for index in boxes:
        arcs = [arc for arc in diagram.into[index] if arc.source not in inside]
        if arcs:
            return list(cite(diagram, [index], arcs[:2]))
    return None


def meets(rule: Mapping[str, Any], diagram: Diagram) -> Evidence | None:
    """Return the evidence that a drawing meets a graph rule, or None when it does not.

    The rule is `path: [alternatives, alternatives]`, `both_sides: alternatives` or `attached: alternatives`,
    alternatives separated by "|". Several keys in one rule must all be met; an empty rule is not met.
    """
    if not isinstance(rule, Mapping):
        return None
    found: Evidence = []
    known = {"path": _path, "both_sides": _both_sides, "attached": _attached}
    for key, value in rule.items():
        evidence = known[key](diagram, value) if key in known else None
        if not evidence:
            return None
        found += evidence
    return found or None
