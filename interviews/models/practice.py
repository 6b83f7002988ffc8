"""What is practised between attempts: cards that come back after days, and drills of a few minutes."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from casestudies.models import Dimension
from interviews.models.interview import Interview


class Grade(models.TextChoices):
    AGAIN = "again", "Again"
    HARD = "hard", "Hard"
    GOOD = "good", "Good"
    EASY = "easy", "Easy"


class ReviewCard(models.Model):
    """One criterion of one case that a person missed, to be answered again after some days.

    Export: with its reviews, as the person's own words. Erase: with the person, by cascade.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="review_cards")
    case = models.ForeignKey("casestudies.CaseStudy", models.CASCADE, related_name="+")
    criterion = models.CharField(max_length=8)
    dimension = models.CharField(max_length=16)
    question = models.TextField()
    # The newest attempt in which it was missed, and the level it had there.
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    # How many steps of the ladder are done; None in `due_on`: the last one is, or it was put away.
    rung = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "case", "criterion"], name="one_card_per_criterion"),
            models.CheckConstraint(condition=models.Q(level__range=(0, 4)), name="card_level_from_0_to_4"),
        ]
        indexes = [models.Index(fields=["user", "due_on"], name="card_by_day")]

    def __str__(self) -> str:
        return f"{self.criterion} of case {self.case_id}, due {self.due_on}"

    @property
    def dimension_name(self) -> str:
        return str(Dimension(self.dimension).label)


class Review(models.Model):
    """One time a card was answered: the words, the grade, and where the card stood before and after.

    `grade` is empty until it is given; the card has not moved before that. Export and erase: with its card.
    """

    card = models.ForeignKey(ReviewCard, models.CASCADE, related_name="reviews")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    grade = models.CharField(max_length=5, choices=Grade.choices, blank=True)
    graded_at = models.DateTimeField(null=True, blank=True)
    rung_before = models.PositiveSmallIntegerField(null=True, blank=True)
    due_before = models.DateField(null=True, blank=True)
    rung_after = models.PositiveSmallIntegerField(null=True, blank=True)
    due_after = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(grade="", graded_at=None)
                | (models.Q(grade__in=Grade.values) & models.Q(graded_at__isnull=False)),
                name="review_graded_when",
            ),
            models.UniqueConstraint(
                fields=["card"], condition=models.Q(grade=""), name="one_open_review_per_card"
            ),
        ]
        indexes = [models.Index(fields=["card", "graded_at"], name="review_by_card")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.grade or 'open'}"

    def get_absolute_url(self) -> str:
        return reverse("practice:review", args=[self.pk])


class Drill(models.Model):
    """Some minutes on one step of one case, read on that step alone; no attempt, and in no statistics.

    Export: notes and report, as the person's own. Erase: with the person, by cascade.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drills")
    case = models.ForeignKey("casestudies.CaseStudy", models.PROTECT, related_name="+")
    framework = models.ForeignKey("casestudies.Framework", models.PROTECT, related_name="+")
    step = models.SlugField(max_length=40)
    # The criterion it was started for, if it was for one.
    focus = models.CharField(max_length=8, blank=True)
    minutes = models.PositiveSmallIntegerField()
    rubric = models.JSONField()
    rubric_hash = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    notes = models.TextField(blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    # Written once after that: the report, and the levels the newest attempt had, by criterion.
    engine_version = models.CharField(max_length=20, blank=True)
    report = models.JSONField(null=True, blank=True)
    level = models.FloatField(null=True, blank=True)
    levels_then = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(minutes__range=(5, 10)), name="drill_minutes_5_to_10"),
            models.CheckConstraint(
                condition=models.Q(report__isnull=True) | models.Q(handed_in_at__isnull=False),
                name="drill_read_after_handed_in",
            ),
        ]
        indexes = [models.Index(fields=["user", "started_at"], name="drill_by_person")]

    IMMUTABLE: ClassVar[str] = "This drill is handed in, so its words stay as they are."

    def __str__(self) -> str:
        return f"{self.step} of case {self.case_id}"

    def get_absolute_url(self) -> str:
        return reverse("practice:drill", args=[self.pk])
