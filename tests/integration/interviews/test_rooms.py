"""Who sees what in the room, and what the pages cost."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from interviews import lifecycle
from interviews.models import EventKind
from tests.integration.interviews.drawing_aid import design

pytestmark = pytest.mark.django_db


def board_config(page: str) -> dict:
    return json.loads(
        page.split('<script id="board-config" type="application/json">')[1].split("</script>")[0]
    )


def test_each_role_gets_the_room_its_rights_allow(full_room, candidate, interviewer, observer, client_of):
    url = full_room.get_absolute_url()
    pages = {user: client_of(user).get(url).content.decode() for user in (candidate, interviewer, observer)}
    rights = {user: board_config(page)["right"] for user, page in pages.items()}
    assert rights == {candidate: "write", interviewer: "write", observer: "read"}
    assert "Submit design" in pages[candidate]
    assert "Submit design" not in pages[interviewer]
    assert "Submit design" not in pages[observer]
    assert 'id="hints"' in pages[interviewer]
    assert 'id="hints"' not in pages[observer]
    assert "readonly" in pages[interviewer], "the interviewer reads the candidate's notes"


def test_an_observer_is_told_that_the_design_was_submitted(full_room, candidate, observer, client_of):
    url = full_room.get_absolute_url()
    assert "left, submitted" not in client_of(observer).get(url).content.decode()
    design(full_room)
    client_of(candidate).post(reverse("interviews:submit", args=[full_room.pk]))
    page = client_of(observer).get(url).content.decode()
    assert "left, submitted" in page
    assert "left, paused" not in page
    assert "The design was submitted. Board and notes can be read, and no longer changed." in page
    assert board_config(page)["right"] == "read"


def test_outsiders_find_nothing_and_visitors_are_asked_to_sign_in(interview, stranger, client_of, client):
    url = interview.get_absolute_url()
    assert client_of(stranger).get(url).status_code == 404
    assert client.get(url).status_code == 302
    for name in ("phase_bar", "hints", "events", "people", "invite", "scorecard", "scoring_state"):
        assert client_of(stranger).get(reverse(f"interviews:{name}", args=[interview.pk])).status_code == 404


def test_an_unknown_interview_is_a_page_that_says_so(candidate, client_of):
    answer = client_of(candidate).get("/interviews/00000000-0000-4000-8000-000000000000/")
    assert answer.status_code == 404
    assert "no such interview" in answer.content.decode()


def test_spoilers_are_nowhere_in_the_candidates_room(full_room, candidate, observer, client_of):
    case = full_room.case
    secrets = [fact.answer for fact in case.facts.all()]
    secrets += [hint.text for hint in case.hints.all()]
    secrets += [follow_up.ask for follow_up in case.follow_ups.all()]
    secrets += [expectation.statement for expectation in case.expectations.all()]
    secrets += list(case.reference["answers"].values())
    for user in (candidate, observer):
        browser = client_of(user)
        for name in ("room", "phase_bar", "people", "events"):
            page = browser.get(reverse(f"interviews:{name}", args=[full_room.pk])).content.decode()
            for secret in secrets:
                assert escape(secret[:60]) not in page


def test_the_room_costs_the_same_however_much_has_happened(
    interview, candidate, client_of, django_assert_max_num_queries
):
    from django.utils import timezone

    from interviews import events
    from interviews.models import EventKind

    browser = client_of(candidate)
    browser.get(interview.get_absolute_url())
    for _ in range(30):
        events.record(interview, EventKind.ASKED, actor=candidate, now=timezone.now())
    with django_assert_max_num_queries(10):
        browser.get(interview.get_absolute_url())


def test_missed_events_are_fetched_by_number(interview, candidate, client_of):
    browser, url = client_of(candidate), reverse("interviews:events", args=[interview.pk])
    everything = browser.get(url).json()
    assert [event["type"] for event in everything["events"]] == ["started", "phase.entered"]
    assert everything["seq"] == 2
    assert browser.get(url, {"after": 2}).json() == {"events": [], "seq": 2}
    assert browser.get(url, {"after": "soon"}).status_code == 422
    assert browser.get(url, {"after": "9" * 40}).json()["events"] == []


def test_observers_do_not_hear_of_hints(full_room, candidate, observer, client_of):
    client_of(candidate).post(
        reverse("interviews:hints", args=[full_room.pk]), {"dimension": "scope", "rung": 1}
    )
    url = reverse("interviews:events", args=[full_room.pk])
    heard = {
        user: [e["type"] for e in client_of(user).get(url).json()["events"]] for user in (candidate, observer)
    }
    assert "hint.given" in heard[candidate]
    assert "hint.given" not in heard[observer]


def test_in_a_pause_there_are_no_hints_as_there_are_no_answers(interview, candidate, client_of):
    lifecycle.pause(interview, actor=candidate, now=timezone.now())
    url, asked = reverse("interviews:hints", args=[interview.pk]), {"dimension": "scope", "rung": 1}
    refused = client_of(candidate).post(url, asked, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "The clock is paused" in refused.content.decode()
    assert not interview.events.filter(kind=EventKind.HINT_GIVEN).exists()
    lifecycle.resume(interview, actor=candidate, now=timezone.now())
    client_of(candidate).post(url, asked)
    assert interview.events.filter(kind=EventKind.HINT_GIVEN).count() == 1


def test_own_notes_of_an_interview_that_ended_do_not_wait_to_be_written(interview, candidate, client_of):
    lifecycle.abandon(interview, actor=candidate, now=timezone.now())
    page = client_of(candidate).get(interview.get_absolute_url()).content.decode()
    assert 'placeholder="Nothing was written here."' in page
    assert "appear here as they write" not in page
