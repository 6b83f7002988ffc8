"""Who calls: a program with a token of its person's, or the person's own browser.

A token may do what its scopes say and nothing more. A browser's session is taken too, and then an unsafe
request needs a CSRF token as everywhere else. A header with a token that is no good is refused, whoever is
signed in.
"""

from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth

from accounts.limits import within
from interviews.models import ApiToken, Scope

if TYPE_CHECKING:
    from accounts.models import User

NO_TOKEN = "This token does not work: it was revoked, or never was. Make one in your settings."
EXPIRED = "This token expired on {day}. Make a new one in your settings."
NO_CSRF = "A signed-in browser sends its CSRF token as “X-CSRFToken”; a program sends a token of yours."
TOO_FAST = "That is more than {most} requests within a minute. Try again in a minute."


class Token(HttpBearer):
    """A token with a scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> "User":
        """Return the person of a token that may do this; HttpError says why it may not."""
        found, now = ApiToken.objects.of_secret(token), timezone.now()
        if found is None:
            raise HttpError(401, NO_TOKEN)
        if found.expires_at is not None and found.has_expired(now):
            there = found.expires_at.astimezone(ZoneInfo(found.user.time_zone))
            raise HttpError(401, EXPIRED.format(day=f"{there:%-d %B %Y}"))
        refuse_haste(f"api:{found.pk}")
        today = now.date()
        if found.used_on != today:
            ApiToken.objects.filter(pk=found.pk).update(used_on=today)
        if self.scope not in found.scopes:
            raise HttpError(403, f"This token may not do that: it lacks the scope {self.scope.value}.")
        return found.user


class Browser(SessionAuth):
    """The session of somebody who is signed in; unsafe requests with a CSRF token only."""

    def _get_key(self, request: HttpRequest) -> str | None:
        # Who is not signed in has no use for a CSRF token: the answer is to send a token of theirs.
        if not request.user.is_authenticated:
            return None
        try:
            return super()._get_key(request)
        except HttpError as refused:
            raise HttpError(403, NO_CSRF) from refused

    def authenticate(self, request: HttpRequest, key: str | None) -> "User | None":
        person = cast("User", request.user)
        if not person.is_authenticated or not person.is_active:
            return None
        if person.guest_visit_is_over():
            raise HttpError(403, "Your guest visit is over. Make an account, and go on where you were.")
        refuse_haste(f"api-person:{person.pk}")
        return person


def refuse_haste(name: str) -> None:
    most = settings.API_REQUESTS_PER_MINUTE
    if not within(name, most, 60):
        raise HttpError(429, TOO_FAST.format(most=most))


def may(scope: Scope) -> list[Token | Browser]:
    """Return who may come in: a token with this scope, or a browser's session."""
    return [Token(scope), Browser()]


def person_of(request: HttpRequest) -> "User":
    """Return who calls, as `may` found out."""
    return cast("User", request.auth)  # type: ignore[attr-defined]
