"""Criteria of the way a request takes: two stages, cache, request path (G01, G06, G09)."""

from interviews.scoring.diagram import paths
from interviews.scoring.diagram.board import Arc, Diagram
from interviews.scoring.diagram.result import DiagramScore, cite, name, names, route
from interviews.scoring.diagram.sides import ASKS, HOLDS, PREDICTS, SERVES, WATCHES

CHEAP = frozenset({"retrieval", "preranker"})
# After candidates, anything that scores them ranks them.
SCORES = frozenset({"ranker", "scorer", "model", "model_server"})
# A request does not run through what learns, records or watches.
NOT_ON_A_REQUEST = frozenset(
    {"training", "dataset", "registry", "evaluation", "release", "lake", "warehouse", "label",
     "human", "process", "index_job",
     "batch_scorer", "tracking", "source", "client", "outbound"}
) | WATCHES  # fmt: skip


def two_stages(diagram: Diagram) -> DiagramScore:
    cheap = [
        i
        for i in diagram.having(*CHEAP)
        if not diagram.is_any(i, frozenset({"log", "training", "batch_scorer"}))
    ]
    indexes = diagram.having("index")
    dear = diagram.having("ranker")
    scoring = [
        i for i in diagram.having(*SCORES) if i not in set(cheap) or diagram.is_any(i, frozenset({"ranker"}))
    ]
    blocked = (
        frozenset(
            {
                "training",
                "dataset",
                "registry",
                "lake",
                "warehouse",
                "label",
                "human",
                "evaluation",
            }
        )
        | WATCHES
    )

    def passes(index: int) -> bool:
        parts = diagram.nodes[index].parts
        return not parts & blocked and not (parts & {"log", "client"} and not parts & SERVES)

    both = [i for i in cheap if diagram.is_any(i, frozenset({"ranker"}))]
    found = paths.way(cheap, scoring, paths.forward(diagram), passes)
    if found is None and indexes and (dear or cheap):
        # The index answers the service that then calls the ranker: a store is joined either way.
        drawn, scored = set(indexes), set(scoring)
        leading = paths.reached(dear or scoring, paths.backward(diagram), lambda i: i in scored or passes(i))
        for arc in [a for i in indexes for a in (*diagram.into[i], *diagram.out[i])]:
            asker = arc.source if arc.target in drawn else arc.target
            if not diagram.nodes[asker].parts & SERVES or asker in scored or asker not in leading:
                continue
            onward = paths.way([asker], dear or scoring, paths.forward(diagram), passes)
            if onward and not cheap:
                found = [arc, *onward]
                break
    if found or both:
        arcs = found or []
        boxes = [arcs[0].source, arcs[-1].target] if arcs else both[:1]
        figured = [i for i in {*paths.boxes_on(arcs), *boxes} if _has_figures(diagram, i)]
        ends = {i for i in (*cheap, *scoring) if _has_figures(diagram, i)}
        cheap_figured, dear_figured = ends & set(cheap), ends & set(scoring)
        on_arrow = any(arc.edge.reading.counts or arc.edge.reading.milliseconds for arc in arcs)
        if on_arrow or (cheap_figured and dear_figured) or (both and figured):
            return DiagramScore(
                4,
                cite(diagram, [*boxes, *sorted(cheap_figured)[:2], *sorted(dear_figured)[:2]], arcs),
                f"Arrows lead from {name(diagram, boxes[0])} to {name(diagram, boxes[-1])}, and "
                "figures say what each stage handles.",
            )
        said = "stand in one box" if not arcs else f"are joined: {route(diagram, paths.boxes_on(arcs))}"
        return DiagramScore(
            3,
            cite(diagram, boxes, arcs),
            f"The cheap stage and the ranking {said}.",
            ("Counts or milliseconds on both stages, or on the arrow between them.",),
        )
    stages = cheap or [i for i in indexes if not diagram.is_any(i, HOLDS)]
    if stages and (dear or (cheap and [i for i in scoring if diagram.is_any(i, frozenset({"scorer"}))])):
        other = dear or scoring
        return DiagramScore(
            2,
            cite(diagram, [stages[0], other[0]]),
            f"You drew {name(diagram, stages[0])} and {name(diagram, other[0])}, but no arrows "
            "lead from the first to the second.",
            ("Arrows from candidates to ranking.",),
            from_loose_boxes=all(diagram.hangs_loose(i) for i in (*stages, *other)),
        )
    if stages or dear:
        one = stages or dear
        lacking = "the ranking that sorts them" if stages else "the stage that finds candidates first"
        return DiagramScore(
            1,
            cite(diagram, one[:2]),
            f"Of the two stages only one is drawn: {names(diagram, one)}.",
            (f"A box for {lacking}.",),
            from_loose_boxes=all(diagram.hangs_loose(i) for i in one),
        )
    return DiagramScore(
        0,
        rationale="No stage that finds candidates and none that ranks them is drawn.",
        missing=("A cheap first stage and a ranking stage.",),
    )


def _has_figures(diagram: Diagram, index: int) -> bool:
    node = diagram.nodes[index]
    return bool(node.reading.counts or node.milliseconds is not None or node.volume)


def _says_what_it_saves(diagram: Diagram, index: int) -> bool:
    node = diagram.nodes[index]
    return node.milliseconds is not None or "%" in node.label or "%" in (node.volume or "")


