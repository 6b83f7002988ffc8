"""The board of an interview: each role draws, reads or stays out, and rights end when they end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from interviews.models import Interview, Participant, Role
from tests.integration.interviews.sockets import open_socket, refusal_code
from tests.integration.whiteboard.people import Drawer, Local, until
from whiteboard import log, lookout
from whiteboard.hub import Hub
from whiteboard.models import Update

pytestmark = pytest.mark.django_db(transaction=True)
Sit = Callable[[Interview, User], Awaitable[Drawer]]


def address(interview: Interview, query: str = "") -> str:
    return f"/ws/boards/{interview.board_id}/{query}"


@pytest.fixture
async def sit(client_of) -> AsyncIterator[Sit]:
    """Seat somebody at the board of an interview, with their own session."""
    people: list[Drawer] = []

    async def take_place(interview: Interview, user: User) -> Drawer:
        browser = await database_sync_to_async(client_of)(user)
        communicator = open_socket(address(interview), browser)
        accepted, _ = await communicator.connect(timeout=10)
        assert accepted
        drawer = Drawer(Local(communicator))
        drawer.browser = browser
        people.append(drawer)
        return await drawer.join()

    yield take_place
    await asyncio.gather(*(drawer.leave() for drawer in people), return_exceptions=True)
    await (await Hub.here()).close()


async def test_two_people_see_each_others_edits_and_both_are_in_the_log(
    full_room, candidate, interviewer, sit
):
    one, two = await sit(full_room, candidate), await sit(full_room, interviewer)
    one.draw("store", 10)
    one.write("clarify", "1,200 payments a second")
    two.draw("ranker", 20)
    await one.saved()
    await two.saved()
    await until(lambda: one.scene() == two.scene() and "ranker" in one.scene(), 20)
    scene, notes = await database_sync_to_async(log.scene_and_notes)(full_room.board)
    assert {element["id"] for element in scene["elements"]} == {"store", "ranker"}
    assert notes == {"clarify": "1,200 payments a second"}
    assert {author async for author in Update.objects.values_list("author", flat=True)} == {
        candidate.pk,
        interviewer.pk,
    }


async def test_each_role_is_told_its_right(full_room, candidate, interviewer, observer, sit):
    rights = [(await sit(full_room, user)).hello["right"] for user in (candidate, interviewer, observer)]
    assert rights == ["write", "write", "read"]


async def test_what_an_observer_draws_reaches_nobody_and_is_not_stored(full_room, candidate, observer, sit):
    watcher, owner = await sit(full_room, observer), await sit(full_room, candidate)
    watcher.draw("graffiti")
    await asyncio.sleep(0.3)
    owner.draw("store")
    await owner.saved()
    await until(lambda: "store" in watcher.scene(), 20)
    assert "graffiti" not in owner.scene()
    assert watcher.closed is None, "dropped, not closed"
    assert await Update.objects.filter(author=observer).acount() == 0


async def test_an_interviewer_who_writes_into_the_notes_is_refused(full_room, candidate, interviewer, sit):
    owner, helper = await sit(full_room, candidate), await sit(full_room, interviewer)
    owner.write("data", "chargebacks")
    await owner.saved()
    await until(lambda: "chargebacks" in helper.scene(), 20)
    helper.write("data", ", says the interviewer")
    assert await helper.ended() == 4422
    assert "Only the candidate writes the notes" in helper.rejected
    _, notes = await database_sync_to_async(log.scene_and_notes)(full_room.board)
    assert notes == {"data": "chargebacks"}


async def test_outsiders_visitors_and_unknown_boards_are_refused(interview, stranger, candidate, client_of):
    outsider = await database_sync_to_async(client_of)(stranger)
    member = await database_sync_to_async(client_of)(candidate)
    assert await refusal_code(open_socket(address(interview), outsider)) == 4404
    assert await refusal_code(open_socket(address(interview))) == 4403
    unknown = "/ws/boards/00000000-0000-4000-8000-000000000000/"
    assert await refusal_code(open_socket(unknown, member)) == 4404
    assert await refusal_code(open_socket(address(interview, "?epoch=7"), member)) == 4409


async def test_a_stock_client_may_ask_without_the_slash_at_the_end(interview, candidate, client_of):
    member = await database_sync_to_async(client_of)(candidate)
    socket = open_socket(address(interview).rstrip("/"), member)
    accepted, _ = await socket.connect(timeout=10)
    assert accepted
    assert (await socket.receive_output(timeout=20))["type"] == "websocket.send"
    await socket.disconnect()


async def test_after_submitting_nobody_draws_any_more(full_room, candidate, interviewer, sit):
    owner, helper = await sit(full_room, candidate), await sit(full_room, interviewer)
    owner.draw("store")
    await owner.saved()
    submit = reverse("interviews:submit", args=[full_room.pk])
    answer = await database_sync_to_async(owner.browser.post)(submit)
    assert answer.status_code == 302
    await until(lambda: owner.hello["right"] == helper.hello["right"] == "read", 20)
    before = await Update.objects.acount()
    for late in (owner, helper):
        late.draw("too-late")
    await asyncio.sleep(0.5)
    assert await Update.objects.acount() == before


@pytest.mark.parametrize("ending", ["logout", "removal", "password", "inactive", "deleted"])
async def test_rights_end_within_seconds(full_room, interviewer, candidate, sit, ending, monkeypatch):
    assert lookout.SECONDS_BETWEEN_LOOKS < 2, "which is what is promised"
    monkeypatch.setattr(lookout, "SECONDS_BETWEEN_LOOKS", 0.2)
    helper, owner = await sit(full_room, interviewer), await sit(full_room, candidate)
    if ending == "logout":
        await database_sync_to_async(helper.browser.logout)()
    elif ending == "removal":
        await Participant.objects.filter(user=interviewer).aupdate(removed_at=timezone.now())
    elif ending == "password":  # changed in another browser
        interviewer.set_password("another one")
        await interviewer.asave()
    elif ending == "inactive":
        await User.objects.filter(pk=interviewer.pk).aupdate(is_active=False)
    else:
        await database_sync_to_async(interviewer.delete)()
    assert await helper.ended(20) in (4403, 4404)
    owner.draw("store")
    await owner.saved()


async def test_another_role_is_another_right(full_room, interviewer, candidate, sit):
    helper, owner = await sit(full_room, interviewer), await sit(full_room, candidate)
    await Participant.objects.filter(user=interviewer).aupdate(role=Role.OBSERVER)
    await until(lambda: helper.hello["right"] == "read", 20)
    helper.draw("too-late")
    owner.draw("store")
    await owner.saved()
    await until(lambda: "store" in helper.scene(), 20)
    assert "too-late" not in owner.scene()


async def test_a_session_from_before_the_password_was_changed_opens_nothing(interview, candidate, client_of):
    browser = await database_sync_to_async(client_of)(candidate)
    candidate.set_password("another one")
    await candidate.asave()
    assert await refusal_code(open_socket(address(interview), browser)) == 4403


async def test_the_server_says_who_is_pointing(full_room, candidate, observer, sit):
    owner, watcher = await sit(full_room, candidate), await sit(full_room, observer)
    owner.point(
        1, user={"id": "0", "name": "Ivo Interviewer", "role": "interviewer"}, pointer={"x": 1, "y": 2}
    )
    await until(lambda: bool(watcher.others), 20)
    [shown] = watcher.others.values()
    assert (shown["user"]["name"], shown["user"]["role"]) == ("Cleo Candidate", "candidate")
