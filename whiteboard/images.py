"""Pictures on a board: taken in once, kept as our own encoding, never changed.

An element on the board names its picture by `fileId`. That id is made from the bytes that were
uploaded, so the same picture is kept once, and a page knows the id before it has sent anything.
"""

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from whiteboard.images_encoding import ImageRefusedError, encode
from whiteboard.models import Image

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

MOST_PER_BOARD = 20
LARGEST_UPLOAD = 5 * 1024 * 1024
TOO_LARGE = "This picture is larger than 5 MB. Make it smaller and add it again."
FULL = f"This board has had {MOST_PER_BOARD} pictures, erased ones included, which is the most it can keep."


def file_id_of(upload: bytes) -> str:
    """Return the id of an upload, the same as in frontend/src/images/prepare.ts."""
    return f"img-{hashlib.sha256(upload).hexdigest()[:36]}"


def picture_of(board_id: UUID, upload: bytes, *, author: "AbstractBaseUser") -> Image:
    """Return the board's picture that was made from these bytes, or a new one that is not stored yet.

    ImageRefusedError says why it cannot be on the board. May take seconds: call it outside a transaction.
    """
    if len(upload) > LARGEST_UPLOAD:
        raise ImageRefusedError(TOO_LARGE, 413)
    file_id = file_id_of(upload)
    known = _find(board_id, file_id)
    if known is not None:
        return known
    _refuse_when_full(board_id)
    if not connection.in_atomic_block:
        connection.close()  # there are eight for all requests, and opening a picture can take seconds
    picture = encode(upload)
    return Image(
        board_id=board_id,
        file_id=file_id,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        data=picture.data,
        author_id=author.pk,
    )


@transaction.atomic
def store(image: Image) -> Image:
    """Store what `picture_of` returned and return the row; ImageRefusedError when the board is full."""
    if image.pk is not None:
        return image
    with connection.cursor() as cursor:
        # Two at once would both count nineteen. Not the board's row, which everybody who draws updates.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"images {image.board_id}"])
    known = _find(image.board_id, image.file_id)
    if known is not None:
        return known
    _refuse_when_full(image.board_id)
    image.save(force_insert=True)
    return image


def file_ids(board_id: UUID) -> set[str]:
    """Return the ids of all pictures of a board."""
    return set(Image.objects.filter(board_id=board_id).values_list("file_id", flat=True))


def _find(board_id: UUID, file_id: str) -> Image | None:
    return Image.objects.filter(board_id=board_id, file_id=file_id).defer("data").first()


def _refuse_when_full(board_id: UUID) -> None:
    if Image.objects.filter(board_id=board_id).count() >= MOST_PER_BOARD:
        raise ImageRefusedError(FULL, 409)
