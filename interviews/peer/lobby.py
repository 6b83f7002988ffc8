"""The lobby: who is there and ready, who comes by which link, and what the host may do about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from interviews import events, lifecycle
from interviews.models import EventKind, Interview, Invitation, Mode, Participant, Role, State
from interviews.models.interview import LIVE_STATES
from interviews.peer import areas, calibrating, presence
from whiteboard import wakeups

if TYPE_CHECKING:
    from accounts.models import User
    from interviews.access import Seat

MOST_LINKS = 20
MOST_ROOMS = 10


@dataclass(frozen=True)
class Person:
    """Somebody in the lobby or the room, as the others see them."""

    participant: Participant
    is_here: bool
    is_host: bool
    is_calibrated: bool = False

    @property
    def is_ready(self) -> bool:
        return self.participant.ready_at is not None


def people_of(interview: Interview, now: datetime, *, looking: "User | None" = None) -> list[Person]:
    """Return everybody with a seat; `looking`, who asks for the list, is there."""
    host = presence.host_of(interview)
    seats = interview.participants.filter(removed_at=None).select_related("user").order_by("joined_at", "pk")
    scoring = [one.user_id for one in seats if one.role == Role.INTERVIEWER]
    near = calibrating.calibrated(scoring) if scoring else set()
    return [
        Person(
            one,
            presence.is_here(one, now) or one.user == looking,
            one.user_id == host,
            one.role == Role.INTERVIEWER and one.user_id in near,
        )
        for one in seats
    ]


def rooms_of(user: "User") -> list[Interview]:
    """Return the lobbies a person sits in, and the rooms under way in which they are not the candidate."""
    seats = Participant.objects.filter(user=user, removed_at=None, interview__mode=Mode.PEER)
    lobbies = seats.filter(interview__state=State.LOBBY).values("interview")
    helping = seats.exclude(role=Role.CANDIDATE).filter(interview__state__in=LIVE_STATES).values("interview")
    found = Interview.objects.filter(Q(pk__in=lobbies) | Q(pk__in=helping)).for_list()
    return list(found[:MOST_ROOMS])


def lacking(people: list[Person], *, looking: "User | None" = None) -> list[str]:
    """Return in sentences what the start still waits for; empty when it waits for nothing."""
    found = []
    by_role = {role: [one for one in people if one.participant.role == role] for role in Role}
    for role, article in ((Role.CANDIDATE, "the candidate"), (Role.INTERVIEWER, "an interviewer")):
        seated = by_role[role]
        if not seated:
            found.append(f"Nobody has come as {article} yet.")
        elif not any(one.is_ready for one in seated):
            mine = any(one.participant.user == looking for one in seated)
            names = [one.participant.user.name for one in seated if one.participant.user != looking]
            if len(seated) > 1 and mine:
                found.append(f"You or {names[0]} have to be ready.")
            elif len(seated) > 1:
                found.append(f"{' or '.join(names)} has to be ready.")
            else:
                found.append("You are not ready yet." if mine else f"{names[0]} is not ready yet.")
    return found


def open_roles(interview: Interview) -> list[Role]:
    """Return the roles that somebody can still be invited to."""
    taken = list(interview.participants.filter(removed_at=None).values_list("role", flat=True))
    roles = [Role.INTERVIEWER, Role.OBSERVER]
    if interview.mode == Mode.PEER and interview.is_waiting:
        roles.insert(0, Role.CANDIDATE)
    return [role for role in roles if taken.count(role) < lifecycle.SEATS[role]]


@transaction.atomic
def invite(seat: "Seat", role: Role, *, now: datetime) -> str:
    """Return the token of a new link, which is kept nowhere; ValidationError where no place is free."""
    locked = Interview.objects.select_for_update().get(pk=seat.interview.pk)
    if not (locked.is_waiting or locked.is_live):
        raise ValidationError("The interview has ended, so nobody new can come in.")
    if role not in open_roles(locked):
        if role == Role.CANDIDATE:
            raise ValidationError("There is a candidate already. Invite an interviewer or an observer.")
        raise ValidationError(f"There is no more room for another {role.label.lower()}.")
    if locked.invitations.filter(revoked_at=None, expires_at__gt=now).count() >= MOST_LINKS:
        raise ValidationError(f"{MOST_LINKS} links are open. Revoke one before you make another.")
    invitation, token = Invitation.objects.issue(locked, role, seat.user, now)
    said = {"role": role, "invitation": invitation.pk}
    events.record(locked, EventKind.INVITED, actor=seat.user, now=now, payload=said)
    return token


@transaction.atomic
def revoke(seat: "Seat", invitation: Invitation, *, now: datetime) -> None:
    """Close a link for good; a second click finds it closed."""
    closed = Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=now)
    if closed:
        said = {"role": invitation.role, "invitation": invitation.pk}
        events.record(seat.interview, EventKind.REVOKED, actor=seat.user, now=now, payload=said)


@transaction.atomic
def say_ready(seat: "Seat", *, ready: bool, now: datetime) -> None:
    """Note that a person is ready, or not any more; the lobby opens with the first who is."""
    locked = Interview.objects.select_for_update().get(pk=seat.interview.pk)
    if not locked.is_waiting:
        raise ValidationError("The interview has already begun.")
    if locked.state == State.SCHEDULED:
        lifecycle.open_lobby(locked, actor=seat.user, now=now)
    mine = locked.participants.filter(user=seat.user, removed_at=None, ready_at__isnull=ready)
    if mine.update(ready_at=now if ready else None):
        events.record(locked, EventKind.READY, actor=seat.user, now=now, payload={"ready": ready})


@transaction.atomic
def call_guest(seat: "Seat", name: str, *, now: datetime) -> None:
    """Give a guest a name; the others see it at once."""
    if not seat.user.is_guest:
        raise ValidationError("Your name is changed in your profile.")
    if not name:
        raise ValidationError("Write a name first.")
    seat.user.display_name = name
    seat.user.save(update_fields=["display_name"])
    events.record(seat.interview, EventKind.RENAMED, actor=seat.user, now=now)


@transaction.atomic
def remove(seat: "Seat", person: Participant, *, now: datetime) -> None:
    """Take a seat away; the candidate's only before the start. A second click changes nothing."""
    locked = Interview.objects.select_for_update().get(pk=seat.interview.pk)
    if person.user_id == seat.user.pk:
        raise ValidationError("You cannot remove yourself. Make somebody else the host and leave.")
    if person.role == Role.CANDIDATE and not locked.is_waiting:
        raise ValidationError("The candidate cannot be removed from their own interview.")
    if not (locked.is_waiting or locked.is_live):
        raise ValidationError("The interview has ended.")
    if locked.participants.filter(pk=person.pk, removed_at=None).update(removed_at=now, ready_at=None):
        said = {"who": person.user_id, "role": person.role}
        events.record(locked, EventKind.REMOVED, actor=seat.user, now=now, payload=said)
        if person.role == Role.INTERVIEWER:
            areas.give_back(locked)
        transaction.on_commit(lambda: wakeups.rights_changed(locked.board_id), robust=True)


@transaction.atomic
def hand_over(seat: "Seat", person: Participant, *, now: datetime) -> None:
    """Make somebody else the host."""
    locked = Interview.objects.select_for_update().get(pk=seat.interview.pk)
    fresh = locked.participants.filter(pk=person.pk, removed_at=None, role__in=presence.ACTIVE).first()
    if fresh is None:
        raise ValidationError("The host is the candidate or an interviewer.")
    if presence.host_of(locked) != seat.user.pk:
        raise ValidationError("Somebody else is the host already.")
    if fresh.user_id != seat.user.pk:
        presence.give_host(locked, fresh, actor=seat.user, now=now)
