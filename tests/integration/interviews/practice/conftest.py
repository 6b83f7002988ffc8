from datetime import UTC, datetime

import pytest

from accounts.models import User
from casestudies.models import FollowUp
from interviews import marking, submitting
from interviews.models import Interview, Job
from tests.factories.casestudies import CriterionFactory
from tests.factories.rooms import small_room
from whiteboard import log

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
GOAL = "The goal is to lower the losses by fraud."
ASK = "What does a mistake cost, and whom?"


def scored(user: User, room: Interview | None = None, notes: str = GOAL) -> Interview:
    """Return an attempt of a person that was submitted and read by the engine."""
    room = room or small_room(user)
    log.seed(room.board, [], {"clarify": notes} if notes else {"data": "Something."})
    room.board.refresh_from_db()
    submitting.submit(room, actor=user, now=room.created_at)
    read_by_the_engine()
    room.refresh_from_db()
    return room


def read_by_the_engine() -> None:
    for pk in Job.objects.values_list("pk", flat=True):
        marking.run(pk)


@pytest.fixture
def criteria(db: None) -> None:
    """The rows of the two criteria of the small case that are read from words."""
    CriterionFactory(code="C01", name="Names the goal")
    CriterionFactory(code="C09", name="Handles imbalance", dimension="data")


@pytest.fixture
def attempt(criteria: None, candidate: User) -> Interview:
    """A scored attempt whose case asks a follow-up about the goal."""
    room = small_room(candidate)
    goal = CriterionFactory(code="C01")
    FollowUp.objects.create(case=room.case, key="cost", position=1, criterion=goal, ask=ASK)
    return scored(candidate, room)
