"""The update log: rows appended in one statement, read back in order, and what the board was at any row.

These functions block on PostgreSQL; an event loop calls them through `Ledger.read` or
`database_sync_to_async`, never through asyncio.to_thread, which would leave connections behind. What a
hub appends goes by way of `appender`, with the statement that stands here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from whiteboard import gate, scene
from whiteboard.models import Board, Snapshot, Update

SNAPSHOT_EVERY = 500


class Entry(NamedTuple):
    """One edit on its way into the log."""

    data: bytes
    author_id: int | None = None


class Batch(NamedTuple):
    """What is appended to one board: its id as hex, the epoch it must still have, the edits in order.

    With `head` it is appended only if that is still the board's newest row.
    """

    board: str
    epoch: int
    entries: Sequence[Entry]
    head: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One edit in the log."""

    seq: int
    data: bytes


@dataclass(frozen=True, slots=True)
class History:
    """What a document is made from: a snapshot (None: from the start) and the rows after it."""

    upto_seq: int
    snapshot: bytes | None
    rows: tuple[Row, ...]

    @property
    def head(self) -> int:
        """The number of the last row, that of the snapshot when none follow it."""
        return self.rows[-1].seq if self.rows else self.upto_seq

    @property
    def blobs(self) -> list[bytes]:
        """What the gate wants to be given."""
        return [self.snapshot or b"", *(row.data for row in self.rows)]


# Boards are locked in one order, so that two processes that append to the same rooms cannot wait for
# each other; the numbers are given out by the statement that inserts, so none is ever missing. An
# author who has just deleted their account must not take the whole flush down with them.
# Edits that may have been sent before are appended only behind the row up to which they were judged.
# Everything goes in as eleven values however large the batch, so that one prepared statement does for all.
_APPEND = """
WITH given AS (
    SELECT * FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::bigint[])
    WITH ORDINALITY AS g (board, epoch, n, head, place)
),
locked AS (
    SELECT id, seq, epoch FROM {board} WHERE id IN (SELECT board FROM given) ORDER BY id FOR UPDATE
),
heads AS (
    UPDATE {board} b SET seq = b.seq + g.n FROM given g, locked l
    WHERE b.id = g.board AND l.id = b.id AND l.epoch = g.epoch AND (g.head IS NULL OR l.seq = g.head)
    RETURNING g.place, b.id, b.seq - g.n AS before
),
entries AS (
    SELECT e.*, substring(blob FROM e.start FOR e.size) AS data
    FROM (SELECT %s::bytea AS blob) AS given_bytes,
    unnest(%s::int[], %s::int[], %s::bigint[], %s::int[], %s::int[]) AS e (place, k, author, start, size)
),
added AS (
    INSERT INTO {update} (board_id, seq, at, author_id, data)
    SELECT h.id, h.before + e.k, %s::timestamptz,
           (SELECT u.{user_pk} FROM {user} u WHERE u.{user_pk} = e.author), e.data
    FROM entries e JOIN heads h ON h.place = e.place
)
SELECT g.place, coalesce(h.before + 1, 0)
FROM given g JOIN locked l ON l.id = g.board AND l.epoch = g.epoch LEFT JOIN heads h ON h.place = g.place
"""
BLOB = 4  # which of the eleven values holds bytes
MOVED = 0  # instead of the number of a first row: the board has rows behind the head given


@cache
def append_statement(*, numbered: bool = False) -> str:
    """Return the statement that appends, with `%s` for each value, or with `$1` to `$11`."""
    user = get_user_model()
    quote = connection.ops.quote_name
    statement = _APPEND.format(
        board=quote(Board._meta.db_table),
        update=quote(Update._meta.db_table),
        user=quote(user._meta.db_table),
        user_pk=quote(str(user._meta.pk.column)),
    )
    if numbered:
        for number in range(1, statement.count("%s") + 1):
            statement = statement.replace("%s", f"${number}", 1)
    return statement


