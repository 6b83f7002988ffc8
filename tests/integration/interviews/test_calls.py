"""The call in the room: who is in it, who hears whom, and what happens to whoever tries something else."""

import json

import pytest
from channels.db import database_sync_to_async
from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from interviews import lifecycle
from interviews.calls.ice import Servers
from interviews.models import Event, Interview, Participant, Role
from tests.factories.accounts import UserFactory
from tests.factories.interviews import seat
from tests.integration.interviews.callers import OFFER, Caller, room_for_a_call

pytestmark = pytest.mark.django_db(transaction=True)
CANDIDATE = {"candidate": "candidate:1 1 udp 1 192.0.2.2 5000 typ host", "sdpMid": "0", "sdpMLineIndex": 0}


@pytest.fixture
def room(candidate: User, interviewer: User, observer: User) -> Interview:
    return room_for_a_call(candidate, interviewer, observer)


async def test_two_people_find_each_other_and_the_server_says_who_speaks(
    room, candidate, interviewer, client_of
):
    cleo = await Caller.in_call(room, client_of, candidate)
    assert cleo.welcome["ice"] == {"iceServers": [], "iceTransportPolicy": "all"}
    ivo = await Caller.arrive(room, client_of, interviewer)
    (there,) = await ivo.sees("Cleo Candidate")  # before the button is pressed
    assert (there["id"], there["role"], there["audio"]) == (cleo.id, "candidate", True)
    await ivo.join()
    welcome = await ivo.hear("welcome")
    assert [member["name"] for member in welcome["members"]] == ["Cleo Candidate", "Ivo Interviewer"]
    await cleo.sees("Cleo Candidate", "Ivo Interviewer")

    for data in (OFFER, {"candidate": CANDIDATE | {"usernameFragment": None}}):
        await ivo.signal(cleo.id, data)
        heard = await cleo.hear("signal")
        assert heard["data"] == data
        assert heard["from"] == {
            "id": welcome["you"],
            "user": str(interviewer.pk),
            "name": "Ivo Interviewer",
            "role": "interviewer",
        }
    await cleo.say({"type": "call", "state": "sending", "audio": False, "video": True})
    mine, _ = await ivo.sees("Cleo Candidate", "Ivo Interviewer")
    assert (mine["audio"], mine["video"]) == (False, True)
    await cleo.say({"type": "call", "state": "left"})
    await ivo.sees("Ivo Interviewer")
    assert await Event.objects.filter(interview=room).acount() == 2, "nothing of a call is stored"
    await cleo.leave()
    await ivo.leave()


async def test_a_page_that_comes_back_keeps_its_id_and_another_page_moves_the_call(
    room, candidate, client_of
):
    lost = await Caller.in_call(room, client_of, candidate)
    await lost.leave()  # the socket, not the call
    back = await Caller.in_call(room, client_of, candidate)
    assert back.id == lost.id
    phone = await Caller.in_call(room, client_of, candidate, tab="on-the-phone")
    assert phone.id != back.id
    assert [member["id"] for member in phone.welcome["members"]] == [phone.id]
    await back.hear("elsewhere")
    (there,) = await back.sees("Cleo Candidate")
    assert there["id"] == phone.id
    await back.join("first-tab")
    await phone.hear("elsewhere")
    await phone.sees("Cleo Candidate")
    await phone.join("on-the-phone")
    phone.id = (await phone.hear("welcome"))["you"]
    await back.hear("elsewhere")
    await back.signal(phone.id)
    assert await phone.hears_no_signal()
    await back.leave()
    await phone.leave()


async def test_who_has_not_pressed_the_button_neither_sends_nor_receives(
    room, candidate, interviewer, client_of
):
    cleo = await Caller.in_call(room, client_of, candidate)
    ivo = await Caller.arrive(room, client_of, interviewer)
    await ivo.signal(cleo.id)
    assert await cleo.hears_no_signal()
    ivo_would_be = await Caller.in_call(room, client_of, interviewer, tab="second-tab")
    await cleo.signal(ivo_would_be.id)
    assert (await ivo_would_be.hear("signal"))["from"]["id"] == cleo.id
    for person in (cleo, ivo, ivo_would_be):
        await person.leave()


