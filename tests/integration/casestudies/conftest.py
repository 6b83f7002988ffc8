from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from casestudies.loading import load_pack
from casestudies.models import CaseStudy
from casestudies.pack import load
from tests.factories.accounts import UserFactory
from tests.factories.casestudies import case_document, write_tree


def queries_of(browser: Client, path: str) -> list[str]:
    """Return the queries that one visit to a page takes."""
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
        return [query["sql"] for query in queries]


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory(display_name="Stella Staff", is_staff=True)


@pytest.fixture
def library(db: None, tmp_path: Any) -> Callable[..., dict[str, CaseStudy]]:
    """Return a function that loads these cases, with the real bank and frameworks."""

    def fill(*documents: dict[str, Any]) -> dict[str, CaseStudy]:
        load_pack(load(write_tree(tmp_path / "library", *documents)))
        return {case.slug: case for case in CaseStudy.objects.all()}

    return fill


@pytest.fixture
def toy(library: Callable[..., dict[str, CaseStudy]]) -> CaseStudy:
    return library(case_document())["toy-case"]
