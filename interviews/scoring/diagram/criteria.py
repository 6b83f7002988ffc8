"""The ten graph criteria of the bank, G01 to G10, scored on one drawing."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from interviews.scoring.diagram import (
    criteria_delivery,
    criteria_form,
    criteria_learning,
    criteria_modes,
    criteria_serving,
)
from interviews.scoring.diagram.board import Diagram
from interviews.scoring.diagram.result import DiagramScore

CRITERIA: dict[str, Callable[[Diagram], DiagramScore]] = {
    "G01": criteria_serving.two_stages,
    "G02": criteria_learning.feature_store,
    "G03": criteria_learning.feedback_loop,
    "G04": criteria_delivery.delivery,
    "G05": criteria_form.monitoring,
    "G06": criteria_serving.serving_cache,
    "G07": criteria_modes.batch_and_online,
    "G08": criteria_learning.data_to_training,
    "G09": criteria_serving.request_path,
    "G10": criteria_form.well_formed,
}

# A board with this many loose boxes is a list of words: names alone then earn a point in so many criteria
# and no more.
MANY_LOOSE = 6
EARNED_BY_NAMES = 2
EARNED_BY_NAMES_WITHOUT_ARROWS = 3


def score_criteria(diagram: Diagram, codes: Iterable[str]) -> dict[str, DiagramScore]:
    """Return the score of each of these criteria that a drawing can show; other codes are left out."""
    wanted = set(codes)
    scores = {code: judge(diagram) for code, judge in CRITERIA.items()}
    scores = _without_lists_of_words(diagram, scores)
    return {code: score for code, score in scores.items() if code in wanted}


def _without_lists_of_words(diagram: Diagram, scores: dict[str, DiagramScore]) -> dict[str, DiagramScore]:
    if len(criteria_form.loose_boxes(diagram)) < MANY_LOOSE:
        return scores
    left = EARNED_BY_NAMES if diagram.arcs else EARNED_BY_NAMES_WITHOUT_ARROWS
    out: dict[str, DiagramScore] = {}
    for code, score in scores.items():
        if score.level and score.from_loose_boxes:
            left -= 1
            if left < 0:
                score = replace(
                    score,
                    level=0,
                    evidence=(),
                    rationale="Many boxes hang loose, and their names alone do not say how the design works.",
                )
        out[code] = score
    return out
