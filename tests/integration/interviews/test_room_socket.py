"""The room's socket: by number, for members only, and closed when rights end."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.utils import timezone
from uvicorn.protocols.utils import ClientDisconnected

from interviews import consumers, lifecycle
from interviews.models import Participant
from tests.integration.interviews.sockets import open_socket, refusal_code
from tests.integration.whiteboard.people import until

pytestmark = pytest.mark.django_db(transaction=True)


def open_room(interview, browser=None, after: int = 0, origin: str | None = None) -> WebsocketCommunicator:
    return open_socket(f"/ws/interviews/{interview.pk}/?after={after}", browser, origin)


async def test_a_member_hears_the_log_and_then_what_happens(interview, candidate, client_of):
    browser = await database_sync_to_async(client_of)(candidate)
    socket = open_room(interview, browser)
    await socket.connect()
    assert (await socket.receive_json_from())["type"] == "started"
    assert (await socket.receive_json_from())["type"] == "phase.entered"
    await database_sync_to_async(lifecycle.pause)(interview, actor=candidate, now=timezone.now())
    heard = await socket.receive_json_from(timeout=20)
    assert (heard["seq"], heard["type"]) == (3, "paused")
    await socket.disconnect()


async def test_a_browser_that_comes_back_hears_only_what_it_missed(interview, candidate, client_of):
    browser = await database_sync_to_async(client_of)(candidate)
    socket = open_room(interview, browser, after=1)
    await socket.connect()
    assert (await socket.receive_json_from())["seq"] == 2
    assert await socket.receive_nothing(timeout=0.3)
    await socket.disconnect()


async def test_strangers_and_visitors_are_refused_with_a_code(interview, stranger, client_of):
    browser = await database_sync_to_async(client_of)(stranger)
    assert await refusal_code(open_room(interview, browser)) == 4404
    assert await refusal_code(open_room(interview)) == 4403


async def test_a_forged_origin_is_refused(interview, candidate, client_of):
    browser = await database_sync_to_async(client_of)(candidate)
    for origin in ("https://evil.example", "http://127.0.0.1:9", "null"):
        accepted, _ = await open_room(interview, browser, origin=origin).connect()
        assert not accepted


async def test_an_unknown_address_is_refused_with_a_code():
    assert await refusal_code(open_socket("/ws/nothing/")) == 4404


@pytest.mark.parametrize("ending", ["logout", "removal", "guest visit over", "deactivated", "deleted"])
async def test_rights_end_within_seconds(interview, candidate, client_of, ending, monkeypatch):
    assert consumers.RECHECK_SECONDS < 2, "which is what is promised"
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 0.2)
    browser = await database_sync_to_async(client_of)(candidate)
    socket = open_room(interview, browser, after=2)
    await socket.connect()
    if ending == "logout":
        await database_sync_to_async(browser.logout)()
    elif ending == "removal":
        await Participant.objects.filter(user=candidate).aupdate(removed_at=timezone.now())
    elif ending == "deleted":
        await database_sync_to_async(type(candidate).objects.filter(pk=candidate.pk).delete)()
    elif ending == "deactivated":
        candidate.is_active = False
        await candidate.asave()
    else:
        candidate.is_guest, candidate.guest_until = True, timezone.now() - timedelta(minutes=1)
        await candidate.asave()
    message = await socket.receive_output(timeout=20)
    assert (message["type"], message["code"]) == ("websocket.close", 4403)
    await socket.disconnect()


@pytest.mark.parametrize("nonsense", ["x", "{", '{"type": "submitted", "seq": 99}', "x" * 100_000])
async def test_nothing_but_the_call_is_listened_to(interview, candidate, client_of, nonsense):
    browser = await database_sync_to_async(client_of)(candidate)
    socket = open_room(interview, browser, after=2)
    await socket.connect()
    await socket.send_to(text_data=nonsense)
    message = await socket.receive_output(timeout=20)
    assert (message["type"], message["code"]) == ("websocket.close", 4422)
    await interview.arefresh_from_db()
    assert interview.seq == 2
    await socket.disconnect()


async def test_a_member_in_good_standing_stays_connected(interview, candidate, client_of, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 0.02)
    browser = await database_sync_to_async(client_of)(candidate)
    socket = open_room(interview, browser, after=2)
    await socket.connect()
    heard = [await socket.receive_json_from() for _ in range(3)]
    assert heard == [{"type": "beat", "seq": 2}] * 3, "one for every five looks at the rights"
    await socket.disconnect()


async def test_a_database_that_stumbles_once_does_not_end_the_check_of_rights(
    interview, candidate, client_of, monkeypatch
):
    from django.db import OperationalError

    from interviews import access

    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 0.02)
    monkeypatch.setattr(consumers, "BEAT_EVERY", 1)
    browser = await database_sync_to_async(client_of)(candidate)
    socket = open_room(interview, browser, after=1)
    await socket.connect()
    while (await socket.receive_json_from())["type"] != "beat":  # the first look was taken
        pass
    check, calls = access.role_now, []

    def stumble(*args):
        calls.append(args)
        if len(calls) == 1:
            raise OperationalError
        return check(*args)

    monkeypatch.setattr("interviews.consumers.access.role_now", stumble)
    await until(lambda: bool(calls), 20)
    await Participant.objects.filter(user=candidate).aupdate(removed_at=timezone.now())
    while (message := await socket.receive_output(timeout=20))["type"] == "websocket.send":
        pass
    assert (message["type"], message["code"]) == ("websocket.close", 4403)
    await socket.disconnect()


async def test_a_tab_that_was_closed_while_it_is_told_something_is_no_error(interview, candidate, client_of):
    browser = await database_sync_to_async(client_of)(candidate)
    socket = open_room(interview, browser, after=2)
    site, tab = socket.application, {"is closed": False, "heard": 0}

    async def as_uvicorn(scope, receive, send):
        async def send_to_tab(message):
            if tab["is closed"]:
                tab["heard"] += 1
                raise ClientDisconnected
            await send(message)

        await site(scope, receive, send_to_tab)

    socket.application = as_uvicorn
    assert (await socket.connect(timeout=20))[0]
    tab["is closed"] = True
    await database_sync_to_async(lifecycle.pause)(interview, actor=candidate, now=timezone.now())
    await until(lambda: tab["heard"], seconds=20)
    await socket.send_to(text_data='{"type": "call", "state": "left", "tab": "no such key"}')  # is told 4422
    await until(lambda: tab["heard"] > 1, seconds=20)
    await socket.disconnect(timeout=20)
    assert not socket.future.done() or socket.future.exception() is None


async def test_who_leaves_is_no_longer_in_the_rooms_group(interview, candidate, client_of):
    from channels.layers import get_channel_layer

    from interviews.events import group_of

    browser = await database_sync_to_async(client_of)(candidate)
    socket = open_room(interview, browser, after=1)
    await socket.connect()
    await socket.receive_json_from()
    groups = get_channel_layer().groups
    assert groups[group_of(interview.pk)]
    await socket.disconnect()
    assert not groups.get(group_of(interview.pk))


@pytest.mark.parametrize("after", ["9" * 5000, "-1", "soon", "\u0661"])
async def test_a_strange_number_is_read_as_none(interview, candidate, client_of, after):
    browser = await database_sync_to_async(client_of)(candidate)
    socket = open_socket(f"/ws/interviews/{interview.pk}/?after={quote(after)}", browser)
    await socket.connect()
    assert (await socket.receive_json_from())["seq"] == 1
    await socket.disconnect()
