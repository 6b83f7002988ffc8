"""Design checks on the figures written on the boxes: milliseconds, counts, freshness."""

import re
from collections import deque

from interviews.scoring.diagram import criteria_serving, figures, paths
from interviews.scoring.diagram.board import Diagram
from interviews.scoring.diagram.outcome import Asked, Outcome
from interviews.scoring.diagram.result import name, names, route, verb_s
from interviews.scoring.diagram.sides import HOLDS, SERVES, WATCHES

DEAR = frozenset({"ranker"})
MOST_STAGES = 40
NARROWS = re.compile(r"\d\S*\s*(?:of|to|->|→)\s*\d")
NEAR_ENOUGH = 0.9  # people round
# Fresher than this needs a stream; a job that runs every quarter of an hour is too late.
NEEDS_A_STREAM_BELOW_S = 900
NOT_WAITED_FOR = WATCHES | {
    *(
        "training",
        "dataset",
        "registry",
        "evaluation",
        "release",
        "deploy",
        "lake",
        "warehouse",
        "label",
        "human",
    ),
    *("process", "index_job", "batch_scorer", "tracking", "source", "log", "stream", "streamproc", "client"),
    "experiment",
}


def waited_for(diagram: Diagram) -> list[int]:
    """Return the boxes that a request waits for, in the order it reaches them, the client left out."""
    clients = diagram.having("client")
    seen: dict[int, None] = {}
    queue: deque[int] = deque(clients)
    while queue:
        index = queue.popleft()
        for arc in diagram.out[index]:
            target = arc.target
            parts = diagram.nodes[target].parts
            if target in seen or target in clients or (parts & NOT_WAITED_FOR and not parts & SERVES):
                continue
            if diagram.is_any(target, frozenset({"log", "training"})):
                continue
            seen[target] = None
            queue.append(target)
        if diagram.is_any(index, SERVES):
            # Stores drawn towards the service that reads them are waited for as well.
            for arc in diagram.into[index]:
                parts = diagram.nodes[arc.source].parts
                if arc.source not in seen and parts & (
                    HOLDS | {"feature_store", "index", "prediction_store"}
                ):
                    seen[arc.source] = None
    return list(seen)


def _cost(diagram: Diagram, index: int) -> float:
    return diagram.nodes[index].milliseconds or 0.0


def _in_order(diagram: Diagram, waited: list[int]) -> list[int]:
    """Return these boxes so that every arrow that closes no loop leads from an earlier to a later one."""
    inside, seen, finished = set(waited), set(), []
    for start in waited:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(diagram.out[start]))]
        while stack:
            index, arcs = stack[-1]
            following = next((a.target for a in arcs if a.target in inside and a.target not in seen), None)
            if following is None:
                finished.append(index)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(diagram.out[following])))
    return finished[::-1]


def slowest_way(diagram: Diagram) -> list[int]:
    """Return the boxes of the slowest way of a request: branches called side by side do not add up.

    Stages in a row add up, and a store adds to the service that reads it. Loops are cut where they close.
    """
    waited = waited_for(diagram)
    order = _in_order(diagram, waited)
    position = {index: i for i, index in enumerate(order)}
    best: dict[int, tuple[float, int | None]] = {}
    for index in order:
        total, _ = best.setdefault(index, (_cost(diagram, index), None))
        for arc in diagram.out[index]:
            if position.get(arc.target, -1) <= position[index]:
                continue  # an answer on its way back, or outside of what is waited for
            along = total + _cost(diagram, arc.target)
            if arc.target not in best or along > best[arc.target][0]:
                best[arc.target] = (along, index)
    inside = set(waited)
    if not best:
        return []
    end: int | None = max(best, key=lambda i: (best[i][0], -position[i]))
    way: list[int] = []
    while end is not None:
        way.append(end)
        end = best[end][1]
    way.reverse()
    # What a box on the way asks and waits for adds to it, when it is not on the way itself.
    on_way = set(way)
    for index in list(way):
        for other in diagram.around(index):
            if (
                other in inside
                and other not in on_way
                and diagram.nodes[other].parts
                & (HOLDS | {"feature_store", "index", "prediction_store", "feature_service"})
            ):
                way.insert(way.index(index) + 1, other)
                on_way.add(other)
    return way


def latency_budget(diagram: Diagram, asked: Asked) -> Outcome:
    if asked.latency_ms is None:
        return Outcome(None, "The case asks for no latency.")
    way = slowest_way(diagram)
    timed = [i for i in way if diagram.nodes[i].milliseconds is not None]
    if not timed:
        return Outcome(None, "No milliseconds are written along the request path.")
    total = sum(diagram.nodes[i].milliseconds or 0.0 for i in timed)
    parts = " + ".join(f"{diagram.nodes[i].milliseconds:g}" for i in timed)
    said = f"{total:g} ms drawn against {asked.latency_ms:g} ms asked"
    if len(timed) > 1:
        said += f" ({parts} along {route(diagram, timed)})"
    if total <= asked.latency_ms:
        return Outcome(True, f"{said}.", tuple(timed))
    slowest = max(timed, key=lambda i: (diagram.nodes[i].milliseconds or 0.0, -i))
    return Outcome(
        False,
        f"{said}. {name(diagram, slowest)} takes the most; shorten it, run parts side by side or "
        "compute beforehand.",
        tuple(timed),
    )


