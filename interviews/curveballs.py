"""The curveball: the board is kept as a named version, one requirement changes, some minutes begin to run.

Afterwards the design is held against that version: what stayed, what came, what was rewired and what went.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews import clock, events, interviewer, lifecycle
from interviews.models import Event, EventKind, Interview, Role
from whiteboard import changes, compare, log, reading
from whiteboard.gate import GateDiedError, GateFailedError
from whiteboard.models import Version

if TYPE_CHECKING:
    from interviews.access import Seat

BEFORE_CURVEBALL = "Before the curveball"
OFFERED_FROM = 0.5  # of the interview's time


@dataclass(frozen=True)
class Curveball:
    """A change that was thrown: its words, its minutes, and what the clock had spent by then, in seconds."""

    text: str
    minutes: int
    spent: float
    closed: bool

    def reading(self, whole: clock.Reading) -> clock.Reading:
        """Return what its own clock shows when the interview's shows `whole`; pauses do not count."""
        return clock.Reading(self.minutes * 60, max(0.0, whole.spent - self.spent))


def thrown(talk: Iterable[Event]) -> Curveball | None:
    """Return the curveball of an interview, None when none was thrown."""
    found: Mapping[str, Any] | None = None
    closed = False
    for event in talk:
        if event.kind == EventKind.CURVEBALL and event.payload.get("text"):
            found = event.payload
        closed = closed or event.kind == EventKind.CURVEBALL_CLOSED
    if found is None:
        return None
    return Curveball(found["text"], int(found.get("minutes", 5)), float(found.get("spent", 0)), closed)


def too_late(interview: Interview, now: datetime) -> str:
    """Return why a change cannot be worked in any more before a strict clock hands in, "" when it can."""
    if not interview.strict:
        return ""
    minutes = int(interview.case.curveball.get("minutes", 0))
    if interview.reading(now).left >= minutes * 60:
        return ""
    return f"A change takes {minutes} minutes, and fewer are left on this strict clock."


@transaction.atomic
def throw(seat: "Seat", *, now: datetime) -> None:
    """Name the board as it is, change one requirement and log both; a second throw changes nothing."""
    interview = seat.interview
    locked = interviewer.lock_running(interview)
    if thrown(interviewer.talk_of(locked)):
        return
    if seat.role == Role.CANDIDATE and interviewer.has_interviewer(locked):
        raise ValidationError("Your interviewer decides when something changes.")
    curveball = locked.case.curveball
    if not curveball.get("change"):
        raise ValidationError("This case has no curveball.")
    if reason := too_late(locked, now):
        raise ValidationError(reason)
    phase = locked.running_phase()
    seq = log.heads([locked.board_id])[locked.board_id][0]
    Version.objects.create(board_id=locked.board_id, name=BEFORE_CURVEBALL, seq=seq, author=seat.user)
    payload = {
        "text": curveball["change"],
        "minutes": curveball["minutes"],
        "board_seq": seq,
        "spent": round(locked.reading(now).spent, 1),
        "step": phase.step if phase else "",
    }
    lifecycle.begin_change(locked)
    events.record(interview, EventKind.CURVEBALL, actor=seat.user, now=now, payload=payload)


@transaction.atomic
def close(seat: "Seat", *, now: datetime) -> None:
    """Log that the change has been worked in; its clock is put away. A second call changes nothing."""
    locked = interviewer.lock_running(seat.interview)
    curveball = thrown(interviewer.talk_of(locked))
    if curveball is None:
        raise ValidationError("Nothing has changed in this interview yet.")
    if not curveball.closed:
        payload = {"spent": round(curveball.reading(locked.reading(now)).spent, 1)}
        lifecycle.end_change(locked)
        events.record(seat.interview, EventKind.CURVEBALL_CLOSED, actor=seat.user, now=now, payload=payload)


def before(interview: Interview) -> dict[str, Any] | None:
    """Return the change of an interview and the graph of its board before, None without a curveball.

    A board that cannot be read as it was then gives None, too: the design is handed in all the same.
    """
    event = interview.events.filter(kind=EventKind.CURVEBALL).order_by("seq").last()
    if event is None or not event.payload.get("text"):
        return None
    try:
        design = reading.read(interview.board, upto_seq=int(event.payload.get("board_seq", 0)))
    except (GateDiedError, GateFailedError):
        return None
    said = {key: event.payload.get(key) for key in ("text", "minutes", "board_seq")}
    return said | {"graph": design.graph}


@dataclass(frozen=True)
class Difference:
    """What became of a design after a change, in words, and how much of it stayed as it was."""

    kept_boxes: int
    kept_arrows: int
    added: tuple[str, ...]
    rewired: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return not (self.added or self.rewired or self.removed)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Return how the graph `after` differs from `before`; what was renamed or refined counts as rewired."""
    found = compare.compare(before, after)
    lines = changes.lines(found)

    def of(mark: str) -> tuple[str, ...]:
        return tuple(line.text for line in lines if line.mark == mark)

    return Difference(len(found.nodes.kept), len(found.edges.kept), of("added"), of("changed"), of("removed"))
