"""Plans of sessions: when they are, who does what, who comes. What happens at the time is in `rooms`.

Every act locks the session first; every change that a calendar shows raises its `sequence`.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from interviews.groups import choosing, letters, rota, when
from interviews.groups.rota import Turn
from interviews.models import (
    Answer,
    Group,
    GroupSeat,
    GroupSession,
    Membership,
    Role,
    SwapRequest,
)

if TYPE_CHECKING:
    from accounts.models import User
    from casestudies.models import Framework

MOST_PLANNED = 60
MOST_WEEKS = 12
TOO_LATE = "This session has begun or was called off, so its plan stays as it is."


def moments(local: datetime, zone: str, weeks: int, now: datetime) -> list[datetime]:
    """Return when `weeks` sessions a week apart begin; ValidationError says what is wrong with the time."""
    try:
        starts = when.weekly(local, zone, weeks)
    except when.NoSuchTime as refusal:
        raise ValidationError({"at": str(refusal)}) from refusal
    if starts[0] <= now:
        raise ValidationError({"at": "Choose a time that is still to come."})
    return starts


@transaction.atomic
def schedule(
    group: Group,
    *,
    by: "User",
    local: datetime,
    zone: str,
    framework: "Framework",
    level: str,
    minutes: int,
    now: datetime,
    weeks: int = 1,
    strict: bool = False,
    most_interviewers: int = 2,
) -> list[GroupSession]:
    """Plan one session, or one a week for `weeks` weeks, with everybody's turn, and tell them by mail."""
    Group.objects.select_for_update().get(pk=group.pk)
    starts = moments(local, zone, weeks, now)
    if GroupSession.objects.filter(group=group).to_come(now).count() + weeks > MOST_PLANNED:
        raise ValidationError(f"There would be more than {MOST_PLANNED} sessions planned. Hold some first.")
    series = uuid.uuid4() if weeks > 1 else None
    made = []
    for moment in starts:
        session = GroupSession.objects.create(
            group=group, starts_at=moment, time_zone=zone, minutes=minutes, level=level, framework=framework,
            strict=strict, most_interviewers=most_interviewers, series=series, created_by=by, created_at=now,
            changed_at=now, timed_at=now,
        )  # fmt: skip
        for user_id in members_of(group):
            GroupSeat.objects.create(session=session, user_id=user_id)
        fill(session)
        made.append(session)
    letters.planned(made, by=by, now=now)
    return made


def members_of(group: Group) -> list[int]:
    """Return a group's people in the order in which they joined."""
    standing = Membership.objects.filter(group=group, removed_at=None)
    return list(standing.order_by("joined_at", "pk").values_list("user_id", flat=True))


def turns_before(session: GroupSession) -> list[Turn]:
    """Return who had and will have which turn in this group before a session; who did not come had none."""
    seats = GroupSeat.objects.filter(
        session__group=session.group_id, session__starts_at__lt=session.starts_at, session__cancelled_at=None
    ).exclude(session=session.pk)
    held = seats.filter(Q(session__opened_at=None) | Q(came_at__isnull=False))
    rows = held.filter(role__in=(Role.CANDIDATE, Role.INTERVIEWER))
    return [Turn(*row) for row in rows.values_list("user_id", "role", "session__starts_at")]


def fill(session: GroupSession, *, anew: bool = False) -> set[int]:
    """Give the turns nobody has, or all of them `anew`; return whose role changed.

    Who said that they cannot come gets none.
    """
    seats = {seat.user_id: seat for seat in session.seats.all()}
    absent = {user_id for user_id, seat in seats.items() if seat.answer == Answer.NO}
    proposal = rota.propose(
        [user_id for user_id in members_of(session.group) if user_id in seats],
        turns_before(session),
        most_interviewers=session.most_interviewers,
        kept={} if anew else {user_id: seat.role for user_id, seat in seats.items()},
        absent=absent,
    )
    return assign(session, proposal.roles(), proposal.areas())