def latency_written(diagram: Diagram, asked: Asked) -> Outcome:
    if asked.latency_ms is None:
        return Outcome(None, "The case asks for no latency.")
    way = criteria_serving.request_way(diagram)
    if not way:
        return Outcome(None, "No request path is drawn.")
    boxes = [i for i in paths.boxes_on(way) if not diagram.is_any(i, frozenset({"client"}))]
    timed = [i for i in waited_for(diagram) if diagram.nodes[i].milliseconds is not None]
    if len(timed) >= 2:
        return Outcome(True, f"Milliseconds stand on {names(diagram, timed)}.", tuple(timed))
    return Outcome(
        False,
        f"The case allows {asked.latency_ms:g} ms. Write on {names(diagram, boxes)} how many each may take, "
        "so that the budget can be added up.",
        tuple(boxes),
        tuple(way),
    )


def peak_load(diagram: Diagram, asked: Asked) -> Outcome:
    """The load is compared where it comes in: behind a cache there is rightly less."""
    if asked.peak_qps is None:
        return Outcome(None, "The case asks for no load.")
    drawn = {
        index: rate
        for index in (*diagram.having("client"), *waited_for(diagram))
        if (rate := _rate(diagram, index)) is not None
    }
    if not drawn:
        return Outcome(None, "No requests a second are written along the request path.")
    busiest = max(drawn, key=lambda i: (drawn[i], -i))
    said = f"{drawn[busiest]:,.0f} a second on {name(diagram, busiest)} against {asked.peak_qps:,.0f} asked"
    if drawn[busiest] >= asked.peak_qps * NEAR_ENOUGH:
        return Outcome(True, f"{said}.", tuple(drawn))
    return Outcome(
        False, f"{said}. Size the path for the peak, or say which box keeps the rest away.", tuple(drawn)
    )


def _rate(diagram: Diagram, index: int) -> float | None:
    node = diagram.nodes[index]
    return figures.per_second(f"{node.label} ; {node.volume or ''}")


def _counts(diagram: Diagram, index: int) -> tuple[float, ...]:
    """Return the items a stage handles: those on its label, else in a volume such as "200 of 2,000"."""
    node = diagram.nodes[index]
    said = node.volume or ""
    return node.reading.counts or (figures.counts(said) if NARROWS.search(said) else ())


def funnel_narrows(diagram: Diagram, asked: Asked) -> Outcome:
    counted = [i for i in diagram.having("retrieval", "preranker", "ranker") if _counts(diagram, i)]
    stages = set(counted[:MOST_STAGES])
    before: dict[int, list[int]] = {}
    for index in counted[:MOST_STAGES]:
        onward = paths.way(
            [index],
            stages - {index},
            paths.forward(diagram),
            lambda i: diagram.is_any(i, SERVES) and i not in stages,
        )
        backward = onward and diagram.is_any(index, DEAR) and not diagram.is_any(onward[-1].target, DEAR)
        if onward and not backward:
            before.setdefault(onward[-1].target, []).append(index)
    if not before:
        return Outcome(None, "No two stages carry the number of items they handle.")
    # Several sources may flow into one stage, which then sees all of theirs.
    wider = [
        stage
        for stage, sources in before.items()
        if min(_counts(diagram, stage)) > sum(max(_counts(diagram, i)) for i in sources)
    ]
    if wider:
        stage = wider[0]
        return Outcome(
            False,
            f"{name(diagram, stage)} handles more items than {names(diagram, before[stage])} "
            f"hand{verb_s(before[stage])} on. A funnel works because each dearer stage sees fewer items.",
            (*before[stage], stage),
        )
    boxes = tuple(dict.fromkeys(i for stage, sources in before.items() for i in (*sources, stage)))
    return Outcome(True, f"The stages narrow down: {names(diagram, boxes, 5)}.", boxes)


def fresh_enough(diagram: Diagram, asked: Asked) -> Outcome:
    if asked.freshness_s is None or asked.freshness_s >= NEEDS_A_STREAM_BELOW_S:
        return Outcome(None, "The case does not ask for data that is minutes fresh.")
    streams = diagram.having("stream", "streamproc")
    within = (
        f"{asked.freshness_s:g} seconds" if asked.freshness_s < 120 else f"{asked.freshness_s / 60:g} minutes"
    )
    goals = diagram.having("feature_store", "index", "cache", "store", "prediction_store", *SERVES)
    way = paths.way(
        streams,
        goals,
        paths.forward(diagram),
        lambda i: diagram.is_any(i, frozenset({"stream", "streamproc", "process", "encoder", "index_job"})),
    )
    if way:
        return Outcome(
            True,
            f"Fresh data flows {route(diagram, paths.boxes_on(way))}.",
            tuple(paths.boxes_on(way)),
            tuple(way),
        )
    return Outcome(
        False,
        f"The case wants new data to count within {within}. Draw the stream that carries it to "
        "the features, the index or the model; "
        "a nightly job is too late.",
        tuple(streams),
    )
