"""What a box is taken for once its frame and its neighbours are looked at."""

from itertools import pairwise

from interviews.scoring.diagram.board import Diagram
from interviews.scoring.diagram.sides import ASKS, DATA, HOLDS, OFFLINE, PREDICTS, SERVES

# A frame of this name says what the boxes in it are, where they do not say so themselves.
FRAME_GIVES = {
    "training": "training",
    "monitoring": "monitoring",
    "alerting": "monitoring",
    "feature_store": "feature_store",
    "retrieval": "retrieval",
    "ranker": "ranker",
    "source": "source",
    "log": "log",
    "index_job": "index_job",
    "model_server": "service",
    "service": "service",
    "gateway": "service",
    "process": "process",
    "streamproc": "streamproc",
    "client": "client",
    "registry": "registry",
    "evaluation": "evaluation",
    "batch_scorer": "batch_scorer",
    "human": "human",
    "cache": "cache",
}
Parts = list[set[str]]


def in_context(diagram: Diagram) -> list[frozenset[str]]:
    """Return the parts of every box, with what its frame and the arrows around it add."""
    parts: Parts = [set(node.parts) for node in diagram.nodes]
    _by_frame(diagram, parts)
    _by_arrow(diagram, parts)
    _entries(diagram, parts)
    _models(diagram, parts)
    _on_request(diagram, parts)
    _jobs(diagram, parts)
    _stores(diagram, parts)
    _streams(diagram, parts)
    _unnamed(diagram, parts)
    return [frozenset(own) for own in parts]


def _by_frame(diagram: Diagram, parts: Parts) -> None:
    for node in diagram.nodes:
        own, frame = parts[node.index], node.frame
        if frame is None:
            continue
        reading = diagram.frames[frame].reading
        given = next((FRAME_GIVES[part] for part in FRAME_GIVES if part in reading.parts), None)
        if given == "training" and own and own <= {"model"}:
            own.clear()
            own.add("training")
        elif given == "feature_store" and own and own <= HOLDS:
            own.clear()
            own.add("feature_store")
        elif (
            given in ("retrieval", "ranker") and own and own <= {"model", "encoder", "scorer", "service"}
        ) or (given and not own and node.label.strip()):
            own.add(given)
        elif not own and reading.offline and node.label.strip():
            own.add("process")
        if reading.offline and own & {"scorer"} and not own & {"retrieval", "ranker"}:
            own.add("batch_scorer")


def _by_arrow(diagram: Diagram, parts: Parts) -> None:
    """A job whose arrow says "train" trains, though its name may be only that of a tool."""
    for arc in diagram.arcs:
        if (
            "training" in arc.edge.reading.parts
            and parts[arc.source]
            and parts[arc.source] <= {"process", "service", "model"}
        ):
            parts[arc.source].add("training")


def _entries(diagram: Diagram, parts: Parts) -> None:
    """A payment or a post that goes straight into serving is what asks; otherwise it is data."""
    for node in diagram.nodes:
        own = parts[node.index]
        if "entry" not in own:
            continue
        own.discard("entry")
        targets = [parts[arc.target] for arc in diagram.out[node.index]]
        from_elsewhere = any(not parts[arc.source] & ASKS for arc in diagram.into[node.index])
        into_serving = any(t & (SERVES | {"stream", "streamproc", "entry"}) or not t for t in targets)
        own.add("client" if into_serving and not from_elsewhere else "source")


def _models(diagram: Diagram, parts: Parts) -> None:
    """A model that data flows into and that goes to a registry is being trained."""
    trains_elsewhere = any("training" in own for own in parts)
    for node in diagram.nodes:
        own = parts[node.index]
        sources = [parts[arc.source] for arc in diagram.into[node.index]]
        targets = [parts[arc.target] for arc in diagram.out[node.index]]
        asked = any(s & (SERVES | ASKS) or not s for s in sources)
        fed = any(s & (DATA | {"process", "feature_store", "features"}) for s in sources)
        kept = any(t & {"registry", "evaluation", "release", "deploy", "tracking"} for t in targets)
        if own != {"model"} or not fed or asked:
            continue
        gives = {"outbound", "client", "prediction_store", "policy", "store", "cache"}
        leads_on = (node.reading.only_product or targets) and not any(t & gives for t in targets)
        if kept or (not trains_elsewhere and leads_on):
            own.clear()
            own.add("training")


