"""When the parts of a page ask for themselves again."""

import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.template.loader import render_to_string

from interviews.models import JobState


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


def test_the_clock_is_asked_for_again_when_it_may_have_stood_still():
    interview = SimpleNamespace(pk=uuid4(), minutes=45)
    seat = SimpleNamespace(runs_clock=False)
    html = render_to_string(
        "interviews/room.html#phase_bar",
        {"interview": interview, "seat": seat, "reading": {"left": 0, "spent": 0}},
    )
    assert "clock-stale from:body" in triggers(html, "phase-bar")
