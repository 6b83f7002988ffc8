"""A board's past: the design at any row or moment, and the rows from which a browser plays it."""

from datetime import datetime
from itertools import accumulate

from django.db.models import Func, IntegerField

from whiteboard import log, reading
from whiteboard.models import Board, Snapshot, Update
from whiteboard.reading import Design
from whiteboard.recording import Page, Recorded

MOST_ROWS = 2_000
MOST_BYTES = 2_000_000  # of a page, unless its first row alone is larger


def scene_at(
    board: Board, seq: int | None = None, *, at: datetime | None = None, from_log: bool = False
) -> Design:
    """Return scene, graph and notes after row `seq` or at a moment; now when neither is given.

    From the snapshot before and the rows after it, or with `from_log` from every row of the log.
    """
    return reading.design_of(reading.fields_at(board, upto_seq=seq, at=at, from_log=from_log))


def page_after(board: Board, seq: int, *, limit: int = MOST_ROWS) -> Page:
    """Return the rows behind row `seq`, as many as a page holds."""
    return _page(board, seq, None, limit)


def page_from(board: Board, seq: int, *, limit: int = MOST_ROWS) -> Page:
    """Return the document as a snapshot before or at row `seq` keeps it, and the rows behind that.

    Without such a snapshot the page starts with the first row.
    """
    shortcuts = Snapshot.objects.filter(board=board, upto_seq__lte=seq)
    shortcut = shortcuts.order_by("-upto_seq").values_list("upto_seq", "data").first()
    start, base = (shortcut[0], bytes(shortcut[1])) if shortcut else (0, None)
    return _page(board, start, base, limit)


def _page(board: Board, start: int, base: bytes | None, limit: int) -> Page:
    head, epoch = log.heads([board.pk])[board.pk]
    rows = Update.objects.filter(board=board, seq__gt=start).order_by("seq")
    size = Func("data", function="octet_length", output_field=IntegerField())
    sizes = list(rows.values_list("seq", size)[: max(1, min(limit, MOST_ROWS))])
    room = MOST_BYTES - len(base or b"")
    fitting = [
        seq for (seq, _), sum_ in zip(sizes, accumulate(n for _, n in sizes), strict=True) if sum_ <= room
    ]
    last = fitting[-1] if fitting else sizes[0][0] if sizes else start
    found = rows.filter(seq__lte=last).values_list("seq", "at", "author_id", "data")
    recorded = [Recorded(seq, at, author, bytes(data)) for seq, at, author, data in found]
    # A row that was written while this was read is for the next page.
    return Page(epoch, max(head, last), start, base, recorded)
