"""Yjs updates written byte by byte: what pycrdt would write, what it would not, and always the same.

pycrdt's own writer puts the keys of a plain object in any order, so that a seed would not repeat itself,
and it refuses much of what a stranger can send. Format: Yjs "update v1", lib0 `writeAny`.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from whiteboard.protocol import write_bytes, write_string, write_varint

ARRAY, MAP, TEXT = 0, 1, 2
_KEYED_STRING, _KEYED_TYPE, _KEYED_ANY, _STRING, _ANY = 0x24, 0x27, 0x28, 0x04, 0x08


@dataclass(frozen=True)
class Part:
    """A shared type inside another: a map with fields, a list with items or a running text."""

    kind: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[Any, ...] = ()
    text: str = ""


def any_of(value: Any) -> bytes:
    """Return a plain value as lib0 writes it."""
    match value:
        case None:
            return b"\x7e"
        case True:
            return b"\x78"
        case False:
            return b"\x79"
        case int() if abs(value) < 2**53:
            return b"\x7d" + _signed(value)
        case int():
            return b"\x7a" + struct.pack(">q", max(-(2**63), min(value, 2**63 - 1)))
        case float():
            return b"\x7b" + struct.pack(">d", value)
        case str():
            return b"\x77" + write_string(value)
        case bytes():
            return b"\x74" + write_bytes(value)
        case dict():
            pairs = b"".join(write_string(key) + any_of(item) for key, item in value.items())
            return b"\x76" + write_varint(len(value)) + pairs
        case list() | tuple():
            return b"\x75" + write_varint(len(value)) + b"".join(map(any_of, value))
    raise TypeError(f"no plain value: {value!r}")


def _signed(value: int) -> bytes:
    sign, value = (0x40, -value) if value < 0 else (0, value)
    first = (value & 0x3F) | sign
    value >>= 6
    return bytes((first | 0x80,)) + write_varint(value) if value else bytes((first,))


def setting(client: int, root: str, entries: Mapping[str, Any]) -> bytes:
    """Return the first update of `client`: keys of a root map set to plain values or parts."""
    writer = _Writer(client)
    for key, value in entries.items():
        writer.put(b"\x01" + write_string(root), key, value)
    return b"\x01" + write_varint(writer.structs) + write_varint(client) + b"\x00" + writer.body + b"\x00"


class _Writer:
    """The steps of one client, counted as they are written."""

    def __init__(self, client: int) -> None:
        self.client = client
        self.clock = 0
        self.structs = 0
        self.body = bytearray()

    def _step(self, info: int, parent: bytes, key: str | None, content: bytes, length: int = 1) -> None:
        named = b"" if key is None else write_string(key)
        self.body += bytes((info,)) + parent + named + content
        self.clock += length
        self.structs += 1

    def put(self, parent: bytes, key: str | None, value: Any) -> None:
        """Write one value; `key` is None in a list."""
        if not isinstance(value, Part):
            content = b"\x01" + any_of(value)
            return self._step(_ANY if key is None else _KEYED_ANY, parent, key, content)
        inside = b"\x00" + write_varint(self.client) + write_varint(self.clock)
        self._step(0x07 if key is None else _KEYED_TYPE, parent, key, write_varint(value.kind))
        for name, inner in value.fields.items():
            self.put(inside, name, inner)
        for item in reversed(value.items):  # each is put at the start
            self.put(inside, None, item)
        if value.text:
            units = len(value.text.encode("utf-16-le", "surrogatepass")) // 2
            self._step(_STRING, inside, None, write_string(value.text), units)
