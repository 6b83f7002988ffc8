from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import lifecycle
from interviews.models import EventKind, Interview, State

pytestmark = pytest.mark.django_db


def url(name, interview):
    return reverse(f"interviews:{name}", args=[interview.pk])


def test_next_step_ends_one_phase_and_starts_the_next(interview, candidate, client_of):
    first = interview.running_phase()
    answer = client_of(candidate).post(
        url("advance_phase", interview), {"running": first.pk}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    second = interview.running_phase()
    first.refresh_from_db()
    assert (first.ended_at is not None, second.position) == (True, first.position + 1)
    assert f"Next step: {second.position + 1}" in answer.content.decode()


def test_a_second_click_does_not_skip_a_step(interview, candidate, client_of):
    browser, seen = client_of(candidate), {"running": interview.running_phase().pk}
    assert browser.post(url("advance_phase", interview), seen).status_code == 302
    again = browser.post(url("advance_phase", interview), seen)
    assert again.status_code == 422
    assert "already moved" in again.content.decode()
    assert interview.running_phase().position == 2
    assert interview.events.filter(kind=EventKind.PHASE_ENTERED).count() == 2


def test_a_step_of_another_interview_is_refused(interview, candidate, client_of, stranger):
    from tests.factories.interviews import start_interview

    other = start_interview(stranger)
    answer = client_of(candidate).post(url("advance_phase", interview), {"running": other.running_phase().pk})
    assert answer.status_code == 422
    assert "not part of this interview" in answer.content.decode()
    assert other.running_phase().position == interview.running_phase().position == 1


def test_the_last_step_ends_by_submitting_only(interview, candidate, client_of):
    browser = client_of(candidate)
    for _ in range(6):
        browser.post(url("advance_phase", interview), {"running": interview.running_phase().pk})
    answer = browser.post(url("advance_phase", interview), {"running": interview.running_phase().pk})
    assert "last step" in answer.content.decode()
    assert interview.running_phase().position == 7


def test_a_paused_clock_stands_still_and_goes_on_where_it_stood(library, candidate):
    from tests.factories.interviews import start_interview

    start = timezone.now()
    interview = start_interview(candidate, now=start)
    lifecycle.pause(interview, actor=candidate, now=start + timedelta(minutes=4))
    interview.refresh_from_db()
    assert interview.reading(start + timedelta(minutes=30)).spent == 240
    phase = interview.running_phase()
    assert phase.reading(start + timedelta(minutes=30), interview.paused_at).spent == 240
    lifecycle.resume(interview, actor=candidate, now=start + timedelta(minutes=30))
    interview.refresh_from_db()
    assert interview.state == State.RUNNING
    assert interview.reading(start + timedelta(minutes=31)).spent == 300
    assert interview.running_phase().reading(start + timedelta(minutes=31)).spent == 300


def test_pausing_twice_and_resuming_twice_are_refused_in_words(interview, candidate, client_of):
    browser = client_of(candidate)
    assert browser.post(url("pause", interview)).status_code == 302
    assert "nothing to pause" in browser.post(url("pause", interview)).content.decode()
    assert (
        "paused"
        in browser.post(
            url("advance_phase", interview), {"running": interview.running_phase().pk}
        ).content.decode()
    )
    assert browser.post(url("resume", interview)).status_code == 302
    assert "not paused" in browser.post(url("resume", interview)).content.decode()
    kinds = list(interview.events.order_by("seq").values_list("kind", flat=True))
    assert kinds[2:] == [EventKind.PAUSED, EventKind.RESUMED]


def test_a_refresh_shows_the_time_the_server_keeps(interview, candidate, client_of):
    Interview.objects.filter(pk=interview.pk).update(started_at=interview.started_at - timedelta(minutes=40))
    page = client_of(candidate).get(url("room", interview)).content.decode()
    assert "is-amber" in page
    assert 'data-budget="2700"' in page


def test_only_candidate_and_interviewer_run_the_clock(
    full_room, interviewer, observer, stranger, client_of, client
):
    for name in ("pause", "advance_phase", "resume"):
        assert client_of(observer).post(url(name, full_room)).status_code == 403
        assert client_of(stranger).post(url(name, full_room)).status_code == 404
        assert client.post(url(name, full_room)).status_code == 302
        assert client_of(interviewer).get(url(name, full_room)).status_code == 405
    assert full_room.events.count() == 2
    assert client_of(interviewer).post(url("pause", full_room)).status_code == 302


def test_hints_are_given_in_order_and_logged_once(interview, candidate, client_of):
    browser = client_of(candidate)
    hint = interview.case.hints.get(dimension="scope", rung=1)
    sketch = interview.case.hints.get(dimension="scope", rung=3)
    assert hint.text not in browser.get(url("room", interview)).content.decode()
    skipped = browser.post(url("hints", interview), {"dimension": "scope", "rung": 3})
    assert skipped.status_code == 422
    assert "in order" in skipped.content.decode()
    for _ in range(2):
        answer = browser.post(
            url("hints", interview), {"dimension": "scope", "rung": 1}, headers={"HX-Request": "true"}
        )
    from django.utils.html import escape

    assert escape(hint.text) in answer.content.decode()
    assert escape(sketch.text) not in answer.content.decode()
    given = interview.events.filter(kind=EventKind.HINT_GIVEN)
    assert [event.payload for event in given] == [{"dimension": "scope", "rung": 1, "step": "clarify"}]


@pytest.mark.parametrize("data", [{}, {"dimension": "magic", "rung": 1}, {"dimension": "scope", "rung": 9}])
def test_an_unknown_hint_is_refused(interview, candidate, client_of, data):
    answer = client_of(candidate).post(url("hints", interview), data)
    assert answer.status_code == 422
    assert "no such hint" in answer.content.decode()
