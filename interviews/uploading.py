"""Putting a picture on an interview's board: who draws may, while the interview runs, and not too fast."""

import logging
import time
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from interviews.access import Seat
from interviews.models import Interview, Role
from interviews.models.interview import LIVE_STATES
from whiteboard import images
from whiteboard.images_encoding import ImageRefusedError
from whiteboard.models import Image

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

log_of_errors = logging.getLogger(__name__)
MOST_A_MINUTE = 30
READS = "You are watching this board. Only the candidate and the interviewer can add pictures to it."
ENDED = "This interview is over, so nothing can be added to its board any more."
TOO_FAST = f"That is more than {MOST_A_MINUTE} pictures within a minute. Try again in a minute."


def add_picture(seat: Seat, file: "UploadedFile") -> Image:
    """Keep an uploaded picture for the board of this seat's interview and return it.

    ImageRefusedError says why not; then nothing of it is kept.
    """
    if seat.role not in (Role.CANDIDATE, Role.INTERVIEWER):
        raise ImageRefusedError(READS, 403)
    if not seat.draws:
        raise ImageRefusedError(ENDED, 409)
    if (file.size or 0) > images.LARGEST_UPLOAD:
        raise ImageRefusedError(images.TOO_LARGE, 413)
    if is_too_fast(seat.user.pk):
        raise ImageRefusedError(TOO_FAST, 429)
    image = images.picture_of(seat.interview.board_id, file.read(), author=seat.user)
    with transaction.atomic():
        # Somebody may have submitted meanwhile; whoever does so now waits for us.
        locked = Interview.objects.select_for_update(no_key=True).filter(pk=seat.interview.pk)
        if not locked.filter(state__in=LIVE_STATES).values_list("pk"):
            raise ImageRefusedError(ENDED, 409)
        return images.store(image)


def is_too_fast(user_id: int) -> bool:
    """Count one more upload of this person's, and say whether it is one too many in this minute."""
    key = f"uploads:{user_id}:{int(time.time() // 60)}"
    try:
        cache.add(key, 0, 120)
        return cache.incr(key) > MOST_A_MINUTE
    except (RedisError, ValueError):
        log_of_errors.warning("uploads cannot be counted just now", exc_info=True)
        return False