def _jobs(diagram: Diagram, parts: Parts) -> None:
    """Tell scoring in batches from scoring on request, and a job that embeds items from an encoder."""
    for node in diagram.nodes:
        own = parts[node.index]
        sources = [parts[arc.source] for arc in diagram.into[node.index]]
        targets = [parts[arc.target] for arc in diagram.out[node.index]]
        asked = any(
            s & (ASKS | {"gateway", "service", "understanding", "feature_service", "retrieval"})
            for s in sources
        )
        if "batch_scorer" in own and asked:
            own.add("scorer")
        elif (own & {"scorer", "model", "ranker"} and node.reading.offline and not asked) or (
            own & {"scorer", "model"}
            and not asked
            and any(t & {"prediction_store", "store", "warehouse", "cache"} for t in targets)
            and sources
            and all(s & (OFFLINE | DATA | {"feature_store", "registry"}) for s in sources)
            and any(s & (DATA | {"process"}) for s in sources)
        ):
            own.add("batch_scorer")
        fed = any(s & (DATA | {"process", "index_job"}) for s in sources)
        if own == {"encoder"} and fed and not asked and any("index" in t for t in targets):
            own.add("index_job")


def _on_request(diagram: Diagram, parts: Parts) -> None:
    """Preparing and checking between the client and the model is part of serving."""
    queue = [i for i, own in enumerate(parts) if own & ASKS]
    seen = set(queue)
    while queue:
        for arc in diagram.out[queue.pop()]:
            target, own = arc.target, parts[arc.target]
            if target in seen:
                continue
            seen.add(target)
            if own & {"process", "evaluation", "features"} and not own & {"training", "dataset", "log"}:
                targets = [parts[onward.target] for onward in diagram.out[target]]
                serves = any(t & (SERVES | {"feature_store"}) or not t for t in targets)
                learns = any(t & {"training", "dataset", "lake", "warehouse", "registry"} for t in targets)
                if serves and not learns:
                    own -= {"evaluation"}
                    own.add("service")
            if not own or (own & SERVES and not own & {"log", "training"}):
                queue.append(target)


def _stores(diagram: Diagram, parts: Parts) -> None:
    """A store that batch scoring writes to holds predictions; features in a store are a feature store."""
    has_feature_store = any("feature_store" in own for own in parts)
    about_features = any(
        node.reading.about & {"features", "feature_store", "feature_service"} for node in diagram.nodes
    )
    for node in diagram.nodes:
        own = parts[node.index]
        around = [parts[i] for i in diagram.around(node.index)]
        if own & (HOLDS | {"source"}) or not own:
            writers = [parts[arc.source] for arc in diagram.into[node.index]]
            if any("batch_scorer" in w for w in writers) and not own & {
                "log",
                "label",
                "feature_store",
                "index",
            }:
                own.add("prediction_store")
        if own == {"features"}:
            fed = any(p & {"process", "streamproc", "stream", "lake", "warehouse"} for p in around)
            used = any(p & (SERVES | {"training", "dataset"}) for p in around)
            own.clear()
            own.add(
                "feature_store"
                if node.kind == "store" or (used and (fed or not has_feature_store))
                else "process"
            )
        elif about_features and _is_half_of_a_feature_store(node.reading.stems) and own & HOLDS:
            own.add("feature_store")


def _is_half_of_a_feature_store(stems: tuple[str, ...]) -> bool:
    """Return whether a label says "online store" or "offline store"."""
    return any(a in ("onlin", "offlin") and b in ("store", "storag") for a, b in pairwise(stems))


def _streams(diagram: Diagram, parts: Parts) -> None:
    """A queue that the client or serving writes to carries events."""
    for node in diagram.nodes:
        own = parts[node.index]
        if "stream" in own and any(
            parts[arc.source] & (ASKS | SERVES | {"outbound"}) or not parts[arc.source]
            for arc in diagram.into[node.index]
        ):
            own.add("log")


def _unnamed(diagram: Diagram, parts: Parts) -> None:
    """A box whose label says nothing serves when requests run through it; where they begin, it asks."""
    for index, own in enumerate(parts):
        if not own and diagram.nodes[index].label.strip() and not diagram.into[index]:
            targets = [parts[arc.target] for arc in diagram.out[index]]
            if targets and all(t & {"gateway", "service"} for t in targets):
                own.add("client")
    queue = [i for i, own in enumerate(parts) if own & (ASKS | SERVES)]
    seen = set(queue)
    while queue:
        index = queue.pop()
        for arc in diagram.out[index]:
            target = arc.target
            if target in seen:
                continue
            if not parts[target] and diagram.nodes[target].label.strip():
                parts[target].add("service")
                seen.add(target)
                queue.append(target)
    for index, own in enumerate(parts):
        fed = any(parts[arc.source] & (DATA | OFFLINE) for arc in diagram.into[index])
        if not own and not fed and any(parts[arc.target] & PREDICTS for arc in diagram.out[index]):
            own.add("service")
