"""The plain values in a Yjs update (lib0's "any"), skipped without building anything.

Every count is compared with the bytes that are left before anything is made of it; nesting is bounded.
"""

import math
import re
import struct

from whiteboard.protocol import BadMessageError, read_varint

LARGEST_SIZE = 256 * 1024
DEEPEST_VALUE = 12
LONGEST_KEY = 96

_double = struct.Struct(">d").unpack_from
_single = struct.Struct(">f").unpack_from
# A finite number as lib0 writes it: double precision, single precision, or whole with at most three bytes.
_NUMBER = (
    rb"(?s:\x7b(?!\x7f[\xf0-\xff]|\xff[\xf0-\xff])........"
    rb"|\x7c(?!\x7f[\x80-\xff]|\xff[\x80-\xff])...."
    rb"|\x7d[\x80-\xff]{0,2}[\x00-\x7f])"
)
# The same between -2**23 and 2**23, which is within what gate_rules lets a coordinate be.
_COORDINATE = (
    rb"(?s:\x7b[\x00-\x40\x80-\xc0].......|\x7c[\x00-\x4a\x80-\xca]..."
    rb"|\x7b[\x41\xc1][\x00-\x5f]......|\x7d[\x80-\xff]{0,2}[\x00-\x7f])"
)
# Most bytes of a board are points and plain fields of shapes. These skip them at the speed of C: points
# by halves of what is left (a pattern for each power of two), fields as many as come in a row.
_POINTS = [
    re.compile(rb"(?:\x75\x02%s%s){%d}+" % (_COORDINATE, _COORDINATE, 1 << power)) for power in range(13)
]
_PLAIN = "x y width height angle fontSize fontFamily lineHeight autoResize elbowed".split()  # noqa: SIM905
_ENTRY = re.compile(
    rb"(?:%s)(?:%s|[\x78\x79\x7e\x7f])"
    % (b"|".join(bytes((len(key),)) + key.encode() for key in _PLAIN), _NUMBER)
)
_ENTRIES = re.compile(rb"(?:%s)++" % _ENTRY.pattern)


def fits(count: int, least: int, data: bytes, at: int) -> None:
    if count * least > len(data) - at:
        raise BadMessageError(f"{count} things announced at byte {at}, {len(data) - at} bytes left")


def read_text(data: bytes, at: int, longest: int) -> tuple[str, int]:
    size, at = read_varint(data, at)
    end = at + size
    if end > len(data) or size > longest:
        raise BadMessageError(f"text of {size} bytes at byte {at}")
    try:
        return data[at:end].decode(), end
    except UnicodeDecodeError:
        raise BadMessageError(f"text at byte {at} is not UTF-8") from None


def skip_any(data: bytes, at: int) -> tuple[int, bool]:
    """Return where the plain value at `at` ends, and whether it holds lists other than points within bounds.

    Nothing is built; one loop, no recursion.
    """
    wild = False
    open_counts: list[int] = []  # values still to come in each open container
    is_object: list[bool] = []
    remaining = 1
    in_object = False
    size = len(data)
    while True:
        if in_object:
            there = _ENTRIES.match(data, at)
            if there is not None:
                count = len(_ENTRY.findall(data, at, there.end()))
                if count <= remaining:
                    at, remaining = there.end(), remaining - count
            if remaining:
                _, at = read_text(data, at, LONGEST_KEY)
        if remaining:
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
                _, at = read_text(data, at, LARGEST_SIZE)
            elif kind == 0x76 or kind == 0x75:
                count, at = read_varint(data, at)
                fits(count, 2 if kind == 0x76 else 1, data, at)
                if len(open_counts) >= DEEPEST_VALUE:
                    raise BadMessageError("values nested too deep")
                open_counts.append(remaining)
                is_object.append(in_object)
                remaining, in_object = count, kind == 0x76
                if not in_object and count:
                    end = _skip_points(data, at, count)
                    if end:
                        at, remaining = end, 0
                    else:
                        wild = True
            elif kind not in (0x7F, 0x7E, 0x79, 0x78):
                raise BadMessageError(f"a value of a kind that boards do not have ({kind})")
        while remaining == 0:
            if not open_counts:
                return at, wild
            remaining, in_object = open_counts.pop(), is_object.pop()


def _skip_points(data: bytes, at: int, count: int) -> int:
    """Return where `count` points end, 0 when something else is among them."""
    if count >= 1 << len(_POINTS):
        return 0
    for power, pattern in enumerate(_POINTS):
        if count >> power & 1:
            there = pattern.match(data, at)
            if there is None:
                return 0
            at = there.end()
    return at


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
