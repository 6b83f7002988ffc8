"""Criteria of the drawing as a whole: monitoring, loose boxes, reversed arrows (G05, G10)."""

from interviews.scoring.diagram import paths
from interviews.scoring.diagram.board import Arc, Diagram
from interviews.scoring.diagram.criteria_delivery import model_way
from interviews.scoring.diagram.criteria_learning import training_way
from interviews.scoring.diagram.criteria_serving import request_way
from interviews.scoring.diagram.result import DiagramScore, cite, name, names
from interviews.scoring.diagram.sides import ASKS, HOLDS, KEEPS, SERVES, WATCHES

# A client so named asks: no arrow can bring a prediction to an upload before it was made.
ASKING = frozenset(
    {
        "upload",
        "request",
        "queri",
        "incom",
        "inbound",
        "search",
        "post",
        "submit",
        "swipe",
        "payment",
        "transact",
        "call",
    }
)
MOST_TWO_WAY = 0.6
ACTS = frozenset(
    {"training", "human", "alerting", "release", "registry", "deploy", "policy", "outbound", "experiment"}
)


def monitoring(diagram: Diagram) -> DiagramScore:
    watchers = diagram.having(*WATCHES)
    if not watchers:
        return DiagramScore(0, rationale="No monitoring is drawn.", missing=("A monitoring box.",))
    signals = [
        arc for i in watchers for arc in diagram.into[i] if not diagram.nodes[arc.source].parts & WATCHES
    ]
    if signals:
        sources = list(dict.fromkeys(arc.source for arc in signals))
        actions = [
            arc
            for i in watchers
            for arc in diagram.out[i]
            if diagram.nodes[arc.target].parts & ACTS and "monitoring" not in diagram.nodes[arc.target].parts
        ]
        if len(sources) >= 2 or actions:
            said = (
                f"and leads on to {name(diagram, actions[0].target)}"
                if actions
                else "from more than one place"
            )
            return DiagramScore(
                4,
                cite(diagram, [signals[0].target], [*signals[:4], *actions[:2]]),
                f"{name(diagram, signals[0].target)} receives signals of {names(diagram, sources)} {said}.",
            )
        return DiagramScore(
            3,
            cite(diagram, [signals[0].target], signals[:1]),
            f"{name(diagram, signals[0].target)} receives a signal of {name(diagram, sources[0])}.",
            ("A second signal, or an arrow to what happens on an alert.",),
        )
    tied = [i for i in watchers if diagram.out[i]]
    if tied:
        return DiagramScore(
            2,
            cite(diagram, tied[:1], diagram.out[tied[0]][:2]),
            f"{name(diagram, tied[0])} is connected, but no arrow brings it a signal.",
            ("An arrow from serving, the model or the data into monitoring.",),
        )
    return DiagramScore(
        1,
        cite(diagram, watchers[:1]),
        f"{name(diagram, watchers[0])} is drawn, and no arrow touches it.",
        ("An arrow from a part that it watches.",),
        from_loose_boxes=True,
    )


def loose_boxes(diagram: Diagram) -> list[int]:
    """Return the boxes that no arrow touches; headings, notes and shapes without words are not among them."""
    return [
        node.index
        for node in diagram.nodes
        if diagram.hangs_loose(node.index) and node.label.strip() and not _is_note(diagram, node.index)
    ]


def _is_note(diagram: Diagram, index: int) -> bool:
    node = diagram.nodes[index]
    reading = node.reading
    if reading.about & {"note"} or len(node.label) > 120 or len(node.label.split()) > 14:
        return True
    return (
        not reading.parts and not node.kind and (reading.offline or reading.online)
    )  # "Offline" as a heading


def reversed_arrows(diagram: Diagram) -> list[Arc]:
    """Return the arrows that run against what they join, each drawn arrow once."""
    found = [
        *_from_watchers(diagram),
        *_against_learning(diagram),
        *_from_records(diagram),
        *_against_the_request(diagram),
        *_both_ways(diagram),
    ]
    return list({arc.edge.index: arc for arc in found}.values())


def _answered(diagram: Diagram, arc: Arc) -> bool:
    """Return whether an arrow runs the other way as well: then this one carries the answer."""
    return any(back.target == arc.source for back in diagram.out[arc.target])


def _both_ways(diagram: Diagram) -> list[Arc]:
    """Return the arrows back where everything leads both ways: then no arrow says where anything flows.

    Requests are answered and stores are read and written; a drawing of nothing else says something.
    """
    two_way = [arc for arc in diagram.arcs if _answered(diagram, arc)]
    if len(two_way) <= len(diagram.arcs) * MOST_TWO_WAY:
        return []
    return [arc for arc in two_way if arc.source < arc.target and not _may_answer(diagram, arc)]


def _may_answer(diagram: Diagram, arc: Arc) -> bool:
    ends = (diagram.nodes[arc.source].parts, diagram.nodes[arc.target].parts)
    return all(end & (ASKS | SERVES) for end in ends) or any(
        end & (HOLDS | {"feature_store"}) for end in ends
    )


def _from_watchers(diagram: Diagram) -> list[Arc]:
    found = []
    for index in diagram.having("monitoring"):
        if not diagram.into[index]:
            found += [
                arc
                for arc in diagram.out[index]
                if not diagram.nodes[arc.target].parts & (ACTS | WATCHES | HOLDS)
            ]
    for index in diagram.having("alerting"):
        if "monitoring" not in diagram.nodes[index].parts and not diagram.into[index]:
            found += [arc for arc in diagram.out[index] if "monitoring" in diagram.nodes[arc.target].parts]
    return found


