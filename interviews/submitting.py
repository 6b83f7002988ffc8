"""Handing a design in: one immutable copy of board, notes, minutes and hints, and the job that reads it."""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews import (
    attendance,
    card_order,
    card_requests,
    curveballs,
    events,
    interviewer,
    ladders,
    lifecycle,
    opened,
)
from interviews.models import EventKind, Interview, Phase, Submission
from interviews.models.interview import LIVE_STATES
from whiteboard import log, reading, wakeups
from whiteboard.gate import GateDiedError, GateFailedError
from whiteboard.models import Board
from whiteboard.reading import Design

if TYPE_CHECKING:
    from accounts.models import User

log_of_errors = logging.getLogger(__name__)
MOST_CHARACTERS = 300_000
MOST_ELEMENTS = 5_000


def content_hash(*parts: Any) -> str:
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def submit(
    interview: Interview,
    *,
    actor: "User | None",
    now: datetime,
    by_clock: bool = False,
    own_levels_first: bool = False,
) -> Submission:
    """Freeze the design and ask for its scorecard; `by_clock`: because a strict clock has run out.

    With `own_levels_first` it stays closed to a candidate who is alone until they have given levels of
    their own, or skipped that. A second call returns the first submission. ValidationError says why a
    design cannot be handed in; then the interview goes on unchanged.
    """
    board = interview.board
    design = read_design(board)
    with transaction.atomic():
        locked = (
            Interview.objects.select_for_update(of=("self",)).select_related("framework").get(pk=interview.pk)
        )
        before = Submission.objects.filter(interview=locked).first()
        if before is not None:
            return before
        if locked.state not in LIVE_STATES:
            raise ValidationError("This interview is not running, so there is nothing to submit.")
        if log.heads([board.pk])[board.pk][0] != design.seq:  # somebody drew while we waited for the lock
            design = read_design(board)
        phases = list(locked.phases.order_by("position"))
        answers = answers_of(design.notes, phases)
        refuse_unreadable(answers, design.scene)
        asked = interviewer.asked_in(locked)
        before_curveball = curveballs.before(locked)
        lifecycle.end_clock(locked, ended_when(locked, now))
        submission = Submission.objects.create(
            interview=locked,
            at=now,
            scene=design.scene,
            graph=design.graph,
            answers=answers,
            seconds_per_step={
                phase.step: round(phase.reading(now).spent) for phase in locked.phases.order_by("position")
            },
            hints=[
                {"dimension": dimension, "rung": rung}
                for dimension, rung in sorted(ladders.given_hints(locked).items())
            ],
            asked=asked,
            before_curveball=before_curveball,
            board_seq=design.seq,
            hash=content_hash(design.scene, design.graph, answers, *([asked] if asked else [])),
        )
        card_order.begin(locked, now=now, own_levels_first=own_levels_first)
        payload = {"hash": submission.hash} | ({"by": "clock"} if by_clock else {})
        by = None if by_clock else actor
        events.record(locked, EventKind.SUBMITTED, actor=by, now=now, payload=payload)
        if actor is not None:  # what a submission opens is open in the candidate's other attempts, too
            opened.mark_seen(actor, locked.case_id, now=now)
        card_requests.ask_for_card(submission, locked.framework, now=now)
        transaction.on_commit(lambda: wakeups.rights_changed(locked.board_id), robust=True)
    return submission


def by_clock(interview: Interview) -> bool:
    """Whether a design was handed in because its strict clock had run out."""
    return interview.events.filter(kind=EventKind.SUBMITTED, payload__by="clock").exists()


@dataclass(frozen=True)
class Lacking:
    """What is empty in a design: the steps without notes, and whether anything is drawn."""

    steps: tuple[Phase, ...]
    board: bool
    everything: bool

    @property
    def nothing(self) -> bool:
        return not self.steps and not self.board


def lacking(interview: Interview) -> Lacking:
    """Return what is empty just now; ValidationError when the board cannot be read."""
    design = read_design(interview.board)
    phases = list(interview.phases.order_by("position"))
    answers = answers_of(design.notes, phases)
    steps = tuple(phase for phase in phases if not answers[phase.step].strip())
    board = not design.scene["elements"]
    return Lacking(steps, board, board and len(steps) == len(phases))


def ended_when(locked: Interview, now: datetime) -> datetime:
    """Return when a design’s time ended: now, when a strict clock ran out, or when everybody left."""
    due = locked.due_at()
    if locked.is_out_of_time(now) and due is not None:
        return due
    return attendance.away_since(locked, now) or now


def read_design(board: Board) -> Design:
    """Return what is on the board; ValidationError when it cannot be read just now."""
    try:
        return reading.read(board)
    except (GateDiedError, GateFailedError):
        log_of_errors.exception("board %s cannot be read", board.pk)
        raise ValidationError(
            "Your board could not be read just now. Nothing is lost and the clock goes on; try again soon.",
            code="unreadable",
        ) from None


def answers_of(notes: dict[str, str], phases: list[Phase]) -> dict[str, str]:
    """Return the notes of every step, empty where nothing was written."""
    return {phase.step: notes.get(phase.step, "") for phase in phases}


def refuse_unreadable(answers: dict[str, str], scene: dict[str, Any]) -> None:
    """Raise ValidationError for a design with nothing in it, or more than can be read fairly."""
    characters = sum(len(text) for text in answers.values())
    if not scene["elements"] and not any(text.strip() for text in answers.values()):
        raise ValidationError(
            "Your board and your notes are empty. Draw or write something first; "
            "the clock goes on meanwhile.",
            code="empty",
        )
    if characters > MOST_CHARACTERS or len(scene["elements"]) > MOST_ELEMENTS:
        raise ValidationError(
            f"This design has {characters:,} characters and {len(scene['elements']):,} elements. At most "
            f"{MOST_CHARACTERS:,} and {MOST_ELEMENTS:,} can be scored. Shorten it and submit again.",
            code="too large",
        )
