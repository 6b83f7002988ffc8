"""What the mails of groups say: plain text, times in the reader's zone, and never which case it will be."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from interviews.groups import entries, outbox, post, tokens
from interviews.groups.calendars import CANCEL, PUBLISH, REQUEST, Address, one_line
from interviews.groups.when import shown
from interviews.models import Group, GroupInvitation, GroupSeat, GroupSession

if TYPE_CHECKING:
    from accounts.models import User


def said(*lines: str) -> str:
    """Return lines as the body of a mail; nobody's name or title can begin a line of its own."""
    return "\n".join(
        [*lines, "", "-- ", "Mockboard. You get this because you are in a group, or were invited.", ""]
    )


def who(person: "User | None") -> str:
    return post.name_of(person.pk) if person is not None else "The rota"


def page(session: GroupSession) -> str:
    return tokens.absolute(session.get_absolute_url())


def seats_of(session: GroupSession, people: Collection[int] | None = None) -> list[GroupSeat]:
    seats = session.seats.select_related("user").order_by("pk")
    return list(seats if people is None else seats.filter(user__in=people))


def calendar_for(seat: GroupSeat, session: GroupSession, method: str) -> bytes:
    to = Address(seat.user.name, seat.user.email)
    return entries.file_of([entries.entry(session, seat)], method=method, to=to)


def invite(invitation: GroupInvitation, *, by: "User", now: datetime) -> None:
    name = one_line(invitation.group.name)
    outbox.put(
        f"invite:{invitation.pk}",
        invitation=invitation,
        subject=f"{who(by)} invites you to {name}",
        body=said(
            f"{who(by)} invites you to the group {name} on Mockboard, where people practise interviews on",
            "the design of machine-learning systems with each other.",
            "",
            "Open this page and press Join. It works once, for seven days:",
            post.LINK,
        ),
        now=now,
        stale_at=invitation.expires_at,
    )


def welcome(group: Group, user: "User", *, now: datetime) -> None:
    """Tell a new member what is planned; nothing is sent where nothing is."""
    planned = GroupSeat.objects.filter(session__group=group, user=user, session__starts_at__gt=now)
    seats = list(
        planned.filter(session__cancelled_at=None)
        .select_related("session__group", "session__framework", "user")
        .order_by("session__starts_at")
    )
    if seats:
        name = one_line(group.name)
        outbox.put(
            f"welcome:{group.pk}:{user.pk}:{now:%Y%m%dT%H%M%S}",
            user=user,
            subject=f"What is planned in {name}",
            body=said(f"You are in {name} now. This is planned:", "", *(_line(seat) for seat in seats)),
            calendar=_all(seats),
            method=PUBLISH,
            now=now,
        )


def planned(sessions: Sequence[GroupSession], *, by: "User", now: datetime) -> None:
    """Tell everybody of one new session, or of a series in one mail."""
    first = sessions[0]
    name, count = one_line(first.group.name), len(sessions)
    seats: dict[int, list[GroupSeat]] = {}
    for seat in (
        GroupSeat.objects.filter(session__in=sessions)
        .select_related("session__group", "session__framework", "user")
        .order_by("session__starts_at")
    ):
        seats.setdefault(seat.user_id, []).append(seat)
    for user_id, mine in seats.items():
        user, lead = (
            mine[0].user,
            f"{who(by)} has planned " + ("a session" if count == 1 else f"{count} sessions, one a week,"),
        )
        outbox.put(
            f"planned:{first.series or first.pk}:{user_id}",
            user=user,
            subject=f"{name}: {shown(first.starts_at, user.time_zone)}"
            + ("" if count == 1 else " and weekly"),
            body=said(
                f"{lead} in {name}.",
                "",
                *(_line(seat) for seat in mine),
                "",
                "Say whether you come, or swap roles with somebody:",
                page(first),
            ),
            session=first,
            calendar=calendar_for(mine[0], first, REQUEST) if count == 1 else _all(mine),
            method=REQUEST if count == 1 else PUBLISH,
            now=now,
            stale_at=max(now + timedelta(minutes=1), sessions[-1].starts_at),
        )


