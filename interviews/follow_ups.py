"""Follow-up questions of an interview held alone: what the step just left says nothing of is asked for.

The heaviest criterion of that step for which there is no evidence yet picks its question: that of the case,
or the general one of follow_ups.yaml where the case has none. One question is open at a time; it is answered
in the notes, or skipped.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from casestudies.models import Rubric
from interviews import asked, events, interviewer, second_reading
from interviews.models import Event, EventKind, Interview, Phase
from interviews.models.interview import LIVE_STATES
from interviews.scoring import Rubric as ReadRubric
from interviews.scoring import Submission as ReadSubmission
from interviews.scoring import score
from whiteboard import reading
from whiteboard.gate import GateDiedError, GateFailedError

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """A follow-up that is open: its key, its words, and the step whose notes it was chosen from."""

    key: str
    text: str
    step: str


class Wanted(NamedTuple):
    """A question that could be asked: its key, its words, and the criterion it is about."""

    key: str
    ask: str
    criterion: str


def open_question(talk: Iterable[Event]) -> Question | None:
    """Return the follow-up that waits for an answer, None when none does."""
    found: Question | None = None
    for event in talk:
        said = event.payload
        if event.kind == EventKind.FOLLOW_UP and said.get("text"):
            found = Question(said.get("follow_up", ""), said["text"], said.get("step", ""))
        elif event.kind == EventKind.FOLLOW_UP_CLOSED and found and said.get("follow_up") == found.key:
            found = None
    return found


def choose(interview_id: UUID, phase_id: int, *, now: datetime) -> Event | None:
    """Ask the follow-up of what the notes of a left phase lack most; None when there is nothing to ask.

    Nothing is asked while another question is open, with an interviewer in the room, or after the end.
    """
    wanted = Phase.objects.filter(pk=phase_id, interview=interview_id)
    phase = wanted.select_related("interview__case", "interview__board").first()
    if phase is None or not may_ask(phase.interview):
        return None
    interview = phase.interview
    try:
        notes = reading.fields_at(interview.board).notes
    except (GateDiedError, GateFailedError):
        log.warning("board %s could not be read for a follow-up", interview.board_id, exc_info=True)
        return None
    chosen = most_wanted(interview, without_evidence(interview, phase, notes))
    if chosen is None:
        return None
    payload = {
        "follow_up": chosen.key,
        "text": chosen.ask,
        "step": phase.step,
        "criterion": chosen.criterion,
    }
    # Outside the transaction: another machine is asked, and may take its time.
    words = second_reading.in_other_words(chosen.ask, notes.get(phase.step, ""))
    if words is not None:
        payload |= {"text": words, "worded_by": settings.LLM_MODEL}
    with transaction.atomic():
        locked = Interview.objects.select_for_update().get(pk=interview_id)
        # Asked and answered while the words were being found?
        again = locked.events.filter(kind=EventKind.FOLLOW_UP, payload__follow_up=chosen.key).exists()
        if again or not may_ask(locked):
            return None
        return events.record(interview, EventKind.FOLLOW_UP, actor=None, now=now, payload=payload)


def most_wanted(interview: Interview, lacking: Sequence[tuple[str, float]]) -> Wanted | None:
    """Return the question, not asked yet, on the heaviest of these criteria, given with their weights.

    Of criteria that weigh the same, one that the case itself asks about goes first.
    """
    log_of_talk = interview.events.filter(kind=EventKind.FOLLOW_UP)
    known = {payload.get("follow_up") for payload in log_of_talk.values_list("payload", flat=True)}
    own: dict[str, Wanted] = {}
    for row in interview.case.follow_ups.select_related("criterion").order_by("position"):
        if row.key not in known:
            own.setdefault(row.criterion.code, Wanted(row.key, row.ask, row.criterion.code))
    for code, _ in sorted(lacking, key=lambda one: (-one[1], one[0] not in own)):
        general = general_question(code)
        if code in own:
            return own[code]
        if general is not None and general.key not in known:
            return general
    return None


def general_question(code: str) -> Wanted | None:
    """Return what is asked about a criterion in any case, None for one that we do not know."""
    ask = _general_questions().get(code)
    return Wanted(f"general-{code}", ask, code) if ask else None


@cache
def _general_questions() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return found


def may_ask(interview: Interview) -> bool:
    """Whether the room itself may ask something now."""
    return (
        interview.state in LIVE_STATES
        and not interviewer.has_interviewer(interview)
        and open_question(interviewer.talk_of(interview)) is None
    )


def without_evidence(interview: Interview, phase: Phase, notes: dict[str, str]) -> list[tuple[str, float]]:
    """Return the criteria of a phase's step that nothing written or asked speaks of, with their weights."""
    row = Rubric.objects.filter(
        case=interview.case_id, framework=interview.framework_id, is_current=True
    ).first()
    if row is None:
        return []
    rubric = ReadRubric.from_json(row.body)
    case = interview.case
    submission = ReadSubmission(
        case={"id": case.slug, "title": case.title, "prompt": case.prompt}, answers=notes
    )
    report = asked.credited(score(submission, rubric), rubric, interviewer.asked_in(interview))
    codes = next((codes for slug, codes in rubric.steps if slug == phase.step), ())
    return [
        (one.criterion.code, one.criterion.weight)
        for one in report.criteria
        if one.criterion.code in codes and one.level == 0
    ]


@transaction.atomic
def close(interview: Interview, *, key: str, skipped: bool, actor: "User", now: datetime) -> None:
    """Log that a follow-up was answered or skipped; one that is not open any more stays as it is."""
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.state not in LIVE_STATES:
        raise ValidationError("This interview has ended.")
    question = open_question(interviewer.talk_of(locked))
    if question is None or question.key != key:
        return
    payload: Mapping[str, Any] = {"follow_up": key, "skipped": skipped, "step": question.step}
    events.record(interview, EventKind.FOLLOW_UP_CLOSED, actor=actor, now=now, payload=dict(payload))
