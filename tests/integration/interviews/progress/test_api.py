"""What programs read of progress: the numbers of the page, from the same rows."""

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone

from interviews.models import ApiToken, Attempt, Interview, Mode, Scope
from interviews.progress.values import EIGHT

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(candidate):
    """Return a function that asks for the candidate's progress by a token of theirs."""
    _, secret = ApiToken.objects.issue(candidate, "test", [Scope.READ_PROGRESS], timezone.now())
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    return lambda **query: client.get("/api/v1/progress", query).json()


def test_its_numbers_are_those_of_the_page(history, candidate, client_of, asked):
    history(candidate, 12)
    page = client_of(candidate).get("/progress/attempts.csv").content.decode()
    lines = list(csv.DictReader(io.StringIO(page, newline="")))[::-1]
    items = asked()["items"]
    assert len(items) == len(lines) == 12
    for item, line in zip(items, lines, strict=True):
        assert item["at"][:10] == line["When"][:10]
        for name, column in (("total", "Automatic"), ("total_low", "Low"), ("total_high", "High")):
            assert item[name] == pytest.approx(float(line[column]), abs=0.006)
        levels = {slug: line[slug.capitalize()] for slug in EIGHT}
        assert {slug: float(level) for slug, level in levels.items() if level} == {
            slug: level for slug, level in item["dimensions"].items() if level is not None
        }
        assert any(levels.values())


def test_cards_between_people_that_are_not_open_have_no_number_here_either(history, candidate, asked):
    history(candidate, 3)
    Interview.objects.update(mode=Mode.PEER, cards_opened_at=None)
    assert [(item["total"], item["dimensions"]) for item in asked()["items"]] == [(None, {})] * 3
    Interview.objects.update(cards_opened_at=timezone.now())
    assert all(item["total"] is not None for item in asked()["items"])


def test_a_page_at_a_time_has_every_attempt_once(history, candidate, asked):
    history(candidate, 7)
    Attempt.objects.update(at=timezone.now())
    found, cursor = [], ""
    while cursor is not None:
        answer = asked(limit=3, cursor=cursor)
        found += [item["interview"] for item in answer["items"]]
        cursor = answer["next"]
    assert sorted(found) == sorted(str(pk) for pk in Attempt.objects.values_list("pk", flat=True))
