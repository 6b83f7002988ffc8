"""A group of four: the owner, then the cast in the order in which they joined."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from interviews.models import Group, GroupSession
from tests.factories.accounts import UserFactory
from tests.factories.groups import found_group, plan_session, some_cases


@pytest.fixture
def owner(db: None) -> User:
    return UserFactory(display_name="Oda Owner", email="oda@example.org", time_zone="Europe/Vienna")


@pytest.fixture
def library(db: None) -> None:
    """Six small cases instead of the shipped ones."""
    some_cases()


@pytest.fixture
def group(library: None, owner: User, candidate: User, interviewer: User, observer: User) -> Group:
    """Oda's group; Cleo, Ivo and Olga are members."""
    return found_group(owner, candidate, interviewer, observer)


@pytest.fixture
def session(group: Group, candidate: User) -> GroupSession:
    """Three days ahead, planned by Cleo: Oda is the candidate, Cleo and Ivo interview, Olga observes."""
    return plan_session(group, candidate)


@pytest.fixture
def session_now(group: Group, candidate: User) -> GroupSession:
    """The same, planned three days ago, and its time came a minute ago."""
    now = timezone.now()
    begins = (now - timedelta(minutes=1)).replace(second=0, microsecond=0)
    return plan_session(group, candidate, starts_at=begins, now=now - timedelta(days=3))
