"""An interview and the people in it."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from interviews import clock

if TYPE_CHECKING:
    from accounts.models import User
    from interviews.models.timeline import Phase


class Level(models.TextChoices):
    MID = "mid", "Mid"
    SENIOR = "senior", "Senior"
    STAFF = "staff", "Staff"


class Mode(models.TextChoices):
    SOLO = "solo", "Solo"
    PEER = "peer", "Peer"


class Role(models.TextChoices):
    CANDIDATE = "candidate", "Candidate"
    INTERVIEWER = "interviewer", "Interviewer"
    OBSERVER = "observer", "Observer"


class State(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    LOBBY = "lobby", "In the lobby"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    CURVEBALL = "curveball", "Curveball"
    SUBMITTED = "submitted", "Submitted"
    SCORED = "scored", "Scored"
    ABANDONED = "abandoned", "Abandoned"
    EXPIRED = "expired", "Expired"


LIVE_STATES = (State.RUNNING, State.PAUSED, State.CURVEBALL)
DONE_STATES = (State.SUBMITTED, State.SCORED)


# What a row of a list shows; a case in full is some twenty kilobytes.
LISTED = (
    "level", "minutes", "mode", "state", "seen", "is_sample", "created_at", "started_at", "ended_at",
    "case__slug", "case__title", "framework__slug", "framework__name",
    "retry_of",
)  # fmt: skip


class InterviewQuerySet(models.QuerySet["Interview"]):
    def of_candidate(self, user: "User") -> Self:
        return self.filter(
            participants__user=user, participants__role=Role.CANDIDATE, participants__removed_at=None
        )

    def running(self) -> Self:
        return self.filter(state__in=LIVE_STATES)

    def done(self) -> Self:
        return self.filter(state__in=DONE_STATES)

    def for_list(self) -> Self:
        """Newest first, with what a row of a list shows."""
        listed = self.select_related("case", "framework").only(*LISTED)
        return listed.order_by("-created_at")


class Interview(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("casestudies.CaseStudy", models.PROTECT, related_name="+")
    framework = models.ForeignKey("casestudies.Framework", models.PROTECT, related_name="+")
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.SENIOR)
    minutes = models.PositiveSmallIntegerField(default=45)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.SOLO)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SCHEDULED)
    strict = models.BooleanField(default=False)
    # The candidate had opened this case's spoilers before it began.
    seen = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    # The attempt whose board, notes and clock this one went on from.
    retry_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="retries")
    board = models.OneToOneField("whiteboard.Board", models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Since when the clock stands still, and how long it stood still before that.
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_for = models.DurationField(default=timedelta)
    # The number of the newest event; the next one is allocated by an UPDATE of this column.
    seq = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[Any] = InterviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="interview_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(5, 180)), name="interview_minutes_5_to_180"
            ),
            models.CheckConstraint(
                condition=models.Q(started_at=None, ended_at=None)
                | models.Q(started_at__isnull=False, ended_at=None)
                | models.Q(ended_at__gte=models.F("started_at")),
                name="interview_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.PAUSED) | models.Q(paused_at__isnull=False),
                name="interview_paused_since",
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="interview_by_state")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("interviews:room", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def is_done(self) -> bool:
        return self.state in DONE_STATES

    def running_phase(self) -> "Phase | None":
        """Return the phase the clock is in, or None before the start and after the end."""
        return self.phases.filter(started_at__isnull=False, ended_at=None).order_by("position").first()

    def paused_so_far(self, now: datetime) -> timedelta:
        return self.paused_for + (now - self.paused_at if self.paused_at else timedelta())

    def reading(self, now: datetime) -> clock.Reading:
        """Return what the clock of the whole interview shows at `now`."""
        spent = clock.spent(self.started_at, self.ended_at, self.paused_so_far(now), now)
        return clock.Reading(self.minutes * 60, spent.total_seconds())


class Participant(models.Model):
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="participations")
    role = models.CharField(max_length=12, choices=Role.choices)
    joined_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "user"], name="one_role_per_person"),
            models.UniqueConstraint(
                fields=["interview"],
                condition=models.Q(role=Role.CANDIDATE, removed_at=None),
                name="one_candidate_per_interview",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"
