"""What of a board its candidate drew: the log says who sent which edit."""

from typing import TYPE_CHECKING

from interviews.models import EventKind, Interview
from whiteboard import excerpt
from whiteboard.excerpt import Excerpt
from whiteboard.gate import GateDiedError, GateFailedError
from whiteboard.models import Update

if TYPE_CHECKING:
    from accounts.models import User


def part_of(interview: Interview, owner: "User", *, elements: bool = True, notes: bool = False) -> Excerpt:
    """Return the owner's part of the board's log; what others drew or named is left out of it.

    GateDiedError or GateFailedError when the log cannot be read just now.
    """
    drawn_by = set(Update.objects.filter(board=interview.board_id).values_list("author_id", flat=True))
    # Rows without an author are somebody's who is gone, unless nobody else was ever there. What was brought
    # in names its author, and has others' boxes in rows without one.
    others = interview.participants.exclude(user=owner).exists() or (
        interview.events.filter(kind=EventKind.JOINED).exclude(actor=owner).exists()
    )
    alone = not others and interview.imported_at is None and drawn_by == {None}

    def is_own(author: int | None) -> bool:
        return author == owner.pk or (author is None and alone)

    return excerpt.of(interview.board, is_own, elements=elements, notes=notes)


def by_others(interview: Interview, owner: "User") -> frozenset[str] | None:
    """Return the elements that are not the owner's alone, by id; None when that cannot be told just now."""
    if not Update.objects.filter(board=interview.board_id).exclude(author=owner).exists():
        return frozenset()
    try:
        return part_of(interview, owner, elements=False).foreign
    except (GateDiedError, GateFailedError):
        return None
