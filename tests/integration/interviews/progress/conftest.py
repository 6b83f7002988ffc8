"""Histories of made-up interviews on a small case of four criteria: a hundred in a second or two."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone

from accounts.models import User
from casestudies.models import Expectation, Rubric
from casestudies.rubrics import rubric_hash
from interviews import made_history
from interviews.made_history import Library
from tests.factories.casestudies import CaseStudyFactory, CriterionFactory
from tests.factories.rooms import small_body, small_framework


@pytest.fixture
def small_library(db: None) -> Library:
    """Three cases of two kinds with a rubric each, under one framework."""
    framework, body = small_framework(), small_body()
    criterion = CriterionFactory(code="C09", dimension="data", name="Handles imbalance")
    for number, kind in enumerate(("classic", "classic", "genai")):
        case = CaseStudyFactory(
            slug=f"small-{number}", title=f"Small {number}", kind=kind, area=f"Area {number}"
        )
        Rubric.objects.create(framework=framework, case=case, body=body, hash=rubric_hash(body))
        Expectation.objects.create(
            case=case, key="k", criterion=criterion, weight=2, statement="Says so.", rule={}
        )
    return Library.load()


@pytest.fixture
def history(small_library: Library, interviewer: User) -> Callable[..., None]:
    """Return a function that gives a person so many interviews over the last year."""

    def make(person: User, count: int, seed: int = 1, until: datetime | None = None) -> None:
        made_history.make(
            person,
            count,
            until=until or timezone.now(),
            days=360,
            seed=seed,
            partner=interviewer,
            library=small_library,
        )

    return make
