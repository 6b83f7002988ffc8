"""What people take with them, and the keys by which their own programs read it."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

if TYPE_CHECKING:
    from accounts.models import User

EXPORT_LASTS = timedelta(days=7)
TOKEN_STARTS_WITH = "mb_"
TOKEN_SHOWS = 10


class Scope(models.TextChoices):
    READ_CASES = "read:cases", "Read the library"
    READ_INTERVIEWS = "read:interviews", "Read your interviews and scorecards"
    READ_PROGRESS = "read:progress", "Read your progress"
    READ_EXPORT = "read:export", "Ask for an export of everything, and download it"
    WRITE_IMPORT = "write:import", "Bring an exported interview back in"


class Lasts(models.TextChoices):
    """How long a token works, chosen when it is made."""

    MONTH = "30", "30 days"
    QUARTER = "90", "90 days"
    YEAR = "365", "A year"
    ALWAYS = "always", "Until I revoke it"

    def until(self, now: datetime) -> datetime | None:
        """Return when a token made now ends; None for never."""
        return None if self is Lasts.ALWAYS else now + timedelta(days=int(self.value))


class TokenManager(models.Manager["ApiToken"]):
    def issue(
        self, user: "User", name: str, scopes: list[str], now: datetime, lasts: Lasts = Lasts.ALWAYS
    ) -> tuple["ApiToken", str]:
        """Store a new token and return it with its secret, which is kept nowhere."""
        secret = TOKEN_STARTS_WITH + secrets.token_urlsafe(32)
        token = self.create(
            user=user,
            name=name,
            scopes=scopes,
            starts_with=secret[:TOKEN_SHOWS],
            hash=hashed(secret),
            created_at=now,
            expires_at=lasts.until(now),
        )
        return token, secret

    def of_secret(self, secret: str) -> "ApiToken | None":
        """Return the token of this secret with its person, None when there is none or it was revoked.

        It may have expired: who asks with it is told so, for only its owner has the secret.
        """
        found = self.filter(hash=hashed(secret), revoked_at=None, user__is_active=True)
        token = found.select_related("user").first()
        return None if token is None or token.user.guest_visit_is_over() else token


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiToken(models.Model):
    """A key for a program of one person. Not exported (it is a secret), gone with the person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    # The first letters of the secret, by which its owner tells tokens apart.
    starts_with = models.CharField(max_length=TOKEN_SHOWS)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TokenManager] = TokenManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(scopes__len__gt=0), name="token_may_do_something")
        ]

    def __str__(self) -> str:
        return f"token {self.pk} of {self.user_id}"

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class ExportQuerySet(models.QuerySet["Export"]):
    def expired(self, now: datetime) -> "ExportQuerySet":
        return self.filter(expires_at__lte=now)


class Export(models.Model):
    """A zip with everything of one person, for seven days. Gone with the person, and by itself before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    job = models.OneToOneField("interviews.Job", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")

    objects: ClassVar[Any] = ExportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"export {self.pk} of {self.user_id}"

    @property
    def file_name(self) -> str:
        return f"mockboard-{self.asked_at:%Y-%m-%d}.zip"


class ExportPart(models.Model):
    """A megabyte of an export: in the database, so that any process can hand it out."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_part_once")]

    def __str__(self) -> str:
        return f"part {self.number} of export {self.export_id}"
