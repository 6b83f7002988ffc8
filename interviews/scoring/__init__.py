"""The scoring engine: plain Python, values in and values out."""

from interviews.scoring.engine import score
from interviews.scoring.values import (
    ENGINE_VERSION,
    Criterion,
    CriterionScore,
    Rubric,
    ScoreReport,
    Submission,
    SubmissionError,
)

__all__ = [
    "ENGINE_VERSION",
    "Criterion",
    "CriterionScore",
    "Rubric",
    "ScoreReport",
    "Submission",
    "SubmissionError",
    "score",
]
