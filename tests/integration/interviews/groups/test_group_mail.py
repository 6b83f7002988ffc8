"""What goes out by mail and into calendars: each thing once, as it is, and never the case."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Component

from accounts.models import User
from interviews.groups import people, planning, post, reminders
from interviews.models import Group, GroupMail, GroupSession
from tests.factories.groups import plan_session
from tests.integration.at_once import at_once

ClientOf = Callable[[User], Client]
HOUR = timedelta(hours=1)
NOON = datetime(2036, 6, 2, 12, tzinfo=UTC)


@pytest.fixture
def posted(group: Group) -> Callable[[], dict[str, EmailMessage]]:
    """Return a function that sends what waits and gives it by its reader's address."""
    GroupMail.objects.all().delete()

    def send(now: datetime | None = None) -> dict[str, EmailMessage]:
        mail.outbox.clear()
        post.send_waiting(now or timezone.now())
        assert len({letter.to[0] for letter in mail.outbox}) == len(mail.outbox), "one each"
        return {letter.to[0]: letter for letter in mail.outbox}

    return send


Posted = Callable[[], dict[str, EmailMessage]]


def event_in(letter: EmailMessage) -> tuple[str, Component]:
    [(name, content, kind)] = letter.attachments
    calendar = Calendar.from_ical(content)
    assert name == "session.ics"
    assert kind == f"text/calendar; method={calendar['METHOD']}"
    [_, sent] = letter.message().get_payload()
    assert (sent.get_content_type(), sent.get_param("method")) == ("text/calendar", str(calendar["METHOD"]))
    assert sent["Content-Type"].count("charset") == 1
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def test_a_new_session_is_told_to_everybody_with_a_calendar_file(
    posted: Posted, session: GroupSession, owner: User
):
    letters = posted()
    assert len(letters) == 4
    method, event = event_in(letters[owner.email])
    assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", f"{session.pk}@mockboard", 0)
    assert event.decoded("DTSTART") == session.starts_at
    assert str(event["ATTENDEE"]) == f"mailto:{owner.email}"
    said = {name: event["ATTENDEE"].params[name] for name in ("PARTSTAT", "RSVP")}
    assert said == {"PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}, "nobody reads an answer sent by mail"
    assert "You are the candidate." in letters[owner.email].body
    assert "(Europe/Vienna)" in letters[owner.email].body
    assert "(UTC)" in letters["ivo@example.org"].body
    assert session.get_absolute_url() in letters[owner.email].body
    assert posted() == {}, "and not again"


def test_changes_and_the_end_raise_the_sequence_of_the_same_entry(
    posted: Posted, session: GroupSession, owner: User, candidate: User
):
    first = event_in(posted()[owner.email])[1]
    terms = {"framework": session.framework, "level": "senior", "minutes": 60, "strict": False}
    planning.change(
        session, by=candidate, local=datetime(2036, 1, 8, 9), zone="UTC", most_interviewers=2,
        now=timezone.now(), **terms,
    )  # fmt: skip
    second = event_in(posted()[owner.email])[1]
    planning.call_off(session, by=candidate, now=timezone.now())
    method, third = event_in(posted()[owner.email])
    assert {event["UID"] for event in (first, second, third)} == {f"{session.pk}@mockboard"}
    assert [event["SEQUENCE"] for event in (first, second, third)] == [0, 1, 2]
    assert [str(event["STATUS"]) for event in (first, second, third)] == ["CONFIRMED"] * 2 + ["CANCELLED"]
    assert method == "CANCEL"
    assert second.decoded("DTSTART") == datetime(2036, 1, 8, 9, tzinfo=UTC)


def test_a_series_is_one_mail_with_all_its_dates(posted: Posted, group: Group, owner: User):
    plan_session(group, owner, weeks=4)
    letters = posted()
    assert len(letters) == 4
    [(_, content, _)] = letters[owner.email].attachments
    assert len(Calendar.from_ical(content).walk("VEVENT")) == 4


def test_only_those_whose_role_changed_hear_of_it(posted: Posted, session: GroupSession, owner: User):
    posted()
    planning.reply(session, user=owner, answer="no", now=timezone.now())
    letters = posted()
    assert sorted(letters) == ["oda@example.org", "olga@example.org"]
    assert "You are the candidate." in letters["olga@example.org"].body


def test_no_mail_and_no_calendar_names_the_case(
    posted: Posted, group: Group, session: GroupSession, owner: User, client_of: ClientOf
):
    planning.reply(session, user=owner, answer="no", now=timezone.now())
    reminders.remind(session.starts_at - HOUR)
    planning.call_off(session, by=owner, now=timezone.now())
    stored = str(list(GroupMail.objects.values()))
    mail.outbox.clear()
    post.send_waiting(timezone.now())
    assert mail.outbox
    for letter in mail.outbox:
        stored += letter.message().as_string()
    token = people.new_calendar(owner, timezone.now())
    stored += Client().get(f"/groups/calendar/{token}.ics").content.decode()
    assert "Secret case" not in stored
    assert not any(case in stored for case in GroupSession.objects.values_list("case__slug", flat=True))


def test_who_leaves_has_it_taken_out_of_the_calendar(posted: Posted, session: GroupSession, group: Group):
    posted()
    people.part(group.memberships.get(user__email="olga@example.org"), timezone.now())
    letters = posted()
    assert list(letters) == ["olga@example.org"]
    method, event = event_in(letters["olga@example.org"])
    assert (method, event["SEQUENCE"], str(event["STATUS"])) == ("CANCEL", 1, "CANCELLED")


@pytest.mark.parametrize(
    "name", ["Tuesdays\r\nBcc: all@example.org", "Tuesdays\n\nFrom: x", "{the link to join}"]
)
def test_a_name_cannot_write_headers_or_lines(posted: Posted, group: Group, owner: User, name: str):
    Group.objects.filter(pk=group.pk).update(name=name)
    group.refresh_from_db()
    User.objects.filter(pk=owner.pk).update(display_name="Oda\r\nBcc: you@example.org")
    owner.refresh_from_db()
    plan_session(group, owner)
    people.invite(group, by=owner, now=timezone.now(), email="new@example.org")
    letters = posted()
    assert len(letters) == 5
    for to, letter in letters.items():
        sent = letter.message()
        assert "\n" not in sent["Subject"].replace("\n ", " ")
        assert sent["Bcc"] is None
        assert letter.recipients() == [to]
        assert not any(line.startswith(("Bcc:", "From:")) for line in letter.body.splitlines())


@pytest.fixture
def tomorrow(group: Group, owner: User) -> GroupSession:
    """A session at noon of a day in June, planned three days before."""
    session = plan_session(group, owner, starts_at=NOON, now=NOON - timedelta(days=3))
    GroupMail.objects.all().delete()
    return session


def reminded(now: datetime) -> list[str]:
    mail.outbox.clear()
    reminders.remind(now)
    post.send_waiting(now)
    return [letter.subject for letter in mail.outbox]


def test_reminders_come_once_a_day_and_once_an_hour_before(tomorrow: GroupSession, observer: User):
    tomorrow.seats.filter(user=observer).update(answer="no")
    assert reminded(NOON - 25 * HOUR) == []
    assert reminded(NOON - 24 * HOUR) == ["Tomorrow: Tuesdays"] * 3
    assert reminded(NOON - 23 * HOUR) == []
    assert reminded(NOON - HOUR) == ["In an hour: Tuesdays"] * 3
    assert reminded(NOON - HOUR / 2) == []
    assert reminded(NOON) == []


def test_a_moved_session_is_reminded_of_anew_and_one_called_off_not_at_all(
    tomorrow: GroupSession, owner: User
):
    assert len(reminded(NOON - 20 * HOUR)) == 4
    terms = {"framework": tomorrow.framework, "level": "senior", "minutes": 45, "strict": False}
    planning.change(
        tomorrow, by=owner, local=datetime(2036, 6, 5, 12), zone="UTC", most_interviewers=2,
        now=NOON - 19 * HOUR, **terms,
    )  # fmt: skip
    GroupMail.objects.exclude(key__startswith="reminder:").delete()
    assert reminded(NOON - HOUR) == []
    assert len(reminded(NOON + 50 * HOUR)) == 4
    reminders.remind(NOON + 71 * HOUR)  # in the outbox, and then …
    planning.call_off(tomorrow, by=owner, now=NOON + 71 * HOUR)
    GroupMail.objects.exclude(key__startswith="reminder:").delete()
    mail.outbox.clear()
    post.send_waiting(NOON + 71 * HOUR)
    assert mail.outbox == []


def test_no_reminder_follows_on_the_heels_of_the_plan(group: Group, owner: User):
    plan_session(group, owner, starts_at=NOON, now=NOON - 5 * HOUR)
    GroupMail.objects.all().delete()
    assert reminded(NOON - 4 * HOUR) == []
    assert len(reminded(NOON - HOUR)) == 4


def test_a_worker_killed_before_sending_loses_nothing(tomorrow: GroupSession):
    now = NOON - 24 * HOUR
    reminders.remind(now)
    [*rows] = GroupMail.objects.all()
    for row in rows:
        assert post.claim(row.pk, now) is not None  # and here it dies
    mail.outbox.clear()
    assert post.send_waiting(now + post.LEASE / 2) == 0, "the lease holds"
    assert post.send_waiting(now + post.LEASE) == 4
    assert post.send_waiting(now + 10 * post.LEASE) == 0
    assert len(mail.outbox) == 4


def test_a_mail_server_that_refuses_is_asked_again_later_and_then_no_more(
    tomorrow: GroupSession, monkeypatch: pytest.MonkeyPatch
):
    now = NOON - 24 * HOUR
    reminders.remind(now)
    real = EmailMessage.send
    monkeypatch.setattr(EmailMessage, "send", lambda self, **_: (_ for _ in ()).throw(OSError("no")))
    assert post.send_waiting(now) == 0
    assert set(GroupMail.objects.values_list("attempts", "sent_at", "lease_until")) == {(1, None, None)}
    assert post.send_waiting(now + timedelta(seconds=5)) == 0
    assert set(GroupMail.objects.values_list("attempts", flat=True)) == {1}, "not at once"
    monkeypatch.setattr(EmailMessage, "send", real)
    mail.outbox.clear()
    assert post.send_waiting(now + timedelta(minutes=1)) == 4
    names = {letter.message()["Message-ID"] for letter in mail.outbox}
    assert len(names) == 4
    assert set(GroupMail.objects.values_list("subject", "body", "calendar")) == {("", "", "")}, "no words"


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_mail_once(group: Group, owner: User):
    GroupMail.objects.all().delete()
    plan_session(group, owner)
    mail.outbox.clear()
    sent = at_once([partial(post.send_waiting, timezone.now())] * 4)
    assert (sum(sent), len(mail.outbox)) == (4, 4)
    assert GroupMail.objects.filter(sent_at=None).count() == 0


def test_a_calendar_is_read_by_its_secret_address_alone(
    client: Client, client_of: ClientOf, group: Group, session: GroupSession, owner: User, candidate: User
):
    page = client_of(candidate).post("/groups/calendar/").content.decode()
    path = "/groups/calendar/" + page.split("/groups/calendar/")[1].split('"')[0]
    assert path.endswith(".ics")
    answer = client.get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event["UID"], str(event["STATUS"])) == (f"{session.pk}@mockboard", "CONFIRMED")
    assert "You are an interviewer for" in str(event["DESCRIPTION"])
    planning.call_off(session, by=owner, now=timezone.now())
    [event] = Calendar.from_ical(client.get(path).content).walk("VEVENT")
    assert (event["SEQUENCE"], str(event["STATUS"])) == (1, "CANCELLED")
    people.part(group.memberships.get(user=candidate), timezone.now())
    assert Calendar.from_ical(client.get(path).content).walk("VEVENT") == [], "not in the group any more"
    client_of(candidate).post("/groups/calendar/")
    assert client.get(path).status_code == 404, "replaced"


