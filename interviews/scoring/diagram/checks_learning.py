"""Design checks on what the model learns from, how it is delivered and how it is watched."""

from interviews.scoring.diagram import criteria_delivery, criteria_form, criteria_learning, paths
from interviews.scoring.diagram.board import Diagram
from interviews.scoring.diagram.outcome import Asked, Outcome
from interviews.scoring.diagram.result import cited, names, route, verb_s
from interviews.scoring.diagram.sides import ASKS, PREDICTS, SERVES, WATCHES
from interviews.scoring.diagram.vocabulary import stem

# On an arrow out of monitoring: what happens when something is found.
SAYS_WHAT_HAPPENS = frozenset(
    map(
        stem,
        ("pages", "calls", "alerts", "holds", "stops", "pauses", "blocks", "rolls", "reverts", "retrains"),
    )
)


def data_reaches_training(diagram: Diagram, asked: Asked) -> Outcome:
    trainers = diagram.having("training")
    if not trainers:
        return Outcome(None, "No training is drawn.")
    way = criteria_learning.training_way(diagram)
    if way:
        return Outcome(
            True,
            f"Data reaches training: {route(diagram, paths.boxes_on(way))}.",
            tuple(paths.boxes_on(way)),
            tuple(way),
        )
    return Outcome(
        False,
        f"No arrows lead from data to {names(diagram, trainers)}, so the drawing does not say "
        "what the model learns from.",
        tuple(trainers),
    )


def labels_joined(diagram: Diagram, asked: Asked) -> Outcome:
    trainers = diagram.having("training")
    if not trainers or not criteria_learning.training_way(diagram):
        return Outcome(None, "No data reaches training.")
    if not diagram.having("log", "label", "human"):
        return Outcome(None, "No events and no labels are drawn.")
    before = paths.reached(
        trainers,
        paths.against_data(diagram),
        lambda i: not diagram.nodes[i].parts & (SERVES | ASKS | WATCHES | {"registry"}),
    )
    joins = [
        i
        for i in sorted(before)
        if diagram.nodes[i].parts & {"label", "dataset", "human"} and i not in set(trainers)
    ]
    if joins:
        return Outcome(
            True,
            f"{names(diagram, joins)} turn{verb_s(joins)} events into examples with labels.",
            tuple(joins),
        )
    return Outcome(
        False,
        "Events go into training as they are. Draw the step that joins them with their labels: "
        "outcomes come later than "
        "the features, and joining them at another moment lets the future leak into training.",
        tuple(trainers),
    )


def feedback_closed(diagram: Diagram, asked: Asked) -> Outcome:
    found = criteria_learning.loop_way(diagram)
    if found:
        arcs, _ = found
        way = tuple(paths.boxes_on(arcs))
        return Outcome(
            True,
            f"What happens after a prediction comes back: {route(diagram, way)}.",
            way,
            tuple(arcs),
        )
    if not diagram.having("training"):
        return Outcome(None, "No training is drawn.")
    score = criteria_learning.feedback_loop(diagram)
    boxes, shown = cited(diagram, score)
    return Outcome(
        False,
        f"{score.rationale} Without a way from what people did back to training, the model cannot "
        "learn from its own mistakes.",
        boxes or tuple(diagram.having("training")),
        shown,
    )


def model_through_gate(diagram: Diagram, asked: Asked) -> Outcome:
    trainers = diagram.having("training")
    if not trainers:
        return Outcome(None, "No training is drawn.")
    score = criteria_delivery.delivery(diagram)
    boxes, arcs = cited(diagram, score)
    if score.level >= 3:
        return Outcome(True, score.rationale, boxes, arcs)
    return Outcome(
        False,
        f"{score.rationale} A registry or a check between the two lets you compare a new model "
        "with the old one and go back.",
        boxes or tuple(trainers),
        arcs,
    )


def monitoring_attached(diagram: Diagram, asked: Asked) -> Outcome:
    score = criteria_form.monitoring(diagram)
    boxes, arcs = cited(diagram, score)
    if score.level >= 3:
        return Outcome(True, score.rationale, boxes, arcs)
    if not score.level:
        if not diagram.having(*PREDICTS, "batch_scorer"):
            return Outcome(None, "No model is drawn that could be watched.")
        return Outcome(
            False,
            "No monitoring is drawn: a model that gets worse fails silently.",
            tuple(diagram.having(*PREDICTS, "batch_scorer")[:1]),
        )
    return Outcome(False, f"{score.rationale} It cannot notice what nothing reports to it.", boxes, arcs)


def alert_acts(diagram: Diagram, asked: Asked) -> Outcome:
    watchers = diagram.having(*WATCHES)
    if not any(not diagram.nodes[a.source].parts & WATCHES for i in watchers for a in diagram.into[i]):
        return Outcome(None, "No monitoring receives a signal.")
    acts = [
        arc
        for i in watchers
        for arc in diagram.out[i]
        if diagram.nodes[arc.target].parts & (criteria_form.ACTS | {"client"})
        or SAYS_WHAT_HAPPENS & set(arc.edge.reading.stems)
    ]
    alarms = diagram.having("alerting")
    if acts or alarms:
        boxes = tuple(dict.fromkeys([*alarms, *(arc.target for arc in acts)]))
        return Outcome(True, f"A finding leads to {names(diagram, boxes)}.", boxes, tuple(acts[:3]))
    return Outcome(
        False,
        f"{names(diagram, watchers)} collect{verb_s(watchers)} signals and lead{verb_s(watchers)} "
        "nowhere. Draw what happens then: "
        "who is called, "
        "which model is rolled back, when training starts.",
        tuple(watchers),
    )
