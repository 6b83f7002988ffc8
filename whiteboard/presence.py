"""Who is on a board and where they point: Yjs awareness, with the identity written by the server.

Nothing here is stored. A newer state of a person replaces the older one, whether or not anybody was
sent it. Format: y-protocols/awareness.js `encodeAwarenessUpdate`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from whiteboard.protocol import BadMessageError, read_string, read_varint, write_string, write_varint

LONGEST_STATE = 8_000
MOST_STATES = 64


@dataclass(frozen=True)
class Person:
    """Who someone is to the others on a board; decided by the server."""

    id: str
    name: str
    role: str
    color: str = ""

    @cached_property
    def as_json(self) -> str:
        """The same as JSON."""
        return json.dumps({"id": self.id, "name": self.name, "role": self.role, "color": self.color})


@dataclass(frozen=True, slots=True)
class State:
    """What one client shows of itself: Yjs' counter, JSON text (None: has left) and whose it is."""

    clock: int
    text: str | None
    owner: object


def read_states(body: bytes) -> list[tuple[int, int, str]]:
    """Return (client id, clock, JSON text) for each state in an awareness message."""
    count, at = read_varint(body, 0)
    if count > MOST_STATES:
        raise BadMessageError(f"{count} states in one message")
    states = []
    for _ in range(count):
        client, at = read_varint(body, at)
        clock, at = read_varint(body, at)
        text, at = read_string(body, at)
        states.append((client, clock, text))
    if at != len(body):
        raise BadMessageError("bytes behind the states")
    return states


def write_states(states: Iterable[tuple[int, State]]) -> bytes:
    """Return the awareness message that carries the states."""
    parts = [
        write_varint(client) + write_varint(state.clock) + write_string(state.text or "null")
        for client, state in states
    ]
    return write_varint(len(parts)) + b"".join(parts)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


_decoder = json.JSONDecoder(parse_constant=_refuse)


def stamped(text: str, person: Person) -> str | None:
    """Return a client's state with `user` as the server knows it; None when it says that it has left.

    BadMessageError when it is no object, too long, or nested so deep that Python gives up.
    """
    if len(text) > LONGEST_STATE:
        raise BadMessageError("a state that is too long")
    try:
        state = _decoder.decode(text)
    except (ValueError, RecursionError):
        raise BadMessageError("a state that is not JSON") from None
    if state is None:
        return None
    if not isinstance(state, dict):
        raise BadMessageError("a state that is not an object")
    # Of two keys alike the last one counts (ECMA-262 JSON.parse, Python's json too), so ours is put
    # last: writing the whole state again would cost as much as everything else done with a pointer.
    start = text.rstrip()[:-1]
    return f'{start}{"," if state else ""}"user":{person.as_json}}}'


class Presence:
    """The newest state of every client of one board, and which of them nobody has been sent yet."""

    def __init__(self) -> None:
        self.states: dict[int, State] = {}
        self.news: set[int] = set()

    def put(self, client: int, clock: int, text: str | None, owner: object) -> None:
        """Replace a client's state."""
        self.states[client] = State(clock, text, owner)
        self.news.add(client)

    def leave(self, owner: object) -> None:
        """Say for every client of `owner` that it has left."""
        for client, state in list(self.states.items()):
            if state.owner is owner or state.owner == owner:
                self.put(client, state.clock + 1, None, owner)

    def owner_of(self, client: int) -> object | None:
        """Return whose client this is, None when nobody here has it."""
        state = self.states.get(client)
        return None if state is None or state.text is None else state.owner

    def take_news(self) -> list[tuple[int, State]]:
        """Return what changed since the last time; who has left is forgotten."""
        news = [(client, self.states[client]) for client in self.news]
        self.news.clear()
        for client, state in news:
            if state.text is None:
                del self.states[client]
        return news

    def everyone(self) -> list[tuple[int, State]]:
        """Return all that are here, for someone who has just come."""
        return [(client, state) for client, state in self.states.items() if state.text is not None]
