"""The way of a trained model to serving (G04)."""

from collections.abc import Iterable

from interviews.scoring.diagram import paths
from interviews.scoring.diagram.board import Arc, Diagram
from interviews.scoring.diagram.result import DiagramScore, cite, name, route
from interviews.scoring.diagram.sides import ASKS, DATA, SERVES, WATCHES

GATES = frozenset({"registry", "evaluation", "release", "experiment"})


def _served(diagram: Diagram) -> list[int]:
    return [
        i
        for i in diagram.having(*SERVES, "batch_scorer", "deploy", "index_job")
        if not diagram.is_any(i, frozenset({"training", "experiment", "gateway"}) | DATA)
    ]


def _model_step(diagram: Diagram) -> paths.Neighbours:
    """Return the step along the model: serving that reads the registry fetches the model from it."""

    def step(index: int) -> Iterable[tuple[int, Arc]]:
        for arc in diagram.out[index]:
            yield arc.target, arc
        if "registry" in diagram.nodes[index].parts:
            for arc in diagram.into[index]:
                if not diagram.is_any(arc.source, frozenset({"training", "evaluation"})):
                    yield arc.source, arc

    return step


def _against_model(diagram: Diagram) -> paths.Neighbours:
    """Return the step against the model, from what serves back to the registry it reads."""

    def step(index: int) -> Iterable[tuple[int, Arc]]:
        for arc in diagram.into[index]:
            yield arc.source, arc
        if not diagram.is_any(index, frozenset({"training", "evaluation"})):
            for arc in diagram.out[index]:
                if "registry" in diagram.nodes[arc.target].parts:
                    yield arc.target, arc

    return step


def model_way(diagram: Diagram) -> list[Arc] | None:
    """Return the arrows from training through a registry or a check to serving, or None."""
    trainers, served = diagram.having("training"), set(_served(diagram))
    gates = [
        i
        for i in diagram.having(*GATES)
        if i not in served or diagram.is_any(i, frozenset({"registry", "evaluation"}))
    ]

    def passes(index: int) -> bool:
        return not diagram.nodes[index].parts & (ASKS | DATA | WATCHES | SERVES | {"feature_store"})

    step = _model_step(diagram)
    # Only gates from which serving can be reached are worth going to.
    leading = paths.reached(served, _against_model(diagram), lambda i: i in served or passes(i))
    useful = [gate for gate in gates if gate in leading]
    into_gate = paths.way(trainers, useful, step, passes)
    if into_gate is None:
        both = [
            i
            for i in trainers
            if diagram.is_any(i, frozenset({"registry", "evaluation"}))
            and diagram.is_any(i, frozenset({"training"}))
        ]
        return paths.way(both, served, step, passes) if both else None
    rest = paths.way([into_gate[-1].target], served, step, passes)
    return [*into_gate, *rest] if rest else None


def delivery(diagram: Diagram) -> DiagramScore:
    found = model_way(diagram)
    if found:
        boxes = paths.boxes_on(found)
        near = {i for box in boxes for i in (box, *diagram.around(box))}
        kept = [i for i in near if diagram.is_any(i, frozenset({"registry"}))]
        checked = [i for i in near if diagram.is_any(i, frozenset({"evaluation", "release", "experiment"}))]
        if kept and checked:
            return DiagramScore(
                4,
                cite(diagram, [min(kept), min(checked)], found),
                f"The model goes {route(diagram, boxes)}, kept in {name(diagram, min(kept))} and "
                f"checked in {name(diagram, min(checked))}.",
            )
        lacking = (
            "A check or a staged release beside the registry."
            if kept
            else "A registry that keeps the versions."
        )
        return DiagramScore(
            3, cite(diagram, [], found), f"The model goes {route(diagram, boxes)}.", (lacking,)
        )
    direct = paths.way(
        diagram.having("training"),
        diagram.having("prediction_store")
        + [i for i in _served(diagram) if not diagram.is_any(i, frozenset({"index_job"}))],
        paths.forward(diagram),
        lambda i: (
            not diagram.nodes[i].parts
            & (ASKS | WATCHES | SERVES | {"feature_store", "log", "stream", "label", "index"})
        ),
    )
    pulled = [
        arc
        for i in diagram.having("training")
        for arc in diagram.into[i]
        if diagram.is_any(arc.source, SERVES) and not diagram.is_any(arc.source, frozenset({"log"}))
    ]
    if direct or pulled:
        arcs = direct or pulled[:1]
        return DiagramScore(
            2,
            cite(diagram, [], arcs),
            f"Training is joined to serving directly: {route(diagram, paths.boxes_on(arcs))}.",
            ("A registry or a validation step between training and serving.",),
        )
    kept = diagram.having("registry")
    if kept:
        return DiagramScore(
            1,
            cite(diagram, kept[:1]),
            f"{name(diagram, kept[0])} is drawn, but it does not stand between training and serving.",
            ("Arrows from training into the registry and on to serving.",),
            from_loose_boxes=all(diagram.hangs_loose(i) for i in kept),
        )
    return DiagramScore(
        0,
        rationale="How a trained model reaches serving is not drawn.",
        missing=("A registry, or the arrow from training to serving.",),
    )
