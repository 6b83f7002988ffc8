"""What happens to interviews without a click: a strict clock hands in, a room that was left stands still.

No browser need be open for it; whatever a sweep missed, the next one finds.
"""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q

from interviews import attendance, lifecycle, submitting
from interviews.models import Interview, Role, State
from interviews.models.interview import LIVE_STATES, TICKING_STATES

log = logging.getLogger(__name__)
AT_ONCE = 50
# Where nothing was done for so long everybody has left, though a tab may still be open.
UNTOUCHED = timedelta(hours=2)
# A room that stands still for so long is closed for good.
FORGOTTEN = timedelta(days=14)


def submit_overdue(now: datetime) -> int:
    """Hand in every design whose strict clock has run out; return how many interviews that ended."""
    overdue = Interview.objects.overdue(now).select_related("board").order_by("started_at")
    return sum(_hand_in(interview, now) for interview in overdue[:AT_ONCE])


def _hand_in(interview: Interview, now: datetime) -> bool:
    seat = interview.participants.filter(role=Role.CANDIDATE).select_related("user").first()
    try:
        actor = seat.user if seat else None
        submitting.submit(interview, actor=actor, now=now, by_clock=True, own_levels_first=True)
    except ValidationError as refusal:
        reason = getattr(refusal, "code", None)
        if reason not in lifecycle.EXPIRED_BECAUSE:
            log.warning("interview %s could not be handed in at its end: %s", interview.pk, reason)
            return False  # a board that could not be read now: the next sweep tries again
        return lifecycle.expire(interview, reason=reason, ended=interview.due_at() or now, now=now)
    except Exception:
        log.exception("interview %s could not be handed in at its end", interview.pk)
        return False
    return True


def set_aside_untouched(now: datetime) -> int:
    """Stop the clocks of rooms that everybody left, or where nothing was done for hours, as of then."""
    long_ago = now - attendance.AWAY
    running = Interview.objects.filter(
        state__in=TICKING_STATES, strict=False, started_at__lte=long_ago, is_sample=False
    )
    nobody = Q(here_at=None) | Q(here_at__lte=long_ago) | Q(touched_at__lte=now - UNTOUCHED)
    left = attendance.with_signs(running).filter(nobody, touched_at__lte=long_ago)
    count = 0
    for interview in left.order_by("touched_at")[:AT_ONCE]:
        # A tab that is still open says nothing about when its person left.
        since = attendance.left_at(interview, now) or interview.touched_at
        count += lifecycle.set_aside(interview, since=since, now=now)
    return count


def expire_forgotten(now: datetime) -> int:
    """Close interviews that stood still for two weeks; board and notes stay and can be read."""
    standing = Interview.objects.filter(state__in=LIVE_STATES, strict=False, is_sample=False)
    forgotten = attendance.with_signs(standing).filter(
        Q(paused_at=None) | Q(paused_at__lte=now - FORGOTTEN), touched_at__lte=now - FORGOTTEN
    )
    count = 0
    for interview in forgotten.order_by("touched_at")[:AT_ONCE]:
        ended = interview.paused_at or interview.touched_at
        count += lifecycle.expire(interview, reason="forgotten", ended=ended, now=now)
    return count


def call_off_forgotten(now: datetime) -> int:
    """Close lobbies in which nothing has happened for two weeks; return how many."""
    lobbies = Interview.objects.filter(state=State.LOBBY, created_at__lte=now - FORGOTTEN)
    quiet = list(lobbies.exclude(events__at__gt=now - FORGOTTEN).order_by("created_at")[:AT_ONCE])
    for interview in quiet:
        lifecycle.call_off(interview, actor=None, now=now)
    return len(quiet)
