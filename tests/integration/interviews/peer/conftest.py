"""A small room between people: three steps, four criteria, an interviewer or two."""

from collections.abc import Callable

import pytest

from accounts.models import User
from interviews import marking
from interviews.models import Interview, Job, Mode, Role, Submission
from interviews.submitting import submit
from tests.factories.accounts import UserFactory
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from whiteboard import log


@pytest.fixture
def second_interviewer(db: None) -> User:
    return UserFactory(display_name="Ida Interviewer", email="ida@example.org")


@pytest.fixture
def peer_room(candidate: User, interviewer: User, observer: User) -> Interview:
    """A running peer interview with one interviewer and an observer."""
    room = small_room(candidate)
    Interview.objects.filter(pk=room.pk).update(mode=Mode.PEER)
    room.refresh_from_db()
    seat(room, interviewer, Role.INTERVIEWER)
    seat(room, observer, Role.OBSERVER)
    log.seed(room.board, [], {"clarify": "The goal is to lower the losses by fraud."})
    return room


@pytest.fixture
def handed_in(peer_room: Interview, candidate: User) -> Submission:
    """The same room with its design submitted; nobody has given levels yet."""
    return submit(peer_room, actor=candidate, now=peer_room.started_at)


@pytest.fixture
def read_by_the_engine(handed_in: Submission) -> Submission:
    """The same, with its automatic scorecard."""
    for pk in Job.objects.values_list("pk", flat=True):
        marking.run(pk)
    handed_in.interview.refresh_from_db()
    return handed_in


@pytest.fixture
def url() -> Callable[..., str]:
    from django.urls import reverse

    return lambda name, interview: reverse(f"interviews:{name}", args=[interview.pk])
