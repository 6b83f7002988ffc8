"""The order in which scorecards open: one's own levels first, then everybody's cards at once."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q

from interviews import events
from interviews.models import EventKind, Interview, Participant, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

SCORERS = (Role.CANDIDATE, Role.INTERVIEWER)
SPOKEN = Q(handed_in_at__isnull=False) | Q(waived_at__isnull=False)
CLOSED = "The scorecards of this interview open together, once everybody has given their own levels."
CLOSED_ALONE = "The scorecard opens once you have given your own levels, or skipped that with one click."


def open_to(interview: Interview, user: "User", role: Role) -> bool:
    """Whether the scorecards of an interview, if it has any, are open to one of its people.

    In a sample they always are; alone once the candidate was asked for their own levels and gave or skipped
    them. Between people they are not before all were opened at once; an interviewer who has not spoken by
    then gives their own levels, or waives them, before they read others'.
    """
    if interview.is_closed:
        return True
    if interview.keeps_closed:
        return False
    if not interview.keeps_order or role != Role.INTERVIEWER:
        return True
    return interview.participants.filter(SPOKEN, user=user, removed_at=None).exists()


def why_closed(interview: Interview) -> str:
    """Return in a sentence what the scorecards of an interview wait for."""
    return CLOSED_ALONE if interview.own_levels_first else CLOSED


def begin(locked: Interview, *, now: datetime, own_levels_first: bool) -> None:
    """Note who is waited for before the scorecards open; the caller holds the row lock.

    Where no interviewer is seated that is nobody, or with `own_levels_first` the candidate.
    """
    if locked.keeps_order and scorers(locked).filter(role=Role.INTERVIEWER).exists():
        return
    if locked.keeps_order:
        Interview.objects.filter(pk=locked.pk, cards_opened_at=None).update(cards_opened_at=now)
    if own_levels_first:
        Interview.objects.filter(pk=locked.pk).update(own_levels_first=True)


def open_alone(interview: Interview) -> None:
    """Open the scorecards to a candidate for whose own levels alone they waited; else nothing happens."""
    Interview.objects.filter(pk=interview.pk, own_levels_first=True).update(own_levels_first=False)


def scorers(interview: Interview) -> "QuerySet[Participant]":
    """Return the seats of those who give levels."""
    return interview.participants.filter(role__in=SCORERS, removed_at=None)


def note_spoken(locked: Interview, user: "User", *, now: datetime, waived: bool = False) -> None:
    """Note that a person's levels are locked, or `waived`, and open the cards when they were the last.

    Once for each person: ValidationError for a second time. The caller holds the interview's row lock.
    """
    open_alone(locked)
    if not locked.keeps_order:
        return
    said = {"waived_at" if waived else "handed_in_at": now}
    if not scorers(locked).filter(user=user, handed_in_at=None, waived_at=None).update(**said):
        raise ValidationError("Your part of the scoring is done already, and stays as it is.")
    events.record(locked, EventKind.HANDED_IN, actor=user, now=now, payload={"waived": waived})
    open_if_complete(locked, now=now)


def open_if_complete(locked: Interview, *, now: datetime) -> bool:
    """Open the cards to everybody when nobody is missing; False when somebody is, or they are open.

    To be called, too, when somebody who was missing is removed.
    """
    if not (locked.keeps_order and locked.is_done) or scorers(locked).exclude(SPOKEN).exists():
        return False
    return open_cards(locked, actor=None, now=now)


def open_cards(locked: Interview, *, actor: "User | None", now: datetime) -> bool:
    """Open the cards to everybody; False when they are open already."""
    opened = Interview.objects.filter(pk=locked.pk, cards_opened_at=None).update(cards_opened_at=now)
    if opened:
        locked.cards_opened_at = now
        events.record(locked, EventKind.CARDS_OPENED, actor=actor, now=now)
    return bool(opened)
