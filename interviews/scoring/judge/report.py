"""The second reader's levels put beside the engine's."""

from collections.abc import Sequence
from typing import Any

from interviews.scoring.judge.reader import Opinion, SecondReading
from interviews.scoring.values import Criterion, CriterionScore, Rubric

DISAGREEMENT = 2  # levels apart
STEADY, UNSTEADY = 0.75, 0.5


def judged(rubric: Rubric) -> list[tuple[str, list[Criterion]]]:
    """Return the steps of a rubric by title, each with its criteria that are read from words."""
    titles = {
        step["slug"]: str(step.get("title") or step["slug"]) for step in rubric.body["framework"]["steps"]
    }
    by_code = {one.code: one for one in rubric.criteria if one.source == "text"}
    return [
        (titles[slug], [by_code[code] for code in codes if code in by_code]) for slug, codes in rubric.steps
    ]


def what_it_was(
    scores: Sequence[CriterionScore], second: SecondReading
) -> tuple[list[CriterionScore], dict[str, Any]]:
    """Return the scores with the second reader's in place, and the record with where the two disagree."""
    merged, disagreements, spread = [], [], {}
    for score in scores:
        opinion = second.opinions.get(score.criterion.code)
        if opinion is None:
            merged.append(score)
            continue
        merged.append(_score(score.criterion, opinion))
        if opinion.low is not None and opinion.high is not None and opinion.high > opinion.low:
            spread[score.criterion.code] = [opinion.low, opinion.high]
        if (
            opinion.level is not None
            and score.level is not None
            and abs(opinion.level - score.level) >= DISAGREEMENT
        ):
            disagreements.append(
                {"code": score.criterion.code, "engine": score.level, "judge": opinion.level}
            )
    dropped = sum(one.dropped for one in second.opinions.values())
    return merged, {
        **second.record,
        "dropped_quotes": dropped,
        "spread": spread,
        "disagreements": disagreements,
    }


def _score(criterion: Criterion, opinion: Opinion) -> CriterionScore:
    return CriterionScore(
        criterion,
        opinion.level,
        opinion.evidence,
        opinion.reason,
        confidence=STEADY if opinion.low == opinion.high else UNSTEADY,
        source="judge",
    )
