"""What is planned for a person: the page of today and the calendar ask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from interviews.groups import entries
from interviews.models import CalendarFeed, GroupSeat, GroupSession
from interviews.models.invitation import hashed

if TYPE_CHECKING:
    from accounts.models import User

SOON = 5
# So far back a calendar still shows what was, and what was called off.
LOOKS_BACK = timedelta(days=60)
MOST_ENTRIES = 200


@dataclass(frozen=True)
class Upcoming:
    """One session ahead, or under way, and what this person does in it. It does not know the case."""

    session: GroupSession
    seat: GroupSeat
    is_open: bool

    @property
    def words(self) -> str:
        return entries.part(self.seat.role, self.seat.areas)


def upcoming_for(user: "User", now: datetime, *, most: int = SOON) -> list[Upcoming]:
    """Return the next sessions of a person's groups, the first one first; one query."""
    return [
        Upcoming(seat.session, seat, seat.session.is_open(now))
        for seat in _seats(user)
        .filter(session__in=GroupSession.objects.upcoming(now).order_by().values("pk"))
        .order_by("session__starts_at", "session")[:most]
    ]


def _seats(user: "User") -> QuerySet[GroupSeat]:
    return GroupSeat.objects.filter(
        user=user, session__group__memberships__user=user, session__group__memberships__removed_at=None
    ).select_related("session__group", "session__framework")


def feed_owner(token: str, now: datetime) -> "User | None":
    """Return whose calendar a secret address is, or None: unknown, replaced, or the account is closed."""
    feed = CalendarFeed.objects.select_related("user").filter(token_hash=hashed(token)).first()
    if feed is None or not feed.user.is_active or feed.user.guest_visit_is_over(now):
        return None
    return feed.user


def entries_for(user: "User", now: datetime) -> "Iterable[entries.Entry]":
    """Return what stands in a person's calendar; a session that was called off says so."""
    seats = _seats(user).filter(session__starts_at__gt=now - LOOKS_BACK)
    return [entries.entry(seat.session, seat) for seat in seats.order_by("session__starts_at")[:MOST_ENTRIES]]
