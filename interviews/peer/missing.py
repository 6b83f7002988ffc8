"""Follow-ups for the interviewer to ask: first those that nothing on the board or in the notes speaks of."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction

from casestudies.models import Rubric
from interviews import asked, events, follow_ups, interviewer
from interviews.models import Event, EventKind, Interview
from interviews.scoring import Rubric as ReadRubric
from interviews.scoring import Submission as ReadSubmission
from interviews.scoring import score
from whiteboard import log as board_log
from whiteboard import reading
from whiteboard.gate import GateDiedError, GateFailedError

if TYPE_CHECKING:
    from interviews.access import Seat

log = logging.getLogger(__name__)
KEPT_SECONDS = 600


@dataclass(frozen=True)
class Wanted:
    """A question that may be asked, and what it is about."""

    key: str
    ask: str
    dimension: str
    criterion: str
    weight: float
    has_evidence: bool


@dataclass(frozen=True)
class Wants:
    """The questions not asked yet, heaviest gap first; `read` is False when the board could not be."""

    missing: list[Wanted]
    rest: list[Wanted]
    read: bool


def wants(interview: Interview, talk: Sequence[Event]) -> Wants:
    """Return the case's questions that were not asked yet, those that nothing speaks of first."""
    known = {event.payload.get("follow_up") for event in talk if event.kind == EventKind.FOLLOW_UP}
    gaps = gaps_of(interview, talk)
    weights = dict(gaps or ())
    order = {code: place for place, code in enumerate(weights)}
    rows = interview.case.follow_ups.select_related("criterion").order_by("position")
    found = [
        Wanted(
            row.key,
            row.ask,
            row.criterion.dimension,
            row.criterion.name,
            weights.get(row.criterion.code, row.criterion.weight),
            gaps is not None and row.criterion.code not in weights,
        )
        for row in rows
        if row.key not in known
    ]
    codes = {row.key: row.criterion.code for row in rows}
    missing = [one for one in found if codes[one.key] in order]
    missing.sort(key=lambda one: order[codes[one.key]])
    return Wants(missing, [one for one in found if codes[one.key] not in order], gaps is not None)


def gaps_of(interview: Interview, talk: Sequence[Event]) -> list[tuple[str, float]] | None:
    """Return the criteria without any evidence as (code, weight), heaviest first; None when unreadable.

    It is read anew only after something was drawn, written or said.
    """
    head = board_log.heads([interview.board_id])[interview.board_id][0]
    key = f"gaps:{interview.pk}:{head}:{talk[-1].seq if talk else 0}"
    kept: list[tuple[str, float]] | None = cache.get(key)
    if kept is not None:
        return kept
    row = Rubric.objects.filter(
        case=interview.case_id, framework=interview.framework_id, is_current=True
    ).first()
    if row is None:
        return None
    try:
        design = reading.read(interview.board)
    except (GateDiedError, GateFailedError):
        log.warning("board %s could not be read for the cockpit", interview.board_id, exc_info=True)
        return None
    found = without_evidence(interview, row.body, design.notes, design.graph)
    cache.set(key, found, KEPT_SECONDS)
    return found


def without_evidence(
    interview: Interview, body: dict[str, Any], notes: dict[str, str], graph: dict[str, Any]
) -> list[tuple[str, float]]:
    rubric, case = ReadRubric.from_json(body), interview.case
    submission = ReadSubmission(
        case={"id": case.slug, "title": case.title, "prompt": case.prompt}, answers=notes, graph=graph
    )
    report = asked.credited(score(submission, rubric), rubric, interviewer.asked_in(interview))
    absent = [one for one in report.criteria if not one.level and one.criterion.source != "person"]
    heaviest = sorted(absent, key=lambda one: -one.criterion.weight)
    return [(one.criterion.code, one.criterion.weight) for one in heaviest]


@transaction.atomic
def put(seat: "Seat", key: str, *, now: datetime) -> Event:
    """Put one of the case's questions to the candidate; one is open at a time, and each is asked once."""
    locked = interviewer.lock_running(seat.interview)
    talk = interviewer.talk_of(locked)
    row = locked.case.follow_ups.select_related("criterion").filter(key=key).first()
    if row is None:
        raise ValidationError("There is no such question in this case.")
    if any(e.kind == EventKind.FOLLOW_UP and e.payload.get("follow_up") == key for e in talk):
        raise ValidationError("This question has been asked already.")
    if follow_ups.open_question(talk) is not None:
        raise ValidationError("A question is open. Close it first, so that there is one at a time.")
    phase = locked.running_phase()
    said = {
        "follow_up": row.key,
        "text": row.ask,
        "step": phase.step if phase else "",
        "criterion": row.criterion.code,
    }
    return events.record(locked, EventKind.FOLLOW_UP, actor=seat.user, now=now, payload=said)
