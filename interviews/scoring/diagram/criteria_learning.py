"""Criteria of the way a model learns: feature store, feedback loop, data to training (G02, G03, G08)."""

from interviews.scoring.diagram import paths
from interviews.scoring.diagram.board import Arc, Diagram
from interviews.scoring.diagram.criteria_delivery import model_way
from interviews.scoring.diagram.result import DiagramScore, cite, name, names, route, verb_s
from interviews.scoring.diagram.sides import ASKS, DATA, RECORDS, SERVES, TRAINS, WATCHES

FILLS = frozenset(
    {"process", "streamproc", "stream", "log", "lake", "warehouse", "source", "index_job", "store"}
)
# Boards have a handful of feature stores and records; a board made to be slow has thousands.
MOST_GROUPS = 40
QUIET = frozenset({"process", "dataset", "label", "lake", "warehouse", "feature_store", "evaluation"})


def training_side_of(diagram: Diagram, index: int) -> list[Arc] | None:
    """Return how a store is joined to training, at once or through jobs and data sets; None if not."""
    goals = set(diagram.having(*TRAINS))
    for arc in (*diagram.out[index], *diagram.into[index]):
        other = arc.target if arc.source == index else arc.source
        # What prepares data writes to a store; only training itself reads along an arrow drawn towards it.
        if other in goals and (arc.source == index or diagram.is_any(other, frozenset({"training"}))):
            return [arc]
    return paths.way(
        [index], goals, paths.along_data(diagram), lambda i: bool(diagram.nodes[i].parts & QUIET)
    )


def serving_side_of(diagram: Diagram, index: int) -> list[Arc] | None:
    """Return how a store is joined to serving, at once or through what reads it; None if not."""
    for arc in (*diagram.out[index], *diagram.into[index]):
        other = arc.target if arc.source == index else arc.source
        parts = diagram.nodes[other].parts
        if parts & (SERVES | {"batch_scorer"}) and not parts & {"training"}:
            return [arc]
    middle = frozenset({"feature_store", "cache", "store", "features"})
    return paths.way(
        [index],
        diagram.having(*SERVES, "batch_scorer"),
        paths.forward(diagram),
        lambda i: bool(diagram.nodes[i].parts & middle),
    )


def feature_store(diagram: Diagram) -> DiagramScore:
    stores = diagram.having("feature_store") or diagram.having("feature_service")
    if not stores:
        return DiagramScore(0, rationale="No feature store is drawn.", missing=("A feature store.",))
    best = DiagramScore(0)
    # The largest group first: on an ordinary board there are one or two.
    for group in sorted(_joined_stores(diagram, stores), key=len, reverse=True)[:MOST_GROUPS]:
        train = next((w for i in group[:MOST_GROUPS] if (w := training_side_of(diagram, i))), None)
        serve = next((w for i in group[:MOST_GROUPS] if (w := serving_side_of(diagram, i))), None)
        score = _feature_store_level(diagram, group, train, serve)
        best = score if score.level > best.level else best
        if best.level == 4:
            break
    return best


def _joined_stores(diagram: Diagram, stores: list[int]) -> list[list[int]]:
    """Return the feature stores in groups: an offline and an online one, joined or filled alike, are one."""
    head = {index: index for index in stores}

    def head_of(index: int) -> int:
        while head[index] != index:
            head[index] = head[head[index]]
            index = head[index]
        return index

    def unite(a: int, b: int) -> None:
        one, other = sorted((head_of(a), head_of(b)))
        head[other] = one

    filled_by: dict[int, int] = {}
    for index in stores:
        for arc in (*diagram.out[index], *diagram.into[index]):
            other = arc.target if arc.source == index else arc.source
            if other in head:
                unite(index, other)
            elif arc.target == index and diagram.is_any(other, frozenset({"process", "streamproc"})):
                unite(index, filled_by.setdefault(other, index))
    groups: dict[int, list[int]] = {}
    for index in stores:
        groups.setdefault(head_of(index), []).append(index)
    return list(groups.values())


