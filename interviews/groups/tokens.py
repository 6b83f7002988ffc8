"""Secret addresses: into a group, and of a person's calendar. The database keeps their hashes alone."""

import base64
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from interviews.models import GroupInvitation
from interviews.models.invitation import hashed

__all__ = ["absolute", "calendar_url", "hashed", "join_path", "join_url", "made_for", "new", "of_invitation"]


def new() -> str:
    return secrets.token_urlsafe(24)


def made_for(email: str, group_id: object, nonce: str) -> str:
    """Return the token of an invitation by mail: it can be made again while sending, so it is not stored."""
    digest = salted_hmac("interviews.groups.invitation", f"{group_id}:{email}:{nonce}", algorithm="sha256")
    return base64.urlsafe_b64encode(digest.digest()[:24]).decode()


def of_invitation(invitation: GroupInvitation) -> str:
    """Return the token of an invitation by mail."""
    return made_for(invitation.email, invitation.group_id, invitation.created_at.isoformat())


def absolute(path: str) -> str:
    """Return the full address of a page, where there is no request to ask: in a mail or a calendar."""
    return str(settings.PUBLIC_ORIGINS[0]) + path


def join_path(token: str) -> str:
    return reverse("groups:join", args=[token])


def join_url(token: str) -> str:
    return absolute(join_path(token))


def calendar_url(token: str) -> str:
    return absolute(reverse("groups:feed", args=[token]))
