from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from tests.integration.access import world as worlds


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[worlds.World]:
    """The world, made once for a module; what a request changes in it is taken back after it."""
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        override_settings(API_REQUESTS_PER_MINUTE=10**6, GUESTS_PER_HOUR=10**6),
        transaction.atomic(),
    ):
        yield worlds.build()
        transaction.set_rollback(True)