def serving_cache(diagram: Diagram) -> DiagramScore:
    caches = diagram.having("cache", "cdn")
    if not caches:
        return DiagramScore(
            0,
            rationale="No cache is drawn.",
            missing=("A cache where the same answer or feature is asked for again.",),
        )
    for index in caches:
        users = [
            i for i in diagram.around(index) if diagram.nodes[i].parts & (SERVES | ASKS | {"feature_service"})
        ]
        if not users:
            continue
        joined = _between(diagram, index, users[0])
        fillers = [
            arc
            for i in caches
            for arc in diagram.into[i]
            if diagram.nodes[arc.source].parts
            & {"process", "streamproc", "stream", "log", "batch_scorer", "training", "index_job"}
        ]
        node = diagram.nodes[index]
        said = [i for i in caches if _says_what_it_saves(diagram, i)]
        if fillers or said:
            return DiagramScore(
                4,
                cite(diagram, [index, *said[:1]], [*joined, *fillers[:1]]),
                f"{name(diagram, users[0])} uses {name(diagram, index)}, and "
                + (
                    "its figures are written on it."
                    if said
                    else f"{name(diagram, fillers[0].source)} fills it."
                ),
            )
        return DiagramScore(
            3,
            cite(diagram, [index], joined),
            f"{name(diagram, users[0])} uses {name(diagram, node.index)}.",
            ("What fills the cache, or its hit rate or milliseconds.",),
        )
    tied = [i for i in caches if not diagram.hangs_loose(i)]
    if tied:
        return DiagramScore(
            2,
            cite(diagram, tied[:1], [*diagram.into[tied[0]], *diagram.out[tied[0]]][:2]),
            f"{name(diagram, tied[0])} is connected, but not to a part that answers requests.",
            ("An arrow from the service that answers requests to the cache.",),
        )
    return DiagramScore(
        1,
        cite(diagram, caches[:1]),
        f"{name(diagram, caches[0])} is drawn, and no arrow touches it.",
        ("An arrow from the service that uses the cache.",),
        from_loose_boxes=True,
    )


def _between(diagram: Diagram, a: int, b: int) -> list[Arc]:
    return [arc for arc in diagram.out[a] if arc.target == b] or [
        arc for arc in diagram.into[a] if arc.source == b
    ]


def prediction_goals(diagram: Diagram) -> list[int]:
    """Return the boxes where a request gets a prediction."""
    goals = set(diagram.having(*PREDICTS, "prediction_store"))
    for node in diagram.nodes:
        fed = any(
            diagram.nodes[arc.source].parts & {"training", "registry", "release"}
            for arc in diagram.into[node.index]
        )
        if fed and node.parts & SERVES and not node.parts & {"gateway"}:
            goals.add(node.index)  # a model was put into this service
    return sorted(
        i
        for i in goals
        if not diagram.is_any(i, frozenset({"training", "batch_scorer"}))
        or diagram.is_any(i, PREDICTS - {"model"})
    )


def request_way(diagram: Diagram) -> list[Arc] | None:
    """Return the arrows from a client to where it gets a prediction, not through training or records."""
    goals = prediction_goals(diagram)
    clients = diagram.having("client")

    def step(index: int) -> list[tuple[int, Arc]]:
        onward = [(arc.target, arc) for arc in diagram.out[index]]
        # Data drawn towards the service that reads it: "predictions → API".
        onward += [
            (arc.source, arc)
            for arc in diagram.into[index]
            if "prediction_store" in diagram.nodes[arc.source].parts and diagram.is_any(index, SERVES)
        ]
        return onward

    def through(index: int, blocked: frozenset[str]) -> bool:
        parts = diagram.nodes[index].parts
        # A box that serves and does something else too still lets the request pass, unless it trains.
        return not parts & blocked or bool(parts & SERVES and not parts & (ASKS | {"training"}))

    def through_serving(index: int) -> bool:
        return through(index, NOT_ON_A_REQUEST | {"log", "stream", "streamproc"})

    def through_streams(index: int) -> bool:
        return through(index, NOT_ON_A_REQUEST | HOLDS | {"feature_store", "index"})

    return paths.way(clients, goals, step, through_serving) or paths.way(
        clients, goals, step, through_streams
    )


def request_path(diagram: Diagram) -> DiagramScore:
    clients = diagram.having("client")
    if not clients:
        return DiagramScore(0, rationale="No client is drawn.", missing=("The client that asks.",))
    found = request_way(diagram)
    if found:
        boxes = paths.boxes_on(found)
        timed = [i for i in boxes if diagram.nodes[i].milliseconds is not None]
        timed_arrows = [arc for arc in found if arc.edge.reading.milliseconds is not None]
        if len(timed) + len(timed_arrows) >= 2:
            return DiagramScore(
                4,
                cite(diagram, [boxes[0], *timed, boxes[-1]], found),
                f"The request runs {route(diagram, boxes)}, with milliseconds on "
                f"{len(timed) + len(timed_arrows)} of its parts.",
            )
        return DiagramScore(
            3,
            cite(diagram, [boxes[0], boxes[-1]], found),
            f"The request runs {route(diagram, boxes)}.",
            ("Milliseconds on the boxes of this path.",),
        )
    asked = [arc for i in clients for arc in diagram.out[i] if diagram.nodes[arc.target].parts & SERVES]
    if asked:
        return DiagramScore(
            2,
            cite(diagram, [asked[0].source], asked[:2]),
            f"{name(diagram, asked[0].source)} reaches {name(diagram, asked[0].target)}, and no "
            "arrows lead on to a model or its predictions.",
            ("Arrows from the service on to the model, or to the store of its predictions.",),
        )
    return DiagramScore(
        1,
        cite(diagram, clients[:2]),
        f"{names(diagram, clients)} is drawn, but no request leaves it."
        if len(clients) == 1
        else f"{names(diagram, clients)} are drawn, but no request leaves them.",
        ("The service that the client calls.",),
        from_loose_boxes=all(diagram.hangs_loose(i) for i in clients),
    )
