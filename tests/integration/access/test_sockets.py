"""Both sockets × every kind of message × eleven kinds of person: who comes in, and what of theirs counts."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.test import Client
from django.utils import timezone

from accounts.models import User
from interviews.models import ApiToken, Interview, Participant, Role, Scope
from tests.factories.accounts import UserFactory
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from tests.integration.access.world import (
    ANONYMOUS,
    CANDIDATE,
    INTERVIEWER,
    KINDS,
    OBSERVER,
    OTHER_CANDIDATE,
    OTHER_INTERVIEWER,
    OWNER,
    REMOVED,
    SHARE,
    STAFF,
    TOKEN,
    browser_of,
)
from tests.integration.interviews.sockets import open_socket, refusal_code
from tests.integration.whiteboard.people import Drawer, Local, until
from whiteboard import log
from whiteboard.hub import Hub
from whiteboard.models import Update

pytestmark = pytest.mark.django_db(transaction=True)
MAY_NOT, NO_SUCH = 4403, 4404
# A token opens no socket: it is for programs that read.
REFUSED = {ANONYMOUS: MAY_NOT, SHARE: MAY_NOT, TOKEN: MAY_NOT} | dict.fromkeys(
    (OTHER_CANDIDATE, OTHER_INTERVIEWER, OWNER, STAFF, REMOVED), NO_SUCH
)
# (may draw, may write notes, how the socket ends when they try to write notes)
ALLOWED = {CANDIDATE: (True, True, None), INTERVIEWER: (True, False, 4422), OBSERVER: (False, False, None)}


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return {
        kind: UserFactory(is_staff=kind == STAFF) for kind in KINDS if kind not in (ANONYMOUS, SHARE, TOKEN)
    }


@pytest.fixture
def room(people: dict[str, User]) -> Interview:
    interview = small_room(people[CANDIDATE])
    other = small_room(people[OTHER_CANDIDATE])
    seat(interview, people[INTERVIEWER], Role.INTERVIEWER)
    seat(interview, people[OBSERVER], Role.OBSERVER)
    seat(other, people[OTHER_INTERVIEWER], Role.INTERVIEWER)
    gone = seat(interview, people[REMOVED], Role.INTERVIEWER)
    Participant.objects.filter(pk=gone.pk).update(removed_at=timezone.now())
    ApiToken.objects.issue(people[CANDIDATE], "one", list(Scope.values), timezone.now())
    return interview


@pytest.fixture
def browsers(people: dict[str, User], room: Interview) -> dict[str, Client | None]:
    return {kind: browser_of(people[kind]) if kind in people else None for kind in KINDS}


def test_every_kind_has_its_rule():
    assert set(REFUSED) | set(ALLOWED) == set(KINDS)


async def test_outsiders_are_refused_by_both_sockets(room, browsers):
    wrong = []
    for kind, code in REFUSED.items():
        for path in (f"/ws/boards/{room.board_id}/", f"/ws/interviews/{room.pk}/"):
            found = await refusal_code(open_socket(path, browsers[kind]))
            if found != code:
                wrong.append(f"{kind} {path}: {found}, not {code}")
    assert wrong == []
    await (await Hub.here()).close()


async def test_each_role_hears_what_happens_in_the_room(room, browsers):
    for kind in ALLOWED:
        socket = open_socket(f"/ws/interviews/{room.pk}/", browsers[kind])
        assert (await socket.connect(timeout=10))[0], kind
        assert '"type": "started"' in await socket.receive_from(timeout=20)
        await socket.disconnect()


async def joined(room: Interview, browser: Client | None) -> Drawer:
    socket = open_socket(f"/ws/boards/{room.board_id}/", browser)
    assert (await socket.connect(timeout=10))[0]
    return await Drawer(Local(socket)).join()


@pytest.mark.parametrize("kind", ALLOWED)
async def test_what_each_role_sends_to_the_board_counts_as_the_table_says(room, people, browsers, kind):
    draws, writes, ends = ALLOWED[kind]
    person = await joined(room, browsers[kind])
    reader = await joined(room, browsers[OBSERVER])
    person.point(1, user={"id": "1", "name": "Somebody else", "role": "interviewer"})
    person.draw("mine", 10)
    if draws:
        await person.saved()
        await until(lambda: "mine" in reader.scene(), 20)
    person.write("data", "words of mine")
    if writes:
        await person.saved()
    elif ends is not None:
        assert await person.ended() == ends
    else:
        await asyncio.sleep(0.3)
    scene, notes = await database_sync_to_async(log.scene_and_notes)(room.board)
    assert ("mine" in {element["id"] for element in scene["elements"]}) is draws
    assert (notes.get("data") == "words of mine") is writes
    authors = {author async for author in Update.objects.values_list("author", flat=True)}
    assert authors == ({people[kind].pk} if draws else set())
    for one in (person, reader):
        await one.leave()
    await (await Hub.here()).close()


# What the call answers to who joins it without, and with a microphone.
CALL = {
    CANDIDATE: ("welcome", "welcome"),
    INTERVIEWER: ("welcome", "welcome"),
    OBSERVER: ("welcome", "listener"),
}


@pytest.mark.parametrize("kind", ALLOWED)
async def test_what_each_role_may_be_in_the_call_is_as_the_table_says(room, browsers, kind):
    socket = open_socket(f"/ws/interviews/{room.pk}/?after=999", browsers[kind])
    assert (await socket.connect(timeout=10))[0]
    answers = []
    for audio in (False, True):
        said = {"type": "call", "state": "joined", "tab": "one-page", "audio": audio, "video": False}
        await socket.send_json_to(said)
        while (heard := await socket.receive_json_from(timeout=20)).get("state") in (None, "members"):
            pass
        answers.append(heard["state"])
    assert tuple(answers) == CALL[kind]
    await socket.disconnect()
