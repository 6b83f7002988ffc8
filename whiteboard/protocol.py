"""Messages of the board socket as bytes: y-protocols frames and our own three, read strictly.

A reader of our own, because the one in pycrdt accepts truncated payloads and its writer counts
characters where the protocol counts bytes. Source: y-protocols PROTOCOL.md and lib0's encoding.
"""

import json
from dataclasses import dataclass
from enum import IntEnum

LARGEST_UPDATE = 256 * 1024
LARGEST_AWARENESS = 16 * 1024
LARGEST_STATE_VECTOR = 64 * 1024
LARGEST_NUMBER = 2**53 - 1  # JavaScript reads no larger whole number exactly
_ONE_BYTE = [bytes((value,)) for value in range(0x80)]


class Kind(IntEnum):
    """The first number of a message."""

    SYNC = 0
    AWARENESS = 1
    QUERY_AWARENESS = 3
    ACK = 100
    REJECT = 101
    HELLO = 102


class Sync(IntEnum):
    """The second number of a SYNC message."""

    STEP_1 = 0
    STEP_2 = 1
    UPDATE = 2


class Close(IntEnum):
    """Why a socket is closed; the browser reads the number."""

    RESTART = 1012
    SLOW_READER = 1013
    FAILED = 1011
    MAY_NOT = 4403
    NO_SUCH_BOARD = 4404
    OTHER_EPOCH = 4409
    BAD_UPDATE = 4422
    TOO_FAST = 4429


class BadMessageError(ValueError):
    """The bytes are not what the protocol says; the text tells where."""


@dataclass(slots=True)
class Message:
    """One message from a browser; `sync` only for SYNC, `body` as sent (state vector, update, states)."""

    kind: int
    body: bytes
    sync: int | None = None

    @property
    def writes(self) -> bool:
        """Whether this carries an edit: an update, or step 2, which holds what was drawn offline."""
        return self.kind == 0 and self.sync != 0


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the unsigned number at `at` and where the next thing starts.

    Truncated, padded with empty groups, or above 2**53: BadMessageError.
    """
    start = at
    if at < len(data) and data[at] < 0x80:
        return data[at], at + 1
    value = shift = 0
    try:
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > 56:
                raise BadMessageError(f"number at byte {start} has no end")
    except IndexError:
        raise BadMessageError(f"number at byte {start} is cut off") from None
    if byte == 0 and shift:
        raise BadMessageError(f"number at byte {start} is longer than it needs to be")
    if value > LARGEST_NUMBER:
        raise BadMessageError(f"number at byte {start} is too large")
    return value, at


def write_varint(value: int) -> bytes:
    """Return an unsigned number in groups of seven bits, lowest first."""
    if value < 0x80:
        return _ONE_BYTE[value]
    if value < 0x4000:
        return bytes((value & 0x7F | 0x80, value >> 7))
    if value < 0x200000:
        return bytes((value & 0x7F | 0x80, value >> 7 & 0x7F | 0x80, value >> 14))
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the counted bytes at `at` and where the next thing starts."""
    size, at = read_varint(data, at)
    end = at + size
    if end > len(data):
        raise BadMessageError(f"{size} bytes announced at byte {at}, {len(data) - at} there")
    return data[at:end], end


def read_string(data: bytes, at: int) -> tuple[str, int]:
    """Return the counted UTF-8 text at `at` and where the next thing starts."""
    raw, end = read_bytes(data, at)
    try:
        return raw.decode(), end
    except UnicodeDecodeError:
        raise BadMessageError(f"text at byte {at} is not UTF-8") from None


def write_bytes(data: bytes) -> bytes:
    """Return `data` behind its size in bytes."""
    return write_varint(len(data)) + data


def write_string(text: str) -> bytes:
    """Return UTF-8 text behind its size in bytes (not characters)."""
    return write_bytes(text.encode())


def decode(data: bytes) -> Message | None:
    """Return what a browser sent, or None for a kind this server does not know (to be ignored).

    Kinds and steps are compared as plain numbers: this runs for every message of every browser.
    BadMessageError when it is cut off, carries more than it announces or is too large.
    """
    kind, at = read_varint(data, 0)
    sync: int | None = None
    if kind == 0:
        sync, at = read_varint(data, at)
        if sync > 2:
            raise BadMessageError(f"unknown sync step {sync}")
        limit = LARGEST_UPDATE if sync else LARGEST_STATE_VECTOR
    elif kind == 1:
        limit = LARGEST_AWARENESS
    elif kind == 3:
        if at != len(data):
            raise BadMessageError("a question with something behind it")
        return Message(kind, b"")
    else:
        return None
    body, at = read_bytes(data, at)
    if at != len(data):
        raise BadMessageError(f"{len(data) - at} bytes behind the end")
    if len(body) > limit:
        raise BadMessageError(f"{len(body)} bytes, {limit} allowed")
    return Message(kind, body, sync)


def edit_in(message: bytes) -> bytes:
    """Return the update in a message that is known to begin as one (0, 2); errors as `decode`."""
    body, at = read_bytes(message, 2)
    if at != len(message):
        raise BadMessageError(f"{len(message) - at} bytes behind the end")
    if len(body) > LARGEST_UPDATE:
        raise BadMessageError(f"{len(body)} bytes, {LARGEST_UPDATE} allowed")
    return body


def step_1(state_vector: bytes) -> bytes:
    """Return the question "what do you have beyond this?"."""
    return b"\x00\x00" + write_bytes(state_vector)


def step_2(update: bytes) -> bytes:
    """Return the answer to step 1."""
    return b"\x00\x01" + write_bytes(update)


def update(data: bytes) -> bytes:
    """Return a message with one edit."""
    return b"\x00\x02" + write_bytes(data)


def awareness(states: bytes) -> bytes:
    """Return a message with who points where."""
    return b"\x01" + write_bytes(states)


def ack(count: int) -> bytes:
    """Return the receipt for `count` edits that are now in the log."""
    return b"\x64" + write_varint(count)


def reject(reason: str) -> bytes:
    """Return the sentence that says why an edit was refused; the socket closes after it."""
    return b"\x65" + write_string(reason)


def hello(*, epoch: int, right: str, head: int) -> bytes:
    """Return the first message on every socket, and the one sent again when the right changes."""
    return b"\x66" + write_string(json.dumps({"epoch": epoch, "right": right, "head": head}))


def read_state_vector(data: bytes) -> dict[int, int]:
    """Return client id → how many of its steps are known; BadMessageError when it is not one.

    The count in its first number is compared with the bytes that are there before anything is
    made of it: nine bytes can otherwise announce a billion clients.
    """
    count, at = read_varint(data, 0)
    if count * 2 > len(data) - at:
        raise BadMessageError(f"{count} clients announced in {len(data)} bytes")
    clocks: dict[int, int] = {}
    for _ in range(count):
        client, at = read_varint(data, at)
        clock, at = read_varint(data, at)
        clocks[client] = clock
    if at != len(data):
        raise BadMessageError("bytes behind the state vector")
    return clocks


def write_state_vector(clocks: dict[int, int]) -> bytes:
    """Return the state vector that `read_state_vector` reads."""
    body = b"".join(write_varint(client) + write_varint(clock) for client, clock in clocks.items())
    return write_varint(len(clocks)) + body