def assign(session: GroupSession, roles: Mapping[int, str], areas: Mapping[int, list[str]]) -> set[int]:
    """Write down who does what and return whose role changed; another candidate gets another case."""
    seats = {seat.user_id: seat for seat in session.seats.all()}
    changed = {user_id for user_id, seat in seats.items() if seat.role != roles.get(user_id, Role.OBSERVER)}
    candidate = next((user_id for user_id, role in roles.items() if role == Role.CANDIDATE), None)
    # First nobody has a turn: there is never a moment with two candidates.
    session.seats.filter(user__in=changed).update(role=Role.OBSERVER, areas=[])
    for user_id in seats:
        role = roles.get(user_id, Role.OBSERVER)
        session.seats.filter(user=user_id).update(role=role, areas=areas.get(user_id, []))
    was_candidate = {user_id for user_id, seat in seats.items() if seat.role == Role.CANDIDATE}
    interviewers = [user_id for user_id, role in roles.items() if role == Role.INTERVIEWER]
    if candidate is not None and (
        session.case_id is None
        or candidate not in was_candidate
        or session.case_id in choosing.told_to(interviewers, but=session)
    ):
        choose_case(session)
    return changed


def choose_case(session: GroupSession, *, kind: str = "", difficulty: int = 0) -> None:
    """Give a session a case its candidate has not met, other than the one it has: people have read that.

    Nor one that its interviewers are to be asked elsewhere.
    """
    people = list(session.seats.select_related("user"))
    candidate = next((seat.user for seat in people if seat.role == Role.CANDIDATE), None)
    if candidate is None:
        return
    interviewers = [seat.user_id for seat in people if seat.role == Role.INTERVIEWER]
    avoid = choosing.told_to(interviewers, but=session)
    if session.case_id is not None:
        avoid.add(session.case_id)
    session.case_id = choosing.case_for(
        candidate, session=session, avoid=avoid, kind=kind, difficulty=difficulty
    )
    GroupSession.objects.filter(pk=session.pk).update(case=session.case_id)


def locked(session: GroupSession, now: datetime) -> GroupSession:
    """Lock a session whose plan may still be changed, or raise ValidationError."""
    found = GroupSession.objects.select_for_update(of=("self",)).select_related("group").get(pk=session.pk)
    if not found.may_change(now):
        raise ValidationError(TOO_LATE)
    return found


def bump(session: GroupSession, now: datetime, **changes: Any) -> None:
    """Write down a change that calendars must hear of."""
    GroupSession.objects.filter(pk=session.pk).update(sequence=F("sequence") + 1, changed_at=now, **changes)
    session.refresh_from_db()


@transaction.atomic
def change(
    session: GroupSession,
    *,
    by: "User",
    local: datetime,
    zone: str,
    framework: "Framework",
    level: str,
    minutes: int,
    strict: bool,
    most_interviewers: int,
    now: datetime,
) -> None:
    """Move a session or set its terms anew, and tell everybody; answers to another time count no more."""
    session = locked(session, now)
    moment = moments(local, zone, 1, now)[0]
    moved = moment != session.starts_at or minutes != session.minutes
    same = (session.time_zone, session.framework_id, session.level, session.strict, session.most_interviewers)
    if not moved and same == (zone, framework.pk, level, strict, most_interviewers):
        return
    terms: dict[str, Any] = {
        "time_zone": zone, "framework": framework, "level": level, "minutes": minutes, "strict": strict,
        "most_interviewers": most_interviewers,
    }  # fmt: skip
    if moment != session.starts_at:
        session.seats.exclude(user=by).update(answer="", answered_at=None)
        terms |= {"starts_at": moment, "timed_at": now}
    bump(session, now, **terms)
    changed = fill(session)
    everybody = set(session.seats.values_list("user_id", flat=True))
    letters.changed(session, everybody if moved else changed, by=by, now=now, moved=moved)


@transaction.atomic
def call_off(session: GroupSession, *, by: "User", now: datetime) -> None:
    """Cancel a session and tell everybody; a second click finds it cancelled."""
    found = locked(session, now)
    bump(found, now, cancelled_at=now)
    letters.called_off(found, by=by, now=now)


@transaction.atomic
def set_rota(session: GroupSession, roles: Mapping[int, str], *, by: "User", now: datetime) -> None:
    """Give the roles as somebody chose them: one candidate, up to two interviewers."""
    session = locked(session, now)
    people = set(session.seats.values_list("user_id", flat=True))
    given = {user_id: role for user_id, role in roles.items() if user_id in people}
    interviewers = [user_id for user_id, role in given.items() if role == Role.INTERVIEWER]
    if sum(role == Role.CANDIDATE for role in given.values()) != 1:
        raise ValidationError("A session has exactly one candidate.")
    if len(interviewers) > rota.MOST_INTERVIEWERS:
        raise ValidationError("A session has at most two interviewers. Let the others observe.")
    _apply(session, given, by=by, now=now)


