"""What browsers may say about a call: nothing but that, whatever else they send."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.calls.messages import (
    LARGEST,
    BadCallMessageError,
    Joined,
    Left,
    Sending,
    Signal,
    read,
)

SOMEBODY = "b" * 20
CANDIDATE = {
    "candidate": "candidate:1 1 udp 2122194687 192.0.2.2 38262 typ host",
    "sdpMid": "0",
    "sdpMLineIndex": 0,
    "usernameFragment": "c9mY",
}
OFFER = {"type": "offer", "sdp": "v=0\r\n"}


def signal(**data):
    return {"type": "signal", "to": SOMEBODY, "data": data}


GOOD = [
    ({"type": "call", "state": "left"}, Left()),
    ({"type": "call", "state": "sending", "audio": False, "video": True}, Sending(False, True)),
    (
        {"type": "call", "state": "joined", "tab": "tab-of-mine", "audio": True, "video": False},
        Joined("tab-of-mine", True, False),
    ),
    (signal(description=OFFER), Signal(SOMEBODY, {"description": OFFER})),
    (signal(candidate=CANDIDATE), Signal(SOMEBODY, {"candidate": CANDIDATE})),
    (
        signal(candidate={"candidate": ""}),
        Signal(
            SOMEBODY,
            {"candidate": {"candidate": "", "sdpMid": None, "sdpMLineIndex": None, "usernameFragment": None}},
        ),
    ),
]


@pytest.mark.parametrize(("said", "meant"), GOOD)
def test_what_a_page_says_is_read(said, meant):
    assert read(json.dumps(said)) == meant


JOIN = GOOD[2][0]
BAD = [
    {"type": "submitted"},
    {"type": "call"},
    {"type": "call", "state": "muted"},
    {"type": "call", "state": "left", "user": 7},
    JOIN | {"user": 7},
    JOIN | {"tab": "short"},
    JOIN | {"tab": "with a space"},
    JOIN | {"tab": ["tab-of-mine"]},
    JOIN | {"audio": 1},
    {"type": "call", "state": "sending", "audio": True},
    signal(),
    signal(description=OFFER, candidate=CANDIDATE),
    signal(description=OFFER | {"type": "rollback"}),
    signal(description=OFFER | {"name": "Ivo"}),
    signal(description={"type": "offer"}),
    signal(description=OFFER | {"sdp": None}),
    signal(description="v=0"),
    signal(candidate=None),
    signal(candidate=CANDIDATE | {"candidate": "x" * 1001}),
    signal(candidate=CANDIDATE | {"sdpMLineIndex": True}),
    signal(candidate=CANDIDATE | {"sdpMLineIndex": -1}),
    signal(candidate=CANDIDATE | {"sdpMLineIndex": 2.0}),
    signal(candidate=CANDIDATE | {"sdpMid": 0}),
    signal(candidate=CANDIDATE | {"from": "me"}),
    signal(chat="hello"),
    signal(description=OFFER) | {"from": {"id": SOMEBODY, "name": "Ivo"}},
    signal(description=OFFER) | {"to": "*"},
    signal(description=OFFER) | {"to": None},
    [],
    None,
    7,
]


@pytest.mark.parametrize("said", BAD)
def test_anything_else_is_refused(said):
    with pytest.raises(BadCallMessageError):
        read(json.dumps(said))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[" * LARGEST,
        '{"type": "call", "state": "sending", "audio": NaN, "video": true}',
        '{"type": "signal", "to": "bbbbbbbb", "data": {"description": {"type": "offer", "sdp": "\\ud800"}}}',
        json.dumps(signal(description=OFFER | {"sdp": "x" * LARGEST})),
        json.dumps(signal(description=OFFER | {"sdp": "é" * (LARGEST // 2)}), ensure_ascii=False),
        "9" * 5000,
    ],
)
def test_texts_that_are_too_large_or_no_json_are_refused(text):
    with pytest.raises(BadCallMessageError):
        read(text)


WORDS = {"type", "state", "to", "data", "description", "candidate", "sdp", "tab", "audio", "video", "from"}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(sorted(WORDS)) | st.text(), inner)
    ),
    max_leaves=12,
)


def is_clean(said) -> bool:
    """A message as we read it carries nothing but short known fields, in text that can be sent."""
    if isinstance(said, Signal):
        (inner,) = said.data.values()
        inner_keys = {"type", "sdp"} if "description" in said.data else CANDIDATE.keys()
        json.dumps(said.data).encode()
        return said.data.keys() <= {"description", "candidate"} and inner.keys() == inner_keys
    return isinstance(said, Joined | Left | Sending)


@settings(max_examples=40, deadline=None)
@given(st.one_of(anything, st.sampled_from([said for said, _ in GOOD])), st.dictionaries(st.text(), anything))
def test_no_message_at_all_gets_past_the_reader_unclean(said, more):
    if isinstance(said, dict):
        said = said | more
    text = json.dumps(said)
    with contextlib.suppress(BadCallMessageError):
        assert is_clean(read(text))


@settings(max_examples=40, deadline=None)
@given(st.text(), st.integers(0, 60), st.integers(0, 5))
def test_a_message_cut_or_stuffed_anywhere_is_read_cleanly_or_refused(stuffing, where, which):
    text = json.dumps(GOOD[which][0])
    for broken in (text[:where], text[:where] + stuffing + text[where:]):
        with contextlib.suppress(BadCallMessageError):
            assert is_clean(read(broken))


AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111"


@pytest.mark.parametrize(
    ("lines", "receives"),
    [
        (["v=0"], True),
        (["v=0", AUDIO, "a=recvonly", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=inactive"], True),
        (["v=0", AUDIO, "a=recvonly", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=sendonly"], False),
        (["v=0", AUDIO, "a=sendrecv"], False),
        (["v=0", AUDIO, "a=mid:0"], False),  # a part that names no direction goes both ways
        (["v=0", "a=recvonly", AUDIO, "a=mid:0"], False),
        (["v=0", AUDIO, "a=sendrecv", "a=recvonly"], False),
        (["v=0", AUDIO, "a=recvonly", "a=sendonly "], False),
        (["v=0", AUDIO, "a=recvonlyish"], False),
        (["v=0", AUDIO, "a=x\u2028a=recvonly"], False),  # no end of a line to a browser
        (["v=0", AUDIO, "a=recvonly\r"], False),
        (["v=0", "m=audio 0 UDP/TLS/RTP/SAVPF 111", "a=bundle-only"], False),
        (["v=0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"], False),
        ([AUDIO, "a=sendrecv"], False),
    ],
)
def test_a_description_only_receives_when_each_part_says_so(lines, receives):
    said = read(json.dumps(signal(description={"type": "answer", "sdp": "\r\n".join([*lines, ""])})))
    assert said.only_receives is receives


def test_an_address_is_nothing_that_would_be_sent():
    assert read(json.dumps(signal(candidate=CANDIDATE))).only_receives
