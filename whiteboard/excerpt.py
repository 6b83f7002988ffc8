"""A recording of one person's part of a board: what they drew, and their notes if wanted."""

from collections.abc import Callable
from dataclasses import dataclass

from whiteboard import gate, log, recording
from whiteboard.models import Board, Update
from whiteboard.recording import Page, Recorded


@dataclass(frozen=True)
class Excerpt:
    """The recording as bytes (see `recording`), and the elements left out of it for others' words in them."""

    data: bytes
    foreign: frozenset[str]


def of(board: Board, is_own: Callable[[int | None], bool], *, elements: bool, notes: bool) -> Excerpt:
    """Return a recording of the rows whose author `is_own`; nobody is named in it.

    Rows keep their times, so the clock of the interview fits. GateDiedError when the log cannot be read.
    """
    _, epoch = log.heads([board.pk])[board.pk]
    rows = list(
        Update.objects.filter(board=board).order_by("seq").values_list("seq", "at", "author_id", "data")
    )
    own = [is_own(author) for _, _, author, _ in rows]
    answer, updates = gate.ask(
        "excerpt", [bytes(data) for *_, data in rows], own=own, elements=elements, notes=notes
    )
    kept = [
        Recorded(seq, at, None, update)
        for (seq, at, _, _), update in zip(rows, updates, strict=True)
        if update
    ]
    page = Page(epoch, kept[-1].seq if kept else 0, 0, None, kept)
    return Excerpt(recording.written(page, {}), frozenset(answer["foreign"]))
