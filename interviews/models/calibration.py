"""Somebody's levels for a sample interview, to be held against those of its interviewer."""

from django.conf import settings
from django.db import models

from interviews.models.interview import Interview


class Calibration(models.Model):
    """One reading of a sample interview by one person; once locked it is kept as it is.

    `marks` are levels and sentences by criterion: {code: {"level", "not_observed", "why"}}. Exported and
    erased with the person.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calibrations")
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="+")
    marks = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)
    # How many criteria were compared with the reference, how many of them lay within one level, and how far
    # apart the two were on average; None until it is locked.
    compared = models.PositiveSmallIntegerField(null=True, blank=True)
    within_one = models.PositiveSmallIntegerField(null=True, blank=True)
    mean_distance = models.FloatField(null=True, blank=True)
    # Whether it was given without knowing the reference: a sample read again soon after does not count.
    counts = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "interview"],
                condition=models.Q(locked_at=None),
                name="one_open_calibration_per_sample",
            ),
            models.CheckConstraint(
                condition=models.Q(locked_at=None, compared=None, within_one=None)
                | models.Q(locked_at__isnull=False, within_one__lte=models.F("compared")),
                name="calibration_locked_with_result",
            ),
        ]
        indexes = [models.Index(fields=["user", "locked_at"], name="calibration_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.within_one} of {self.compared}"
