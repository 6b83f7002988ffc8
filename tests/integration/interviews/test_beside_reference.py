"""The submitted board beside the reference: for whom the reference is open, and nobody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import submitting
from tests.integration.interviews.drawing_aid import design

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(full_room, candidate):
    design(full_room)
    submitting.submit(full_room, actor=candidate, now=timezone.now())
    return full_room


def page_of(interview) -> str:
    return reverse("interviews:beside_reference", args=[interview.pk])


def test_the_candidate_sees_what_both_have_and_what_is_missing(submitted, candidate, client_of):
    answer = client_of(candidate).get(page_of(submitted))
    assert answer.status_code == 200
    found = answer.context["found"]
    assert ("Training", "Trainer") in found.shared
    page = answer.content.decode()
    assert page.count("<svg") >= 2
    assert "Only in the reference" in page
    for name in found.reference.boxes:
        assert name in page
    assert 'data-earned="both"' in page


def test_before_submitting_there_is_nothing_to_compare(interview, candidate, client_of):
    assert client_of(candidate).get(page_of(interview)).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("observer", 403), ("stranger", 404)])
def test_others_do_not_see_the_reference_this_way(submitted, request, client_of, who, status):
    answer = client_of(request.getfixturevalue(who)).get(page_of(submitted))
    assert answer.status_code == status
    assert "Chargebacks" not in answer.content.decode()


def test_a_visitor_does_not_either(submitted, client):
    assert client.get(page_of(submitted)).status_code in (302, 404)


def test_an_empty_board_is_said_to_be_empty(full_room, candidate, client_of):
    design(full_room, {"nodes": [], "edges": []})
    submitting.submit(full_room, actor=candidate, now=timezone.now())
    page = client_of(candidate).get(page_of(full_room)).content.decode()
    assert "Nothing was drawn." in page
    assert "No box of yours" in page


def test_the_page_takes_few_queries(submitted, candidate, client_of, django_assert_max_num_queries):
    browser = client_of(candidate)
    with django_assert_max_num_queries(10):
        browser.get(page_of(submitted))
