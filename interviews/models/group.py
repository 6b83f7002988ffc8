"""Groups, who is in them, how people come in, and where their calendars are read from.

Exported with a person: their groups, memberships and what they share. Erased with a person: membership,
seats, mails and calendar address go with the account; a group without an owner passes to the first to join.
"""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse

if TYPE_CHECKING:
    from accounts.models import User


class GroupQuerySet(models.QuerySet["Group"]):
    def of_member(self, user: "User") -> Self:
        return self.filter(memberships__user=user, memberships__removed_at=None)


class Group(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    objects: ClassVar[Any] = GroupQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="group_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("groups:group", args=[self.pk])


class Standing(models.TextChoices):
    OWNER = "owner", "Owner"
    MEMBER = "member", "Member"


class Shares(models.TextChoices):
    """What a member lets the group see of their practice."""

    NOTHING = "nothing", "Nothing"
    TREND = "trend", "My levels by area"
    SCORECARDS = "scorecards", "My levels by area, and each score with its case"


class Membership(models.Model):
    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    standing = models.CharField(max_length=6, choices=Standing.choices, default=Standing.MEMBER)
    shares = models.CharField(max_length=10, choices=Shares.choices, default=Shares.NOTHING)
    joined_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], name="member_once"),
            models.UniqueConstraint(
                fields=["group"],
                condition=models.Q(standing="owner", removed_at=None),
                name="one_owner_per_group",
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="standing_is_known"
            ),
            models.CheckConstraint(condition=models.Q(shares__in=Shares.values), name="shares_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.standing} {self.user_id}"

    @property
    def owns(self) -> bool:
        return self.standing == Standing.OWNER


class GroupInvitation(models.Model):
    """A way into a group: a link for several people, or for one e-mail address and then used up."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d}"


class CalendarFeed(models.Model):
    """The secret address a person's calendar reads their sessions from; only its hash is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"
