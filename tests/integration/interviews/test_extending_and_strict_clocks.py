"""Five minutes more, and clocks that are strict: no pause, no more time, handed in without a browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import access, schedule, sweeping
from interviews.models import EventKind, Interview, Job, Role, State, Submission
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from whiteboard import log

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(name, interview):
    return reverse(f"interviews:{name}", args=[interview.pk])


@pytest.fixture
def room(candidate):
    return small_room(candidate)


@pytest.fixture
def overdue(candidate):
    """A strict clock that ran out a second ago."""
    return small_room(candidate, strict=True, now=timezone.now() - timedelta(minutes=45, seconds=1))


def test_five_minutes_more_go_to_the_running_step_and_the_whole(room, candidate, client_of):
    before = room.running_phase().budget_seconds
    answer = client_of(candidate).post(url("extend", room), {"seen": 0}, headers=HTMX)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Time left of 50 minutes" in page
    assert 'data-budget="3000"' in page
    room.refresh_from_db()
    assert (room.extra_seconds, room.running_phase().budget_seconds) == (300, before + 300)
    assert sum(phase.budget_seconds for phase in room.phases.all()) == room.budget_seconds == 50 * 60
    event = room.events.get(kind=EventKind.EXTENDED)
    assert (event.payload, event.actor) == ({"seconds": 300, "step": "clarify"}, candidate)


def test_a_second_click_adds_nothing_more_and_three_times_is_all(room, candidate, client_of):
    browser = client_of(candidate)
    assert browser.post(url("extend", room), {"seen": 0}).status_code == 302
    again = browser.post(url("extend", room), {"seen": 0})
    assert "already added" in again.content.decode()
    for seen in (300, 600):
        assert browser.post(url("extend", room), {"seen": seen}).status_code == 302
    last = browser.post(url("extend", room), {"seen": 900})
    assert last.status_code == 422
    assert "there are no more" in last.content.decode()
    assert "Add five minutes" not in browser.get(url("room", room)).content.decode()
    assert room.events.filter(kind=EventKind.EXTENDED).count() == 3


@pytest.mark.parametrize("data", [{}, {"seen": "x"}, {"seen": -300}])
def test_an_extension_without_what_was_seen_is_refused(room, candidate, client_of, data):
    assert client_of(candidate).post(url("extend", room), data).status_code == 422
    assert not room.events.filter(kind=EventKind.EXTENDED).exists()


def test_only_candidate_and_interviewer_add_time_and_only_the_candidate_abandons(
    room, candidate, interviewer, observer, stranger, client_of, client
):
    seat(room, interviewer, Role.INTERVIEWER)
    seat(room, observer, Role.OBSERVER)
    for name in ("extend", "come_back", "leave", "abandon"):
        assert client_of(observer).post(url(name, room)).status_code == 403
        assert client_of(stranger).post(url(name, room)).status_code == 404
        assert client.post(url(name, room)).status_code == 302
        assert client_of(candidate).get(url(name, room)).status_code == 405
    assert client_of(interviewer).post(url("abandon", room)).status_code == 403
    room.refresh_from_db()
    assert (room.state, room.events.count()) == (State.RUNNING, 2)
    assert client_of(interviewer).post(url("extend", room), {"seen": 0}).status_code == 302


def test_a_strict_clock_is_chosen_at_the_start_and_neither_paused_nor_extended(candidate, client_of):
    room = small_room(candidate)
    browser = client_of(candidate)
    case = reverse("casestudies:case", args=[room.case.slug])
    assert 'name="strict"' in browser.get(case).content.decode()
    to = browser.post(
        reverse("interviews:start"), {"case": room.case.slug, "framework": "small", "strict": "1"}
    ).url
    strict = Interview.objects.get(strict=True)
    page = browser.get(to).content.decode()
    assert "Pause the clock" not in page
    assert "Add five minutes" not in page
    assert "data-strict" in page
    for name in ("pause", "extend"):
        refused = browser.post(url(name, strict), {"seen": 0})
        assert refused.status_code == 422
        assert "clock is strict" in refused.content.decode()
    strict.refresh_from_db()
    assert (strict.state, strict.extra_seconds) == (State.RUNNING, 0)


def test_a_strict_clock_hands_the_design_in_without_any_browser(overdue, candidate, client_of):
    log.seed(overdue.board, [], {"clarify": "Lower the losses by fraud."})
    schedule.sweep_clocks()
    schedule.sweep_clocks()
    submission = Submission.objects.get()
    assert submission.answers["clarify"] == "Lower the losses by fraud."
    overdue.refresh_from_db()
    assert overdue.state == State.SUBMITTED
    assert overdue.ended_at - overdue.started_at == timedelta(minutes=45)
    assert sum(submission.seconds_per_step.values()) == 45 * 60
    event = overdue.events.get(kind=EventKind.SUBMITTED)
    assert (event.actor, event.payload["by"]) == (None, "clock")
    assert Job.objects.count() == 1
    assert client_of(candidate).get(url("room", overdue)).url == url("self_score", overdue)


def test_a_strict_clock_that_still_runs_or_an_easy_going_one_is_left_alone(candidate, stranger):
    soon = small_room(candidate, strict=True, now=timezone.now() - timedelta(minutes=44))
    easy = small_room(stranger, now=timezone.now() - timedelta(hours=1))
    log.seed(easy.board, [], {"clarify": "Words"})
    assert sweeping.submit_overdue(timezone.now()) == 0
    assert {soon.state, easy.state} == {State.RUNNING}
    assert not Submission.objects.exists()


def test_with_nothing_drawn_or_written_a_strict_interview_expires_and_says_why(overdue, candidate, client_of):
    assert sweeping.submit_overdue(timezone.now()) == 1
    overdue.refresh_from_db()
    assert (overdue.state, overdue.running_phase()) == (State.EXPIRED, None)
    assert not Submission.objects.exists()
    page = client_of(candidate).get(url("room", overdue)).content.decode()
    assert "This interview has expired" in page
    assert "nothing drawn or written" in page
    assert "Submit design" not in page
    assert "nothing drawn or written" in client_of(candidate).get("/").content.decode()


def test_after_its_end_nobody_changes_anything_though_no_sweep_has_come(overdue, candidate, client_of):
    found = access.seat_of(candidate, overdue.pk)
    assert (found.draws, found.writes_notes) == (False, False)
    browser = client_of(candidate)
    refused = browser.post(url("advance_phase", overdue), {"running": overdue.running_phase().pk})
    assert "Time is up" in refused.content.decode()
    page = browser.get(url("room", overdue)).content.decode()
    assert "Time is up" in page
    assert "Next step" not in page
    assert '"right": "read"' in page
    key = browser.cookies["sessionid"].value
    [seated] = access.seats_at_boards([(key, candidate.pk, overdue.board_id)])
    assert not seated.draws


def test_the_mark_of_a_seat_changes_when_a_strict_clock_runs_out(candidate, client_of, monkeypatch):
    from interviews import at_boards

    room = small_room(candidate, strict=True, now=timezone.now() - timedelta(minutes=44))
    key = client_of(candidate).cookies["sessionid"].value
    wanted = [(key, candidate.pk, room.board_id)]
    before = at_boards.marks_at_boards(wanted)
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr(at_boards.timezone, "now", lambda: later)
    after = at_boards.marks_at_boards(wanted)
    assert None not in (*before, *after)
    assert before != after
