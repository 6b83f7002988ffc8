"""A board, the log of everything drawn on it, and shortcuts into that log.

Nothing here is ever changed but a board's head: rows are added in order and read back in order.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Board(models.Model):
    """One whiteboard; whoever may use it is known by the app above."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seq = models.BigIntegerField(default=0, help_text="The number of the newest row in the log.")
    epoch = models.IntegerField(
        default=1, help_text="Raised when the log was replaced (a restored backup): open tabs must reload."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=0), name="board_seq_from_0"),
            models.CheckConstraint(condition=Q(epoch__gte=1), name="board_epoch_from_1"),
        ]

    def __str__(self) -> str:
        return f"board {self.id} at {self.seq}"


class Update(models.Model):
    """One edit as Yjs wrote it. The log of a board is its rows in order of `seq`; it is the truth."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="updates", db_index=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "seq"], name="update_seq_once_per_board"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="update_seq_from_1"),
        ]

    def __str__(self) -> str:
        return f"update {self.seq} of board {self.board_id}"


class Snapshot(models.Model):
    """The whole document after row `upto_seq`: a shortcut that can be thrown away and rebuilt."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="snapshots", db_index=False)
    upto_seq = models.BigIntegerField()
    data = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "upto_seq"], name="snapshot_once_per_seq"),
            models.CheckConstraint(condition=Q(upto_seq__gte=1), name="snapshot_upto_seq_from_1"),
        ]

    def __str__(self) -> str:
        return f"snapshot of board {self.board_id} at {self.upto_seq}"


class Version(models.Model):
    """A moment of a board that somebody gave a name; what stood there is read from the log at `seq`."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="versions")
    name = models.CharField(max_length=80)
    seq = models.BigIntegerField(help_text="The number of the last row that belongs to it.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=0), name="version_seq_from_0"),
            models.CheckConstraint(condition=~Q(name=""), name="version_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (board {self.board_id} at {self.seq})"


class Image(models.Model):
    """A picture on a board as we encoded it anew; elements name it by `file_id`. Never changed."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="images", db_index=False)
    file_id = models.CharField(max_length=40)
    content_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField(help_text="In pixels.")
    height = models.PositiveIntegerField(help_text="In pixels.")
    data = models.BinaryField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "file_id"], name="image_once_per_board"),
            models.CheckConstraint(
                condition=Q(content_type__in=["image/png", "image/jpeg", "image/webp"]),
                name="image_is_png_jpeg_or_webp",
            ),
        ]

    def __str__(self) -> str:
        return f"image {self.file_id} of board {self.board_id}"
