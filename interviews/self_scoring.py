"""What candidates think of their own design, said before they see what others think of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from casestudies.models import Dimension
from interviews import card_order, card_requests, events, scored_by_people
from interviews.models import EventKind, Interview, Scorecard, Source, Submission
from interviews.progress import recording
from interviews.scored_by_people import Mark

if TYPE_CHECKING:
    from accounts.models import User

AFTERWARDS = "Given after the automatic card had been opened."


@dataclass(frozen=True)
class Beside:
    """The level of one dimension by its candidate and by the program; None where one of them has none."""

    own: float | None
    auto: float | None

    @property
    def gap(self) -> float | None:
        """How much higher the candidate sees it, in levels; negative: lower."""
        return None if self.own is None or self.auto is None else round(self.own - self.auto, 1)

    @property
    def words(self) -> str:
        """The gap with its sign, as a table shows it."""
        if self.gap is None:
            return "–"
        return f"{self.gap:+.1f}".replace("-", "−") if self.gap else "0"


def own_card(submission: Submission) -> Scorecard | None:
    return submission.scorecards.filter(source=Source.SELF).first()


@transaction.atomic
def score_self(
    submission: Submission, levels: Mapping[str, int], *, candidate: "User", now: datetime
) -> Scorecard:
    """Store a candidate's own levels by criterion, once; a second call returns the first card.

    ValidationError when no level was given: that is skipping, and nothing is stored.
    """
    locked = (
        Interview.objects.select_for_update(of=("self",))
        .select_related("framework")
        .get(pk=submission.interview_id)
    )
    before = own_card(submission)
    if before is not None:
        return before
    if locked.keeps_order and not locked.is_done:
        raise ValidationError("There is nothing to score yet: the design has not been submitted.")
    if not levels:
        raise ValidationError("Give at least one criterion a level, or skip this and read your scorecard.")
    rubric = card_requests.current_rubric(submission, locked.framework)
    marks = {code: Mark(level) for code, level in levels.items()}
    card = scored_by_people.write(submission, rubric, marks, source=Source.SELF, author=candidate, now=now)
    if locked.events.filter(kind=EventKind.REVEALED, actor=candidate).exists():
        Scorecard.objects.filter(pk=card.pk).update(reason=AFTERWARDS)
        recording.record(submission.pk)
    events.record(locked, EventKind.SELF_SCORED, actor=candidate, now=now)
    card_order.note_spoken(locked, candidate, now=now)
    return card


@transaction.atomic
def skip(submission: Submission, *, candidate: "User", now: datetime) -> None:
    """Note that a candidate gives no levels before they read those of others; between people for good."""
    locked = Interview.objects.select_for_update().get(pk=submission.interview_id)
    if locked.own_levels_first:
        card_order.open_alone(locked)
    else:
        card_order.note_spoken(locked, candidate, now=now, waived=True)


def note_reveal(submission: Submission, *, candidate: "User", now: datetime) -> None:
    """Keep in mind that a candidate has seen what a program thinks: own levels may lean on it then."""
    with transaction.atomic():
        locked = Interview.objects.select_for_update().get(pk=submission.interview_id)
        if not locked.events.filter(kind=EventKind.REVEALED, actor=candidate).exists():
            events.record(locked, EventKind.REVEALED, actor=candidate, now=now)


def was_revealed(submission: Submission, candidate: "User") -> bool:
    log = submission.interview.events
    return log.filter(kind=EventKind.REVEALED, actor=candidate).exists()


def beside(own: Scorecard, shown: Scorecard) -> dict[str, Any]:
    """Return a candidate's card beside another one: per dimension with the gap, and per criterion."""
    mine = {entry["slug"]: entry["level"] for entry in own.dimensions}
    theirs = {entry["slug"]: entry["level"] for entry in shown.dimensions}
    rows = {slug.value: Beside(mine.get(slug.value), theirs.get(slug.value)) for slug in Dimension}
    apart = [(abs(row.gap), slug) for slug, row in rows.items() if row.gap]
    widest = max(apart)[1] if apart else ""
    judged = {entry["code"] for entry in own.report["criteria"] if entry["level"] is not None}
    assessed = {entry["code"] for entry in shown.report["criteria"] if entry["level"] is not None}
    return {
        "card": own,
        "judged": len(judged),
        "is_partial": bool(assessed - judged),  # what was left out is in one total and not in the other
        "rows": rows,
        "levels": {entry["code"]: entry["level"] for entry in own.report["criteria"]},
        "widest": {"name": Dimension(widest).label, "row": rows[widest]} if widest else None,
    }


def questions(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the criteria of a compiled rubric by step, and last what only people can judge."""
    by_code = {criterion["code"]: criterion for criterion in body["criteria"]}
    found = []
    for step in body["framework"]["steps"]:
        own = [by_code.pop(code) for code in step["criteria"] if code in by_code]
        found.append({"title": step["title"], "dimension": step["dimensions"][0], "criteria": own})
    people = [criterion for criterion in by_code.values() if criterion["source"] == "person"]
    found.append({"title": "How you led the conversation", "dimension": "communication", "criteria": people})
    return [section for section in found if section["criteria"]]
