"""What the people of a peer interview write about it, besides the scorecards."""

from django.db import models

from interviews.models.interview import Participant

ONE_TO_FIVE = (1, 5)


class DraftLevel(models.Model):
    """An interviewer's level for a criterion while it may still change; read by nobody else.

    Neither a level nor "not observed": only a sentence has been written yet. Exported and erased with the
    person whose seat it belongs to.
    """

    seat = models.ForeignKey(Participant, models.CASCADE, related_name="draft_levels")
    criterion = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    not_observed = models.BooleanField(default=False)
    why = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "criterion"], name="one_draft_per_criterion"),
            models.CheckConstraint(
                condition=models.Q(level=None) | models.Q(level__range=(0, 4), not_observed=False),
                name="draft_level_or_not_observed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {'not observed' if self.not_observed else self.level}"


class Rating(models.Model):
    """What a candidate thought of an interviewer, for that interviewer alone.

    Exported with both (written by one, about the other); erased with either's seat.
    """

    # The interviewer's seat; the candidate of the same interview wrote it.
    seat = models.OneToOneField(Participant, models.CASCADE, related_name="rating")
    room_to_think = models.PositiveSmallIntegerField()
    useful_help = models.PositiveSmallIntegerField()
    fair_levels = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    room_to_think__range=ONE_TO_FIVE,
                    useful_help__range=ONE_TO_FIVE,
                    fair_levels__range=ONE_TO_FIVE,
                ),
                name="ratings_from_1_to_5",
            )
        ]

    def __str__(self) -> str:
        return f"{self.room_to_think} {self.useful_help} {self.fair_levels}"
