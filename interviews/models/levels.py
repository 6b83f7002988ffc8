"""Levels as they are kept for progress: many to a row, small, and quick to read by the thousand."""

import struct
from base64 import b64decode, b64encode
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.db import models

# What each stored number stands for; -1, which is the last of them, for no level.
LEVELS = (*(hundredths / 100 for hundredths in range(401)), None)
BYTES_A_LEVEL = 2


def packed(levels: Sequence[float | None]) -> bytes:
    """Return levels from 0 to 4 as two bytes each: hundredths of a level, -1 for none."""
    if not all(level is None or 0 <= level <= 4 for level in levels):
        raise ValueError(f"levels go from 0 to 4, not as {levels}")
    numbers = [-1 if level is None else round(level * 100) for level in levels]
    return struct.pack(f">{len(numbers)}h", *numbers)


def unpacked(stored: bytes) -> tuple[float | None, ...]:
    """Return what was packed."""
    numbers = struct.unpack(f">{len(stored) // BYTES_A_LEVEL}h", stored)
    # One call for tens of thousands of levels; of one place alone itemgetter would give no tuple.
    return itemgetter(*numbers)(LEVELS) if len(numbers) > 1 else tuple(LEVELS[one] for one in numbers)


class LevelsField(models.BinaryField):
    """A flat list of levels with two places; a thousand of them in JSON take longer to read than to draw."""

    def from_db_value(self, value: bytes | None, *_: Any) -> tuple[float | None, ...] | None:
        return None if value is None else unpacked(value)

    def get_prep_value(self, value: Any) -> bytes | None:
        return value if value is None or isinstance(value, bytes) else packed(value)

    def to_python(self, value: Any) -> Any:
        return unpacked(b64decode(value)) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return b64encode(packed(getattr(obj, self.attname))).decode("ascii")