def test_a_calendar_ends_with_the_account(client: Client, candidate: User):
    token = people.new_calendar(candidate, timezone.now())
    assert client.get(f"/groups/calendar/{token}.ics").status_code == 200
    User.objects.filter(pk=candidate.pk).update(is_active=False)
    assert client.get(f"/groups/calendar/{token}.ics").status_code == 404
    guest = User.objects.create_guest(timezone.now())
    token = people.new_calendar(guest, timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        assert client.get(f"/groups/calendar/{token}.ics").status_code == 404


def test_a_mail_that_waits_keeps_no_name_of_who_deletes_their_account(
    session: GroupSession, candidate: User, owner: User
):
    planning.change(
        session, local=datetime(2036, 1, 8, 9), zone="UTC", by=candidate, now=timezone.now(),
        framework=session.framework, level="senior", minutes=60, strict=False, most_interviewers=2,
    )  # fmt: skip
    waits = GroupMail.objects.get(key__startswith="changed:", user=owner)
    assert "Cleo" not in waits.subject + waits.body + waits.calendar
    assert "Cleo Candidate has moved a session in" in post.message(waits).body
    people.take_leave(candidate, timezone.now())
    candidate.delete()
    late = post.message(waits)
    assert "Cleo" not in late.subject + late.body
    assert "Somebody who has left has moved a session in" in late.body


def test_nobody_reads_a_name_by_calling_a_group_like_the_place_of_one(
    posted: Posted, group: Group, candidate: User, stranger: User, owner: User
):
    Group.objects.filter(pk=group.pk).update(name=f"Tuesdays {post.name_of(stranger.pk)}")
    group.refresh_from_db()
    plan_session(group, candidate)
    assert "Sam" not in "".join(letter.subject + letter.body for letter in posted().values())
