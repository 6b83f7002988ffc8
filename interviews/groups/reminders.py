"""The clock's part: reminders a day and an hour before."""

from datetime import datetime, timedelta

from interviews.groups import letters
from interviews.models import Answer, GroupSession

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def remind(now: datetime) -> None:
    """Put the reminders that are due in the outbox; their keys keep each from being written twice.

    None follows on the heels of the mail that told of the session or of its new time.
    """
    soon = GroupSession.objects.to_come(now).filter(starts_at__lte=now + DAY)
    for session in soon.select_related("group").prefetch_related("seats__user"):
        left = session.starts_at - now
        kind, before = ("hour", HOUR) if left <= HOUR else ("day", DAY)
        if session.timed_at > session.starts_at - before:
            continue
        # A reminder of a day that comes late is still one; in the last hour it would be the other's.
        stale_at = session.starts_at if kind == "hour" else session.starts_at - HOUR
        for seat in session.seats.all():
            if seat.answer != Answer.NO:
                letters.remind(session, seat, kind=kind, now=now, stale_at=stale_at)
