"""A link to a sealed copy of a scorecard or a replay: what its owner chose to show, and nothing else."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F

from interviews.models.interview import Interview
from interviews.models.invitation import hashed

if TYPE_CHECKING:
    from accounts.models import User


class ShareKind(models.TextChoices):
    SCORECARD = "scorecard", "Scorecard"
    REPLAY = "replay", "Replay"


class ShareManager(models.Manager["Share"]):
    def found(self, token: str) -> "Share | None":
        return self.filter(token_hash=hashed(token)).select_related("owner").first()

    def of(self, owner: "User") -> models.QuerySet["Share"]:
        """The links of a person, newest first, without what they show."""
        listed = self.filter(owner=owner).select_related("interview__case").defer("content", "recording")
        return listed.order_by("-created_at")


class Share(models.Model):
    """One link. What it shows is copied here when it is made; looking at it reads nothing else.

    The token is kept nowhere, only its hash. Export: kind, choices, days and how often it was opened.
    Erase: with its owner or its interview, by cascade; a revoked link keeps no copy.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="shares")
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="shares")
    kind = models.CharField(max_length=9, choices=ShareKind.choices)
    shown = models.JSONField(default=list)
    content = models.JSONField(default=dict)
    # The board's log as chosen parts of it allow (whiteboard/recording.py); empty for a scorecard.
    recording = models.BinaryField(default=bytes)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # How often somebody else opened it and when last; not who.
    opened = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ShareManager] = ShareManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at=None) | models.Q(content={}), name="revoked_share_keeps_no_copy"
            )
        ]
        indexes = [models.Index(fields=["owner", "created_at"], name="share_by_owner")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.interview_id}"

    def is_open(self, now: datetime) -> bool:
        """Whether the link shows anything at `now`."""
        owner: Any = self.owner
        return (
            self.revoked_at is None
            and (self.expires_at is None or self.expires_at > now)
            and owner.is_active
            and not owner.guest_visit_is_over(now)
        )

    def count_opening(self, now: datetime) -> None:
        Share.objects.filter(pk=self.pk).update(opened=F("opened") + 1, opened_at=now)

    def revoke(self, now: datetime) -> bool:
        """Close the link and throw its copy away; False when it was closed before."""
        open_one = Share.objects.filter(pk=self.pk, revoked_at=None)
        return bool(open_one.update(revoked_at=now, content={}, recording=b""))
