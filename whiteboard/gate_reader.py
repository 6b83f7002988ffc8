"""A Yjs update read field by field without building anything, so that only sound bytes reach pycrdt.

pycrdt trusts the counts it is given: twenty bytes make it panic, nine make it allocate a gigabyte,
deep nesting ends the process. This reader checks every count against the bytes that are left, and
lets through only what a board is made of: maps, texts, plain values. Format: Yjs "update v1"
(yjs/src/utils/encoding.js, lib0/encoding.js `writeAny`).
"""

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from whiteboard.protocol import BadMessageError, read_varint

ROOTS = {"elements", "meta", "notes"}
LARGEST_SIZE = 256 * 1024
MOST_CONTAINERS = 8000
DEEPEST_VALUE = 12
LONGEST_KEY = 96
MOST_STEPS = 2**31  # clocks are 32-bit numbers in yrs

_ORIGIN, _RIGHT_ORIGIN, _HAS_KEY = 0x80, 0x40, 0x20
_GC, _DELETED, _STRING, _TYPE, _ANY, _SKIP = 0, 1, 4, 7, 8, 10
_MAP_TYPE, _TEXT_TYPE = 1, 2
_double = struct.Struct(">d").unpack_from
_single = struct.Struct(">f").unpack_from
# A finite number as lib0 writes it: single precision, double precision, or whole with at most three bytes.
_NUMBER = (
    rb"(?:\x7c(?!\x7f[\x80-\xff]|\xff[\x80-\xff])[\x00-\xff]{4}"
    rb"|\x7b(?!\x7f[\xf0-\xff]|\xff[\xf0-\xff])[\x00-\xff]{8}"
    rb"|\x7d[\x80-\xff]{0,2}[\x00-\x7f])"
)
# Most bytes of a freehand stroke are points: this skips each at the speed of C.
_PAIR = re.compile(rb"\x75\x02" + _NUMBER + rb"{2}")
_PAIRS = re.compile(rb"(?:" + _PAIR.pattern + rb")+")


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


def _read_outline(data: bytes) -> Outline:
    found = Outline()
    clients, at = read_varint(data, 0)
    _fits(clients, 3, data, at)
    seen: set[int] = set()
    for _ in range(clients):
        structs, at = read_varint(data, at)
        _fits(structs, 2, data, at)
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


def _fits(count: int, least: int, data: bytes, at: int) -> None:
    if count * least > len(data) - at:
        raise BadMessageError(f"{count} things announced at byte {at}, {len(data) - at} bytes left")


def _read_deletes(data: bytes, at: int, found: Outline) -> int:
    clients, at = read_varint(data, at)
    _fits(clients, 3, data, at)
    for _ in range(clients):
        client, at = read_varint(data, at)
        ranges, at = read_varint(data, at)
        _fits(ranges, 2, data, at)
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
            root, at = _read_text(data, at, LONGEST_KEY)
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
            _, at = _read_text(data, at, LONGEST_KEY)
        if root is not None and not key:
            raise BadMessageError("something outside every name")
    return _read_content(data, at, content, root, named, key, found)


def _read_content(
    data: bytes, at: int, content: int, root: str | None, named: bool, key: bool, found: Outline
) -> tuple[int, int]:
    """Return how many steps the content spans and where the next thing starts."""
    if content == _ANY:
        count, at = read_varint(data, at)
        if count != 1 or (named and not key):
            raise BadMessageError(f"a list where one value belongs, before byte {at}")
        return 1, _skip_any(data, at)
    if content == _STRING:
        if named and (key or root is not None):
            raise BadMessageError(f"running text outside the notes, before byte {at}")
        text, at = _read_text(data, at, LARGEST_SIZE)
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


def _read_text(data: bytes, at: int, longest: int) -> tuple[str, int]:
    size, at = read_varint(data, at)
    end = at + size
    if end > len(data) or size > longest:
        raise BadMessageError(f"text of {size} bytes at byte {at}")
    try:
        return data[at:end].decode(), end
    except UnicodeDecodeError:
        raise BadMessageError(f"text at byte {at} is not UTF-8") from None


def _skip_any(data: bytes, at: int) -> int:
    """Return where the plain value at `at` ends, without building it; one loop, no recursion."""
    open_counts: list[int] = []  # values still to come in each open container
    is_object: list[bool] = []
    remaining = 1
    in_object = False
    size = len(data)
    while True:
        if in_object and remaining:
            _, at = _read_text(data, at, LONGEST_KEY)
        if at >= size:
            raise BadMessageError("a value is cut off")
        kind = data[at]
        at += 1
        remaining -= 1
        if kind == 0x7D:
            at = _skip_whole_number(data, at)
        elif kind == 0x7B:
            if at + 8 > size or not math.isfinite(_double(data, at)[0]):
                raise BadMessageError(f"a number at byte {at} is cut off or not finite")
            at += 8
        elif kind == 0x7C:
            if at + 4 > size or not math.isfinite(_single(data, at)[0]):
                raise BadMessageError(f"a number at byte {at} is cut off or not finite")
            at += 4
        elif kind == 0x77:
            _, at = _read_text(data, at, LARGEST_SIZE)
        elif kind == 0x76 or kind == 0x75:
            count, at = read_varint(data, at)
            _fits(count, 2 if kind == 0x76 else 1, data, at)
            if len(open_counts) >= DEEPEST_VALUE:
                raise BadMessageError("values nested too deep")
            open_counts.append(remaining)
            is_object.append(in_object)
            remaining, in_object = count, kind == 0x76
            if not in_object and count > 4:
                at, remaining = _skip_pairs(data, at, remaining)
        elif kind not in (0x7F, 0x7E, 0x79, 0x78):
            raise BadMessageError(f"a value of a kind that boards do not have ({kind})")
        while remaining == 0:
            if not open_counts:
                return at
            remaining, in_object = open_counts.pop(), is_object.pop()


def _skip_pairs(data: bytes, at: int, remaining: int) -> tuple[int, int]:
    """Return where a run of [number, number] ends and how many values then remain; may skip none."""
    run = _PAIRS.match(data, at)
    if run is None:
        return at, remaining
    found = len(_PAIR.findall(data, at, run.end()))
    return (run.end(), remaining - found) if found <= remaining else (at, remaining)


def _skip_whole_number(data: bytes, at: int) -> int:
    """Return where lib0's signed number ends: six bits and a sign, then groups of seven."""
    start = at
    while at < len(data) and data[at] >= 0x80:
        at += 1
        if at - start > 8:
            raise BadMessageError(f"number at byte {start} has no end")
    if at >= len(data):
        raise BadMessageError(f"number at byte {start} is cut off")
    return at + 1
