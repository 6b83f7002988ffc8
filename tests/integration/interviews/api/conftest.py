"""A caller with a token, and an interview that was handed in and read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from interviews import marking, submitting
from interviews.models import ApiToken, Interview, Job, Role, Scope
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from tests.integration.interviews.drawing_aid import NOTES, design


class Caller:
    """A program with a token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: bytes | str = b"") -> Any:
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json")


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def calling() -> Callable[..., Caller]:
    """Return a function that gives a person's program with a token of these scopes, or of all."""

    def make(user: User, *scopes: str) -> Caller:
        _, secret = ApiToken.objects.issue(user, "test", list(scopes or Scope.values), timezone.now())
        return Caller(secret)

    return make


@pytest.fixture
def room(candidate: User, interviewer: User, observer: User) -> Interview:
    interview = small_room(candidate)
    seat(interview, interviewer, Role.INTERVIEWER)
    seat(interview, observer, Role.OBSERVER)
    return interview


@pytest.fixture
def scored(room: Interview, candidate: User) -> Interview:
    design(room, notes={step: NOTES[step] for step in ("clarify", "data")})
    submitting.submit(room, actor=candidate, now=timezone.now())
    marking.run(Job.objects.get().pk)
    room.refresh_from_db()
    return room
