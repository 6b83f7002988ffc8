"""A group for a new server to show: the people of the samples, with a rota of some weeks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db.models import F

from casestudies.models import Framework
from interviews.groups import people, planning, tokens
from interviews.models import GroupSeat, GroupSession, Membership, Shares

NAME = "Tuesday study group"
ZONE = "Europe/Vienna"
MOST = 5
WEEKS_BEFORE, WEEKS = 3, 7
SHARED = (Shares.SCORECARDS, Shares.TREND, Shares.NOTHING)


def seed(now: datetime) -> str:
    """Make the group with past and coming sessions and return the path of a link into it.

    Nothing, and an empty path, where it is there already or there are no samples yet.
    """
    cast = list(get_user_model().objects.filter(username__startswith="sample-").order_by("pk")[:MOST])
    if len(cast) < 2 or Membership.objects.filter(user__in=cast).exists():
        return ""
    begun = now - timedelta(weeks=WEEKS_BEFORE + 1)
    owner, *others = cast
    group = people.found(NAME, owner=owner, now=begun)
    for minutes, person in enumerate(others, 1):
        Membership.objects.create(group=group, user=person, joined_at=begun + timedelta(minutes=minutes))
    for person, shares in zip(cast, SHARED, strict=False):
        Membership.objects.filter(group=group, user=person).update(shares=shares)
    framework = Framework.objects.offered().filter(slug="seven-step").first()
    if framework is not None:
        planning.schedule(
            group,
            by=owner,
            local=_tuesday_evening(begun),
            zone=ZONE,
            framework=framework,
            level="senior",
            minutes=45,
            weeks=WEEKS,
            now=begun,
        )
        held = GroupSession.objects.filter(group=group, starts_at__lt=now)
        held.update(opened_at=F("starts_at"))
        came = GroupSeat.objects.filter(session__in=held)
        for seat in came.select_related("session"):
            GroupSeat.objects.filter(pk=seat.pk).update(answer="yes", came_at=seat.session.starts_at)
    return tokens.join_path(people.invite(group, by=owner, now=now))


def _tuesday_evening(after: datetime) -> datetime:
    """Return what the clocks there show on the first Tuesday evening a day or more after a moment."""
    day = (after + timedelta(days=1)).astimezone(ZoneInfo(ZONE))
    day += timedelta(days=(1 - day.weekday()) % 7)
    return day.replace(hour=19, minute=30, second=0, microsecond=0, tzinfo=None)