def _against_learning(diagram: Diagram) -> list[Arc]:
    trainers = diagram.having("training")
    if not trainers:
        return []
    found: list[Arc] = []
    fed = training_way(diagram) is not None
    leaves = model_way(diagram) or paths.way(
        trainers,
        diagram.having(*SERVES, "batch_scorer"),
        paths.forward(diagram),
        lambda i: not diagram.is_any(i, frozenset({"log", "lake"})),
    )
    for index in trainers:
        if not fed:
            data = frozenset({"process", "log", "stream", "human", "source", "label", "dataset"})
            found += [
                a
                for a in diagram.out[index]
                if diagram.is_any(a.target, data) and not paths.is_read(diagram, a)
            ]
        if not leaves:
            found += [
                a
                for a in diagram.into[index]
                if diagram.is_any(a.source, SERVES | {"batch_scorer"})
                and not diagram.is_any(a.source, frozenset({"log"}))
            ]
        kept = any("registry" in diagram.nodes[arc.target].parts for arc in diagram.out[index])
        if not kept:
            found += [a for a in diagram.into[index] if "registry" in diagram.nodes[a.source].parts]
    return found


def _from_records(diagram: Diagram) -> list[Arc]:
    found = []
    for index in diagram.having("log"):
        parts = diagram.nodes[index].parts
        if parts & (SERVES | {"human"}):
            continue
        for arc in diagram.out[index]:
            if _answered(diagram, arc):
                continue
            target = diagram.nodes[arc.target].parts
            from_offline = any(
                diagram.is_any(a.source, frozenset({"training", "lake", "warehouse", "dataset"}))
                for a in diagram.into[index]
            )
            if target & ASKS or (target & SERVES and from_offline and "stream" not in parts):
                found.append(arc)
    return found


def _against_the_request(diagram: Diagram) -> list[Arc]:
    """Return the arrows of a request path drawn from the model to the client, where nothing sets it off."""
    clients = [
        i
        for i in diagram.having("client")
        if set(diagram.nodes[i].reading.stems) & ASKING
        and not any(diagram.is_any(a.target, SERVES) for a in diagram.out[i])
    ]
    if not clients or request_way(diagram):
        return []
    behind = paths.reached(
        clients,
        paths.backward(diagram),
        lambda i: diagram.is_any(i, SERVES) and not diagram.is_any(i, frozenset({"training"})),
    )
    chain = {i for i in behind if diagram.is_any(i, SERVES)}
    keeps = KEEPS | {"training", "release", "deploy", "evaluation", "monitoring"}
    for index in chain:
        for arc in diagram.into[index]:
            source = diagram.nodes[arc.source].parts
            if arc.source not in chain and arc.source not in clients and not source & keeps:
                return []  # an event or a job sets it off, and the client only receives
    if any(
        diagram.is_any(a.source, frozenset({"outbound", "batch_scorer"}))
        for i in clients
        for a in diagram.into[i]
    ):
        return []
    if not any(
        diagram.is_any(i, frozenset({"model", "ranker", "scorer", "model_server", "llm"})) for i in chain
    ):
        return []
    ends = chain | set(clients)
    return [arc for arc in diagram.arcs if arc.source in chain and arc.target in ends]


def _sentence(findings: list[str]) -> str:
    text = "; ".join(findings) + "."
    return text[:1].upper() + text[1:]


def well_formed(diagram: Diagram) -> DiagramScore:
    if not diagram.arcs:
        said = "Nothing is drawn." if not diagram.nodes else "No arrow joins the boxes."
        return DiagramScore(0, rationale=said, missing=("Arrows that join the boxes.",))
    loose, backward = loose_boxes(diagram), reversed_arrows(diagram)
    problems = len(loose) + len(backward)
    if problems:
        found: list[str] = []
        if loose:
            found.append(f"{names(diagram, loose)} {'hangs' if len(loose) == 1 else 'hang'} loose")
        if backward:
            first = backward[0]
            what = (
                f"{len(backward)} arrows run backwards, such as"
                if len(backward) > 1
                else "one arrow runs backwards:"
            )
            found.append(f"{what} {name(diagram, first.source)} → {name(diagram, first.target)}")
        missing: list[str] = []
        if loose:
            missing.append(f"Arrows for {names(diagram, loose)}.")
        if backward:
            missing.append("Arrows that run the way the data or the request runs.")
        level = {1: 2, 2: 1}.get(problems, 0)
        evidence = cite(diagram, loose[:6], backward[:6]) if level else ()
        return DiagramScore(level, evidence, _sentence(found), tuple(missing))
    named = [
        node for node in diagram.nodes if node.frame is not None and diagram.frames[node.frame].label.strip()
    ]
    labelled = [edge for edge in diagram.edges if edge.label.strip()]
    evidence = cite(diagram, [], diagram.arcs[:4])
    if len(diagram.nodes) >= 4 and (
        2 * len(named) >= len(diagram.nodes) or 2 * len(labelled) >= len(diagram.edges)
    ):
        said = (
            "the boxes are grouped"
            if 2 * len(named) >= len(diagram.nodes)
            else "most arrows say what they carry"
        )
        return DiagramScore(
            4, evidence, f"Every box is connected, every arrow runs the right way, and {said}."
        )
    return DiagramScore(
        3,
        evidence,
        "Every box is connected, and every arrow runs the right way.",
        ("Groups around the boxes, or words on the arrows.",),
    )
