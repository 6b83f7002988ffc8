"""A candidate's interview with an interviewer and an observer in it, on a small case; words that must go."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.models import User
from interviews import marking, submitting
from interviews.models import Interview, Job, Role
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from tests.integration.interviews.drawing_aid import design


@pytest.fixture
def room(candidate: User, interviewer: User, observer: User) -> Interview:
    """A running interview of the candidate with two others in it."""
    interview = small_room(candidate)
    seat(interview, interviewer, Role.INTERVIEWER)
    seat(interview, observer, Role.OBSERVER)
    return interview


@pytest.fixture
def scored(room: Interview, candidate: User) -> Interview:
    """The same interview, drawn, handed in and read."""
    design(room, notes={"clarify": "WORDS-OF-CLEO lower losses.", "data": "Only 0.2 % is fraud."})
    submitting.submit(room, actor=candidate, now=timezone.now())
    marking.run(Job.objects.get().pk)
    room.refresh_from_db()
    return room


def everything() -> Iterator[tuple[str, str]]:
    """Yield every row of the database as text, with its model; bytes as far as they are letters."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            yield model._meta.label, " ".join(as_text(value) for value in row.values())


def as_text(value: Any) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def where_is(words: str) -> set[str]:
    """Return the models with a row in which these words stand."""
    return {label for label, text in everything() if words in text}
