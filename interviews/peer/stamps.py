"""An interviewer's notes: one tap keeps the time, the step and the board as it was; words may come later.

They are events that only interviewers hear of, and each reads only their own. A note that is written anew is
another event: the log is never changed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews import clock, events
from interviews.models import Event, EventKind, Interview, Phase
from interviews.models.interview import LIVE_STATES
from whiteboard import log

if TYPE_CHECKING:
    from interviews.access import Seat

MOST_NOTES = 300


@dataclass(frozen=True)
class Stamp:
    """A note: its number in the log, when on the clock, in which step, and its words, which may be none."""

    seq: int
    spent: float
    short: str
    dimension: str
    text: str

    @property
    def time(self) -> str:
        return clock.shown(self.spent)


@transaction.atomic
def stamp(seat: "Seat", *, text: str, now: datetime) -> Stamp:
    """Keep this moment, with words or without; ValidationError when the interview does not run."""
    locked = Interview.objects.select_for_update().get(pk=seat.interview.pk)
    if locked.state not in LIVE_STATES:
        raise ValidationError("This interview is not running, so there is no moment to keep.")
    mine = locked.events.filter(kind=EventKind.NOTE_STAMPED, actor=seat.user)
    if mine.count() >= MOST_NOTES:
        raise ValidationError(
            f"{MOST_NOTES} notes are as many as an interview holds. Write into one of them."
        )
    phase = locked.running_phase()
    said = {
        "text": text,
        "step": phase.step if phase else "",
        "board_seq": log.heads([locked.board_id])[locked.board_id][0],
        "spent": round(locked.reading(now).spent, 1),
    }
    event = events.record(locked, EventKind.NOTE_STAMPED, actor=seat.user, now=now, payload=said)
    return of(event, {phase.step: phase} if phase else {}, text)


@transaction.atomic
def edit(seat: "Seat", seq: int, *, text: str, now: datetime) -> None:
    """Give an own note other words; ValidationError when there is no such note."""
    locked = Interview.objects.select_for_update().get(pk=seat.interview.pk)
    if not locked.events.filter(kind=EventKind.NOTE_STAMPED, actor=seat.user, seq=seq).exists():
        raise ValidationError("There is no such note of yours.")
    said = {"note": seq, "text": text}
    events.record(locked, EventKind.NOTE_EDITED, actor=seat.user, now=now, payload=said)


def own(seat: "Seat") -> list[Stamp]:
    """Return a person's own notes in order, each with the words it has now; two queries."""
    phases = {phase.step: phase for phase in seat.interview.phases.all()}
    kinds = (EventKind.NOTE_STAMPED, EventKind.NOTE_EDITED)
    rows = list(seat.interview.events.filter(kind__in=kinds, actor=seat.user).order_by("seq"))
    words = {
        row.payload.get("note"): str(row.payload.get("text", ""))
        for row in rows
        if row.kind == EventKind.NOTE_EDITED
    }
    return [
        of(row, phases, words.get(row.seq, str(row.payload.get("text", ""))))
        for row in rows
        if row.kind == EventKind.NOTE_STAMPED
    ]


def of(event: Event, phases: dict[str, Phase], text: str) -> Stamp:
    phase = phases.get(str(event.payload.get("step", "")))
    name = f"{phase.position} {phase.short}" if phase else ""
    return Stamp(
        event.seq,
        float(event.payload.get("spent") or 0),
        name,
        phase.dimension if phase else "",
        text,
    )
