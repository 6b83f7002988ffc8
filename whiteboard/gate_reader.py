"""A Yjs update read field by field without building anything, so that only sound bytes reach pycrdt.

pycrdt trusts the counts it is given: twenty bytes make it panic, nine make it allocate a gigabyte,
deep nesting ends the process. This reader checks every count against the bytes that are left, and
lets through only what a board is made of: maps, texts, plain values. Format: Yjs "update v1"
(yjs/src/utils/encoding.js, lib0/encoding.js `writeAny`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from whiteboard.gate_values import LARGEST_SIZE, LONGEST_KEY, fits, read_text, skip_any
from whiteboard.protocol import BadMessageError, read_varint

ROOTS = {"elements", "meta", "notes"}
MOST_CONTAINERS = 8000
MOST_STEPS = 2**31  # clocks are 32-bit numbers in yrs

_ORIGIN, _RIGHT_ORIGIN, _HAS_KEY = 0x80, 0x40, 0x20
_GC, _DELETED, _STRING, _TYPE, _ANY, _SKIP = 0, 1, 4, 7, 8, 10
_MAP_TYPE, _TEXT_TYPE = 1, 2
# What nine of ten edits are: one person's one step behind another, which sets a value or adds ASCII text,
# then at most one thing deleted. Info bytes: an origin and nothing else (yrs also sets the bit for a key).
_VARINT = rb"([\x00-\x7f]|[\x80-\xff]{1,7}[\x01-\x7f])"
_ONE_STEP = re.compile(rb"\x01\x01" + _VARINT * 2 + rb"([\x84\x88\xa8])" + _VARINT * 3)
_ONE_DELETION = re.compile(rb"\x00\Z|\x01" + _VARINT + rb"\x01" + _VARINT * 2 + rb"\Z")


@dataclass(slots=True)
class Outline:
    """What an update would do: steps it adds per client, what it needs, whether it deletes."""

    adds: list[tuple[int, int, int]] = field(
        default_factory=list
    )  # client, first clock, clock after the last
    needs: dict[int, int] = field(default_factory=dict)  # client → the highest clock that must exist
    deletes: bool = False
    skips: bool = False
    # Characters of two units (an emoji is a surrogate pair in Yjs' count): where their second half is,
    # and all places (client, clock) at which this update needs a text to be cut.
    halves: set[tuple[int, int]] = field(default_factory=set)
    cuts: list[tuple[int, int]] = field(default_factory=list)
    astral_text: str = ""
    wild: bool = False  # it has lists other than points, or points far out: what they hold must be looked at

    def need(self, client: int, clock: int) -> None:
        """Note that step `clock` of `client` must exist."""
        if clock > self.needs.get(client, -1):
            self.needs[client] = clock

    def follows(self, clocks: dict[int, int]) -> bool:
        """Return whether all it builds on is in `clocks` or in the update itself."""
        known = dict(clocks) if len(self.adds) > 1 else clocks
        if len(self.adds) == 1:
            client, start, end = self.adds[0]
            if start > clocks.get(client, 0):
                return False
            own = max(end, clocks.get(client, 0))
            return not self.skips and all(
                clock < (own if other == client else clocks.get(other, 0))
                for other, clock in self.needs.items()
            )
        for client, start, end in self.adds:
            if start > known.get(client, 0):
                return False
            known[client] = max(known.get(client, 0), end)
        return not self.skips and all(clock < known.get(client, 0) for client, clock in self.needs.items())

    def cuts_a_character(self, halves: set[tuple[int, int]]) -> bool:
        """Return whether it would take a character of two units apart; `halves` are those known."""
        return any(cut in halves or cut in self.halves for cut in self.cuts)

    def repeats(self, clocks: dict[int, int]) -> bool:
        """Return whether it holds a step that `clocks` has, too."""
        return any(start < clocks.get(client, 0) for client, start, _ in self.adds)

    def adds_to(self, clocks: dict[int, int]) -> bool:
        """Return whether it holds a step that `clocks` does not."""
        return any(end > clocks.get(client, 0) for client, _, end in self.adds)


def outline(data: bytes) -> Outline:
    """Return what the update would do; BadMessageError, with the place, for what boards have no use for."""
    if len(data) > LARGEST_SIZE:
        raise BadMessageError(f"{len(data)} bytes, {LARGEST_SIZE} allowed")
    if data.count(0x75) + data.count(0x76) > MOST_CONTAINERS:
        # The same bytes also occur inside numbers and words; far from this bound in honest updates.
        raise BadMessageError("too many lists and objects")
    return _read_outline(data)


def trusted_outline(data: bytes) -> Outline:
    """Return what a row of the log would do; rows may be larger than what one message may carry."""
    return _read_outline(data)


@lru_cache(maxsize=1024)
def _number(raw: bytes) -> int:
    return read_varint(raw, 0)[0]


def _read_one_step(data: bytes) -> Outline | None:
    """Return the outline of an edit of the usual form, None when it has another."""
    step = _ONE_STEP.match(data)
    if step is None:
        return None
    by, at_clock, info, left, left_clock, size = step.groups()
    found = Outline()
    at = step.end()
    if info != b"\x84":
        if size != b"\x01":
            return None
        length = 1
        at, found.wild = skip_any(data, at)
    else:
        length, at = _number(size), at + _number(size)
        if not length or at > len(data) or not data[step.end() : at].isascii():
            return None
    deletion = _ONE_DELETION.match(data, at)
    if deletion is None:
        return None
    client, clock = _number(by), read_varint(at_clock, 0)[0]
    before, before_clock = _number(left), read_varint(left_clock, 0)[0]
    found.adds.append((client, clock, clock + length))
    found.needs[before] = before_clock
    found.cuts.append((before, before_clock + 1))
    end = 0
    if deletion.end() - deletion.start() > 1:
        other, start, count = deletion.groups()
        gone, start_clock, many = _number(other), read_varint(start, 0)[0], _number(count)
        end = start_clock + many
        if not many:
            return None
        found.deletes = True
        found.need(gone, end - 1)
        found.cuts += ((gone, start_clock), (gone, end))
    return found if max(clock + length, end) < MOST_STEPS else None


def _read_outline(data: bytes) -> Outline:
    usual = _read_one_step(data)
    return usual if usual is not None else _read_any_outline(data)


def _read_any_outline(data: bytes) -> Outline:
    found = Outline()
    clients, at = read_varint(data, 0)
    fits(clients, 3, data, at)
    seen: set[int] = set()
    for _ in range(clients):
        structs, at = read_varint(data, at)
        fits(structs, 2, data, at)
        client, at = read_varint(data, at)
        clock, at = read_varint(data, at)
        if client in seen or structs == 0:
            raise BadMessageError(f"client {client} stands twice or empty before byte {at}")
        seen.add(client)
        start = clock
        for _ in range(structs):
            length, at = _read_struct(data, at, found)
            if length == 0:
                raise BadMessageError(f"an empty step before byte {at}")
            if found.astral_text:
                found.halves.update((client, half) for half in _second_halves(found.astral_text, clock))
                found.astral_text = ""
            clock += length
        if clock >= MOST_STEPS:
            raise BadMessageError(f"clock {clock} is out of range")
        found.adds.append((client, start, clock))
    at = _read_deletes(data, at, found)
    if at != len(data):
        raise BadMessageError(f"{len(data) - at} bytes behind the end")
    return found


def _second_halves(text: str, clock: int) -> Iterator[int]:
    """Yield the clocks of the second halves of characters that are two units long."""
    for character in text:
        if character > "\uffff":
            yield clock + 1
            clock += 2
        else:
            clock += 1


def _read_deletes(data: bytes, at: int, found: Outline) -> int:
    clients, at = read_varint(data, at)
    fits(clients, 3, data, at)
    for _ in range(clients):
        client, at = read_varint(data, at)
        ranges, at = read_varint(data, at)
        fits(ranges, 2, data, at)
        for _ in range(ranges):
            clock, at = read_varint(data, at)
            length, at = read_varint(data, at)
            if length == 0 or clock + length >= MOST_STEPS:
                raise BadMessageError(f"a deletion out of range before byte {at}")
            found.deletes = True
            found.need(client, clock + length - 1)
            found.cuts += ((client, clock), (client, clock + length))
    return at


def _read_struct(data: bytes, at: int, found: Outline) -> tuple[int, int]:
    """Return how many steps the struct at `at` spans and where the next one starts."""
    if at >= len(data):
        raise BadMessageError("cut off before a step")
    info = data[at]
    at += 1
    content = info & 0x0F
    if info & 0x10 or (content in (_GC, _SKIP) and info != content):
        # Yjs and yrs read these bits differently; nobody sets them.
        raise BadMessageError(f"unknown flags before byte {at}")
    if content in (_GC, _SKIP):
        found.skips = found.skips or content == _SKIP
        length, at = read_varint(data, at)
        return _bounded(length, at), at
    root: str | None = None
    named = key = False
    if info & _ORIGIN:
        client, at = read_varint(data, at)
        clock, at = read_varint(data, at)
        found.need(client, clock)
        found.cuts.append((client, clock + 1))
    if info & _RIGHT_ORIGIN:
        client, at = read_varint(data, at)
        clock, at = read_varint(data, at)
        found.need(client, clock)
        found.cuts.append((client, clock))
    if not info & (_ORIGIN | _RIGHT_ORIGIN):
        named = True
        is_root, at = read_varint(data, at)
        if is_root == 1:
            root, at = read_text(data, at, LONGEST_KEY)
            if root not in ROOTS:
                raise BadMessageError("a part that boards do not have")
        elif is_root == 0:
            client, at = read_varint(data, at)
            clock, at = read_varint(data, at)
            found.need(client, clock)
        else:
            raise BadMessageError(f"neither root nor inner before byte {at}")
        if info & _HAS_KEY:
            key = True
            _, at = read_text(data, at, LONGEST_KEY)
        if root is not None and not key:
            raise BadMessageError("something outside every name")
    return _read_content(data, at, content, root, named, key, found)


def _read_content(
    data: bytes, at: int, content: int, root: str | None, named: bool, key: bool, found: Outline
) -> tuple[int, int]:
    """Return how many steps the content spans and where the next thing starts."""
    if content == _ANY:
        # One value, or all that a key was set to in a row: Yjs joins those that undo keeps; the last counts.
        count, at = read_varint(data, at)
        fits(count, 1, data, at)
        if named and not key:
            raise BadMessageError(f"a list where one value belongs, before byte {at}")
        for _ in range(count):
            at, wild = skip_any(data, at)
            found.wild = found.wild or wild
        return count, at
    if content == _STRING:
        if named and (key or root is not None):
            raise BadMessageError(f"running text outside the notes, before byte {at}")
        text, at = read_text(data, at, LARGEST_SIZE)
        if text.isascii():
            return len(text), at
        units = len(text.encode("utf-16-le")) // 2
        if units != len(text):
            found.astral_text = text
        return units, at
    if content == _DELETED:
        length, at = read_varint(data, at)
        return _bounded(length, at), at
    if content == _TYPE:
        kind, at = read_varint(data, at)
        if named and root is None:
            raise BadMessageError("a part inside a part")
        wanted = {"elements": (_MAP_TYPE,), "notes": (_TEXT_TYPE,), "meta": ()}
        if kind not in wanted.get(root or "", (_MAP_TYPE, _TEXT_TYPE)):
            raise BadMessageError(f"a part of a kind that boards do not have ({kind})")
        return 1, at
    raise BadMessageError(f"content of a kind that boards do not have ({content})")


def _bounded(length: int, at: int) -> int:
    if length >= MOST_STEPS:
        raise BadMessageError(f"{length} steps announced before byte {at}")
    return length
