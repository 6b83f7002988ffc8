"""What progress is read from: one row per submitted interview and one per reading of it; and a person's aim.

These rows are made from interviews, submissions and scorecards, by whoever writes a card. They can be thrown
away and made again (`manage.py rebuild_progress`), so they are exported with what they are made from and
erased with it.
"""

from django.conf import settings
from django.db import models

from interviews.models.interview import Interview, Level
from interviews.models.levels import LevelsField
from interviews.models.marks import Scorecard, Source


class Attempt(models.Model):
    """A submitted interview as its candidate's history counts it."""

    interview = models.OneToOneField(Interview, models.CASCADE, primary_key=True, related_name="attempt")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="attempts")
    case = models.ForeignKey("casestudies.CaseStudy", models.CASCADE, related_name="+")
    framework = models.ForeignKey("casestudies.Framework", models.CASCADE, related_name="+")
    level = models.CharField(max_length=8)
    mode = models.CharField(max_length=8)
    minutes = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    budget_seconds = models.PositiveIntegerField()
    # Step after step: short name, dimension, seconds given, seconds taken. One flat list, because a page
    # reads a thousand of them.
    steps = models.JSONField(default=list)
    hints = models.PositiveSmallIntegerField(default=0)
    follow_ups = models.PositiveSmallIntegerField(default=0)
    answered = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    curveball = models.BooleanField(default=False)
    seen = models.BooleanField(default=False)
    retry = models.BooleanField(default=False)
    # The database fills it in, too: while a new version starts, the one before goes on writing.
    imported = models.BooleanField(default=False, db_default=False)
    is_sample = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="attempt_by_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"


class AttemptScore(models.Model):
    """One reading of an attempt: by the engine, the second reader, an interviewer or the candidate."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="scores")
    card = models.OneToOneField(Scorecard, models.CASCADE, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    total = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    # Level, low and high of each dimension in their fixed order, one flat list; a person's have no range.
    levels = LevelsField(default=list)
    # Level by criterion, None where it was not assessed: {"C01": 3}.
    criteria = models.JSONField(default=dict)
    # Own levels given after the automatic ones had been seen.
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "source"],
                condition=models.Q(source__in=[Source.ENGINE, Source.JUDGE, Source.SELF]),
                name="one_reading_of_each_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.total}"


class Aim(models.Model):
    """What a person practises for. Exported with their profile, erased with their account."""

    MOST_A_WEEK = 14
    A_WEEK = "Choose from 1 to 14 interviews a week."
    MOST_DAYS_AHEAD = 731

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="aim")
    interview_on = models.DateField(null=True, blank=True)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.SENIOR)
    per_week = models.PositiveSmallIntegerField(default=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(per_week__range=(1, 14)),
                name="between_1_and_14_a_week",
                violation_error_message="Choose from 1 to 14 interviews a week.",
            ),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="aim_level_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.level}"
