"""Observers in the call: they hear and see the others, who know of it, and send nothing."""

import pytest
from channels.db import database_sync_to_async
from django.core.cache import cache

from accounts.models import User
from interviews.models import Interview, Participant, Role
from tests.factories.accounts import UserFactory
from tests.factories.interviews import seat
from tests.integration.interviews.callers import OFFER, Caller, one_way, room_for_a_call

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(candidate: User, interviewer: User, observer: User) -> Interview:
    return room_for_a_call(candidate, interviewer, observer)


async def listener(room: Interview, client_of, user: User) -> Caller:
    return await Caller.in_call(room, client_of, user, audio=False)


async def newcomer(room: Interview, name: str, role: Role) -> User:
    def come() -> User:
        user = UserFactory(display_name=name)
        seat(room, user, role)
        return user

    return await database_sync_to_async(come)()


async def test_an_observer_listens_and_those_who_speak_are_told(room, candidate, observer, client_of):
    cleo = await Caller.in_call(room, client_of, candidate)
    watching = await Caller.arrive(room, client_of, observer)
    await watching.signal(cleo.id, one_way("recvonly"))
    assert await cleo.hears_no_signal(), "the button has not been pressed"
    olga = await listener(room, client_of, observer)
    _, there = await cleo.sees("Cleo Candidate", observer.name)
    assert there == {
        "id": olga.id,
        "user": str(observer.pk),
        "name": observer.name,
        "role": "observer",
        "audio": False,
        "video": False,
        "listens": True,
    }
    assert [one["listens"] for one in olga.welcome["members"]] == [False, True]
    assert olga.welcome.keys() == {"type", "state", "you", "ice", "members"}
    await cleo.signal(olga.id, OFFER)
    assert (await olga.hear("signal"))["data"] == OFFER
    await olga.signal(cleo.id, one_way("recvonly"))
    heard = await cleo.hear("signal")
    assert (heard["data"], heard["from"]["role"]) == (one_way("recvonly"), "observer")
    for person in (cleo, watching, olga):
        await person.leave()


@pytest.mark.parametrize("direction", ["sendrecv", "sendonly"])
async def test_what_would_send_sound_or_picture_of_an_observer_reaches_nobody(
    room, candidate, observer, client_of, direction
):
    cleo = await Caller.in_call(room, client_of, candidate)
    olga = await listener(room, client_of, observer)
    await olga.signal(cleo.id, one_way(direction))
    assert await cleo.hears_no_signal()
    await cleo.leave()
    await olga.leave()


@pytest.mark.parametrize(("audio", "video"), [(True, False), (False, True)])
async def test_an_observer_who_wants_to_be_heard_or_seen_is_refused(
    room, candidate, observer, client_of, audio, video
):
    cleo = await Caller.in_call(room, client_of, candidate)
    olga = await Caller.arrive(room, client_of, observer)
    await olga.join(audio=audio, video=video)
    await olga.hear("listener")
    await olga.join(audio=False)
    await olga.hear("welcome")
    await cleo.sees("Cleo Candidate", observer.name)
    await olga.say({"type": "call", "state": "sending", "audio": audio, "video": video})
    await olga.hear("listener")
    (alone,) = await cleo.sees("Cleo Candidate")
    assert alone["audio"]
    await cleo.leave()
    await olga.leave()


async def test_observers_exchange_nothing_with_each_other(room, candidate, observer, client_of):
    otto = await newcomer(room, "Otto", Role.OBSERVER)
    olga, other = await listener(room, client_of, observer), await listener(room, client_of, otto)
    cleo = await Caller.in_call(room, client_of, candidate)
    await olga.signal(other.id, one_way("recvonly"))
    await olga.signal(cleo.id, one_way("recvonly"))
    await cleo.hear("signal")  # said later, and here already
    await cleo.signal(other.id, OFFER)
    assert (await other.hear("signal"))["from"]["id"] == cleo.id
    for person in (olga, other, cleo):
        await person.leave()


async def test_observers_have_only_the_places_that_nobody_who_speaks_needs(
    room, candidate, interviewer, observer, client_of
):
    otto, ona = [await newcomer(room, name, Role.OBSERVER) for name in ("Otto", "Ona")]
    first, second = [await listener(room, client_of, person) for person in (observer, otto)]
    third = await Caller.arrive(room, client_of, ona)
    await third.join(audio=False)
    await third.hear("full")  # two speak in this room, though neither of them is in the call yet
    ida = await newcomer(room, "Ida", Role.INTERVIEWER)
    await second.hear("full")  # the last who came gives way as soon as somebody has the seat
    await first.sees(observer.name)
    speakers = [await Caller.in_call(room, client_of, person) for person in (candidate, interviewer, ida)]
    names = [one["name"] for one in speakers[-1].welcome["members"]]
    assert names == ["Cleo Candidate", "Ivo Interviewer", "Ida", observer.name]
    await second.join(audio=False)
    await second.hear("full")
    await first.say({"type": "call", "state": "left"})
    await speakers[0].sees("Cleo Candidate", "Ivo Interviewer", "Ida")
    await second.join(audio=False)
    assert len((await second.hear("welcome"))["members"]) == 4
    for person in (first, second, third, *speakers):
        await person.leave()


async def test_another_role_ends_the_call_for_who_listened_or_spoke(room, candidate, observer, client_of):
    cleo = await Caller.in_call(room, client_of, candidate)
    olga = await listener(room, client_of, observer)
    await cleo.sees("Cleo Candidate", observer.name)
    seats = Participant.objects.filter(interview=room, user=observer)
    for role, speaks in ((Role.INTERVIEWER, True), (Role.OBSERVER, False)):
        await seats.aupdate(role=role)
        await olga.hear("ended")
        await cleo.sees("Cleo Candidate")
        await olga.join(audio=speaks)
        welcome = await olga.hear("welcome")
        assert welcome["you"] != olga.id, "the others have let go of that one"
        olga.id = welcome["you"]
        _, there = await cleo.sees("Cleo Candidate", observer.name)
        assert (there["audio"], there["listens"]) == (speaks, not speaks)
    await cleo.leave()
    await olga.leave()


async def test_after_an_emptied_cache_who_listens_is_back_too(room, candidate, observer, client_of):
    cleo = await Caller.in_call(room, client_of, candidate)
    olga = await listener(room, client_of, observer)
    cache.clear()
    await cleo.say({"type": "call", "state": "sending", "audio": False, "video": True})
    back = await olga.hear("welcome")
    assert back["you"] != olga.id
    assert {one["name"]: one["listens"] for one in back["members"]}[observer.name] is True
    await cleo.leave()
    await olga.leave()


def test_no_page_of_an_observer_may_ask_for_camera_or_microphone(room, observer, client_of):
    page = client_of(observer).get(f"/interviews/{room.pk}/")
    assert "camera=(), microphone=()" in page.headers["Permissions-Policy"]
    html = page.content.decode()
    assert "Listen to the call" in html
    for other in ("Join the call", "Mute", "Camera on", 'name="audio"', 'name="video"'):
        assert other not in html
