"""Links by which others come into an interview: one role each, hashed, expiring, revocable."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from interviews.models.interview import Interview, Role

if TYPE_CHECKING:
    from accounts.models import User

VALID_FOR = timedelta(days=7)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationManager(models.Manager["Invitation"]):
    def issue(self, interview: Interview, role: Role, by: "User", now: datetime) -> tuple["Invitation", str]:
        """Store a new invitation and return it with its token, which is kept nowhere."""
        token = secrets.token_urlsafe(24)
        invitation = self.create(
            interview=interview,
            role=role,
            token_hash=hashed(token),
            created_by=by,
            created_at=now,
            expires_at=now + VALID_FOR,
        )
        return invitation, token

    def open_for(self, token: str, now: datetime) -> "Invitation | None":
        return (
            self.filter(token_hash=hashed(token), revoked_at=None, expires_at__gt=now)
            .select_related("interview__case", "interview__framework", "created_by")
            .first()
        )


class Invitation(models.Model):
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=12, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationManager] = InvitationManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.role} until {self.expires_at:%Y-%m-%d}"
