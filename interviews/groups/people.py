"""Who is in a group: founding, inviting, joining, leaving, handing over, and what each shares."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from interviews.groups import letters, planning, rooms, tokens
from interviews.models import (
    CalendarFeed,
    Group,
    GroupInvitation,
    GroupMail,
    GroupSeat,
    GroupSession,
    Membership,
    Shares,
    Standing,
)

if TYPE_CHECKING:
    from accounts.models import User

VALID_FOR = timedelta(days=7)
MOST_MEMBERS = 30
MOST_GROUPS = 20
MOST_OPEN_INVITATIONS = 20
MOST_MAILS_A_DAY = 20


@transaction.atomic
def found(name: str, *, owner: "User", now: datetime) -> Group:
    """Make a group with one member, who owns it."""
    if Group.objects.of_member(owner).count() >= MOST_GROUPS:
        raise ValidationError(f"You are in {MOST_GROUPS} groups. Leave one before you make another.")
    group = Group.objects.create(name=name, created_at=now)
    Membership.objects.create(group=group, user=owner, standing=Standing.OWNER, joined_at=now)
    return group


def rename(group: Group, name: str) -> None:
    Group.objects.filter(pk=group.pk).update(name=name)


def open_invitations(group: Group, now: datetime) -> "list[GroupInvitation]":
    """Return the invitations that still work, oldest first, with what became of the mail of one by mail."""
    mail = GroupMail.objects.filter(invitation=OuterRef("pk"))
    open_ones = group.invitations.filter(revoked_at=None, used_at=None, expires_at__gt=now)
    fate = {
        "was_sent": Exists(mail.filter(sent_at__isnull=False)),
        "was_refused": Exists(mail.filter(dropped_at__isnull=False)),
        "is_late": Exists(mail.filter(sent_at=None, dropped_at=None, attempts__gt=0)),
    }
    return list(open_ones.annotate(**fate).order_by("created_at", "pk"))


@transaction.atomic
def invite(group: Group, *, by: "User", now: datetime, email: str = "") -> str:
    """Make an invitation, by mail to `email` or as a link, and return the link's token, kept nowhere."""
    Group.objects.select_for_update().get(pk=group.pk)
    if len(open_invitations(group, now)) >= MOST_OPEN_INVITATIONS:
        raise ValidationError("There are twenty open invitations. Revoke some before you make another.")
    if email and by.is_guest:
        raise ValidationError("Guests invite by link. Keep your work with an account to send mails.")
    today = GroupInvitation.objects.filter(created_by=by, created_at__gt=now - timedelta(days=1))
    if email and today.exclude(email="").count() >= MOST_MAILS_A_DAY:
        raise ValidationError("That was the twentieth mail today. Make a link and send it yourself.")
    token = tokens.made_for(email, group.pk, now.isoformat()) if email else tokens.new()
    invitation = GroupInvitation.objects.create(
        group=group,
        email=email,
        token_hash=tokens.hashed(token),
        created_by=by,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    if email:
        letters.invite(invitation, by=by, now=now)
        return ""
    return token


def revoke(group: Group, invitation_id: int, now: datetime) -> None:
    group.invitations.filter(pk=invitation_id, revoked_at=None).update(revoked_at=now)


def open_for(token: str, now: datetime) -> GroupInvitation | None:
    """Return the invitation a link stands for, if it still works."""
    found = GroupInvitation.objects.filter(
        token_hash=tokens.hashed(token), revoked_at=None, used_at=None, expires_at__gt=now
    )
    return found.select_related("group", "created_by").first()


@transaction.atomic
def join(invitation: GroupInvitation, *, user: "User", now: datetime) -> Group:
    """Make a person a member, sharing nothing; who is one already stays as they are.

    An invitation by mail is for one person and used up by it. Who was removed needs a new invitation,
    one made after that.
    """
    group = Group.objects.select_for_update().get(pk=invitation.group_id)
    before = group.memberships.filter(user=user).first()
    if before is not None and before.removed_at is None:
        return group
    if before is not None and before.removed_at and before.removed_at >= invitation.created_at:
        raise ValidationError("This invitation is from before you left the group. Ask for a new one.")
    if group.memberships.filter(removed_at=None).count() >= MOST_MEMBERS:
        raise ValidationError(f"This group has {MOST_MEMBERS} members, and that is the most there can be.")
    if Group.objects.of_member(user).count() >= MOST_GROUPS:
        raise ValidationError(f"You are in {MOST_GROUPS} groups. Leave one before you join another.")
    open_still = GroupInvitation.objects.filter(pk=invitation.pk, revoked_at=None, used_at=None)
    if not open_still.update(used_at=now if invitation.email else None):
        raise ValidationError("This invitation has just been used or revoked. Ask for a new one.")
    fresh = {
        "standing": Standing.MEMBER,
        "shares": Shares.NOTHING,
        "joined_at": now,
        "removed_at": None,
    }
    Membership.objects.update_or_create(group=group, user=user, defaults=fresh)
    planning.seat_newcomer(group, user, now=now)
    return group


@transaction.atomic
def part(membership: Membership, now: datetime) -> None:
    """End a membership, whoever wished it; the rota of what is still planned goes on without them.

    Interviews they were in stay theirs.
    """
    group = Group.objects.select_for_update().get(pk=membership.group_id)
    ended = Membership.objects.filter(
        pk=membership.pk, removed_at=None, standing=Standing.MEMBER
    ).update(removed_at=now, shares=Shares.NOTHING)  # fmt: skip
    if not ended:
        raise ValidationError("Hand the group over first: a group needs an owner.")
    planning.unseat(group, membership.user, now=now)
    rooms.take_out(group, membership.user, now=now)


@transaction.atomic
def hand_over(group: Group, *, owner: Membership, to: int, now: datetime) -> Membership:
    """Make another member the owner; the owner stays as a member."""
    Group.objects.select_for_update().get(pk=group.pk)
    heir = (
        group.memberships.select_related("user").filter(user=to, removed_at=None).exclude(pk=owner.pk).first()
    )
    if heir is None:
        raise ValidationError("Choose a member of this group.")
    handed = Membership.objects.filter(pk=owner.pk, removed_at=None, standing=Standing.OWNER).update(
        standing=Standing.MEMBER
    )
    if not handed:
        raise ValidationError("The group has already been handed over.")
    Membership.objects.filter(pk=heir.pk).update(standing=Standing.OWNER)
    return heir


@transaction.atomic
def disband(group: Group, *, by: "User", now: datetime) -> None:
    """Delete a group with its plans; what was held stays with the people who held it."""
    locked = Group.objects.select_for_update().get(pk=group.pk)
    for session in GroupSession.objects.filter(group=locked).to_come(now):
        planning.call_off(session, by=by, now=now)
    locked.delete()


@transaction.atomic
def take_leave(person: "User", now: datetime) -> None:
    """Take a person out of all their groups before their account goes; what they own passes on, or ends."""
    for membership in Membership.objects.filter(user=person, removed_at=None).select_related("group", "user"):
        group = membership.group
        if membership.owns:
            others = group.memberships.filter(removed_at=None).exclude(pk=membership.pk)
            heir = others.order_by("joined_at", "pk").first()
            if heir is None:
                disband(group, by=person, now=now)
                continue
            hand_over(group, owner=membership, to=heir.user_id, now=now)
        part(membership, now)
    GroupInvitation.objects.filter(created_by=person, revoked_at=None).update(revoked_at=now)
    if person.email:
        GroupInvitation.objects.filter(email__iexact=person.email).delete()


def share(membership: Membership, what: str) -> None:
    """Let the group see this much of a member's practice from now on."""
    Membership.objects.filter(pk=membership.pk, removed_at=None).update(shares=what)


def mend_ownerless(now: datetime) -> int:
    """Pass groups whose owner's account is gone to whoever joined first, and delete those left empty."""
    members = Membership.objects.filter(group=OuterRef("pk"), removed_at=None)
    orphaned = Group.objects.filter(~Exists(members.filter(standing=Standing.OWNER)))
    count = 0
    for group in orphaned.order_by("pk")[:50]:
        with transaction.atomic():
            locked = Group.objects.select_for_update().filter(pk=group.pk).first()
            if locked is None or locked.memberships.filter(removed_at=None, standing="owner").exists():
                continue
            heir = locked.memberships.filter(removed_at=None).order_by("joined_at", "pk").first()
            if heir is None:
                locked.delete()
            else:
                Membership.objects.filter(pk=heir.pk).update(standing=Standing.OWNER)
            count += 1
    return count


def new_calendar(user: "User", now: datetime) -> str:
    """Give a person a secret address for their calendar and return its token; the old one stops working."""
    token = tokens.new()
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"token_hash": tokens.hashed(token), "created_at": now}
    )
    return token


@transaction.atomic
def adopt(guest: "User", account: "User") -> None:
    """Give a guest's memberships and seats to the account they sign in to; what the account has stays."""
    mine = Membership.objects.filter(user=account)
    moved = Membership.objects.filter(user=guest).exclude(
        group__in=mine.filter(removed_at=None).values("group")
    )
    owned = list(
        Membership.objects.filter(user=guest, standing=Standing.OWNER, removed_at=None)
        .filter(group__in=mine.filter(removed_at=None).values("group"))
        .values_list("group", flat=True)
    )
    mine.filter(~Q(removed_at=None), group__in=moved.values("group")).delete()
    moved.update(user=account)
    Membership.objects.filter(user=guest).delete()
    mine.filter(group__in=owned).update(standing=Standing.OWNER)
    # Of two seats in one session the account's stays, unless the guest's was the one with a part to play.
    taken = GroupSeat.objects.filter(user=account).values("session")
    GroupSeat.objects.filter(user=guest).exclude(session__in=taken).update(user=account)
    GroupSeat.objects.filter(user=guest).delete()
    GroupSession.objects.filter(created_by=guest).update(created_by=account)
    GroupInvitation.objects.filter(created_by=guest).update(created_by=account)
