"""Sending what is in the outbox: the row of a mail says whether it has gone out.

At least once, on purpose. A worker takes a lease, sends, and writes down that it has; one that dies before
sending loses nothing, because the lease runs out and the next one sends. Only a worker that dies between
the mail server's yes and that UPDATE makes a second copy, and it carries the same Message-ID, by which
mail programs know it as the same mail. The other way round a reminder could be lost, which is worse.
"""

import hashlib
import logging
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q, QuerySet

from interviews.groups import tokens
from interviews.groups.calendars import one_line
from interviews.models import GroupMail, GroupSeat, GroupSession, Membership

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8
KEPT_FOR = timedelta(days=90)
# What is kept of a mail once it has gone out: that it has.
NO_WORDS = {"subject": "", "body": "", "calendar": ""}
# Where the address of an invitation belongs: it is put in while sending, and is stored nowhere.
LINK = "{the link to join}"
# Where somebody's name belongs: put in while sending, too, so that no mail that waits keeps the name of a
# person who is gone. No name or title has these letters in it: `one_line` takes out what cannot be printed.
NAME = re.compile("\ue000([0-9]+)\ue001")
GONE = "Somebody who has left"


def name_of(person: int) -> str:
    """Return what stands in a waiting mail for the name of the user with this key."""
    return f"\ue000{person}\ue001"


def with_names(words: str) -> str:
    """Return the words of a waiting mail with the names of the people it tells of, as they are now."""
    wanted = {int(key) for key in NAME.findall(words)}
    people = {one.pk: one_line(one.name) for one in get_user_model().objects.filter(pk__in=wanted)}
    return NAME.sub(lambda found: people.get(int(found[1]), GONE), words)


def waiting(now: datetime) -> QuerySet[GroupMail]:
    """Mails nobody is sending, though they are due."""
    return GroupMail.objects.filter(
        Q(lease_until=None) | Q(lease_until__lte=now), sent_at=None, dropped_at=None, run_after__lte=now
    )


def claim(pk: int, now: datetime) -> GroupMail | None:
    """Take the lease of a mail that is due, or None when another worker has it or it has gone out."""
    taken = waiting(now).filter(pk=pk).update(lease_until=now + LEASE, attempts=F("attempts") + 1)
    return GroupMail.objects.select_related("user", "invitation", "session").get(pk=pk) if taken else None


def send(pk: int, now: datetime) -> bool:
    """Send one mail if it is due and still news; return whether it went out."""
    mail = claim(pk, now)
    if mail is None:
        return False
    if is_old_news(mail, now):
        GroupMail.objects.filter(pk=pk).update(dropped_at=now, lease_until=None, **NO_WORDS)
        return False
    try:
        message(mail).send()
    except Exception:
        log.warning("mail %s could not be sent, attempt %d", mail.pk, mail.attempts, exc_info=True)
        gone = {"dropped_at": now, **NO_WORDS} if mail.attempts >= MOST_ATTEMPTS else {}
        later = now + timedelta(seconds=15 * 2**mail.attempts)
        GroupMail.objects.filter(pk=pk).update(lease_until=None, run_after=later, **gone)
        return False
    GroupMail.objects.filter(pk=pk).update(sent_at=now, lease_until=None, **NO_WORDS)
    return True


def is_old_news(mail: GroupMail, now: datetime) -> bool:
    """Whether what this mail says is no longer so, or no longer this person's."""
    if now >= mail.stale_at:
        return True
    if mail.invitation is not None:
        return bool(mail.invitation.revoked_at or mail.invitation.used_at)
    if mail.user is None or not mail.user.is_active or not mail.user.email:
        return True
    if not mail.key.startswith("reminder:"):
        return False
    session = mail.session
    if session is None or session.cancelled_at or not mail.key.startswith(reminder_key(session)):
        return True
    return not (
        GroupSeat.objects.filter(session=session, user=mail.user).exists()
        and Membership.objects.filter(group=session.group_id, user=mail.user, removed_at=None).exists()
    )


def reminder_key(session: GroupSession) -> str:
    """Return how the keys of reminders of this session, at its present time, begin."""
    return f"reminder:{session.pk}:{session.starts_at:%Y%m%dT%H%M}:"


def message(mail: GroupMail) -> EmailMultiAlternatives:
    """Return the mail as Django sends it: plain text, with the calendar file beside it where there is one."""
    body, to = with_names(mail.body), mail.user.email if mail.user else ""
    if mail.invitation is not None:
        to = mail.invitation.email
        body = body.replace(LINK, tokens.join_url(tokens.of_invitation(mail.invitation)))
    name = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    letter = EmailMultiAlternatives(
        subject=one_line(with_names(mail.subject)),
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[one_line(to)],
        headers={"Message-ID": f"<{name}@mockboard>", "Auto-Submitted": "auto-generated"},
    )
    if mail.calendar:
        letter.attach("session.ics", mail.calendar, f"text/calendar; method={mail.method}")
    return letter


def send_waiting(now: datetime, most: int = 200) -> int:
    """Send what is due, the oldest first; return how many went out."""
    due = waiting(now).order_by("run_after", "pk").values_list("pk", flat=True)[:most]
    return sum(send(pk, now) for pk in list(due))


def forget_old(now: datetime) -> None:
    """Delete the rows of mails from long ago."""
    GroupMail.objects.filter(created_at__lte=now - KEPT_FOR).delete()
