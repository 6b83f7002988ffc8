"""The forms beside the board without scripts: each leads back to the room, or to a page that says why not."""

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import lifecycle
from tests.factories.rooms import small_room

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("pause", {}, "nothing to pause"),
        ("extend", {}, "Reload the page"),
        ("ask", {"question": "Volume?"}, "paused"),
        ("curveball", {}, "paused"),
        ("close_curveball", {}, "paused"),
        ("hints", {"dimension": "scope", "rung": 3}, "in order"),
    ],
)
def test_a_refusal_is_a_whole_page_that_leads_back(candidate, client_of, name, data, reason):
    interview = small_room(candidate, now=timezone.now())
    lifecycle.pause(interview, actor=candidate, now=timezone.now())
    answer = client_of(candidate).post(reverse(f"interviews:{name}", args=[interview.pk]), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That was not done" in page
    assert reason in page
    assert f'href="{interview.get_absolute_url()}"' in page


def test_stopping_and_submitting_work_without_scripts(candidate, client_of):
    interview = small_room(candidate, now=timezone.now())
    page = client_of(candidate).get(interview.get_absolute_url()).content.decode()
    for name in ("leave", "submit"):
        assert f'action="{reverse(f"interviews:{name}", args=[interview.pk])}"' in page.split("room__foot")[1]
