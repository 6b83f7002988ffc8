"""A board's log as the bytes from which a browser plays how it was drawn, one page of it at a time.

    number   format, 1
    string   JSON: epoch, head (newest row), from (row the page starts behind), next (row to ask behind for
             the next page, null on the last), people (who drew, in the order rows name them)
    bytes    the document at `from`, empty for an empty board or when the browser has it
    number   how many rows, then for each
      number   how many numbers behind the row before (behind `from` for the first)
      number   zigzag: milliseconds after the row before (after 1970 for the first)
      number   0 for somebody who is gone, else the place in `people`, from 1
      bytes    the update

Numbers, strings and bytes are those of the socket (`protocol`). A row's time is rounded up, so that it has
come at a whole millisecond of the player exactly when it has come for the server.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from whiteboard.protocol import read_bytes, read_string, read_varint, write_bytes, write_string, write_varint

FORMAT = 1
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One row: its number, when it came (in UTC), who drew it (None: gone), the update."""

    seq: int
    at: datetime
    author: int | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a log behind row `start`, and what was there before them if it is wanted."""

    epoch: int
    head: int
    start: int
    base: bytes | None
    rows: Sequence[Recorded]

    @property
    def next(self) -> int | None:
        """The row to ask behind for more, None when this is all there is."""
        last = self.rows[-1].seq if self.rows else self.head
        return last if last < self.head else None

    @property
    def authors(self) -> list[int]:
        """Whoever drew, in the order they first did."""
        return list(dict.fromkeys(row.author for row in self.rows if row.author is not None))


def milliseconds(at: datetime) -> int:
    """Return the first whole millisecond, counted from 1970, at which `at` has passed."""
    return -((_START - at) // _MILLISECOND)


def written(page: Page, people: dict[int, dict[str, Any]]) -> bytes:
    """Return a page as bytes; `people` says of an author what may be said. Who is not in it stays unnamed."""
    named = [author for author in page.authors if author in people]
    places = {author: place for place, author in enumerate(named, start=1)}
    head = {
        "epoch": page.epoch,
        "head": page.head,
        "from": page.start,
        "next": page.next,
        "people": [people[author] for author in named],
    }
    parts = [
        write_varint(FORMAT),
        write_string(json.dumps(head, separators=(",", ":"))),
        write_bytes(page.base or b""),
        write_varint(len(page.rows)),
    ]
    seq, at = page.start, 0
    for row in page.rows:
        came = milliseconds(row.at)
        parts += (
            write_varint(row.seq - seq),
            write_varint(_zigzag(came - at)),
            write_varint(places.get(row.author or 0, 0)),
            write_bytes(row.data),
        )
        seq, at = row.seq, came
    return b"".join(parts)


def read(data: bytes) -> tuple[dict[str, Any], bytes, list[tuple[int, int, int, bytes]]]:
    """Return what `written` wrote: head, base, and rows as (seq, milliseconds, person, update)."""
    form, place = read_varint(data, 0)
    if form != FORMAT:
        raise ValueError(f"a recording of format {form}")
    text, place = read_string(data, place)
    base, place = read_bytes(data, place)
    count, place = read_varint(data, place)
    head = json.loads(text)
    rows, seq, at = [], head["from"], 0
    for _ in range(count):
        steps, place = read_varint(data, place)
        moved, place = read_varint(data, place)
        person, place = read_varint(data, place)
        update, place = read_bytes(data, place)
        seq, at = seq + steps, at + _unzigzag(moved)
        rows.append((seq, at, person, update))
    return head, base, rows


def last_in_time(times: Iterable[int], at: int) -> int:
    """Return how many rows have come by `at`: all up to the last that came no later than that."""
    return max((place for place, came in enumerate(times, start=1) if came <= at), default=0)


def _zigzag(value: int) -> int:
    return value * 2 if value >= 0 else -value * 2 - 1


def _unzigzag(value: int) -> int:
    return -(value + 1) // 2 if value & 1 else value // 2
