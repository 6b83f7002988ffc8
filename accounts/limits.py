"""How often something may be done: counted in the shared cache, in windows of fixed length."""

import hashlib
import logging

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

log = logging.getLogger(__name__)
HOUR = 3600


class TooManyGuestsError(PermissionDenied):
    """Too many guests were made from this address within the hour."""

    words = (
        "Very many guests have come from this network in the last hour. Wait a little, or make an account: "
        "that is always possible."
    )

    def __init__(self) -> None:
        super().__init__(self.words)


def within(name: str, most: int, seconds: int) -> bool:
    """Count one more of `name` and return whether that is still allowed: at most `most` in `seconds`.

    Without an answer from the cache nothing is counted and everything allowed: a limit is no lock.
    """
    key = f"limit:{name}"
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key)) <= most
    except ValueError:  # the window ended in between
        return True
    except Exception:
        log.warning("limits are not counted: the cache does not answer", exc_info=True)
        return True


def count_guest(request: HttpRequest) -> None:
    """Count one guest more from this address; TooManyGuestsError when that is one too many."""
    address = request.META.get("REMOTE_ADDR", "")
    hidden = hashlib.sha256(f"{settings.SECRET_KEY}:{address}".encode()).hexdigest()[:32]
    if not within(f"guests:{hidden}", settings.GUESTS_PER_HOUR, HOUR):
        raise TooManyGuestsError
