import json

import pytest

from whiteboard.presence import Person, Presence, State, read_states, stamped, write_states
from whiteboard.protocol import BadMessageError

ANA = Person("7", "Ana", "interviewer", "#2456d6")


def test_the_server_writes_who_somebody_is() -> None:
    state = json.loads(stamped('{"user":{"name":"Root"},"pointer":{"x":1}}', ANA) or "")
    assert state == {
        "pointer": {"x": 1},
        "user": {"id": "7", "name": "Ana", "role": "interviewer", "color": "#2456d6"},
    }


def test_somebody_can_say_that_they_leave() -> None:
    assert stamped("null", ANA) is None


@pytest.mark.parametrize("text", ["", "[1]", "NaN", '{"a":NaN}', "[" * 5000, '"x"', "{" + " " * 9000 + "}"])
def test_a_state_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(BadMessageError):
        stamped(text, ANA)


def test_states_read_as_they_were_written() -> None:
    body = write_states([(5, State(3, '{"é":1}', None)), (6, State(1, None, None))])
    assert read_states(body) == [(5, 3, '{"é":1}'), (6, 1, "null")]
    with pytest.raises(BadMessageError):
        read_states(body + b"\x00")
    with pytest.raises(BadMessageError):
        read_states(b"\xff\xff\x03")


def test_a_newer_state_replaces_one_that_was_never_sent() -> None:
    presence, ana = Presence(), object()
    for clock in range(5):
        presence.put(5, clock, f'{{"at":{clock}}}', ana)
    assert [(client, state.clock) for client, state in presence.take_news()] == [(5, 4)]
    assert presence.take_news() == []


def test_who_leaves_is_announced_once_and_forgotten() -> None:
    presence, ana, ben = Presence(), object(), object()
    presence.put(5, 3, "{}", ana)
    presence.put(6, 1, "{}", ben)
    presence.take_news()
    presence.leave(ana)
    assert [(client, state.clock, state.text) for client, state in presence.take_news()] == [(5, 4, None)]
    assert [client for client, _ in presence.everyone()] == [6]
