"""Levels added up: per dimension, per step and in all, with the range that doubt leaves."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from interviews.scoring.values import CriterionScore, Rubric, ScoreReport

TOP = 4
SURE = 1.645  # nine of ten totals lie within this many standard deviations
ESTIMATES = ((75.0, "staff"), (55.0, "senior"), (35.0, "mid"))


def mean_level(scores: Iterable[CriterionScore]) -> float | None:
    """Return the weighted mean level of what was assessed; None when nothing was."""
    known = [(score.level, score.criterion.weight) for score in scores if score.level is not None]
    weight = sum(share for _, share in known)
    return sum(level * share for level, share in known) / weight if weight else None


def rounded(level: float | None) -> float | None:
    return None if level is None else round(level, 2)


def by_dimension(scores: Sequence[CriterionScore], rubric: Rubric) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "slug": slug,
            "level": rounded(mean_level(one for one in scores if one.criterion.dimension == slug)),
            "weight": weight,
        }
        for slug, weight in rubric.dimensions.items()
    )


def by_step(scores: Sequence[CriterionScore], rubric: Rubric) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"slug": slug, "level": rounded(mean_level(one for one in scores if one.criterion.code in codes))}
        for slug, codes in rubric.steps
    )


def shares(
    scores: Sequence[CriterionScore], weights: Mapping[str, float]
) -> list[tuple[CriterionScore, float]]:
    """Return each assessed score with its share of the total; shares add up to 1."""
    assessed = [
        one for one in scores if one.level is not None and weights.get(one.criterion.dimension, 0) > 0
    ]
    present = {one.criterion.dimension for one in assessed if one.criterion.weight > 0}
    whole = sum(weights[slug] for slug in present)
    inside = {
        slug: sum(one.criterion.weight for one in assessed if one.criterion.dimension == slug)
        for slug in present
    }
    return [
        (
            one,
            weights[one.criterion.dimension] / whole * one.criterion.weight / inside[one.criterion.dimension],
        )
        for one in assessed
        if one.criterion.weight > 0
    ]


def total(
    scores: Sequence[CriterionScore], rubric: Rubric
) -> tuple[float | None, float | None, float | None]:
    """Return the total from 0 to 100 with the low and high end that neighbouring levels leave plausible."""
    parts = shares(scores, rubric.dimensions)
    if not parts:
        return None, None, None
    points = [(100 * share / TOP, one) for one, share in parts]
    middle = sum(worth * (one.level or 0) for worth, one in points)
    # Each level may be one off with the probability that confidence leaves, whatever the others are.
    spread = SURE * math.sqrt(sum(worth**2 * (1 - one.confidence) for worth, one in points))
    lowest = sum(worth * max(0, (one.level or 0) - 1) for worth, one in points)
    highest = sum(worth * min(TOP, (one.level or 0) + 1) for worth, one in points)
    return (
        round(middle, 1),
        round(max(middle - spread, lowest, 0), 1),
        round(min(middle + spread, highest, 100), 1),
    )


def report(scores: Sequence[CriterionScore], rubric: Rubric, **more: Any) -> ScoreReport:
    """Return scores with everything that is added up from them, and what else is said in the report."""
    middle, low, high = total(scores, rubric)
    return ScoreReport(
        rubric_hash=rubric.hash,
        criteria=tuple(scores),
        dimensions=by_dimension(scores, rubric),
        steps=by_step(scores, rubric),
        total=middle,
        total_low=low,
        total_high=high,
        level_estimate=estimate(middle),
        **more,
    )


def estimate(points: float | None) -> str | None:
    """Return the level the total speaks for."""
    if points is None:
        return None
    return next((name for least, name in ESTIMATES if points >= least), "below")
