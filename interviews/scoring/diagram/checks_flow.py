"""Design checks on what is joined to what."""

from interviews.scoring.diagram import (
    criteria_form,
    criteria_learning,
    criteria_modes,
    criteria_serving,
    paths,
)
from interviews.scoring.diagram.board import Diagram
from interviews.scoring.diagram.outcome import Asked, Outcome
from interviews.scoring.diagram.result import cited, name, names, route, verb_s
from interviews.scoring.diagram.sides import ASKS, DATA, SERVES

BUILDS = DATA | frozenset(
    {"index_job", "process", "streamproc", "training", "encoder", "batch_scorer", "registry", "retrieval"}
)
# Ranking everything for each request is fine for a few thousand items and hopeless for millions.
MANY_ITEMS = 50_000


def two_stage(diagram: Diagram, asked: Asked) -> Outcome:
    if asked.items is None or asked.items < MANY_ITEMS:
        return Outcome(None, "The case does not have so many items that ranking needs a first stage.")
    score = criteria_serving.two_stages(diagram)
    boxes, arcs = cited(diagram, score)
    if score.level >= 3:
        return Outcome(
            True, "A cheap stage narrows the items down before the expensive one looks at them.", boxes, arcs
        )
    return Outcome(
        False,
        f"There are {asked.items:,.0f} items: no model can score them all for each request. "
        f"{score.rationale} Lead arrows from a stage that finds candidates to the one that ranks them.",
        boxes,
        arcs,
    )


def request_reaches_prediction(diagram: Diagram, asked: Asked) -> Outcome:
    clients = diagram.having("client")
    way = criteria_serving.request_way(diagram)
    if way:
        boxes = paths.boxes_on(way)
        return Outcome(True, f"The request runs {route(diagram, boxes)}.", tuple(boxes), tuple(way))
    if not clients:
        if not criteria_modes.online_arcs(diagram):
            return Outcome(None, "No client is drawn, and the design answers no requests.")
        return Outcome(
            False, "Nobody asks: draw the client, so that a reader can follow a request from its start."
        )
    offline = not criteria_modes.online_arcs(diagram)
    if offline and diagram.having("batch_scorer", "outbound"):
        return Outcome(None, "Predictions are made in batches and delivered; no request asks for them.")
    return Outcome(
        False,
        f"From {names(diagram, clients)} no arrows lead to a model or to stored predictions, "
        "so the drawing does not show where an answer comes from.",
        tuple(clients),
    )


def request_avoids_training(diagram: Diagram, asked: Asked) -> Outcome:
    clients, trainers = diagram.having("client"), diagram.having("training")
    if not clients or not trainers:
        return Outcome(None, "A client and training are not both drawn.")
    through = paths.way(
        clients,
        trainers,
        paths.forward(diagram),
        lambda i: diagram.is_any(i, SERVES) and not diagram.is_any(i, frozenset({"log", "training"})),
    )
    if through:
        return Outcome(
            False,
            f"The request runs into training: {route(diagram, paths.boxes_on(through))}. Nobody "
            "can wait for that; "
            "lead what training needs through logs.",
            tuple(paths.boxes_on(through)),
            tuple(through),
        )
    return Outcome(True, "Requests and training stay apart.", tuple(trainers[:1]))


def shared_features(diagram: Diagram, asked: Asked) -> Outcome:
    stores = diagram.having("feature_store")
    if not stores:
        return Outcome(None, "No feature store is drawn.")
    score = criteria_learning.feature_store(diagram)
    boxes, arcs = cited(diagram, score)
    if score.level >= 3:
        return Outcome(
            True, "Training and serving read the same features, so they cannot drift apart.", boxes, arcs
        )
    return Outcome(
        False,
        f"{score.rationale} When the two sides compute features apart, the model meets other "
        "values than it learned from.",
        boxes,
        arcs,
    )


