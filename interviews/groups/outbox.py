"""The outbox: a mail is a row with a unique key, so the same news is never written twice."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from interviews.groups import post, tasks
from interviews.models import GroupInvitation, GroupMail, GroupSession

if TYPE_CHECKING:
    from accounts.models import User

GOOD_FOR = timedelta(days=2)


def put(
    key: str,
    *,
    subject: str,
    body: str,
    now: datetime,
    user: "User | None" = None,
    invitation: GroupInvitation | None = None,
    session: GroupSession | None = None,
    calendar: bytes = b"",
    method: str = "",
    stale_at: datetime | None = None,
) -> None:
    """Put a mail in the outbox; the same key again, or a person without an address, puts nothing.

    Inside the transaction of the act it tells of: what is rolled back is never told.
    """
    if user is not None and not (user.email and user.is_active):
        return
    GroupMail.objects.bulk_create(
        [
            GroupMail(
                key=key, user=user, invitation=invitation, session=session, subject=subject[:200],
                body=body, calendar=calendar.decode(), method=method, created_at=now, run_after=now,
                stale_at=stale_at or now + GOOD_FOR,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    transaction.on_commit(wake, robust=True)


def put_account_mail(kind: str, user: "User") -> None:
    """Put in the outbox that somebody is owed a mail about their account; its words are made later."""
    now = timezone.now()
    put(f"{post.ACCOUNT}{kind}:{user.pk}:{now:%Y%m%dT%H%M}", user=user, subject="", body="", now=now)


def wake() -> None:
    """Have a worker look into the outbox now; should nobody hear it, the clock does in half a minute."""
    tasks.send_waiting.delay()
