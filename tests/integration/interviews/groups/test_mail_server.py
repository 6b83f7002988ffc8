"""What becomes of mails when the mail server is away, says no, or later: none is lost, none is sent twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import User
from interviews.groups import outbox, people, post
from interviews.models import Group, GroupMail, GroupSession
from tests.factories.groups import plan_session
from tests.factories.mail_server import BACKEND, Line

pytestmark = pytest.mark.django_db
NOON = datetime(2036, 6, 2, 12, tzinfo=UTC)
IVO = "ivo@example.org"


@pytest.fixture
def session(group: Group, owner: User, settings) -> GroupSession:
    """A session of four, of which everybody is owed a mail; the server is up."""
    GroupMail.objects.all().delete()
    settings.EMAIL_BACKEND = BACKEND
    Line.up()
    return plan_session(group, owner, starts_at=NOON + timedelta(days=3), now=NOON)


def states() -> list[str]:
    rows = GroupMail.objects.values_list("sent_at", "dropped_at")
    return sorted("sent" if sent else "dropped" if dropped else "waits" for sent, dropped in rows)


def says(code: int, to: str = IVO) -> Callable[[str], None]:
    def answer(recipient: str) -> None:
        if recipient == to:
            raise SMTPRecipientsRefused({recipient: (code, b"no")})

    return answer


def until(now: datetime, end: timedelta) -> None:
    """Have the clock look into the outbox as often as it does, in coarser steps."""
    moment = now
    while moment < now + end:
        post.send_waiting(moment)
        moment += timedelta(minutes=5)


def test_all_that_is_due_goes_over_one_line(session: GroupSession):
    assert post.send_waiting(NOON) == 4
    assert (Line.opened, len(Line.taken)) == (1, 4)
    assert post.send_waiting(NOON) == 0
    assert Line.opened == 1, "nothing to send opens none"


@pytest.mark.parametrize(
    "away",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        SMTPAuthenticationError(535, b"who?"),
        SMTPSenderRefused(550, b"not yours", "mockboard@localhost"),
    ],
    ids=["away", "hangs", "password", "sender"],
)
def test_a_server_that_is_away_for_hours_is_asked_once_a_round_and_loses_nothing(
    session: GroupSession, away: Exception
):
    Line.away = away
    until(NOON, timedelta(hours=6))
    assert states() == ["waits"] * 4
    assert Line.tried == []
    Line.up()
    until(NOON + timedelta(hours=6), timedelta(minutes=20))
    assert states() == ["sent"] * 4
    assert len(Line.tried) == 4, "each once"


def test_a_server_that_hangs_on_one_mail_does_not_hang_on_the_next(session: GroupSession):
    def hang(recipient: str) -> None:
        raise TimeoutError

    Line.up(hang)
    assert post.send_waiting(NOON) == 0
    assert len(Line.tried) == 1
    assert set(GroupMail.objects.values_list("attempts", "lease_until")) == {(1, None)}


def test_who_is_told_to_come_later_comes_later_alone(session: GroupSession):
    Line.up(says(451))
    assert post.send_waiting(NOON) == 3
    Line.answer = says(451, to="nobody")
    assert post.send_waiting(NOON + timedelta(minutes=1)) == 1
    assert states() == ["sent"] * 4
    assert len({letter.extra_headers["Message-ID"] for letter in Line.taken}) == 4


def test_an_address_that_is_told_later_for_hours_is_not_given_up(session: GroupSession):
    Line.up(says(450))
    until(NOON, timedelta(hours=6))
    assert states() == ["sent"] * 3 + ["waits"]


@pytest.mark.parametrize("how", ["recipient", "words"])
def test_a_mail_refused_for_good_is_given_up_and_keeps_no_words(session: GroupSession, how: str):
    def no(recipient: str) -> None:
        if recipient == IVO:
            raise SMTPDataError(554, b"no")

    Line.up(says(550) if how == "recipient" else no)
    until(NOON, timedelta(hours=6))
    assert states() == ["dropped"] + ["sent"] * 3
    assert Line.tried.count(IVO) == post.MOST_ATTEMPTS
    assert set(GroupMail.objects.values_list("subject", "body", "calendar")) == {("", "", "")}


@pytest.mark.parametrize(
    ("code", "words"),
    [(250, "mail sent"), (450, "it is tried again"), (550, "could not be delivered: make a link")],
)
def test_its_owner_reads_what_became_of_an_invitation_by_mail(
    session: GroupSession,
    group: Group,
    owner: User,
    client_of: Callable[[User], Client],
    code: int,
    words: str,
):
    now = timezone.now()
    people.invite(group, by=owner, now=now, email="new@example.org")
    Line.up(says(code, to="new@example.org") if code > 250 else lambda to: None)
    until(now, timedelta(hours=2))
    page = client_of(owner).get(f"/groups/{group.pk}/settings/").content.decode()
    assert "new@example.org</span><span" in page
    assert words in page
    assert "This server sends no mails: make a link" in page, "as none is set up"


def test_a_mail_that_cannot_be_written_holds_up_no_other(
    session: GroupSession, monkeypatch: pytest.MonkeyPatch
):
    real = post.message

    def broken(mail: GroupMail):
        if mail.user is not None and mail.user.email == IVO:
            raise ValueError
        return real(mail)

    monkeypatch.setattr(post, "message", broken)
    assert post.send_waiting(NOON) == 3


def test_a_mail_has_a_name_no_other_server_gives_and_says_where_to_leave(session: GroupSession):
    post.send_waiting(NOON)
    letter = Line.taken[0]
    name, leave = letter.extra_headers["Message-ID"], letter.extra_headers["List-Unsubscribe"]
    assert name.endswith("@127.0.0.1>")
    assert leave == f"<http://127.0.0.1:8000/groups/{session.group_id}/#leave-title>"
    row = GroupMail.objects.get(user__email=letter.to[0])
    assert post.headers_of(row)["Message-ID"] == name, "the same at every attempt"
    with override_settings(SECRET_KEY="another server's, which counts its mails from one as well"):
        assert post.headers_of(row)["Message-ID"] != name


def test_a_mail_an_account_is_owed_is_written_while_it_is_sent(owner: User, settings):
    GroupMail.objects.all().delete()
    settings.EMAIL_BACKEND = BACKEND
    Line.up()
    for _ in range(2):  # a second click in the same minute is owed no second mail
        outbox.put_account_mail("reset", owner)
    row = GroupMail.objects.get()
    assert (row.subject, row.body) == ("", "")
    assert post.send_waiting(row.created_at) == 1
    [letter] = Line.taken
    assert letter.to == [owner.email]
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in letter.body
    assert letter.subject == "Mockboard: Choose a new password"


def test_who_has_confirmed_meanwhile_is_owed_nothing(owner: User, settings):
    GroupMail.objects.all().delete()
    settings.EMAIL_BACKEND = BACKEND
    Line.up()
    owner.emailaddress_set.create(email=owner.email, primary=True, verified=True)
    outbox.put_account_mail("confirm", owner)
    assert post.send_waiting(GroupMail.objects.get().created_at) == 0
    assert states() == ["dropped"]