@transaction.atomic
def propose_again(session: GroupSession, *, by: "User", now: datetime) -> None:
    """Have the rota give all turns of a session anew, without those who cannot come."""
    session = locked(session, now)
    _tell(session, fill(session, anew=True), by=by, now=now)


def _apply(session: GroupSession, roles: Mapping[int, str], *, by: "User", now: datetime) -> None:
    order = [user_id for user_id in members_of(session.group) if roles.get(user_id) == Role.INTERVIEWER]
    _tell(session, assign(session, roles, rota.areas_of(order)), by=by, now=now)


def _tell(session: GroupSession, changed: set[int], *, by: "User | None", now: datetime) -> None:
    if not changed:
        return
    # What was asked for rested on the old roles.
    session.swaps.filter(Q(asker__in=changed) | Q(other__in=changed), answered_at=None).update(
        answered_at=now
    )
    bump(session, now)
    letters.changed(session, changed, by=by, now=now, moved=False)


@transaction.atomic
def reply(session: GroupSession, *, user: "User", answer: str, now: datetime) -> None:
    """Note whether a member comes. Should the turn of one who cannot be left empty, the rota fills it."""
    session = locked(session, now)
    mine = session.seats.filter(user=user)
    mine.update(answer=answer, answered_at=now)
    if answer == Answer.NO and mine.exclude(role=Role.OBSERVER).exists():
        _tell(session, fill(session), by=user, now=now)


@transaction.atomic
def another_case(session: GroupSession, *, kind: str = "", difficulty: int = 0, now: datetime) -> None:
    """Take another case the candidate has not met; which of them, the lot decides."""
    session = locked(session, now)
    choose_case(session, kind=kind, difficulty=difficulty)


@transaction.atomic
def ask_swap(session: GroupSession, *, asker: "User", other_id: int, now: datetime) -> SwapRequest:
    """Ask another member to change roles. Asking somebody else takes the first wish back."""
    session = locked(session, now)
    seats = {seat.user_id: seat for seat in session.seats.select_related("user")}
    other, mine = seats.get(other_id), seats.get(asker.pk)
    if other is None or mine is None or other_id == asker.pk:
        raise ValidationError("Choose somebody who is in this session.")
    if other.role == mine.role:
        raise ValidationError("You have the same role already.")
    session.swaps.filter(asker=asker, answered_at=None).exclude(other=other_id).update(answered_at=now)
    wish, made = SwapRequest.objects.get_or_create(
        session=session, asker=asker, other_id=other_id, answered_at=None, defaults={"asked_at": now}
    )
    if made:
        letters.swap_asked(session, asker=asker, other=other.user, role=mine.role, key=wish.pk, now=now)
    return wish


@transaction.atomic
def answer_swap(session: GroupSession, swap_id: int, *, user: "User", agrees: bool, now: datetime) -> None:
    """Change the two roles if the one who was asked agrees; a second answer changes nothing."""
    session = locked(session, now)
    wish = session.swaps.filter(pk=swap_id, other=user, answered_at=None).first()
    if wish is None:
        raise ValidationError("This question has been taken back or answered.")
    SwapRequest.objects.filter(pk=wish.pk).update(answered_at=now, agreed=agrees)
    if agrees:
        roles = {seat.user_id: seat.role for seat in session.seats.all()}
        if {wish.asker_id, wish.other_id} <= set(roles):
            roles[wish.asker_id], roles[wish.other_id] = roles[wish.other_id], roles[wish.asker_id]
            _apply(session, roles, by=user, now=now)


def seat_newcomer(group: Group, user: "User", *, now: datetime) -> None:
    """Give a new member a seat in what is planned, and a turn where one is empty."""
    for session in GroupSession.objects.select_for_update(of=("self",)).filter(group=group).to_come(now):
        GroupSeat.objects.get_or_create(session=session, user=user)
        _tell(session, fill(session) - {user.pk}, by=None, now=now)
    letters.welcome(group, user, now=now)


def unseat(group: Group, user: "User", *, now: datetime) -> None:
    """Take a former member out of what is planned and fill the turns they leave."""
    for session in GroupSession.objects.select_for_update(of=("self",)).filter(group=group).to_come(now):
        seat = session.seats.filter(user=user).first()
        if seat is None:
            continue
        session.swaps.filter(Q(asker=user) | Q(other=user), answered_at=None).update(answered_at=now)
        had_turn = seat.role != Role.OBSERVER
        seat.delete()
        letters.called_off_for(session, user, now=now)
        if had_turn:
            _tell(session, fill(session), by=None, now=now)
