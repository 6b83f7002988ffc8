"""The laptop is closed and opened the next day: nothing is lost, and the choice is the person's."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import attendance, schedule, sweeping
from interviews.models import EventKind, Interview, Participant, Role, State, Submission
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from whiteboard import log
from whiteboard.models import Update

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NIGHT = timedelta(hours=14)


def url(name, interview):
    return reverse(f"interviews:{name}", args=[interview.pk])


def written(interview, at):
    """Write a line of notes as if at some moment."""
    log.seed(interview.board, [], {"clarify": "Lower the losses by fraud."})
    Update.objects.filter(board=interview.board).update(at=at)


@pytest.fixture
def left(candidate):
    """A room begun last evening and left after twelve minutes, while its clock ran."""
    began = timezone.now() - NIGHT
    interview = small_room(candidate, now=began)
    written(interview, began + timedelta(minutes=12))
    return interview


def test_who_comes_back_is_offered_three_ways_on_and_sees_the_clock_as_it_stood(left, candidate, client_of):
    page = client_of(candidate).get(url("room", left)).content.decode()
    assert "Welcome back" in page
    assert "Go on with 33:00 left" in page
    assert url("submit", left) in page
    assert url("abandon", left) in page
    assert 'id="board"' not in page
    left.refresh_from_db()
    assert (left.state, left.events.count()) == (State.RUNNING, 2), "looking changes nothing"
    today = client_of(candidate).get("/").content.decode()
    assert "Paused since" in today
    assert "33:00" in today


def test_going_on_does_not_count_the_night(left, candidate, client_of):
    browser = client_of(candidate)
    for _ in range(2):
        assert browser.post(url("come_back", left)).url == url("room", left)
    left.refresh_from_db()
    assert left.state == State.RUNNING
    now = timezone.now()
    assert abs(left.reading(now).spent - 12 * 60) < 30
    assert abs(left.running_phase().reading(now).spent - 12 * 60) < 30
    assert left.events.filter(kind=EventKind.RESUMED).count() == 1
    assert 'id="board"' in browser.get(url("room", left)).content.decode()


def test_submitting_the_next_day_hands_in_the_minutes_of_the_evening(left, candidate, client_of):
    assert client_of(candidate).post(url("submit", left)).status_code == 302
    submission = Submission.objects.get()
    assert submission.answers["clarify"] == "Lower the losses by fraud."
    assert sum(submission.seconds_per_step.values()) == 12 * 60
    left.refresh_from_db()
    assert left.ended_at - left.started_at == timedelta(minutes=12)


def test_an_abandoned_interview_is_kept_to_be_read_and_cannot_be_gone_on_with(left, candidate, client_of):
    browser = client_of(candidate)
    for _ in range(2):
        assert browser.post(url("abandon", left)).url == url("room", left)
    left.refresh_from_db()
    assert (left.state, left.running_phase()) == (State.ABANDONED, None)
    assert left.ended_at - left.started_at == timedelta(minutes=12)
    assert left.events.filter(kind=EventKind.ABANDONED).count() == 1
    page = browser.get(url("room", left)).content.decode()
    assert "was abandoned" in page
    assert '"right": "read"' in page
    for name in ("come_back", "submit", "pause"):
        assert browser.post(url(name, left)).status_code == 422
    left.refresh_from_db()
    assert left.state == State.ABANDONED
    assert not Submission.objects.exists()
    Interview.objects.filter(pk=left.pk).update(ended_at=timezone.now())
    assert "Ended without a scorecard" in browser.get("/").content.decode()


def test_a_room_that_has_ended_shows_the_notes_of_the_step_it_ended_in(candidate, client_of):
    interview = small_room(candidate, now=timezone.now())
    browser = client_of(candidate)
    browser.post(url("advance_phase", interview), {"running": interview.running_phase().pk})
    browser.post(url("abandon", interview))
    page = browser.get(url("room", interview)).content.decode()
    fields = dict(re.findall(r'data-notes-step="([a-z]+)"[^>]*?( hidden)?></textarea>', page))
    last = interview.phases.get(position=2)
    assert [step for step, hidden in fields.items() if not hidden] == [last.step]
    assert f"Notes for 2 {last.short}" in page
    assert "You asked nothing." in page


def test_a_tab_that_wakes_up_is_led_to_the_choice_before_its_clicks_count(left, candidate, client_of):
    browser = client_of(candidate)
    attendance.note(left.pk, candidate.pk, timezone.now())  # its socket is back before anybody chose
    running = left.running_phase().pk
    for answer in (
        browser.get(url("phase_bar", left), headers=HTMX),
        browser.post(url("advance_phase", left), {"running": running}, headers=HTMX),
        browser.post(url("pause", left), headers=HTMX),
    ):
        assert (answer.status_code, answer["HX-Redirect"]) == (204, url("room", left))
    assert left.events.count() == 2


def test_the_sweeper_stops_the_clock_of_a_room_that_was_left_and_says_since_when(left, candidate, client_of):
    schedule.sweep_rooms()
    schedule.sweep_rooms()
    left.refresh_from_db()
    assert left.state == State.PAUSED
    assert left.reading(timezone.now()).spent == 12 * 60
    event = left.events.get(kind=EventKind.PAUSED)
    assert (event.actor, event.payload["since"]) == (None, left.paused_at.isoformat())
    log.seed(left.board, [], {"data": "Drawn offline, and sent by a tab that woke up."})
    page = client_of(candidate).get(url("room", left)).content.decode()
    assert "Go on with 33:00 left" in page
    client_of(candidate).post(url("come_back", left))
    left.refresh_from_db()
    assert (left.state, round(left.reading(timezone.now()).spent / 60)) == (State.RUNNING, 12)


def test_a_room_with_somebody_in_it_is_not_left(left, candidate, interviewer, client_of):
    now = timezone.now()
    seat(left, interviewer, Role.INTERVIEWER)
    Participant.objects.filter(user=interviewer).update(here_at=now - timedelta(minutes=1))
    Update.objects.update(at=now - timedelta(minutes=30))
    assert attendance.away_since(left, now) is None
    assert sweeping.set_aside_untouched(now) == 0
    assert 'id="board"' in client_of(candidate).get(url("room", left)).content.decode()
    attendance.note(left.pk, interviewer.pk, now)
    assert Participant.objects.get(user=interviewer).here_at == now


def test_an_open_tab_without_a_touch_for_hours_is_left_too(left, candidate):
    now = timezone.now()
    Participant.objects.filter(user=candidate).update(here_at=now)
    assert sweeping.set_aside_untouched(now) == 1
    left.refresh_from_db()
    assert left.reading(now).spent == 12 * 60


def test_an_observer_alone_does_not_keep_a_room(left, observer):
    seat(left, observer, Role.OBSERVER)
    Participant.objects.filter(user=observer).update(here_at=timezone.now())
    assert attendance.away_since(left, timezone.now()) is not None


def test_pausing_and_leaving_goes_home_and_the_clock_waits(candidate, client_of):
    room = small_room(candidate)
    browser = client_of(candidate)
    for _ in range(2):
        assert browser.post(url("leave", room)).url == "/"
    room.refresh_from_db()
    assert (room.state, room.events.filter(kind=EventKind.PAUSED).count()) == (State.PAUSED, 1)
    assert "Paused;" in browser.get("/").content.decode()


def test_two_weeks_later_it_expires_with_everything_kept(left, candidate, client_of):
    sweeping.set_aside_untouched(timezone.now())
    assert sweeping.expire_forgotten(timezone.now() + timedelta(days=13)) == 0
    assert sweeping.expire_forgotten(timezone.now() + timedelta(days=15)) == 1
    left.refresh_from_db()
    assert (left.state, left.ended_at - left.started_at) == (State.EXPIRED, timedelta(minutes=12))
    assert left.events.get(kind=EventKind.EXPIRED).payload == {"reason": "forgotten"}
    page = client_of(candidate).get(url("room", left)).content.decode()
    assert "Nobody came back to it for two weeks" in page
    assert '"right": "read"' in page


def test_a_strict_clock_waits_for_nobody(candidate, client_of):
    room = small_room(candidate, strict=True, now=timezone.now() - timedelta(minutes=30))
    assert attendance.away_since(room, timezone.now()) is None
    assert sweeping.set_aside_untouched(timezone.now()) == 0
    assert 'id="board"' in client_of(candidate).get(url("room", room)).content.decode()
