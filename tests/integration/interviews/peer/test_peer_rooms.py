"""A peer interview from its making to the start of its clock, as acts."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from casestudies.models import CaseStudy, Framework
from interviews import access, lifecycle, sweeping
from interviews.models import EventKind, Participant, Role, State
from tests.factories.interviews import start_interview
from tests.factories.peers import open_peer, start_peer

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(library) -> tuple[CaseStudy, Framework]:
    return CaseStudy.objects.get(slug="payment-fraud"), Framework.objects.get(slug="seven-step")


def make(cases, candidate, created_by):
    return lifecycle.schedule_peer(
        candidate, *cases, level="senior", minutes=45, created_by=created_by, now=timezone.now()
    )


def test_a_scheduled_room_has_phases_a_seated_candidate_and_no_clock(cases, candidate, stranger):
    interview = make(cases, candidate, stranger)
    assert interview.state == State.SCHEDULED
    assert interview.mode == "peer"
    assert interview.phases.count() == 7
    assert interview.started_at is None
    assert [(one.user, one.role) for one in interview.participants.all()] == [(candidate, Role.CANDIDATE)]
    assert interview.host == candidate
    assert interview.created_by == stranger


def test_without_a_candidate_the_maker_sits_as_interviewer_and_hosts(cases, interviewer):
    interview = make(cases, None, interviewer)
    assert [(one.user, one.role) for one in interview.participants.all()] == [(interviewer, Role.INTERVIEWER)]
    assert interview.host == interviewer


def test_the_lobby_opens_once(cases, candidate):
    interview = make(cases, candidate, candidate)
    assert lifecycle.open_lobby(interview, actor=candidate, now=timezone.now())
    assert not lifecycle.open_lobby(interview, actor=candidate, now=timezone.now())
    assert interview.events.filter(kind=EventKind.LOBBY_OPENED).count() == 1


READY = (
    ((), "Cleo Candidate is not ready"),
    (("candidate",), "No interviewer is ready"),
    (("interviewer",), "Cleo Candidate is not ready"),
    (("interviewer", "observer"), "Cleo Candidate is not ready"),
)


def test_the_clock_starts_only_when_both_are_ready(library, candidate, interviewer, observer):
    interview, now = open_peer(candidate, interviewer), timezone.now()
    lifecycle.sit_down(interview, observer, Role.OBSERVER, now)
    seats = Participant.objects.filter(interview=interview)
    for ready, reason in READY:
        seats.update(ready_at=None)
        seats.filter(role__in=ready).update(ready_at=now)
        with pytest.raises(ValidationError, match=reason):
            lifecycle.start_peer(interview, actor=candidate, now=now)
    interview.refresh_from_db()
    assert interview.state == State.LOBBY
    assert start_peer(interview).state == State.RUNNING
    with pytest.raises(ValidationError, match="already started"):
        lifecycle.start_peer(interview, actor=candidate, now=now)
    assert interview.events.filter(kind=EventKind.STARTED).count() == 1


def test_there_is_one_candidate_and_room_for_two_interviewers(
    library, candidate, interviewer, stranger, observer
):
    interview, now = open_peer(candidate, interviewer), timezone.now()
    with pytest.raises(ValidationError, match="its candidate already"):
        lifecycle.sit_down(interview, stranger, Role.CANDIDATE, now)
    lifecycle.sit_down(interview, stranger, Role.INTERVIEWER, now)
    with pytest.raises(ValidationError, match="2 interviewers"):
        lifecycle.sit_down(interview, observer, Role.INTERVIEWER, now)


def test_the_case_is_open_to_its_seated_interviewer_and_to_nobody_else(
    library, candidate, interviewer, observer, stranger
):
    interview, now = open_peer(candidate, interviewer), timezone.now()
    lifecycle.sit_down(interview, observer, Role.OBSERVER, now)
    other = CaseStudy.objects.exclude(pk=interview.case_id).first()
    assert other is not None
    people = (candidate, interviewer, observer, stranger)
    assert [one for one in people if access.may_see_spoilers(one, interview.case)] == [interviewer]
    assert not any(access.may_see_spoilers(one, other) for one in people)
    Participant.objects.filter(user=interviewer).update(removed_at=now)
    assert not access.may_see_spoilers(interviewer, interview.case)


def test_who_interviewed_on_a_case_has_seen_it_as_a_candidate(library, candidate, interviewer):
    running = start_interview(interviewer)
    assert not running.seen
    open_peer(candidate, interviewer)
    running.refresh_from_db()
    assert running.seen, "their own attempt under way is marked from then on"
    assert start_interview(interviewer).seen
    assert not start_interview(interviewer, "ad-click").seen


def test_a_peer_interview_can_be_called_off_before_it_begins(library, candidate, interviewer):
    interview, now = open_peer(candidate, interviewer), timezone.now()
    for _ in range(2):
        lifecycle.call_off(interview, actor=candidate, now=now)
    interview.refresh_from_db()
    assert interview.state == State.ABANDONED
    assert interview.events.filter(kind=EventKind.ABANDONED).count() == 1
    running = start_peer(open_peer(candidate, interviewer))
    with pytest.raises(ValidationError, match="begun already"):
        lifecycle.call_off(running, actor=candidate, now=now)


def test_a_lobby_that_nobody_came_back_to_is_closed_after_two_weeks(library, candidate, interviewer):
    long_ago = timezone.now() - timedelta(days=15)
    forgotten, fresh = open_peer(candidate, interviewer, now=long_ago), open_peer(candidate, interviewer)
    assert sweeping.call_off_forgotten(timezone.now()) == 1
    states = {one.pk: one.state for one in (forgotten, fresh) if not one.refresh_from_db()}
    assert states == {forgotten.pk: State.ABANDONED, fresh.pk: State.LOBBY}