def _line(seat: GroupSeat) -> str:
    when = shown(seat.session.starts_at, seat.user.time_zone)
    return f"{when}, {seat.session.minutes} min. {entries.part(seat.role, seat.areas)}"


def _all(seats: Iterable[GroupSeat]) -> bytes:
    return entries.file_of([entries.entry(seat.session, seat) for seat in seats], method=PUBLISH)


def changed(
    session: GroupSession, people: Collection[int], *, by: "User | None", now: datetime, moved: bool
) -> None:
    """Tell these people that a session has another time, or their own part in it is another."""
    name = one_line(session.group.name)
    for seat in seats_of(session, people):
        moment = shown(session.starts_at, seat.user.time_zone)
        what = "has moved a session" if moved else "has changed the rota of a session"
        outbox.put(
            f"changed:{session.pk}:{session.sequence}:{seat.user_id}",
            user=seat.user,
            subject=f"{name}, changed: {moment}",
            body=said(
                f"{who(by)} {what} in {name}.",
                "",
                f"It is on {moment}, {session.minutes} min. {entries.part(seat.role, seat.areas)}",
                "",
                page(session),
            ),
            session=session,
            calendar=calendar_for(seat, session, REQUEST),
            method=REQUEST,
            now=now,
            stale_at=max(now + timedelta(minutes=1), session.starts_at),
        )


def called_off(session: GroupSession, *, by: "User", now: datetime) -> None:
    """Tell everybody that a session is cancelled, and have their calendars take it out."""
    name = one_line(session.group.name)
    for seat in seats_of(session):
        moment = shown(session.starts_at, seat.user.time_zone)
        outbox.put(
            f"cancelled:{session.pk}:{session.sequence}:{seat.user_id}",
            user=seat.user,
            subject=f"{name}, called off: {moment}",
            body=said(f"{who(by)} has called off the session of {name} on {moment}."),
            session=session,
            calendar=calendar_for(seat, session, CANCEL),
            method=CANCEL,
            now=now,
        )


def called_off_for(session: GroupSession, user: "User", *, now: datetime) -> None:
    """Tell somebody who is not in a group any more that its session is not theirs either."""
    if not user.email:
        return
    gone = entries.entry(session, None)
    entry = replace(gone, sequence=gone.sequence + 1, changed_at=now, cancelled=True)
    name, moment = one_line(session.group.name), shown(session.starts_at, user.time_zone)
    outbox.put(
        f"left:{session.pk}:{user.pk}:{now:%Y%m%dT%H%M%S}",
        user=user,
        subject=f"{name}: {moment} goes on without you",
        body=said(
            f"You are not in {name} any more, so its session on {moment} is not in your plans.",
            "Your own interviews stay yours.",
        ),
        calendar=entries.file_of([entry], method=CANCEL, to=Address(user.name, user.email)),
        method=CANCEL,
        now=now,
    )


def swap_asked(
    session: GroupSession, *, asker: "User", other: "User", role: str, key: int, now: datetime
) -> None:
    name, moment = one_line(session.group.name), shown(session.starts_at, other.time_zone)
    outbox.put(
        f"swap:{key}",
        user=other,
        subject=f"{name}: {who(asker)} would like to swap",
        body=said(
            f"{who(asker)} ({role} in the session on {moment}) would like to change roles with you.",
            "Nothing changes unless you agree. Answer here:",
            page(session),
        ),
        session=session,
        now=now,
        stale_at=session.starts_at,
    )


def remind(session: GroupSession, seat: GroupSeat, *, kind: str, now: datetime, stale_at: datetime) -> None:
    """Remind one person a day (`kind` "day") or an hour ("hour") before."""
    name, moment = one_line(session.group.name), shown(session.starts_at, seat.user.time_zone)
    ahead = "Tomorrow" if kind == "day" else "In an hour"
    lines = [f"{moment}, {session.minutes} min. {entries.part(seat.role, seat.areas)}"]
    if not seat.answer:
        lines.append("You have not said yet whether you come.")
    outbox.put(
        f"{post.reminder_key(session)}{kind}:{seat.user_id}",
        user=seat.user,
        session=session,
        subject=f"{ahead}: {name}",
        body=said(*lines, "", page(session)),
        now=now,
        stale_at=stale_at,
    )
