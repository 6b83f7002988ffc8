"""Coming in without an account: one browser's click makes one guest, however often it is sent."""

import base64

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.limits import count_guest
from accounts.models import User


def come_in(request: HttpRequest, name: str = "") -> User:
    """Return the new guest that the visitor is signed in as from now on, called `name` if given.

    A second form that the same browser sent meanwhile, before it had the first answer, is the same guest's.
    """
    count_guest(request)
    guest = User.objects.create_guest(timezone.now(), name=name, key=browser_key(request))
    login(request, guest, backend="django.contrib.auth.backends.ModelBackend")
    return guest


def browser_key(request: HttpRequest) -> str:
    """Return what forms sent by one browser have in common, empty when there is nothing.

    It is made from the secret in the CSRF cookie: whoever sends a form has one, nobody else knows it, and
    signing in replaces it. So it needs no cookie of its own, and nothing is stored before the click.
    """
    secret = request.META.get("CSRF_COOKIE", "")
    if not secret:
        return ""
    digest = salted_hmac("accounts.guests", secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:15]).decode().lower()
