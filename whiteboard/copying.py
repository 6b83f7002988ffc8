"""A board made from another as it was after some row: the same rows under the same numbers, at new times."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from whiteboard.models import Board, Image, Snapshot, Update, Version

# A pause in which somebody drew is one moment of the copy.
_ROWS = """
INSERT INTO {update} (board_id, seq, at, author_id, data)
SELECT %s, seq, %s + (r.at - %s) - coalesce((
    SELECT sum(greatest(least(r.at, p.until) - p.since, interval '0'))
    FROM unnest(%s::timestamptz[], %s::timestamptz[]) AS p (since, until)
), interval '0'), author_id, data
FROM {update} r WHERE board_id = %s AND seq <= %s
"""
_SNAPSHOTS = """
INSERT INTO {snapshot} (board_id, upto_seq, data, at)
SELECT %s, upto_seq, data, at FROM {snapshot} WHERE board_id = %s AND upto_seq <= %s
"""
_IMAGES = """
INSERT INTO {image} (board_id, file_id, content_type, width, height, data, author_id, at)
SELECT %s, file_id, content_type, width, height, data, author_id, at FROM {image} WHERE board_id = %s
"""


@transaction.atomic
def copied(
    board: Board,
    *,
    upto_seq: int,
    start: datetime,
    anew: datetime,
    pauses: Sequence[tuple[datetime, datetime]] = (),
) -> Board:
    """Return a new board with the rows of `board` up to `upto_seq`, its pictures and its named versions.

    A row that came some time after `start` comes as long after `anew`, time within `pauses` left out.
    """
    made = Board.objects.create(seq=upto_seq)
    since, until = [one for one, _ in pauses], [one for _, one in pauses]
    with connection.cursor() as cursor:
        cursor.execute(_statement(_ROWS), [made.pk, anew, start, since, until, board.pk, upto_seq])
        cursor.execute(_statement(_SNAPSHOTS), [made.pk, board.pk, upto_seq])
        cursor.execute(_statement(_IMAGES), [made.pk, board.pk])
    Version.objects.bulk_create(
        Version(board=made, name=one.name, seq=one.seq, author_id=one.author_id)
        for one in Version.objects.filter(board=board, seq__lte=upto_seq).order_by("pk")
    )
    return made


def _statement(text: str) -> str:
    quote = connection.ops.quote_name
    tables = {"update": Update, "snapshot": Snapshot, "image": Image}
    return text.format(**{name: quote(model._meta.db_table) for name, model in tables.items()})
