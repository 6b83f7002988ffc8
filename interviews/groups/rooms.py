"""What happens at the time of a session: its room opens, people come in, or somebody goes on alone."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from interviews import events, lifecycle
from interviews.groups import choosing, planning
from interviews.models import (
    Answer,
    EventKind,
    Group,
    GroupSeat,
    GroupSession,
    Interview,
    Participant,
    Role,
)
from interviews.models.group_session import OPEN_FOR
from interviews.models.interview import LIVE_STATES, WAITING_STATES
from whiteboard import wakeups

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)
# So long one waits for the others.
PATIENCE = timedelta(minutes=10)
NOT_YET = "The session has not begun. Its room opens at the time it is planned for."


def open_due(now: datetime) -> int:
    """Open the rooms of all sessions whose time has come; return how many that were."""
    somebody = GroupSeat.objects.filter(session=OuterRef("pk"), user__is_active=True)
    due = GroupSession.objects.standing().filter(
        Exists(somebody), starts_at__lte=now, starts_at__gt=now - OPEN_FOR, opened_at=None
    )
    count = 0
    for session in due.order_by("starts_at")[:50]:
        try:
            count += open_room(session, now=now)
        except Exception:
            log.exception("the room of session %s could not be opened", session.pk)
    return count


@transaction.atomic
def open_room(session: GroupSession, *, now: datetime) -> bool:
    """Make the interview of a session, in its lobby, with everybody seated who has not said no.

    The clock and the first to come may both ask for it: the second finds it made and returns False.
    """
    locked = _locked(session)
    if locked.opened_at is not None or not locked.is_open(now):
        session.refresh_from_db()
        return False
    changed = planning.fill(locked)  # somebody may have left without the rota hearing of it
    seats = list(locked.seats.select_related("user").order_by("pk"))
    candidate = next((seat.user for seat in seats if seat.role == Role.CANDIDATE), None)
    interview = None
    if candidate is not None and locked.case is not None:
        interview = lifecycle.schedule_peer(
            candidate,
            locked.case,
            locked.framework,
            level=locked.level,
            minutes=locked.minutes,
            strict=locked.strict,
            created_by=candidate,
            now=now,
        )
        for role in (Role.INTERVIEWER, Role.OBSERVER):
            coming = [seat for seat in seats if seat.role == role and seat.answer != Answer.NO]
            for seat in coming[: lifecycle.SEATS[role]]:
                _sit_down(interview, seat, now)
        lifecycle.open_lobby(interview, actor=None, now=now)
    GroupSession.objects.filter(pk=locked.pk).update(opened_at=now, interview=interview)
    if changed:
        planning.bump(locked, now)
    session.refresh_from_db()
    return True


def _locked(session: GroupSession) -> GroupSession:
    rows = GroupSession.objects.select_for_update(of=("self",))
    return rows.select_related("group", "framework", "case").get(pk=session.pk)


def _sit_down(interview: Interview, seat: GroupSeat, now: datetime) -> None:
    if seat.role == Role.CANDIDATE:  # the room already has its one candidate
        return
    participant = lifecycle.sit_down(interview, seat.user, Role(seat.role), now)
    if seat.areas:
        Participant.objects.filter(pk=participant.pk).update(areas=seat.areas)


@transaction.atomic
def come_in(session: GroupSession, *, user: "User", now: datetime) -> Interview:
    """Let a member into the room of a session, opening it if nobody has, and note that they came."""
    open_room(session, now=now)
    locked = _locked(session)
    if not locked.is_open(now):
        raise ValidationError(NOT_YET if now < locked.starts_at else "This session is over.")
    if locked.interview_id is None:
        raise ValidationError("There is no candidate for this session, so it has no room.")
    seat = locked.seats.select_related("user").filter(user=user).first()
    if seat is None:
        raise ValidationError(
            "You joined the group after this session was planned. Ask in its room for a link."
        )
    interview = Interview.objects.select_for_update(of=("self",)).get(pk=locked.interview_id)
    seated = interview.participants.filter(user=user).first()
    if seated is not None and seated.removed_at is not None:
        raise ValidationError("You were removed from this room. Ask its host for help.")
    if seated is None:
        if interview.state not in (*WAITING_STATES, *LIVE_STATES):
            raise ValidationError("This session is over.")
        _sit_down(interview, seat, now)
    locked.seats.filter(pk=seat.pk, came_at=None).update(came_at=now)
    return interview


@dataclass(frozen=True)
class Present:
    """Whether one member came to a session; None before anybody can tell."""

    seat: GroupSeat
    came: bool | None

    @property
    def words(self) -> str:
        return {True: "came", False: "could not make it", None: ""}[self.came]


def present(session: GroupSession, now: datetime) -> list[Present]:
    """Return who came to a session: through its page, or straight into its room."""
    return attendance([session], now)[session.pk]


def attendance(sessions: Iterable[GroupSession], now: datetime) -> dict[UUID, list[Present]]:
    """Return who came to each of these sessions, the candidate first; two queries for any number of them."""
    found: dict[UUID, list[Present]] = {session.pk: [] for session in sessions}
    by_id = {session.pk: session for session in sessions}
    here = set(
        Participant.objects.filter(
            interview__group_session__in=found, here_at__isnull=False
        ).values_list("interview__group_session", "user")
    )  # fmt: skip
    order = {role.value: place for place, role in enumerate(Role)}
    seats = GroupSeat.objects.filter(session__in=found).select_related("user")
    for seat in sorted(seats, key=lambda seat: (order[seat.role], seat.pk)):
        came = seat.came_at is not None or (seat.session_id, seat.user_id) in here
        known = came or by_id[seat.session_id].is_past(now)
        found[seat.session_id].append(Present(seat, came if known else None))
    return found


def may_go_alone(session: GroupSession, user: "User", now: datetime) -> bool:
    """Whether this person has waited long enough for anybody else, and may start the case alone."""
    if not session.is_open(now) or session.opened_at is None or now < session.starts_at + PATIENCE:
        return False
    people = present(session, now)
    mine = next((one.seat for one in people if one.seat.user_id == user.pk), None)
    others = any(one.came for one in people if one.seat.user_id != user.pk)
    return mine is not None and mine.alone_id is None and not others and session.case_id is not None


@transaction.atomic
def go_alone(session: GroupSession, *, user: "User", now: datetime) -> Interview:
    """Start a solo interview where nobody came; the session stays on record, and its room closes.

    On the session's case, unless this person was to interview on it and knows it: then on another one.
    A second click finds the room made.
    """
    locked = _locked(session)
    seat = locked.seats.filter(user=user).first()
    if seat is not None and seat.alone is not None:
        return seat.alone
    if seat is None or locked.case is None or not may_go_alone(locked, user, now):
        raise ValidationError("Somebody has come, or it is too early to tell. Look into the room first.")
    case = locked.case
    if seat.role == Role.INTERVIEWER:
        other = choosing.case_for(user, session=None, avoid={case.pk})
        case = type(case).objects.get(pk=other) if other is not None else case
    if locked.interview is not None and locked.interview.is_waiting:
        lifecycle.call_off(locked.interview, actor=user, now=now)
    interview = lifecycle.start_solo(
        user,
        case,
        locked.framework,
        level=locked.level,
        minutes=locked.minutes,
        strict=locked.strict,
        now=now,
    )
    locked.seats.filter(pk=seat.pk).update(alone=interview, came_at=seat.came_at or now)
    return interview


def take_out(group: Group, user: "User", *, now: datetime) -> None:
    """Take a former member out of rooms of the group that have not begun; what has begun is its people's."""
    waiting = Interview.objects.select_for_update(of=("self",)).filter(
        group_session__group=group, state__in=WAITING_STATES
    )
    for interview in waiting.order_by("pk"):
        seat = interview.participants.filter(user=user, removed_at=None).first()
        if seat is None:
            continue
        interview.participants.filter(pk=seat.pk).update(removed_at=now, ready_at=None)
        said = {"who": user.pk, "role": seat.role}
        events.record(interview, EventKind.REMOVED, actor=None, now=now, payload=said)
        transaction.on_commit(partial(wakeups.rights_changed, interview.board_id), robust=True)
