"""Named moments of an interview's board: giving a name, changing it, taking it back."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from interviews.access import Seat
from interviews.models import Interview
from interviews.models.interview import LIVE_STATES
from whiteboard import log
from whiteboard.models import Update, Version

MOST_VERSIONS = 100
ENDED = "The interview has ended, so its versions stay as they are. You can still look at them and compare."
NOT_YOURS = "Only who named this moment can rename or delete it."


def versions_of(board_id: Any) -> QuerySet[Version]:
    """Return the versions of a board, newest moment first, each with `drawn_at`: when its last row came."""
    row = Update.objects.filter(board=OuterRef("board"), seq=OuterRef("seq"))
    found = Version.objects.filter(board=board_id).select_related("author")
    return found.annotate(drawn_at=Subquery(row.values("at"))).order_by("-seq", "-pk")


@transaction.atomic
def name_moment(seat: Seat, name: str, *, seq: int | None = None) -> Version:
    """Name what is on the board now, or was after row `seq`; ValidationError says why not."""
    lock_live(seat.interview)
    board_id = seat.interview.board_id
    if Version.objects.filter(board=board_id).count() >= MOST_VERSIONS:
        raise ValidationError(
            f"This board has {MOST_VERSIONS} versions, as many as it holds. Delete one of yours first."
        )
    head = log.heads([board_id])[board_id][0]
    moment = head if seq is None else min(max(seq, 0), head)
    return Version.objects.create(board_id=board_id, name=name, seq=moment, author=seat.user)


@transaction.atomic
def rename(seat: Seat, version: Version, name: str) -> None:
    """Give one's own version another name."""
    refuse_others(seat, version)
    lock_live(seat.interview)
    Version.objects.filter(pk=version.pk).update(name=name)
    version.name = name


@transaction.atomic
def delete(seat: Seat, version: Version) -> None:
    """Take a name of one's own away; what was drawn stays in the log."""
    refuse_others(seat, version)
    lock_live(seat.interview)
    Version.objects.filter(pk=version.pk).delete()


def lock_live(interview: Interview) -> None:
    """Hold the interview for this transaction; ValidationError once it has ended."""
    locked = Interview.objects.select_for_update().only("state").get(pk=interview.pk)
    if locked.state not in LIVE_STATES:
        raise ValidationError(ENDED)


def refuse_others(seat: Seat, version: Version) -> None:
    if version.author_id != seat.user.pk:
        raise PermissionDenied(NOT_YOURS)