def features_filled(diagram: Diagram, asked: Asked) -> Outcome:
    stores = diagram.having("feature_store")
    if not stores:
        return Outcome(None, "No feature store is drawn.")
    fills = criteria_learning.FILLS
    filling = [arc for i in stores for arc in diagram.into[i] if diagram.nodes[arc.source].parts & fills]
    if filling:
        return Outcome(
            True,
            f"{name(diagram, filling[0].source)} fills {name(diagram, filling[0].target)}.",
            (filling[0].target,),
            tuple(filling[:3]),
        )
    return Outcome(
        False,
        f"Nothing writes to {names(diagram, stores)}. Draw the job or the stream that computes the features, "
        "because how fresh they are depends on it.",
        tuple(stores),
    )


def cache_used(diagram: Diagram, asked: Asked) -> Outcome:
    caches = diagram.having("cache", "cdn")
    if not caches:
        return Outcome(None, "No cache is drawn.")
    idle = [i for i in caches if not any(diagram.nodes[j].parts & (SERVES | ASKS) for j in diagram.around(i))]
    if idle:
        return Outcome(
            False,
            f"No part that answers requests uses {names(diagram, idle)}, so it saves no request any time.",
            tuple(idle),
        )
    return Outcome(
        True, f"{names(diagram, caches)} stand{verb_s(caches)} where requests are answered.", tuple(caches)
    )


def batch_and_online(diagram: Diagram, asked: Asked) -> Outcome:
    offline = criteria_modes.offline_arcs(diagram)
    online = criteria_modes.online_arcs(diagram)
    if not offline and not online:
        return Outcome(
            False, "Neither a batch path nor an online path can be followed. Draw the arrows of both."
        )
    if offline and online:
        return Outcome(
            True,
            "A reader can tell what happens on a request from what happens beforehand.",
            arcs=(offline[0], online[0]),
        )
    drawn = online or offline
    said = (
        "Only the request path is drawn: what is computed beforehand, and how the model learns, is left open."
        if online
        else "Only the batch path is drawn: how a prediction gets to the one who needs it is left open."
    )
    if offline and diagram.having("batch_scorer", "outbound"):
        return Outcome(None, "The design works in batches only.", arcs=tuple(drawn[:1]))
    return Outcome(False, said, arcs=tuple(drawn[:2]))


def index_built(diagram: Diagram, asked: Asked) -> Outcome:
    indexes = [i for i in diagram.having("index") if not diagram.hangs_loose(i)]
    if not indexes:
        return Outcome(None, "No index is drawn that anything uses.")
    bare = [i for i in indexes if not any(diagram.nodes[a.source].parts & BUILDS for a in diagram.into[i])]
    if bare:
        return Outcome(
            False,
            f"Nothing fills {names(diagram, bare)}. Draw the job that builds it, "
            "because new items stay invisible until it has run.",
            tuple(bare),
        )
    return Outcome(True, f"Something fills {names(diagram, indexes)}.", tuple(indexes))


def no_loose_boxes(diagram: Diagram, asked: Asked) -> Outcome:
    if not diagram.nodes:
        return Outcome(None, "The board is empty.")
    loose = criteria_form.loose_boxes(diagram)
    if loose:
        return Outcome(
            False,
            f"No arrow touches {names(diagram, loose)}. "
            "A box without arrows names a part without saying what it does here.",
            tuple(loose),
        )
    return Outcome(True, "Every box has its arrows.")


def no_reversed_arrows(diagram: Diagram, asked: Asked) -> Outcome:
    if not diagram.arcs:
        return Outcome(None, "No arrows are drawn.")
    backward = criteria_form.reversed_arrows(diagram)
    if backward:
        listed = ", ".join(f"{name(diagram, a.source)} → {name(diagram, a.target)}" for a in backward[:3])
        return Outcome(
            False,
            f"These arrows seem to run backwards: {listed}. Let arrows run the way the request or the data "
            "runs; only reading from a store may be drawn either way.",
            tuple(paths.boxes_on(backward)),
            tuple(backward),
        )
    return Outcome(True, "Every arrow runs the way the request or the data runs.")
