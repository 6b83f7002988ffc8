"""One cast for every test: a candidate, an interviewer, an observer and a stranger."""

import os
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import settings

from accounts.models import User
from tests.factories.accounts import UserFactory

os.environ.setdefault("SECRET_KEY", "only for tests")

# A busy machine takes its time over an example; what must be quick has a test that counts its own time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def candidate(db: None) -> User:
    return UserFactory(display_name="Cleo Candidate", email="cleo@example.org")


@pytest.fixture
def interviewer(db: None) -> User:
    return UserFactory(display_name="Ivo Interviewer", email="ivo@example.org")


@pytest.fixture
def observer(db: None) -> User:
    return UserFactory(display_name="Olga Observer", email="olga@example.org")


@pytest.fixture
def stranger(db: None) -> User:
    return UserFactory(display_name="Sam Stranger", email="sam@example.org")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """Return a function that gives a browser signed in as somebody."""

    def make(user: User) -> Client:
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return make
