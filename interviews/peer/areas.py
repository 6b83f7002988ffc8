"""Two interviewers, split areas: who looks after which dimension."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from casestudies.models import Dimension
from interviews import events
from interviews.models import EventKind, Interview, Participant, Role

if TYPE_CHECKING:
    from interviews.access import Seat

# Everybody listens for how the conversation was led, whoever has which area.
SPLIT = [one for one in Dimension.values if one != Dimension.COMMUNICATION]


def interviewers(interview: Interview) -> list[Participant]:
    """Return the interviewers in the order they came, each with their areas."""
    seats = interview.participants.filter(role=Role.INTERVIEWER, removed_at=None)
    return list(seats.select_related("user").order_by("joined_at", "pk"))


@transaction.atomic
def take(seat: "Seat", wanted: Iterable[str], *, now: datetime) -> None:
    """Make these areas one's own; what another interviewer had of them is theirs no longer.

    What nobody took stays with the other: between two, every area has somebody.
    """
    mine = [slug for slug in SPLIT if slug in set(wanted)]
    Interview.objects.select_for_update().get(pk=seat.interview.pk)
    people = interviewers(seat.interview)
    others = [one for one in people if one.user_id != seat.user.pk]
    if not others:
        raise ValidationError("You are the only interviewer, so every area is yours.")
    rest = [slug for slug in SPLIT if slug not in mine]
    for one in people:
        one.areas = mine if one.user_id == seat.user.pk else rest
        one.save(update_fields=["areas"])
    events.record(seat.interview, EventKind.AREAS_SPLIT, actor=seat.user, now=now, payload={"taken": mine})


def give_back(locked: Interview) -> None:
    """Leave every area to whoever still interviews, once somebody does not; the caller holds the lock."""
    locked.participants.filter(role=Role.INTERVIEWER, removed_at=None).update(areas=[])


def lead_of(people: Iterable[Participant], dimension: str) -> Participant | None:
    """Return whose area a dimension is, None while areas are not split."""
    return next((one for one in people if dimension in one.areas), None)
