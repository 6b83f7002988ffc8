"""Levels that a person gave, as a scorecard of the same form as the engine's.

Whoever scores a design says a level for each criterion they could observe; what they leave out was not
observed, and does not count. The card keeps the rubric it was given under and is never overwritten.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from casestudies.models import Rubric
from interviews import marking
from interviews.models import Scorecard, Source, Submission
from interviews.progress import recording
from interviews.scoring import Rubric as ReadRubric
from interviews.scoring import totals
from interviews.scoring.values import CriterionScore, ScoreReport

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Mark:
    """A level from 0 to 4, None for "not observed", and in a sentence why."""

    level: int | None
    why: str = ""


def write(
    submission: Submission,
    rubric: Rubric,
    marks: Mapping[str, Mark],
    *,
    source: Source,
    author: "User",
    now: datetime,
) -> Scorecard:
    """Store what a person gave as a new scorecard and return it; the caller's transaction."""
    card_id = uuid.uuid4()
    report = report_of(marks, ReadRubric.from_json(rubric.body), source)
    marking.write_card(card_id, submission, rubric, report.to_json(), source)
    Scorecard.objects.filter(pk=card_id).update(author=author, created_at=now)
    recording.record(submission.pk)
    return Scorecard.objects.get(pk=card_id)


def report_of(marks: Mapping[str, Mark], rubric: ReadRubric, source: str) -> ScoreReport:
    """Return levels of a person as a report: added up as the engine's are, without evidence or a range."""
    scores = []
    for criterion in rubric.criteria:
        mark = marks.get(criterion.code, Mark(None))
        scores.append(CriterionScore(criterion, mark.level, rationale=mark.why, source=str(source)))
    return replace(totals.report(scores, rubric, engine_version=""), total_low=None, total_high=None)
