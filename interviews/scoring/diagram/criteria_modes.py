"""Telling the batch path from the online path (G07)."""

from interviews.scoring.diagram import paths
from interviews.scoring.diagram.board import Arc, Diagram
from interviews.scoring.diagram.result import DiagramScore, cite, name, route
from interviews.scoring.diagram.sides import ASKS, DATA, HOLDS, SERVES


def offline_arcs(diagram: Diagram) -> list[Arc]:
    """Return the arrows of the offline path: data to training, batch scoring, indexing, batch features."""
    found: list[Arc] = []
    feeding = DATA | {"process", "streamproc", "feature_store", "evaluation", "features"}
    for arc in diagram.arcs:
        ends = (diagram.nodes[arc.source].parts, diagram.nodes[arc.target].parts)
        for one, other in (ends, ends[::-1]):
            if one & SERVES and one & {"process"}:
                continue  # prepares a request
            if (
                (one & {"training"} and other & feeding)
                or (
                    one & {"batch_scorer"}
                    and other
                    & (
                        DATA
                        | HOLDS
                        | {"process", "prediction_store", "feature_store", "training", "registry", "outbound"}
                    )
                )
                or (one & {"index_job"} and other & (DATA | {"index", "process", "encoder"}))
                or (one & {"process", "streamproc", "lake", "warehouse"} and other & {"dataset"})
                or (one & {"process"} and other & {"feature_store", "prediction_store", "index"})
                or _in_frame(diagram, arc, offline=True)
            ):
                found.append(arc)
                break
    return found


def online_arcs(diagram: Diagram) -> list[Arc]:
    """Return the arrows of the online path: from the client through serving, or a stream into serving."""
    batches = diagram.having("batch_scorer")
    asking = paths.reached(
        [i for i in diagram.having("client") if diagram.out[i]],
        paths.forward(diagram),
        lambda i: bool(
            diagram.nodes[i].parts
            & (SERVES | HOLDS | {"prediction_store", "feature_store", "index", "stream", "streamproc"})
        ),
    )
    delivered = paths.reached(batches, paths.forward(diagram), lambda i: not diagram.is_any(i, ASKS)) - asking
    found: list[Arc] = []
    for arc in diagram.arcs:
        a, b = diagram.nodes[arc.source].parts, diagram.nodes[arc.target].parts
        if arc.source in delivered or (arc.target in delivered and arc.source not in asking):
            continue
        serving = (a & SERVES and b & (SERVES | HOLDS | {"feature_store", "index", "prediction_store"})) or (
            b & SERVES and a & {"feature_store", "index", "prediction_store"}
        )
        request = (a & ASKS and b & SERVES) or (b & ASKS and a & SERVES)
        streaming = (
            a & {"stream", "streamproc"}
            and b & ({"streamproc", "feature_store"} | SERVES)
            and "training" not in b
        )
        pushed = a & (SERVES | {"outbound"}) and b & (ASKS | {"outbound"})
        if (
            request
            or pushed
            or _in_frame(diagram, arc, offline=False)
            or (serving and not (a | b) & {"batch_scorer", "training"})
            or streaming
        ):
            found.append(arc)
    return found


def _in_frame(diagram: Diagram, arc: Arc, offline: bool) -> bool:
    """Return whether both ends stand in frames whose names say "offline", or "online"."""
    for index in (arc.source, arc.target):
        frame = diagram.nodes[index].frame
        reading = diagram.frames[frame].reading if frame is not None else None
        if reading is None or reading.offline == reading.online or reading.offline != offline:
            return False
    return True


def batch_and_online(diagram: Diagram) -> DiagramScore:
    offline, online = offline_arcs(diagram), online_arcs(diagram)
    if offline and online:
        store = _meeting_store(diagram, offline, online)
        apart = _set_apart(diagram, offline, online)
        if apart or store is not None:
            said = (
                "set apart in groups"
                if apart
                else f"meet at {name(diagram, store)}"
                if store is not None
                else ""
            )
            return DiagramScore(
                4,
                cite(diagram, [store] if store is not None else [], [offline[0], online[0]]),
                "An offline and an online path are both drawn, and "
                f"{'they are ' if apart else 'they '}{said}.",
            )
        return DiagramScore(
            3,
            cite(diagram, [], [offline[0], online[0]]),
            f"Offline: {route(diagram, paths.boxes_on(offline[:1]))}. Online: "
            f"{route(diagram, paths.boxes_on(online[:1]))}.",
            ("Groups that set the two paths apart, or the store where they meet.",),
        )
    half_offline = diagram.having("training", "batch_scorer", "process", "index_job")
    half_online = diagram.having("model_server", "gateway", "service", "client")
    if offline or online:
        drawn, lacking = (offline, "online") if offline else (online, "offline")
        other = half_online if offline else half_offline
        need = (
            "The way a request or a stream takes to a prediction."
            if offline
            else "The way data takes to training, to batch features or to an index."
        )
        said = f"The {'offline' if offline else 'online'} path is drawn"
        if other:
            return DiagramScore(
                2 if not (offline and all(diagram.is_any(i, ASKS) for i in other)) else 1,
                cite(diagram, other[:1], drawn[:2]),
                f"{said}; of the {lacking} one only {name(diagram, other[0])}.",
                (need,),
            )
        return DiagramScore(1, cite(diagram, [], drawn[:2]), f"{said}; the {lacking} one is not.", (need,))
    return DiagramScore(
        0,
        rationale="Neither a request path nor an offline path can be told from the arrows.",
        missing=("Arrows for the request path and for the offline path.",),
    )


def _meeting_store(diagram: Diagram, offline: list[Arc], online: list[Arc]) -> int | None:
    """Return a store that the offline path writes and the online path reads, or None."""
    one = {i for arc in offline for i in (arc.source, arc.target)}
    other = {i for arc in online for i in (arc.source, arc.target)}
    for index in diagram.having("feature_store", "prediction_store", "index", "cache", "store"):
        if index in one and index in other and diagram.nodes[index].label.strip():
            return index
    return None


def _set_apart(diagram: Diagram, offline: list[Arc], online: list[Arc]) -> bool:
    def groups(arcs: list[Arc]) -> list[int]:
        inside = [diagram.nodes[i].frame for arc in arcs for i in (arc.source, arc.target)]
        return [frame for frame in inside if frame is not None and diagram.frames[frame].label.strip()]

    one, other = groups(offline), groups(online)
    return bool(one) and bool(other) and bool(set(one) - set(other)) and bool(set(other) - set(one))
