"""Sending what is in the outbox: the row of a mail says whether it has gone out.

At least once, on purpose. A worker takes a lease, sends, and writes down that it has; one that dies before
sending loses nothing, because the lease runs out and the next one sends. Only a worker that dies between
the mail server's yes and that UPDATE makes a second copy, and it carries the same Message-ID, by which
mail programs know it as the same mail. The other way round a reminder could be lost, which is worse.
"""

import logging
import re
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts import post as account_post
from interviews.groups import tokens
from interviews.groups.calendars import one_line
from interviews.models import GroupMail, GroupSeat, GroupSession, Membership

log = logging.getLogger(__name__)
# Longer than the four steps of sending one mail, each of which may take EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
# A mail that a server refuses for good is given up after so many; one that it may take later when it is old.
MOST_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(minutes=15)
HANGS_UP, FOR_GOOD = 421, 500
# How the keys of mails about an account begin; their words are in accounts.post.
ACCOUNT = "account:"
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


def send(pk: int, now: datetime, line: BaseEmailBackend) -> bool:
    """Send one mail over an open line if it is due and still news; return whether it went out.

    Raises OSError when the mail server is away, and puts off this mail whatever else goes wrong.
    """
    mail = claim(pk, now)
    if mail is None:
        return False
    try:
        letter = None if is_old_news(mail, now) else message(mail)
        if letter is None:
            GroupMail.objects.filter(pk=pk).update(dropped_at=now, lease_until=None, **NO_WORDS)
            return False
        letter.connection = line
        letter.send()
    except Exception as error:
        log.warning("mail %s could not be sent, attempt %d", mail.pk, mail.attempts, exc_info=True)
        gives_up = mail.attempts >= MOST_ATTEMPTS and not may_pass(error)
        gone = {"dropped_at": now, **NO_WORDS} if gives_up else {}
        later = now + pause_after(mail.attempts)
        GroupMail.objects.filter(pk=pk).update(lease_until=None, run_after=later, **gone)
        if is_away(error):
            raise
        return False
    GroupMail.objects.filter(pk=pk).update(sent_at=now, lease_until=None, **NO_WORDS)
    return True


def pause_after(attempts: int) -> timedelta:
    """Return how long a mail waits that was tried so often: half a minute, up to a quarter of an hour."""
    return min(timedelta(seconds=15 * 2 ** min(attempts, 10)), LONGEST_PAUSE)


def may_pass(error: Exception) -> bool:
    """Whether the same mail may be taken later: the server was away, or did not say no for good."""
    if isinstance(error, SMTPRecipientsRefused):
        return any(code < FOR_GOOD for code, _ in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code < FOR_GOOD
    return isinstance(error, OSError) and not isinstance(error, SMTPNotSupportedError)


def is_away(error: Exception) -> bool:
    """Whether it is the mail server that fails, and not this one mail: the others need not be tried.

    A sender it does not know, or a password it does not take, are the same for all of them.
    """
    if isinstance(error, SMTPDataError):
        return error.smtp_code == HANGS_UP
    return isinstance(error, OSError) and not isinstance(error, SMTPRecipientsRefused | SMTPNotSupportedError)


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


def headers_of(mail: GroupMail) -> dict[str, str]:
    """Return what mail programs read: a name of its own in all the world, and where to have no more of them.

    The name is the same at every attempt, and no other server's: theirs count their mails from one as well.
    """
    words = f"{mail.key} {mail.created_at.isoformat()}"
    name = salted_hmac("interviews.groups.mail", words, algorithm="sha256").hexdigest()[:32]
    host = urlsplit(tokens.absolute("/")).hostname
    found = {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
    if mail.session is not None:
        leave = tokens.absolute(reverse("groups:group", args=[mail.session.group_id]))
        found["List-Unsubscribe"] = f"<{leave}#leave-title>"
    return found


def message(mail: GroupMail) -> EmailMessage | None:
    """Return the mail as Django sends it: plain text, with the calendar file beside it where there is one.

    None where an account is owed a mail that is of no use any more.
    """
    if mail.key.startswith(ACCOUNT):
        kind = mail.key.removeprefix(ACCOUNT).partition(":")[0]
        owed = account_post.written(kind, mail.user) if mail.user is not None else None
        if owed is not None:
            owed.extra_headers |= headers_of(mail)
        return owed
    body, to = with_names(mail.body), mail.user.email if mail.user else ""
    if mail.invitation is not None:
        to = mail.invitation.email
        body = body.replace(LINK, tokens.join_url(tokens.of_invitation(mail.invitation)))
    letter = EmailMultiAlternatives(
        subject=one_line(with_names(mail.subject)),
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[one_line(to)],
        headers=headers_of(mail),
    )
    if mail.calendar:
        letter.attach("session.ics", mail.calendar, f"text/calendar; method={mail.method}")
    return letter


def send_waiting(now: datetime, most: int = 200) -> int:
    """Send what is due, the oldest first, over one line; return how many went out.

    When the mail server is away nothing else is tried over it: one that hangs would hold up the worker for
    each mail anew, and with it everything else that workers do.
    """
    due = list(waiting(now).order_by("run_after", "pk").values_list("pk", flat=True)[:most])
    if not due:
        return 0
    line, sent = get_connection(), 0
    try:
        line.open()
        for pk in due:
            sent += send(pk, now, line)
    except OSError as error:
        log.warning("the mail server is away; what waits is tried again later: %r", error)
        put_off(now)
    finally:
        with suppress(OSError):
            line.close()
    return sent


def put_off(now: datetime) -> None:
    """Count an attempt for everything that is due, and have it wait."""
    for tries in list(waiting(now).order_by("attempts").values_list("attempts", flat=True).distinct()):
        waiting(now).filter(attempts=tries).update(
            attempts=tries + 1, lease_until=None, run_after=now + pause_after(tries + 1)
        )


def forget_old(now: datetime) -> None:
    """Delete the rows of mails from long ago."""
    GroupMail.objects.filter(created_at__lte=now - KEPT_FOR).delete()
