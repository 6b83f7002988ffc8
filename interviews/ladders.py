"""Hints: ladders of three rungs a dimension, climbed in order; each is logged when it is given."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews import events, interviewer
from interviews.models import EventKind, Interview, Mode, Role, State
from interviews.models.interview import LIVE_STATES

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def give_hint(interview: Interview, *, dimension: str, rung: int, actor: "User", now: datetime) -> None:
    """Log that the next rung of a ladder was opened; rungs are climbed in order and each counts once."""
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.state not in LIVE_STATES:
        raise ValidationError("This interview has ended; its hints are on the case's page now.")
    if (
        by_interviewer_only(locked)
        and not locked.participants.filter(user=actor, role=Role.INTERVIEWER, removed_at=None).exists()
    ):
        raise ValidationError("Your interviewer gives the hints. Say what you are stuck on.")
    given = given_hints(locked).get(dimension, 0)
    if rung <= given:
        return
    if rung != given + 1 or not locked.case.hints.filter(dimension=dimension, rung=rung).exists():
        raise ValidationError("Hints are given in order: nudge, then pointer, then sketch.")
    if locked.state == State.PAUSED:
        raise ValidationError("The clock is paused, and so is the talk. Resume it first.")
    phase = locked.running_phase()
    events.record(
        interview,
        EventKind.HINT_GIVEN,
        actor=actor,
        now=now,
        payload={"dimension": dimension, "rung": rung, "step": phase.step if phase else ""},
    )


def given_hints(interview: Interview) -> dict[str, int]:
    """Return the highest rung given so far per dimension."""
    given: dict[str, int] = {}
    for payload in interview.events.filter(kind=EventKind.HINT_GIVEN).values_list("payload", flat=True):
        given[payload["dimension"]] = max(given.get(payload["dimension"], 0), payload["rung"])
    return given


def by_interviewer_only(interview: Interview) -> bool:
    """Whether the candidate waits for hints to be given: while an interviewer is in their peer interview."""
    return interview.mode == Mode.PEER and interviewer.has_interviewer(interview)