def _array(values: Iterable[Any]) -> str:
    """Return numbers and ids as PostgreSQL writes an array."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def append_values(batches: Sequence[Batch], now: datetime) -> list[Any]:
    """Return the eleven values of the statement that appends."""
    rows = [
        (place, k, entry)
        for place, batch in enumerate(batches, start=1)
        for k, entry in enumerate(batch.entries, start=1)
    ]
    sizes = [len(entry.data) for _, _, entry in rows]
    starts = [end - size + 1 for end, size in zip(accumulate(sizes), sizes, strict=True)]
    return [
        _array([batch.board for batch in batches]),
        _array([batch.epoch for batch in batches]),
        _array([len(batch.entries) for batch in batches]),
        _array([batch.head for batch in batches]),
        b"".join([entry.data for _, _, entry in rows]),
        _array([place for place, _, _ in rows]),
        _array([k for _, k, _ in rows]),
        _array([entry.author_id for _, _, entry in rows]),
        _array(starts),
        _array(sizes),
        now,
    ]


def append_all(
    entries: Mapping[UUID, Sequence[Entry]], *, epochs: Mapping[UUID, int], now: datetime | None = None
) -> dict[UUID, int]:
    """Append to several boards at once and return board → number of its first new row.

    One statement, one transaction: all of it is in the log afterwards, or none. A board that is gone,
    or no longer in the epoch given, is missing from what comes back.
    """
    boards = list(entries)
    batches = [Batch(board.hex, epochs[board], entries[board]) for board in boards]
    with connection.cursor() as cursor:
        cursor.execute(append_statement(), append_values(batches, now or timezone.now()))
        return {boards[place - 1]: first for place, first in cursor.fetchall()}


def append(board: Board, data: bytes, *, author_id: int | None = None, now: datetime | None = None) -> int:
    """Append one edit and return its number. Board.DoesNotExist when the board is gone or was replaced."""
    first = append_all({board.pk: [Entry(data, author_id)]}, epochs={board.pk: board.epoch}, now=now)
    if board.pk not in first:
        raise Board.DoesNotExist
    return first[board.pk]


def rows_after(board_id: UUID, seq: int, *, upto_seq: int | None = None) -> tuple[Row, ...]:
    """Return the rows behind `seq`, in order."""
    rows = Update.objects.filter(board_id=board_id, seq__gt=seq)
    if upto_seq is not None:
        rows = rows.filter(seq__lte=upto_seq)
    return tuple(Row(number, bytes(data)) for number, data in rows.order_by("seq").values_list("seq", "data"))


def heads(board_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return board → (number of its newest row, epoch); boards that are gone are missing."""
    rows = Board.objects.filter(pk__in=list(board_ids)).values_list("pk", "seq", "epoch")
    return {board: (seq, epoch) for board, seq, epoch in rows}


def seq_at(board_id: UUID, at: datetime) -> int:
    """Return the number of the last row written no later than `at`; 0 when the board was still empty."""
    rows = Update.objects.filter(board_id=board_id, at__lte=at)
    return rows.order_by("-seq").values_list("seq", flat=True).first() or 0


def history(board_id: UUID, *, upto_seq: int | None = None) -> History:
    """Return what the document was made from up to row `upto_seq`, or up to now."""
    shortcuts = Snapshot.objects.filter(board_id=board_id)
    if upto_seq is not None:
        shortcuts = shortcuts.filter(upto_seq__lte=upto_seq)
    shortcut = shortcuts.order_by("-upto_seq").first()
    start = shortcut.upto_seq if shortcut else 0
    data = bytes(shortcut.data) if shortcut else None
    return History(start, data, rows_after(board_id, start, upto_seq=upto_seq))


def scene_and_notes(
    board: Board, *, upto_seq: int | None = None, at: datetime | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the Excalidraw scene and the notes by step, now or at a row or moment of the past."""
    if at is not None:
        upto_seq = seq_at(board.pk, at)
    view, _ = gate.ask("view_log", history(board.pk, upto_seq=upto_seq).blobs)
    return scene.scene_of(view["elements"]), view["notes"]


def keep_snapshot(board_id: UUID, upto_seq: int, data: bytes) -> None:
    """Store a shortcut; one that is there already stays."""
    Snapshot.objects.bulk_create(
        [Snapshot(board_id=board_id, upto_seq=upto_seq, data=data)], ignore_conflicts=True
    )


def rebuild_snapshots(board: Board) -> int:
    """Throw the board's snapshots away, make them anew from the log alone, and return how many there are."""
    Snapshot.objects.filter(board=board).delete()
    made = 0
    head = heads([board.pk])[board.pk][0]
    for seq in range(SNAPSHOT_EVERY, head + 1, SNAPSHOT_EVERY):
        _, blobs = gate.ask("whole_log", history(board.pk, upto_seq=seq).blobs)
        if blobs:  # nothing is compacted while a row waits behind a gap
            keep_snapshot(board.pk, seq, blobs[0])
            made += 1
    return made


def seed(
    board: Board,
    elements: Sequence[Mapping[str, Any]],
    notes: Mapping[str, str] | None = None,
    *,
    author_id: int | None = None,
    now: datetime | None = None,
) -> int:
    """Draw `elements` (Excalidraw's own form) and write `notes` on a board; return the number of the row.

    GateRefusedError when something may not stand on a board.
    """
    fields = scene.fields_by_id(elements)
    _, blobs = gate.ask("write", elements=fields, notes=dict(notes or {}))
    return append(board, blobs[0], author_id=author_id, now=now)