def _feature_store_level(
    diagram: Diagram, group: list[int], train: list[Arc] | None, serve: list[Arc] | None
) -> DiagramScore:
    arcs = [*(train or []), *(serve or [])]
    if train and serve:
        filling = [arc for i in group for arc in diagram.into[i] if diagram.nodes[arc.source].parts & FILLS]
        if filling:
            return DiagramScore(
                4,
                cite(diagram, group[:2], [*arcs, filling[0]]),
                f"{names(diagram, group)} serve{verb_s(group)} training and serving, and "
                f"{name(diagram, filling[0].source)} fills it.",
            )
        return DiagramScore(
            3,
            cite(diagram, group[:2], arcs),
            f"Training and serving both use {names(diagram, group)}.",
            ("The pipeline or the stream that fills the feature store.",),
        )
    if train or serve:
        side, lacking = ("training", "serving") if train else ("serving", "training")
        return DiagramScore(
            2,
            cite(diagram, group[:2], arcs),
            f"Only {side} uses {names(diagram, group)}.",
            (f"An arrow between the feature store and {lacking}.",),
        )
    loose = all(diagram.hangs_loose(i) for i in group)
    return DiagramScore(
        1,
        cite(diagram, group[:2]),
        f"You drew {names(diagram, group)}, and neither training nor serving uses it.",
        ("Arrows from the feature store to training and to serving.",),
        from_loose_boxes=loose,
    )


def _records(diagram: Diagram) -> list[int]:
    return [
        node.index
        for node in diagram.nodes
        if node.parts & RECORDS and not node.parts & {"training", "evaluation", "registry"}
    ]


def loop_way(diagram: Diagram) -> tuple[list[Arc], int] | None:
    """Return the arrows from serving or the user through a record to training, and that record."""
    goals = diagram.having(*TRAINS)
    records = _records(diagram)
    stores = [
        i
        for i in diagram.having("lake", "warehouse", "stream")
        if any(diagram.nodes[a.source].parts & (ASKS | SERVES | {"outbound"}) for a in diagram.into[i])
    ]
    origins = [
        i
        for i in diagram.having(*ASKS, *SERVES, "outbound", "batch_scorer", "prediction_store")
        if not diagram.is_any(i, RECORDS | TRAINS)
    ]

    def towards(index: int) -> bool:
        parts = diagram.nodes[index].parts
        return not parts & (TRAINS | WATCHES | {"registry", "feature_store", "index", "cache", "evaluation"})

    def onwards(index: int) -> bool:
        parts = diagram.nodes[index].parts
        if parts & (RECORDS | {"stream", "lake", "warehouse", "process", "streamproc"}):
            return not parts & {"training"}
        return not parts & (ASKS | SERVES | WATCHES | {"registry", "training", "batch_scorer", "outbound"})

    through = list(dict.fromkeys([*records, *stores]))
    second = paths.reached(goals, paths.against_data(diagram), onwards)
    closing = [i for i in through if i in second]
    first = paths.way(origins, closing, paths.forward(diagram), towards) if closing else None
    if first:
        record = first[-1].target
        rest = (
            []
            if record in set(goals)
            else paths.way([record], goals, paths.along_data(diagram), onwards) or []
        )
        return [*first, *rest], record
    for record in closing[:MOST_GROUPS]:
        # "User events → lake → training": the events come from people, whoever drew no arrow to them.
        if "log" not in diagram.nodes[record].parts or diagram.into[record]:
            continue
        rest = paths.way([record], goals, paths.along_data(diagram), onwards) or []
        middle = [arc.target for arc in rest[:-1]]
        if any(diagram.nodes[i].parts & (DATA - {"source"}) for i in middle):
            return rest, record
    for arc in diagram.arcs:
        # The arrow itself may say that it carries clicks.
        carries = arc.edge.reading.parts & RECORDS and diagram.is_any(arc.source, ASKS | SERVES)
        if carries and arc.target in second and not diagram.is_any(arc.target, SERVES | ASKS):
            return [arc], arc.target
    return None


