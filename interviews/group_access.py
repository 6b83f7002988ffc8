"""Who may, in groups: the part of the one door that leads to a group, its members and its sessions.

An outsider, and who was removed, is told that there is no such thing; a member, that they may not.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from interviews.access import SPOILER_COLUMNS
from interviews.models import GroupSeat, GroupSession, Membership, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

NO_SUCH_GROUP = "There is no such group, or you are not in it."


def member_or_404(user: "User | AnonymousUser", group_id: UUID, *, owner: bool = False) -> Membership:
    """Return this person's membership in a group; Http404 for who is not in it (any more).

    PermissionDenied for a member where only the owner may.
    """
    membership = None
    if user.is_authenticated and user.is_active and not user.guest_visit_is_over():
        standing = Membership.objects.filter(group=group_id, user=user, removed_at=None)
        membership = standing.select_related("group", "user").first()
    if membership is None:
        raise Http404(NO_SUCH_GROUP)
    if owner and not membership.owns:
        raise PermissionDenied("Only the owner of the group can do this.")
    return membership


@dataclass(frozen=True)
class GroupPlace:
    """A member's place in one session of their group; `seat` is None for who joined after it was planned."""

    member: Membership
    session: GroupSession
    seat: GroupSeat | None

    @property
    def plans(self) -> bool:
        """Whether this person may move the session, call it off and give the roles."""
        return self.member.owns or self.session.created_by_id == self.member.user_id

    @property
    def interviews(self) -> bool:
        return self.seat is not None and self.seat.role == Role.INTERVIEWER

    @property
    def knows_case(self) -> bool:
        """Whether the case may be named: to its interviewers, and once it has begun to all with a seat."""
        opened = self.session.opened_at is not None
        return self.seat is not None and (opened or (self.interviews and self.session.cancelled_at is None))


def group_place_or_404(user: "User | AnonymousUser", group_id: UUID, session_id: UUID) -> GroupPlace:
    """Return this person's place in a session of their group; Http404 for an outsider."""
    member = member_or_404(user, group_id)
    rows = GroupSession.objects.select_related("group", "framework", "case", "interview", "created_by")
    rows = rows.defer(*(f"case__{name}" for name in SPOILER_COLUMNS))
    session = rows.filter(pk=session_id, group=group_id).first()
    if session is None:
        raise Http404("There is no such session in this group. It may have been deleted.")
    seat = session.seats.filter(user=member.user_id).first()
    return GroupPlace(member, session, seat)
