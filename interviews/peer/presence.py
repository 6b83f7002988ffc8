"""Who is in a peer room now: who left is noticed, the clock waits for them, and the host's part is handed on.

A heartbeat is a browser's open room (`Participant.here_at`). Every open room looks after the others, so
nothing need be scheduled; where nobody is left to look, the sweep of rooms that everybody left does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from interviews import attendance, events, lifecycle
from interviews.models import EventKind, Interview, Mode, Participant, Role, State
from interviews.models.interview import LIVE_STATES

if TYPE_CHECKING:
    from accounts.models import User

# A page that is loaded again, a tunnel, a server that restarts: nobody is missed for less than this.
GRACE = timedelta(seconds=45)
WATCHED_STATES = (State.LOBBY, *LIVE_STATES)
ACTIVE = (Role.CANDIDATE, Role.INTERVIEWER)


def is_here(person: Participant, now: datetime) -> bool:
    """Whether a person has the room open, as far as is known; a seat that was given to them is no sign."""
    return person.left_at is None and person.here_at is not None and now - person.here_at < GRACE


def arrive(interview_id: UUID, user: "User", now: datetime) -> None:
    """Keep in mind that a person has the room open; who had left is back from now on, and said to be."""
    seats = Participant.objects.filter(interview=interview_id, user=user, removed_at=None)
    first = seats.filter(here_at=None, interview__mode=Mode.PEER).exists()
    unnoticed = missed(interview_id, now).filter(user=user).exists()  # nobody was there to miss them
    attendance.note(interview_id, user.pk, now)
    mine = seats.filter(here_at__gte=now)
    with transaction.atomic():
        back = mine.filter(left_at__isnull=False).update(left_at=None)
        if back or ((first or unnoticed) and mine.exists()):
            interview = Interview.objects.get(pk=interview_id)
            if interview.state not in WATCHED_STATES:
                return
            if first and not back:  # seated by a swap or a rota, and here now
                role = mine.values_list("role", flat=True).get()
                events.record(interview, EventKind.JOINED, actor=user, now=now, payload={"role": role})
            else:
                events.record(interview, EventKind.CAME_BACK, actor=user, now=now)


def missed(interview_id: UUID, now: datetime) -> QuerySet[Participant]:
    """Return those of a peer room who were there, are not any more, and have not been missed yet."""
    return Participant.objects.filter(
        interview=interview_id,
        interview__mode=Mode.PEER,
        interview__state__in=WATCHED_STATES,
        removed_at=None,
        left_at=None,
        joined_at__lt=now - GRACE,
        here_at__lt=now - GRACE,
    )


def look(interview_id: UUID, now: datetime) -> int:
    """Notice who has left a peer room since the last look; return how many did."""
    if not missed(interview_id, now).exists():
        return 0
    with transaction.atomic():
        locked = Interview.objects.select_for_update().get(pk=interview_id)
        gone = list(missed(interview_id, now).select_related("user"))
        for person in gone:
            note_left(locked, person, now)
    return len(gone)


@transaction.atomic
def leave(interview: Interview, user: "User", now: datetime) -> None:
    """Note that a person says they leave, without waiting for them to be missed."""
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    person = (
        locked.participants.filter(user=user, removed_at=None, left_at=None).select_related("user").first()
    )
    if person is not None and locked.mode == Mode.PEER and locked.state in WATCHED_STATES:
        note_left(locked, person, now)


def note_left(locked: Interview, person: Participant, now: datetime) -> None:
    """Write down that a person left, stop a clock that waits for them, hand on what only they could do."""
    person.left_at = now
    if locked.state == State.LOBBY:
        person.ready_at = None
    person.save(update_fields=["left_at", "ready_at"])
    # Without an actor: that somebody is not there is no sign of life.
    said = {"who": person.user_id, "role": person.role}
    events.record(locked, EventKind.LEFT, actor=None, now=now, payload=said)
    there = locked.participants.filter(
        removed_at=None, left_at=None, here_at__isnull=False, role__in=ACTIVE
    )  # fmt: skip
    if person.role in ACTIVE and not there.filter(role=person.role).exists():
        lifecycle.wait_for(locked, role=Role(person.role), now=now)
    if host_of(locked) == person.user_id:
        heir = next((one for one in there.order_by("joined_at", "pk") if is_here(one, now)), None)
        if heir is not None:
            give_host(locked, heir, actor=None, now=now)


def host_of(interview: Interview) -> int | None:
    """Return the user who may invite and start."""
    if interview.host_id is not None:
        return interview.host_id
    seat = interview.participants.filter(role=Role.CANDIDATE, removed_at=None).first()
    return seat.user_id if seat else None


def give_host(locked: Interview, to: Participant, *, actor: "User | None", now: datetime) -> None:
    Interview.objects.filter(pk=locked.pk).update(host=to.user_id)
    locked.host_id = to.user_id
    events.record(locked, EventKind.HOST_CHANGED, actor=actor, now=now, payload={"to": to.user_id})


@dataclass(frozen=True)
class Gathering:
    """Who is missing from a room that is under way, and whether its clock waits for them."""

    missing: list[Participant]
    waits: bool

    @property
    def says_anything(self) -> bool:
        return self.waits or bool(self.missing)

    def who_left(self, interview: Interview, *, to_candidate: bool) -> str:
        """Return who is missing as a subject: “Your interviewers, Ivo and Ida,” or “Cleo and Ida”."""
        if not self.missing:
            return ""
        names = listed([one.user.name for one in self.missing])
        if not to_candidate or any(one.role != Role.INTERVIEWER for one in self.missing):
            return names
        if len(self.missing) > 1:
            return f"Your interviewers, {names},"
        return f"Your interviewer, {names}," if interview.host_id else "Your interviewer"


def listed(names: Sequence[str]) -> str:
    """Return names as they are said: “Ivo”, “Ivo and Ida”, “Ivo, Ida and Olga”."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def gathering(interview: Interview) -> Gathering:
    """Return who of the two sides has left a live peer room; two queries at most."""
    if interview.mode != Mode.PEER or not interview.is_live:
        return Gathering([], waits=False)
    missing = interview.participants.filter(
        Q(role__in=ACTIVE), removed_at=None, left_at__isnull=False
    ).select_related("user")
    waits = False
    if interview.state == State.PAUSED:
        pause = interview.events.filter(kind=EventKind.PAUSED).order_by("-seq").first()
        waits = pause is not None and pause.payload.get("by") == lifecycle.SOMEBODY_LEFT
    return Gathering(list(missing.order_by("joined_at", "pk")), waits)
