"""People: signed up, or guests who may sign up later and keep everything."""

import zoneinfo
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string


def known_time_zone(name: str) -> None:
    """Refuse a name that is no time zone of the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone from the list, such as Europe/Vienna.")


# How long the same key means the same guest: a browser that sends a form twice does it at once.
SAME_CLICK = timedelta(minutes=1)


class PersonManager(UserManager["User"]):
    def create_guest(self, now: datetime, *, name: str = "", key: str = "") -> "User":
        """Make a person without e-mail or password, for a visit of GUEST_DAYS from `now`.

        The same `key` again within SAME_CLICK, even at the same moment, gives the same guest.
        """
        guest = self.model(
            username=f"guest-{key or get_random_string(12, 'abcdefghjkmnpqrstuvwxyz23456789')}",
            display_name=name or "Guest",
            is_guest=True,
            guest_until=now + timedelta(days=settings.GUEST_DAYS),
        )
        guest.set_unusable_password()
        try:
            with transaction.atomic():
                guest.save()
        except IntegrityError:
            if not key:
                raise
            recent = self.filter(is_guest=True, is_active=True, date_joined__gt=now - SAME_CLICK)
            return recent.filter(username=guest.username).first() or self.create_guest(now, name=name)
        return guest


class User(AbstractUser):
    class Theme(models.TextChoices):
        SYSTEM = "system", "Like the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    display_name = models.CharField(max_length=60, blank=True)
    is_guest = models.BooleanField(default=False)
    guest_until = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[known_time_zone])
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_guest=False) | models.Q(guest_until__isnull=False),
                name="guest_has_an_end",
            ),
            models.UniqueConstraint(
                models.functions.Lower("email"),
                condition=~models.Q(email=""),
                name="email_once",
                violation_error_message="There is already an account with this e-mail address.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What others see this person called."""
        return self.display_name or self.get_full_name() or (self.email.split("@")[0] or self.username)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    def guest_visit_is_over(self, now: datetime | None = None) -> bool:
        return self.is_guest and self.guest_until is not None and self.guest_until <= (now or timezone.now())

    def keep(self, email: str, password: str) -> None:
        """Turn this guest into a signed-up person; everything they made stays theirs.

        The username stays the guest's: people sign in by e-mail, and an address cut to fit may be another's.
        """
        self.email = email
        if self.display_name == "Guest":
            self.display_name = ""
        self.is_guest = False
        self.guest_until = None
        self.set_password(password)
        self.save(update_fields=["email", "display_name", "is_guest", "guest_until", "password"])
