"""Making, finding and closing links: one request makes one link, however often it is sent."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import get_random_string, salted_hmac

from interviews.models import Interview, Share
from interviews.models.invitation import hashed
from interviews.sharing import choices, sealing
from interviews.sharing.sealing import Wanted

if TYPE_CHECKING:
    from accounts.models import User

DAYS = (7, 30, 90)
MOST_OPEN = 50
KEY_LENGTH = 32


def new_key() -> str:
    """Return what makes two requests for a link the same request; the page's form carries it."""
    return get_random_string(KEY_LENGTH)


def token_of(key: str, owner: "User", interview: Interview, kind: str) -> str:
    """Return the token that a request for a link leads to: nobody finds it without our secret."""
    said = f"{key}:{owner.pk}:{interview.pk}:{kind}"
    return salted_hmac("interviews.sharing", said, algorithm="sha256").hexdigest()[:43]


@transaction.atomic
def make(
    owner: "User",
    interview: Interview,
    kind: str,
    shown: list[str],
    *,
    key: str,
    days: int | None,
    now: datetime,
) -> tuple[Share, str]:
    """Seal what was chosen and return its link with the token, which is kept nowhere.

    Asked again with the same `key` it is the same link. ValidationError says why there can be none.
    """
    if len(key) != KEY_LENGTH:
        raise ValidationError("This form is too old. Open the page again and choose anew.")
    shown = choices.chosen(kind, shown)
    if not set(shown) - {"name"}:
        raise ValidationError("Choose at least one thing to show.")
    token = token_of(key, owner, interview, kind)
    before = Share.objects.filter(token_hash=hashed(token), owner=owner).first()
    if before is not None:
        return before, token
    if Share.objects.filter(owner=owner, revoked_at=None).count() >= MOST_OPEN:
        raise ValidationError(f"You have {MOST_OPEN} open links. Revoke one that nobody needs any more.")
    copy = sealing.sealed(kind, Wanted(owner, interview, shown))
    share, _ = Share.objects.get_or_create(
        token_hash=hashed(token),
        defaults={
            "owner": owner,
            "interview": interview,
            "kind": kind,
            "shown": shown,
            "content": copy.content,
            "recording": copy.recording,
            "created_at": now,
            "expires_at": now + timedelta(days=days) if days else None,
        },
    )
    return share, token
