"""An interview that ended without being handed in can be watched, and gone on from."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import lifecycle
from interviews.models import Interview, Role, State
from tests.factories.interviews import seat
from tests.integration.interviews.drawing_aid import NOTES, design
from whiteboard import reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def abandoned(interview, candidate, interviewer, observer):
    seat(interview, interviewer, Role.INTERVIEWER)
    seat(interview, observer, Role.OBSERVER)
    design(interview)
    lifecycle.abandon(interview, actor=candidate, now=timezone.now())
    return Interview.objects.get(pk=interview.pk)


def replay_of(interview):
    return reverse("interviews:replay", args=[interview.pk])


def test_its_people_watch_the_replay_and_there_is_no_way_to_a_scorecard(
    abandoned, candidate, interviewer, observer, stranger, client_of
):
    scorecard = reverse("interviews:scorecard", args=[abandoned.pk])
    for person in (candidate, interviewer, observer):
        page = client_of(person).get(replay_of(abandoned))
        assert page.status_code == 200
        words = page.content.decode()
        assert NOTES["clarify"][:30] in words
        assert "Ended without submitting" in words
        assert scorecard not in words
    assert client_of(stranger).get(replay_of(abandoned)).status_code == 404


def test_the_room_leads_there_and_only_the_candidate_goes_on(
    abandoned, candidate, interviewer, observer, client_of
):
    again = reverse("interviews:retry", args=[abandoned.pk])
    for person, goes_on in ((candidate, True), (interviewer, False), (observer, False)):
        room = client_of(person).get(abandoned.get_absolute_url()).content.decode()
        assert replay_of(abandoned) in room
        assert (again in room) == goes_on


def test_what_was_drawn_and_written_is_in_the_attempt_that_goes_on(abandoned, candidate, client_of):
    answer = client_of(candidate).post(reverse("interviews:retry", args=[abandoned.pk]))
    made = Interview.objects.select_related("board").get(retry_of=abandoned)
    assert answer.url == made.get_absolute_url()
    assert made.state == State.PAUSED
    assert not made.seen, "nothing of the case was opened by giving up"
    assert reading.fields_at(made.board).notes == reading.fields_at(abandoned.board).notes
    assert Interview.objects.get(pk=abandoned.pk).state == State.ABANDONED


def test_what_expired_before_it_began_has_no_replay(interview, candidate, client_of):
    ended = timezone.now() + timedelta(seconds=1)
    lifecycle.expire(interview, reason="forgotten", ended=ended, now=ended)
    Interview.objects.filter(pk=interview.pk).update(started_at=None, ended_at=None)
    assert client_of(candidate).get(replay_of(interview)).status_code == 403
