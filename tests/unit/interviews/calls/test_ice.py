"""TURN credentials as coturn checks them, and settings with which no call could connect."""

import pytest

from interviews.calls.ice import SECONDS, Servers, credentials
from interviews.calls.pace import Bucket

STUN, TURN = ["stun:stun.example.org"], ["turn:turn.example.org:3478?transport=udp", "turns:turn.example.org"]


# Each made by `printf '%s' NAME | openssl dgst -sha1 -hmac SECRET -binary | base64`.
@pytest.mark.parametrize(
    ("secret", "person", "ends", "password"),
    [
        ("north", "7", 1_790_000_000, "oKQkHP+25LXmNHe5Cww/0zphHZA="),
        ("kept between two servers", "412", 1_893_456_000, "cTw7voBP1z5Sk5TqlDjwfcm0+44="),
        ("ä", "1", 1, "srGeX9MbRCqs8kAIQWjy7eaAdGg="),
    ],
)
def test_credentials_are_what_openssl_makes_of_name_and_secret(secret, person, ends, password):
    assert credentials(secret, person, ends) == (f"{ends}:{person}", password)


def test_without_settings_a_browser_is_sent_to_no_other_host():
    assert Servers().configuration("7", 0) == {"iceServers": [], "iceTransportPolicy": "all"}


def test_everybody_gets_credentials_of_their_own_that_end():
    servers = Servers.named(STUN, TURN, "north", False)
    found = servers.configuration("7", 1_000_000)
    name, password = credentials("north", "7", 1_000_000 + SECONDS)
    assert found["iceServers"] == [{"urls": STUN}, {"urls": TURN, "username": name, "credential": password}]
    assert found["iceTransportPolicy"] == "all"
    assert servers.configuration("8", 1_000_000)["iceServers"][1]["credential"] != password
    assert "north" not in str(found)


def test_relay_only_asks_no_stun_server():
    found = Servers.named(STUN, TURN, "north", True).configuration("7", 0)
    assert [server["urls"] for server in found["iceServers"]] == [TURN]
    assert found["iceTransportPolicy"] == "relay"


@pytest.mark.parametrize(
    ("stun", "turn", "secret", "relay_only", "named"),
    [
        (["https://stun.example.org"], [], "", False, "ICE_STUN_URLS"),
        ([], ["stun:turn.example.org"], "north", False, "ICE_TURN_URLS"),
        ([], TURN, "", False, "ICE_TURN_SECRET"),
        (STUN, [], "", True, "ICE_RELAY_ONLY"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(stun, turn, secret, relay_only, named):
    with pytest.raises(ValueError, match=named):
        Servers.named(stun, turn, secret, relay_only)


def test_a_bucket_gives_what_is_in_it_and_fills_up_again():
    bucket = Bucket.full(3, 0.5, now=10)
    assert [bucket.take(1, 10) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(1, 11)
    assert bucket.take(1, 12)
    assert not bucket.take(4, 10_000), "it never holds more than its size"
    assert bucket.take(3, 10_000)
    assert not bucket.take(1, 9_000), "a clock that goes back fills nothing"
