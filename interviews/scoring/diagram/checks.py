"""Design checks: what a careful colleague would point at on the drawing, each with its boxes and the reason.

Every check answers passed, not passed, or not applicable (None). Which of them apply depends on what is drawn
and on what the case asks for: a two-stage design only where there are many items.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from interviews.scoring.diagram import checks_figures, checks_flow, checks_learning
from interviews.scoring.diagram.board import Diagram
from interviews.scoring.diagram.outcome import Asked, Outcome


@dataclass(frozen=True)
class Check:
    """One check: its name in the report, what it is called on the page and the guide that explains it."""

    id: str
    title: str
    guide: str
    look: Callable[[Diagram, Asked], Outcome]


CHECKS: tuple[Check, ...] = (
    Check("two-stage", "Cheap stage before the expensive one", "two-stage-retrieval", checks_flow.two_stage),
    Check(
        "request-path",
        "A request reaches a prediction",
        "latency-budgets",
        checks_flow.request_reaches_prediction,
    ),
    Check(
        "request-avoids-training",
        "The request does not run through training",
        "batch-and-online-inference",
        checks_flow.request_avoids_training,
    ),
    Check(
        "shared-features",
        "One feature store for training and serving",
        "features-and-skew",
        checks_flow.shared_features,
    ),
    Check(
        "features-filled",
        "Something fills the feature store",
        "features-and-skew",
        checks_flow.features_filled,
    ),
    Check("cache-used", "The cache stands on the request path", "latency-budgets", checks_flow.cache_used),
    Check(
        "batch-and-online",
        "Batch and online paths told apart",
        "batch-and-online-inference",
        checks_flow.batch_and_online,
    ),
    Check(
        "data-to-training", "Data reaches training", "data-and-labels", checks_learning.data_reaches_training
    ),
    Check(
        "labels-joined",
        "Labels are joined before training",
        "labels-and-delay",
        checks_learning.labels_joined,
    ),
    Check(
        "feedback-loop",
        "The feedback loop is closed",
        "feedback-loops-and-bias",
        checks_learning.feedback_closed,
    ),
    Check(
        "model-gate",
        "A model passes a gate on its way to serving",
        "rollout",
        checks_learning.model_through_gate,
    ),
    Check("index-built", "Something builds the index", "two-stage-retrieval", checks_flow.index_built),
    Check(
        "monitoring-attached",
        "Monitoring receives signals",
        "drift-and-retraining",
        checks_learning.monitoring_attached,
    ),
    Check("alert-acts", "An alert leads to an action", "drift-and-retraining", checks_learning.alert_acts),
    Check("no-loose-boxes", "No box hangs loose", "drawing-the-design", checks_flow.no_loose_boxes),
    Check(
        "no-reversed-arrows", "No arrow runs backwards", "drawing-the-design", checks_flow.no_reversed_arrows
    ),
    Check(
        "latency-budget",
        "The path fits the latency asked for",
        "latency-budgets",
        checks_figures.latency_budget,
    ),
    Check(
        "latency-written",
        "The request path carries milliseconds",
        "latency-budgets",
        checks_figures.latency_written,
    ),
    Check(
        "peak-load", "The path carries the load asked for", "back-of-the-envelope", checks_figures.peak_load
    ),
    Check(
        "funnel-narrows",
        "Each stage hands on fewer items",
        "two-stage-retrieval",
        checks_figures.funnel_narrows,
    ),
    Check(
        "fresh-enough", "Fresh data has a stream", "batch-and-online-inference", checks_figures.fresh_enough
    ),
)


def run_checks(diagram: Diagram, case: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the outcome of every check, in a fixed order, with the ids of the elements each is about.

    `case` may hold `requirements` and `figures` as in a case's file; what is missing or odd is not asked for.
    """
    asked = Asked.of(case)
    found = []
    for check in CHECKS:
        outcome = check.look(diagram, asked)
        found.append(
            {
                "id": check.id,
                "title": check.title,
                "passed": outcome.passed,
                "elements": list(elements(diagram, outcome)),
                "reason": outcome.reason,
                "guide": check.guide,
            }
        )
    return found


def elements(diagram: Diagram, outcome: Outcome) -> Iterable[str | int]:
    """Return the ids of the boxes and arrows of an outcome, each once; arrows without an id are left out."""
    ids = [diagram.nodes[index].id for index in outcome.boxes]
    ids += [arc.edge.id for arc in outcome.arcs if arc.edge.id is not None]
    return list(dict.fromkeys(ids))[:40]