async def test_nothing_gets_from_one_interview_into_another(
    room, candidate, interviewer, stranger, client_of
):
    def other_room() -> Interview:
        interview = small_room_of(stranger)
        seat(interview, interviewer, Role.INTERVIEWER)
        return interview

    other = await database_sync_to_async(other_room)()
    cleo = await Caller.in_call(room, client_of, candidate)
    ivo = await Caller.in_call(room, client_of, interviewer)
    sam = await Caller.in_call(other, client_of, stranger)
    ivo_there = await Caller.in_call(other, client_of, interviewer)
    assert ivo_there.id != ivo.id, "the same person and tab, under another id in each interview"
    for somebody in (cleo.id, ivo.id):
        await sam.signal(somebody)
        await ivo_there.signal(somebody)
    assert await cleo.hears_no_signal()
    assert await ivo.hears_no_signal()
    outside = await Caller.arrive(room, client_of, stranger)
    assert await outside.end() == 4404
    for person in (cleo, ivo, sam, ivo_there):
        await person.leave()


@pytest.mark.parametrize(
    "forged",
    [
        {"type": "signal", "to": "TO", "data": OFFER, "from": {"name": "Cleo Candidate"}},
        {"type": "call", "state": "joined", "tab": "first-tab", "audio": True, "video": True, "user": 1},
        {"type": "signal", "to": "TO", "data": {"description": {"type": "offer", "sdp": "x" * 17_000}}},
        b"\x00\xff",
    ],
)
async def test_forged_oversized_and_wrong_messages_end_the_socket_and_reach_nobody(
    room, candidate, interviewer, client_of, forged
):
    cleo = await Caller.in_call(room, client_of, candidate)
    ivo = await Caller.in_call(room, client_of, interviewer)
    await cleo.sees("Cleo Candidate", "Ivo Interviewer")
    if isinstance(forged, bytes):
        await ivo.socket.send_to(bytes_data=forged)
    else:
        await ivo.socket.send_to(text_data=json.dumps(forged).replace("TO", cleo.id))
    assert await ivo.end() == 4422
    await cleo.sees("Cleo Candidate")
    assert await cleo.hears_no_signal()
    await cleo.leave()


async def test_a_flood_is_ended_and_the_other_goes_on(room, candidate, interviewer, client_of):
    cleo = await Caller.in_call(room, client_of, candidate)
    ivo = await Caller.in_call(room, client_of, interviewer)
    for _ in range(60):
        await ivo.signal(cleo.id, {"description": {"type": "offer", "sdp": "x" * 15_000}})
    assert await ivo.end() == 4429
    await cleo.sees("Cleo Candidate")
    await cleo.leave()


@pytest.mark.parametrize("ending", ["removed", "observer now", "handed in"])
async def test_who_may_no_longer_be_in_the_call_is_out_of_it_and_the_others_are_told(
    room, candidate, interviewer, client_of, ending
):
    cleo = await Caller.in_call(room, client_of, candidate)
    ivo = await Caller.in_call(room, client_of, interviewer)
    await cleo.sees("Cleo Candidate", "Ivo Interviewer")
    seats = Participant.objects.filter(interview=room, user=interviewer)
    if ending == "removed":
        await seats.aupdate(removed_at=timezone.now())
        assert await ivo.end() == 4403
        await cleo.sees("Cleo Candidate")
    elif ending == "observer now":
        await seats.aupdate(role=Role.OBSERVER)
        await ivo.hear("ended")
        await cleo.sees("Cleo Candidate")
        await ivo.leave()
    else:
        await database_sync_to_async(lifecycle.abandon)(room, actor=candidate, now=timezone.now())
        await ivo.hear("ended")
        await cleo.hear("ended")
        await ivo.join()
        await ivo.hear("refused")
        await ivo.leave()
    await cleo.leave()


