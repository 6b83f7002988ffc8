"""When the parts of a page ask for themselves again."""

import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from interviews.models import JobState
from tests.factories.peers import open_peer, start_peer

pytestmark = pytest.mark.django_db


def triggers(html: str, part: str) -> set[str]:
    """Return when the element with the id `part` asks for itself again."""
    element = re.search(rf'<[^>]*id="{part}"[^>]*>', html)
    assert element
    return {one.strip() for one in re.search(r'hx-trigger="([^"]*)"', element[0])[1].split(",")}


@pytest.mark.parametrize(
    ("state", "asks_again"),
    [(JobState.QUEUED, True), (JobState.RUNNING, True), (JobState.FAILED, False), (None, False)],
)
def test_only_a_reading_under_way_is_asked_for_every_second(state, asks_again):
    context = {
        "interview": SimpleNamespace(pk=uuid4()),
        "framework": SimpleNamespace(slug="seven-step", name="Seven steps"),
        "job": state and SimpleNamespace(state=state, error="It broke.", progress={}),
        "failed": state == JobState.FAILED,
        "waiting_seconds": 0,
    }
    html = render_to_string("interviews/scoring.html#state", context)
    always = {"scored from:body", "scoring-failed from:body"}
    assert triggers(html, "scoring-state") == always | ({"every 1s"} if asks_again else set())
    assert ("<button" in html) is not asks_again, (
        "a button that is swapped every second cannot keep its focus"
    )


def test_the_clock_is_asked_for_again_when_it_may_have_stood_still(interview, candidate, client_of):
    html = client_of(candidate).get(reverse("interviews:room", args=[interview.pk])).content.decode()
    assert "clock-stale from:body" in triggers(html, "phase-bar")


@pytest.mark.parametrize(
    ("part", "address"), [("phase-bar", "phase_bar"), ("hints", "hints"), ("together", "lobby")]
)
@pytest.mark.parametrize("who", ["candidate", "interviewer"])
def test_a_part_that_events_change_stays_and_only_its_inside_is_new(
    library, candidate, interviewer, client_of, part, address, who
):
    """What is swapped away while an answer is under way would lose the event that comes meanwhile."""
    room = open_peer(candidate, interviewer)
    if part != "together":
        start_peer(room)
    browser = client_of({"candidate": candidate, "interviewer": interviewer}[who])
    html = browser.get(reverse("interviews:room", args=[room.pk])).content.decode()
    assert triggers(html, part)
    inside = browser.get(reverse(f"interviews:{address}", args=[room.pk]), headers={"HX-Request": "true"})
    assert inside.status_code == 200
    assert f'id="{part}"' not in inside.content.decode()
    whole = f'<div class="lobby__part" hx-target="#{part}" hx-sync="#{part}:replace">' in html
    for form in re.findall(rf'<form[^>]*hx-target="#{part}"[^>]*>', html):
        assert whole or f'hx-sync="#{part}:replace"' in form, "an older answer would come in after a newer"
