"""Deleting a person with everything that is theirs: at once, for good, and without harm to others."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from interviews import events
from interviews.belongings.registry import OF_LIBRARIES, REGISTRY, own_interviews
from interviews.models import ApiToken, Interview, Job, Participant, Role, Submission
from whiteboard import wakeups
from whiteboard.models import Board

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def erase(person: "User", *, now: datetime) -> None:
    """Delete a person, their interviews with boards and scorecards, and their words in those of others.

    Their sockets close as soon as the rows are gone; docs/privacy.md says what stays, and why.
    """
    seats = Participant.objects.filter(user=person)
    rooms = list(seats.values_list("interview_id", "interview__board_id"))
    held = Interview.objects.filter(pk__in=[room for room, _ in rooms]).order_by("pk")
    list(held.select_for_update().values_list("pk"))  # nobody hands in or is scored meanwhile
    _delete_interviews(person)
    for entry in (*REGISTRY.values(), *OF_LIBRARIES.values()):
        if entry.scrub is not None:
            entry.scrub(person, now)
    Job.objects.filter(arguments__person=person.pk).delete()
    _delete_sessions(person)
    cached = cache_keys(person)
    person.delete()
    transaction.on_commit(lambda: _tell(rooms, cached), robust=True)


def _delete_interviews(person: "User") -> None:
    """Delete what a person was the candidate of, and rooms of theirs where nobody has sat down yet."""
    taken = Participant.objects.filter(interview=OuterRef("pk"), role=Role.CANDIDATE)
    doomed = Interview.objects.filter(
        Q(pk__in=own_interviews(person)) | (Q(created_by=person) & ~Exists(taken))
    )
    boards = list(doomed.values_list("board_id", flat=True))
    submissions = list(Submission.objects.filter(interview__board__in=boards).values_list("pk", flat=True))
    Job.objects.filter(arguments__submission__in=submissions).delete()
    Interview.objects.filter(board__in=boards).delete()
    Board.objects.filter(pk__in=boards).delete()  # with its log, snapshots, versions and pictures


def _delete_sessions(person: "User") -> None:
    """Sign a person out everywhere. Sessions name nobody in a column, so all are looked through."""
    keys = [
        session.session_key
        for session in Session.objects.iterator()
        if str(session.get_decoded().get(SESSION_KEY)) == str(person.pk)
    ]
    Session.objects.filter(session_key__in=keys).delete()


def cache_keys(person: "User") -> list[str]:
    """Return the keys under which something of a person is kept in the cache: numbers alone, no words."""
    return [f"api:{token}" for token in ApiToken.objects.filter(user=person).values_list("pk", flat=True)]


def _tell(rooms: list[tuple[UUID, UUID]], cached: list[str]) -> None:
    """Have every open room and board look again at who may be there, so that sockets end at once."""
    cache.delete_many(cached)
    wakeups.rights_changed(*[board for _, board in rooms])
    for room, _ in rooms:
        events.wake_room(room)
