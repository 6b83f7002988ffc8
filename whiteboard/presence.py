"""Who is on a board and where they point: Yjs awareness, with the identity written by the server.

Nothing here is stored. A newer state of a person replaces the older one, whether or not anybody was
sent it. Format: y-protocols/awareness.js `encodeAwarenessUpdate`.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from whiteboard import protocol
from whiteboard.protocol import BadMessageError, read_string, read_varint, write_string, write_varint

LONGEST_STATE = 8_000
MOST_STATES = 64
_NUMBER = rb"([\x00-\x7f]|[\x80-\xff]{1,7}[\x01-\x7f])"
# A whole awareness message with one state, as every page sends them: kind, size, count, client, clock,
# size of the text, text. One match says what reading it number by number would, at a fifth of the cost.
_ALONE = re.compile(rb"\x01" + _NUMBER + rb"\x01" + _NUMBER * 3 + rb"(\{.*\}|null)", re.DOTALL).fullmatch


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


class State(NamedTuple):
    """What one client shows of itself: Yjs' counter, JSON text (None: has left) and whose it is."""

    clock: int
    text: str | None
    owner: object

    def written(self, client: int) -> bytes:
        """The same as an awareness message carries it."""
        return _client(client) + write_varint(self.clock) + write_string(self.text or "null")


_client = lru_cache(maxsize=2048)(write_varint)


@lru_cache(maxsize=2048)
def _number(raw: bytes) -> int:
    return read_varint(raw, 0)[0]


def states_in(message: bytes) -> list[tuple[int, int, str]]:
    """Return (client id, clock, JSON text) for each state in an awareness message with its kind and size."""
    found = _ALONE(message)
    if found is not None:
        size, client, clock, text_size, text = found.groups()
        if _number(size) == len(message) - found.end(1) and _number(text_size) == len(text):
            try:
                return [(_number(client), read_varint(clock, 0)[0], text.decode())]
            except UnicodeDecodeError:
                raise BadMessageError("a state that is not UTF-8") from None
    whole = protocol.decode(message)
    if whole is None or whole.kind != protocol.Kind.AWARENESS:
        raise BadMessageError("no states in this message")
    return read_states(whole.body)


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
    parts = [state.written(client) for client, state in states]
    return write_varint(len(parts)) + b"".join(parts)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


_scan = json.JSONDecoder(parse_constant=_refuse).raw_decode


def stamped(text: str, person: Person) -> str | None:
    """Return a client's state with `user` as the server knows it; None when it says that it has left.

    BadMessageError when it is no object, too long, or nested so deep that Python gives up.
    """
    if len(text) > LONGEST_STATE:
        raise BadMessageError("a state that is too long")
    text = text.strip(" \t\n\r")
    try:
        state, end = _scan(text, 0)
    except (ValueError, RecursionError):
        raise BadMessageError("a state that is not JSON") from None
    if end != len(text):
        raise BadMessageError("something behind a state")
    if state is None:
        return None
    if type(state) is not dict:
        raise BadMessageError("a state that is not an object")
    # Of two keys alike the last one counts (ECMA-262 JSON.parse, Python's json too), so ours is put
    # last: writing the whole state again would cost as much as everything else done with a pointer.
    return f'{text[:-1]}{"," if state else ""}"user":{person.as_json}}}'


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
