"""Groups and their sessions as the product makes them."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from interviews.groups import people, planning, when
from interviews.models import Group, GroupSession, Membership
from tests.factories.casestudies import CaseStudyFactory
from tests.factories.rooms import small_framework


def found_group(owner: User, *members: User, name: str = "Tuesdays", now: datetime | None = None) -> Group:
    """Return a group of these people, who joined in this order, a minute after each other."""
    now = now or timezone.now() - timedelta(days=30)
    group = people.found(name, owner=owner, now=now)
    for minutes, member in enumerate(members, 1):
        Membership.objects.create(group=group, user=member, joined_at=now + timedelta(minutes=minutes))
    return group


def join_group(group: Group, member: User, *, by: User, now: datetime | None = None) -> None:
    now = now or timezone.now()
    token = people.invite(group, by=by, now=now)
    invitation = people.open_for(token, now)
    assert invitation is not None
    people.join(invitation, user=member, now=now)


def some_cases(count: int = 6) -> None:
    """Put a few cases into an empty library."""
    for number in range(count):
        CaseStudyFactory(title=f"Secret case {number}")


def plan_session(
    group: Group,
    by: User,
    *,
    starts_at: datetime | None = None,
    zone: str = "UTC",
    weeks: int = 1,
    now: datetime | None = None,
) -> GroupSession:
    """Return the first of the sessions planned; by default three days ahead."""
    now = now or timezone.now()
    starts_at = starts_at or (now + timedelta(days=3)).replace(second=0, microsecond=0)
    made = planning.schedule(
        group,
        by=by,
        local=when.on_the_wall(starts_at, zone),
        zone=zone,
        framework=small_framework(),
        level="senior",
        minutes=45,
        weeks=weeks,
        now=now,
    )
    return made[0]
