"""The group of the world, with a session whose case is hidden, and what its members practise and share."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from interviews.models import (
    CalendarFeed,
    Drill,
    Group,
    GroupInvitation,
    GroupSeat,
    GroupSession,
    Interview,
    Membership,
    Review,
    ReviewCard,
    Role,
    SwapRequest,
)
from interviews.models.invitation import hashed
from interviews.sharing import links
from interviews.sharing.links import new_key


def group_with_session(
    owner: User, members: dict[Role, User], asker: User, hidden: Interview
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return what stands in the addresses of a group: for all of them, and by route.

    `members` have a role in the session each; `asker` is a member without one, who asks to change with the
    candidate. The case of `hidden` is the one that the session keeps from its candidate.
    """
    now = timezone.now()
    group = Group.objects.create(name="Thursdays", created_at=now)
    Membership.objects.create(group=group, user=owner, standing="owner", joined_at=now)
    for member in (*members.values(), asker):
        Membership.objects.create(group=group, user=member, joined_at=now)
    session = GroupSession.objects.create(
        group=group, starts_at=now + timedelta(days=2), time_zone="UTC", framework=hidden.framework,
        case=hidden.case, created_by=owner, created_at=now, changed_at=now, timed_at=now,
    )  # fmt: skip
    for role, member in members.items():
        GroupSeat.objects.create(session=session, user=member, role=role)
    GroupSeat.objects.create(session=session, user=asker, role=Role.OBSERVER)
    swap = SwapRequest.objects.create(
        session=session, asker=asker, other=members[Role.CANDIDATE], asked_at=now
    )
    invitation = GroupInvitation.objects.create(
        group=group, token_hash=hashed("invited"), created_by=owner, created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    CalendarFeed.objects.create(user=members[Role.CANDIDATE], token_hash=hashed("calendar"), created_at=now)
    names = {
        "group_id": group.pk,
        "session_id": session.pk,
        "swap_id": swap.pk,
        "user_id": asker.pk,
    }
    by_route = {
        "groups:revoke": {"invitation_id": invitation.pk},
        "groups:join": {"token": "invited"},
        "groups:feed": {"token": "calendar"},
    }
    return names, by_route


def practice(person: User, interview: Interview) -> dict[str, Any]:
    """Return what stands in the addresses of somebody's cards and drills."""
    now = timezone.now()
    card = ReviewCard.objects.create(
        user=person, case=interview.case, criterion="C77", dimension="scope", question="Why?", level=1,
        interview=interview, created_at=now, due_on=now.date(),
    )  # fmt: skip
    review = Review.objects.create(card=card, at=now, answer="Because.")
    rubric = interview.case.rubrics.get()
    drill = Drill.objects.create(
        user=person, case=interview.case, framework=interview.framework, step="data", minutes=5,
        rubric=rubric.body, rubric_hash=rubric.hash, started_at=now,
    )  # fmt: skip
    return {"card_id": card.pk, "review_id": review.pk, "drill_id": drill.pk}


def shares(person: User, interview: Interview) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return what stands in the addresses of links to a scorecard and to a replay, without notes in them."""
    now = timezone.now()
    card, token = links.make(
        person, interview, "scorecard", ["total", "criteria", "board"], key=new_key(), days=30, now=now
    )
    _, replayed = links.make(person, interview, "replay", ["board", "hints"], key=new_key(), days=30, now=now)
    by_route = {
        "sharing:shared": {"token": token},
        "sharing:shared_board": {"token": replayed},
        "sharing:shared_image": {"token": replayed},
    }
    return {"share_id": card.pk}, by_route