def feedback_loop(diagram: Diagram) -> DiagramScore:
    found = loop_way(diagram)
    if found:
        arcs, record = found
        back = model_way(diagram) or paths.way(
            diagram.having("training"),
            diagram.having(*SERVES, "batch_scorer"),
            paths.forward(diagram),
            lambda i: not diagram.is_any(i, DATA),
        )
        boxes = paths.boxes_on(arcs)
        if back:
            return DiagramScore(
                4,
                cite(diagram, [record], [*arcs, *back]),
                f"The circle is whole: {route(diagram, boxes)}, and the trained model returns to "
                f"{name(diagram, back[-1].target)}.",
            )
        return DiagramScore(
            3,
            cite(diagram, [record], arcs),
            f"Arrows lead {route(diagram, boxes)}.",
            ("The way of the trained model back to serving.",),
        )
    records = [i for i in _records(diagram) if diagram.nodes[i].parts != {"human"}]
    records += [
        i
        for i in diagram.having("stream")
        if i not in records and any(diagram.is_any(a.source, ASKS | SERVES) for a in diagram.into[i])
    ]
    if not records:
        return DiagramScore(
            0, rationale="No events and no logs are drawn.", missing=("A box for events or logs.",)
        )
    fed = [
        arc
        for i in records
        for arc in diagram.into[i]
        if diagram.is_any(arc.source, ASKS | SERVES | {"outbound", "prediction_store", "batch_scorer", "log"})
    ]
    if fed:
        return DiagramScore(
            2,
            cite(diagram, [fed[0].target], fed[:1]),
            f"{name(diagram, fed[0].target)} is filled, but no arrows lead from there on to training.",
            ("Arrows from the logs on to the training data.",),
        )
    return DiagramScore(
        1,
        cite(diagram, records[:2]),
        f"You drew {names(diagram, records)}, and nothing flows there from serving or from the user.",
        ("The arrow from serving or from the user into the logs.",),
        from_loose_boxes=all(diagram.hangs_loose(i) for i in records),
    )


def _sources(diagram: Diagram) -> list[int]:
    """Return the boxes that data comes from; a feature store only where nothing else is drawn."""
    data = [i for i in diagram.having(*DATA) if "training" not in diagram.nodes[i].parts]
    return data or diagram.having("feature_store")


def _trainers(diagram: Diagram) -> list[int]:
    """Return the boxes that train; where only the training set is drawn, that."""
    return diagram.having("training") or [
        i for i in diagram.having("dataset") if {"train", "trainset"} & set(diagram.nodes[i].reading.stems)
    ]


def training_way(diagram: Diagram) -> list[Arc] | None:
    """Return the arrows from a source or log to training, or None."""
    trainers = set(_trainers(diagram))
    sources = [i for i in _sources(diagram) if i not in trainers]

    def passes(index: int) -> bool:
        parts = diagram.nodes[index].parts
        return bool(parts & DATA) or not parts & (SERVES | ASKS | WATCHES | {"registry", "batch_scorer"})

    return paths.way(sources, trainers, paths.along_data(diagram), passes)


def data_to_training(diagram: Diagram) -> DiagramScore:
    trainers = _trainers(diagram)
    sources = [i for i in _sources(diagram) if i not in set(trainers)]
    found = training_way(diagram)
    if found:
        before = paths.reached(
            trainers,
            paths.against_data(diagram),
            lambda i: not diagram.nodes[i].parts & (SERVES | ASKS | WATCHES | {"registry"}),
        )
        steps = [
            i
            for i in sorted(before)
            if diagram.nodes[i].parts & {"label", "dataset", "process"} and i not in set(trainers)
        ]
        boxes = paths.boxes_on(found)
        if steps:
            joining = next((arc for arc in (*diagram.out[steps[0]], *diagram.into[steps[0]])), None)
            return DiagramScore(
                4,
                cite(diagram, [steps[0]], [*found, *([joining] if joining else [])]),
                f"Data reaches {name(diagram, boxes[-1])}, and {name(diagram, steps[0])} prepares "
                "it on the way.",
            )
        return DiagramScore(
            3,
            cite(diagram, [], found),
            f"Arrows lead {route(diagram, boxes)}.",
            ("The step that joins labels or builds the training set.",),
        )
    if not trainers or not sources:
        lacking = (
            "the training"
            if sources
            else "the data and the training"
            if not trainers
            else "the data that training learns from"
        )
        return DiagramScore(
            0,
            rationale=f"The drawing lacks {lacking}.",
            missing=("A source of data, training, and arrows from one to the other.",),
        )
    joined = paths.way(
        sources,
        trainers,
        paths.either_way(diagram),
        lambda i: not diagram.nodes[i].parts & (SERVES | ASKS | WATCHES | {"registry"}),
    )
    if joined:
        return DiagramScore(
            2,
            cite(diagram, [], joined),
            f"{name(diagram, sources[0])} and {name(diagram, trainers[0])} are joined, but the "
            "arrows do not lead from the data to training.",
            ("Arrows that lead from the data to training.",),
        )
    return DiagramScore(
        1,
        cite(diagram, [sources[0], trainers[0]]),
        f"You drew {names(diagram, sources, 2)} and {name(diagram, trainers[0])}; no arrows lead "
        "from one to the other.",
        ("Arrows from the data to training.",),
        from_loose_boxes=all(diagram.hangs_loose(i) for i in (*sources, *trainers)),
    )
