"""Submitting: what is empty is said once, one effect however often and from wherever it is clicked."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse
from django.utils import timezone

from interviews import lifecycle
from interviews.models import EventKind, Interview, Job, Role, State, Submission
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from tests.integration.at_once import at_once
from tests.integration.interviews.sockets import open_socket
from tests.integration.interviews.test_board_socket import address
from tests.integration.whiteboard.people import Drawer, Local, until
from whiteboard import layout, log
from whiteboard.hub import Hub
from whiteboard.models import Update

HTMX = {"HX-Request": "true"}
BOX = {"nodes": [{"id": "a", "label": "Feature store", "kind": "store", "at": [0, 0]}], "edges": []}


def url(name, interview):
    return reverse(f"interviews:{name}", args=[interview.pk])


@pytest.mark.django_db
def test_what_is_empty_is_said_before_and_nothing_is_handed_in_by_looking(candidate, client_of):
    room = small_room(candidate)
    log.seed(room.board, [], {"clarify": "Lower the losses by fraud.", "data": "  \n"})
    browser = client_of(candidate)
    part = browser.get(url("submit", room), headers=HTMX).content.decode()
    assert "2 Data, 3 Serve" in part
    assert "1 Clarify" not in part
    assert "Nothing is drawn" in part
    assert "<html" not in part
    page = browser.get(url("submit", room)).content.decode()
    assert "2 Data, 3 Serve" in page
    assert 'name="then"' in page
    assert not Submission.objects.exists()
    answer = browser.post(url("submit", room), {"then": "self-score"})  # asked once, and that was it
    assert answer.url == url("self_score", room)
    assert Submission.objects.count() == 1
    assert browser.get(url("submit", room)).url == url("self_score", room)


@pytest.mark.django_db
def test_a_whole_design_is_told_so_and_an_empty_one_has_no_button(candidate, client_of):
    room = small_room(candidate)
    browser = client_of(candidate)
    empty = browser.get(url("submit", room)).content.decode()
    assert "nothing to submit" in empty
    assert 'name="then"' not in empty
    log.seed(room.board, layout.elements_of(BOX), dict.fromkeys(("clarify", "data", "serving"), "Words."))
    whole = browser.get(url("submit", room), headers=HTMX).content.decode()
    assert "notes for every step, and a drawing" in whole


@pytest.mark.django_db
def test_only_the_candidate_looks_and_submits(candidate, interviewer, observer, stranger, client_of, client):
    room = small_room(candidate)
    seat(room, interviewer, Role.INTERVIEWER)
    seat(room, observer, Role.OBSERVER)
    for person, code in ((interviewer, 403), (observer, 403), (stranger, 404)):
        assert client_of(person).get(url("submit", room)).status_code == code
        assert client_of(person).post(url("submit", room)).status_code == code
    assert client.get(url("submit", room)).status_code == 302
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_have_one_effect(candidate, client_of):
    room = small_room(candidate)
    log.seed(room.board, [], {"clarify": "Lower the losses by fraud."})
    browsers = [client_of(candidate) for _ in range(4)]
    answers = at_once([partial(browser.post, url("submit", room)) for browser in browsers])
    assert [answer.status_code for answer in answers] == [302] * len(browsers)
    assert (Submission.objects.count(), Job.objects.count()) == (1, 1)
    assert room.events.filter(kind=EventKind.SUBMITTED).count() == 1
    room.refresh_from_db()
    assert room.state in (State.SUBMITTED, State.SCORED)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", ["abandoned", "out of time"])
async def test_the_board_of_an_ended_interview_is_read_only_at_once_for_everybody(
    candidate, interviewer, client_of, ending
):
    strict = ending == "out of time"
    room = await database_sync_to_async(small_room)(candidate, strict=strict)
    await database_sync_to_async(seat)(room, interviewer, Role.INTERVIEWER)
    people = []
    for person in (candidate, interviewer):
        browser = await database_sync_to_async(client_of)(person)
        socket = open_socket(address(room), browser)
        await socket.connect(timeout=10)
        people.append(await Drawer(Local(socket)).join())
    assert [one.hello["right"] for one in people] == ["write", "write"]
    if strict:  # nobody does anything: only time passes
        began = timezone.now() - timedelta(minutes=45) + timedelta(seconds=1)
        await Interview.objects.filter(pk=room.pk).aupdate(started_at=began)
    else:
        await database_sync_to_async(lifecycle.abandon)(room, actor=candidate, now=timezone.now())
    await until(lambda: all(one.hello["right"] == "read" for one in people), 20)
    before = await Update.objects.acount()
    for late in people:
        late.draw("too-late")
    await asyncio.sleep(0.3)
    assert await Update.objects.acount() == before
    await asyncio.gather(*(one.leave() for one in people), return_exceptions=True)
    await (await Hub.here()).close()