async def test_the_fifth_person_is_told_that_the_call_is_full(room, candidate, client_of):
    def friends() -> list[User]:
        made = [UserFactory(display_name=f"Friend {number}") for number in range(4)]
        for friend in made:
            seat(room, friend, Role.INTERVIEWER)
        return made

    people = [candidate, *await database_sync_to_async(friends)()]
    first_four = [await Caller.in_call(room, client_of, person) for person in people[:4]]
    fifth = await Caller.arrive(room, client_of, people[4])
    await fifth.join()
    await fifth.hear("full")
    await fifth.signal(first_four[0].id)
    assert await first_four[0].hears_no_signal()
    await first_four[3].say({"type": "call", "state": "left"})
    await fifth.sees("Cleo Candidate", "Friend 0", "Friend 1")
    await fifth.join()
    assert len((await fifth.hear("welcome"))["members"]) == 4
    for person in (*first_four, fifth):
        await person.leave()


async def test_after_an_emptied_cache_everybody_is_back_under_a_new_id(
    room, candidate, interviewer, client_of
):
    cleo = await Caller.in_call(room, client_of, candidate)
    ivo = await Caller.in_call(room, client_of, interviewer)
    cache.clear()
    await cleo.say({"type": "call", "state": "sending", "audio": False, "video": True})
    back, ivo_back = await cleo.hear("welcome"), await ivo.hear("welcome")
    assert back["you"] not in (cleo.id, ivo_back["you"])
    while len(members := (await cleo.hear("members"))["members"]) < 2:
        pass
    assert {member["id"] for member in members} == {back["you"], ivo_back["you"]}
    assert {(member["audio"], member["video"]) for member in members} == {(False, True), (True, False)}
    await ivo.signal(back["you"])
    assert (await cleo.hear("signal"))["from"]["id"] == ivo_back["you"]
    await cleo.leave()
    await ivo.leave()


async def test_without_the_cache_there_is_no_call_and_rights_still_end(
    room, candidate, interviewer, client_of, monkeypatch
):
    def away(*_: object) -> None:
        raise ConnectionError

    cleo = await Caller.in_call(room, client_of, candidate)
    ivo = await Caller.arrive(room, client_of, interviewer)
    monkeypatch.setattr("interviews.calls.roster.read", away)
    monkeypatch.setattr("interviews.calls.roster.give_up", away)
    await ivo.join()
    await ivo.hear("unreachable")
    for person in (candidate, interviewer):
        await Participant.objects.filter(interview=room, user=person).aupdate(removed_at=timezone.now())
    assert await cleo.end() == 4403
    assert await ivo.end() == 4403


async def test_everybody_gets_relay_credentials_of_their_own(
    room, candidate, interviewer, client_of, settings
):
    settings.ICE_SERVERS = Servers.named([], ["turn:turn.example.org"], "north", True)
    cleo = await Caller.in_call(room, client_of, candidate)
    ivo = await Caller.in_call(room, client_of, interviewer)
    servers = [person.welcome["ice"]["iceServers"][0] for person in (cleo, ivo)]
    assert servers[0]["username"].endswith(f":{candidate.pk}")
    assert servers[1]["username"].endswith(f":{interviewer.pk}")
    assert "north" not in json.dumps([cleo.welcome, ivo.welcome])
    await cleo.leave()
    await ivo.leave()


def small_room_of(person: User) -> Interview:
    """Return a second room on the case and framework of the first."""
    first = Interview.objects.select_related("case", "framework").earliest("created_at")
    return lifecycle.start_solo(
        person, first.case, first.framework, level="senior", minutes=45, now=timezone.now()
    )


@pytest.mark.parametrize(
    ("path", "allowed"), [("/interviews/{}/", True), ("/interviews/{}/people/", False), ("/cases/", False)]
)
def test_only_the_room_may_ask_for_camera_and_microphone(room, candidate, client_of, path, allowed):
    answer = client_of(candidate).get(path.format(room.pk))
    assert answer.status_code == 200
    assert ("camera=(self), microphone=(self)" in answer.headers["Permissions-Policy"]) is allowed
