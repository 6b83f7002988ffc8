"""The replay's page: who may watch, what each sees of it, and what is on its timeline."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from casestudies.loading import load_pack
from interviews.models import EventKind, Interview, Participant, Reveal
from tests.factories import pictures
from tests.integration.interviews.played_aid import PRIVATE, START, hold, one_case
from whiteboard import images

pytestmark = pytest.mark.django_db
MINUTE = 60_000


@pytest.fixture
def library(db, shipped_pack, shelf):
    """The one case that is played here."""
    shelf.fill("the case played", lambda: load_pack(one_case(shipped_pack)))


@pytest.fixture
def held(library, candidate, interviewer, observer) -> Interview:
    return hold(candidate, interviewer, observer)


@pytest.fixture
def sample(held) -> Interview:
    """The same interview as a sample, whose people nobody is."""
    held.participants.all().update(removed_at=timezone.now())
    Interview.objects.filter(pk=held.pk).update(is_sample=True)
    return held


def url_of(interview, name="replay"):
    return reverse(f"interviews:{name}", args=[interview.pk])


def config_of(page: str) -> dict:
    return json.loads(page.split('id="replay-config" type="application/json">')[1].split("</script>")[0])


def test_its_people_watch_it_and_nobody_else_does(
    held, candidate, interviewer, observer, stranger, client_of, client
):
    for user in (candidate, interviewer, observer):
        assert client_of(user).get(url_of(held)).status_code == 200
    assert client_of(stranger).get(url_of(held)).status_code == 404
    assert client.get(url_of(held)).status_code == 404
    held.participants.filter(user=interviewer).update(removed_at=timezone.now())
    assert client_of(interviewer).get(url_of(held)).status_code == 404
    assert client_of(candidate).post(url_of(held)).status_code == 405


def test_nobody_watches_while_it_is_under_way(full_room, candidate, interviewer, observer, client_of, client):
    for user in (candidate, interviewer, observer):
        assert client_of(user).get(url_of(full_room)).status_code == 403
    Interview.objects.filter(pk=full_room.pk).update(is_sample=True)
    assert client.get(url_of(full_room)).status_code == 404


def test_a_sample_is_open_to_everybody_with_its_board_and_pictures(
    sample, candidate, stranger, client_of, client
):
    picture = images.store(
        images.picture_of(sample.board_id, pictures.picture((8, 8), "teal"), author=candidate)
    )
    for browser in (client, client_of(stranger)):
        assert browser.get(url_of(sample)).status_code == 200
        assert browser.get(url_of(sample, "board_history"), {"epoch": 1}).status_code == 200
        address = reverse("interviews:board_image", args=[sample.pk, picture.file_id])
        assert browser.get(address).status_code == 200
        # Looking back is all: nothing that changes it, nothing of the room.
        assert browser.post(url_of(sample, "add_image")).status_code == 404
        assert browser.get(url_of(sample, "board_versions")).status_code == 404
    assert client_of(stranger).get(url_of(sample, "room")).status_code == 404
    assert client_of(stranger).post(url_of(sample, "retry")).status_code == 404


def test_private_notes_are_for_who_wrote_them(held, candidate, interviewer, observer, client_of):
    assert PRIVATE in client_of(interviewer).get(url_of(held)).content.decode()
    for user in (candidate, observer):
        assert PRIVATE not in client_of(user).get(url_of(held)).content.decode()
    held.events.filter(kind=EventKind.NOTE_STAMPED).update(actor=None)
    for user in (candidate, interviewer, observer):
        assert PRIVATE not in client_of(user).get(url_of(held)).content.decode()
    held.events.filter(kind=EventKind.NOTE_STAMPED).update(actor=candidate)
    assert PRIVATE not in client_of(interviewer).get(url_of(held)).content.decode()


def test_observers_see_no_hints_and_no_follow_ups(held, candidate, interviewer, observer, client_of):
    hint = escape(held.case.hints.get(dimension="framing", rung=1).text)
    for user in (candidate, interviewer):
        page = client_of(user).get(url_of(held)).content.decode()
        assert hint in page
        assert "CANARY-FOLLOW-UP" in page
    page = client_of(observer).get(url_of(held)).content.decode()
    assert hint not in page
    assert "CANARY-FOLLOW-UP" not in page
    assert "Hint, nudge" not in page
    assert "CANARY-ANSWER" in page
    assert url_of(held, "scorecard") not in page


def test_a_sample_shows_private_notes_to_nobody_and_its_case_to_who_has_opened_it(
    sample, stranger, client_of, client
):
    hint = escape(sample.case.hints.get(dimension="framing", rung=1).text)
    closed = ("CANARY-ANSWER", "CANARY-FOLLOW-UP", "CANARY-CURVEBALL", hint)
    for browser in (client, client_of(stranger)):
        page = browser.get(url_of(sample)).content.decode()
        assert "How late do labels come?" in page
        assert "Hint, nudge on framing" in page
        for words in (*closed, PRIVATE):
            assert words not in page
    Reveal.objects.create(user=stranger, case=sample.case, at=timezone.now())
    page = client_of(stranger).get(url_of(sample)).content.decode()
    for words in closed:
        assert words in page
    assert PRIVATE not in page


def test_the_timeline_runs_by_the_clock_and_leaves_pauses_out(held, candidate, client_of):
    page = client_of(candidate).get(url_of(held)).content.decode()
    config = config_of(page)
    start = int(START.timestamp() * 1000)
    assert (config["start"], config["end"]) == (start, start + 35 * MINUTE)
    assert config["pauses"] == [[start + 15 * MINUTE, start + 20 * MINUTE]]
    spans = [(one["slug"], one["dimension"], one["from"], one["to"]) for one in config["steps"]]
    assert spans == [
        ("clarify", "scope", 0, 10 * MINUTE),
        ("frame", "framing", 10 * MINUTE, 15 * MINUTE),
        ("data", "data", 15 * MINUTE, 30 * MINUTE),
    ]
    happened = [(one["at"] / MINUTE, one["label"], one["dimension"]) for one in config["marks"]]
    assert happened == [
        (0, "The clock starts", "scope"),
        (0, "1 Clarify", "scope"),
        (2, "Version “Three boxes”", "scope"),
        (3, "Asked: How late do labels come?", "scope"),
        (10, "2 Frame", "framing"),
        (12, "Hint, nudge on framing", "framing"),
        (15, "The clock stood still for 5 min", "data"),
        (15, "3 Data", "data"),
        (21, "Follow-up question", "data"),
        (25, "Curveball, 6 min to answer it", "data"),
        (30, "Design submitted", "data"),
    ]
    assert page.count("data-replay-at=") == len(happened)
    assert "<time>12:00</time>" in page
    assert "1,200 payments a second" in page


def test_a_room_that_was_left_and_come_back_to_says_so_once(held, candidate, client_of):
    held.events.filter(kind=EventKind.PAUSED).delete()
    back = held.events.get(kind=EventKind.RESUMED)
    held.events.filter(pk=back.pk).update(payload={"since": (back.at - timedelta(minutes=5)).isoformat()})
    config = config_of(client_of(candidate).get(url_of(held)).content.decode())
    said = [(one["at"] / MINUTE, one["label"]) for one in config["marks"] if "still" in one["label"]]
    assert said == [(15, "The clock stood still for 5 min")]
    assert config["steps"][-1]["to"] == 30 * MINUTE


def test_its_cost_does_not_grow_with_what_happened(held, candidate, client_of, django_assert_max_num_queries):
    browser = client_of(candidate)
    browser.get(url_of(held))
    for _ in range(2):
        with django_assert_max_num_queries(11):
            assert browser.get(url_of(held)).status_code == 200
        events = list(held.events.filter(kind=EventKind.ASKED))
        for number in range(40):
            events[0].pk, events[0].seq = None, 1000 + 100 * _ + number
            events[0].save(force_insert=True)


def test_the_pages_around_it_lead_there(held, candidate, client_of, client):
    browser = client_of(candidate)
    for address in (url_of(held, "scorecard"), reverse("interviews:history"), "/"):
        assert url_of(held) in browser.get(address).content.decode()
    Interview.objects.filter(pk=held.pk).update(is_sample=True)
    front = client.get("/").content.decode()
    assert url_of(held) in front
    assert "Watch the sample interview" in front
    Participant.objects.filter(interview=held).update(removed_at=timezone.now())
    assert url_of(held) in browser.get("/").content.decode()
