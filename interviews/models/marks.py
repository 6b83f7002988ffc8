"""What was handed in, and what readers made of it."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from interviews import asked
from interviews.models.interview import Interview


class Submission(models.Model):
    """An immutable copy of a design: drawing, graph, words, minutes and hints, with its hash."""

    interview = models.OneToOneField(Interview, models.CASCADE, related_name="submission")
    at = models.DateTimeField()
    scene = models.JSONField()
    graph = models.JSONField()
    answers = models.JSONField()
    seconds_per_step = models.JSONField()
    hints = models.JSONField(default=list)
    # What the candidate asked and was told: [{"fact": key or "", "text", "answer", "step"}], in order.
    asked = models.JSONField(default=list)
    # The graph of the board before a requirement changed, with that change; None when none did.
    before_curveball = models.JSONField(null=True, blank=True)
    board_seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.interview_id} {self.hash[:8]}"

    @property
    def words(self) -> dict[str, str]:
        """Everything that a report may cite: the notes by step, and the questions where there were any."""
        return self.answers | ({asked.STEP: asked.words_of(self.asked)} if self.asked else {})


class Source(models.TextChoices):
    ENGINE = "engine", "Automatic"
    JUDGE = "judge", "Second reader"
    PERSON = "person", "Interviewer"
    SELF = "self", "You"


class Scorecard(models.Model):
    """One reading of one submission; never overwritten, a new reading is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="scorecards")
    source = models.CharField(max_length=8, choices=Source.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    framework = models.ForeignKey("casestudies.Framework", models.PROTECT, related_name="+")
    rubric = models.JSONField()
    rubric_hash = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=20, blank=True)
    report = models.JSONField()
    # Level per dimension, beside the report so that lists need not load it: [{"slug", "level", "weight"}].
    dimensions = models.JSONField(default=list)
    total = models.FloatField(null=True, blank=True)
    total_low = models.FloatField(null=True, blank=True)
    total_high = models.FloatField(null=True, blank=True)
    level_estimate = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "framework", "rubric_hash", "engine_version"],
                condition=models.Q(source="engine"),
                name="one_engine_card_per_reading",
            ),
            # Said once, before what others think is known; nobody scores themselves anew after that.
            models.UniqueConstraint(
                fields=["submission"], condition=models.Q(source="self"), name="one_self_card_per_submission"
            ),
            # Locked: an interviewer gives one card, alone, and does not take it back.
            models.UniqueConstraint(
                fields=["submission", "author"],
                condition=models.Q(source="person"),
                name="one_card_per_interviewer",
            ),
            models.CheckConstraint(
                condition=models.Q(total=None) | models.Q(total__range=(0, 100)), name="total_from_0_to_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.total}"

    def get_absolute_url(self) -> str:
        return reverse("interviews:scorecard", args=[self.submission.interview_id])


class CriterionScore(models.Model):
    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="scores")
    position = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=8)
    dimension = models.CharField(max_length=16)
    step = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    weight = models.FloatField(default=1)
    confidence = models.FloatField(null=True, blank=True)
    rationale = models.TextField(blank=True)
    next_level = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "criterion"], name="criterion_once_per_card"),
            # No level means that the criterion was not assessed.
            models.CheckConstraint(
                condition=models.Q(level=None) | models.Q(level__range=(0, 4)),
                name="level_from_0_to_4",
                violation_error_message="Choose a level from 0 to 4.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.level}"


class Evidence(models.Model):
    class Kind(models.TextChoices):
        TEXT = "text"
        NODE = "node"
        EDGE = "edge"

    score = models.ForeignKey(CriterionScore, models.CASCADE, related_name="evidence")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    step = models.CharField(max_length=40, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(blank=True)
    element = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="text", start__isnull=False, end__gt=models.F("start"))
                & ~models.Q(quote="")
                | (models.Q(kind__in=["node", "edge"]) & ~models.Q(element="")),
                name="evidence_cites_words_or_elements",
            )
        ]

    def __str__(self) -> str:
        return self.quote[:40] or self.element
