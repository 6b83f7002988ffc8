"""What happened in an interview, and when: its phases and its append-only event log."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from interviews import clock
from interviews.models.interview import Interview


class Phase(models.Model):
    """A timed part of an interview: one step of its framework, with its own budget."""

    interview = models.ForeignKey(Interview, models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    step = models.SlugField(max_length=40)
    short = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    dimension = models.CharField(max_length=16)
    dimensions = models.JSONField(default=list)
    budget_seconds = models.PositiveIntegerField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    paused_for = models.DurationField(default=timedelta)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "position"], name="phase_position_once"),
            models.UniqueConstraint(fields=["interview", "step"], name="phase_step_once"),
            models.UniqueConstraint(
                fields=["interview"],
                condition=models.Q(started_at__isnull=False, ended_at=None),
                name="one_running_phase",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.short}"

    def reading(self, now: datetime, paused_at: datetime | None = None) -> clock.Reading:
        """Return what this phase's clock shows; `paused_at` is since when the interview stands still."""
        until = min(now, paused_at) if paused_at and self.ended_at is None else now
        spent = clock.spent(self.started_at, self.ended_at, self.paused_for, until)
        return clock.Reading(self.budget_seconds, spent.total_seconds())


class EventKind(models.TextChoices):
    STARTED = "started"
    PHASE_ENTERED = "phase_entered"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    HINT_GIVEN = "hint_given"
    ASKED = "asked"
    ANSWERED = "answered"
    JOINED = "joined"
    LEFT = "left"
    SUBMITTED = "submitted"
    SCORED = "scored"
    SELF_SCORED = "self_scored"
    REVEALED = "revealed"
    SCORING_FAILED = "scoring_failed"
    SPOILERS_OPENED = "spoilers_opened"
    FOLLOW_UP = "follow_up"
    FOLLOW_UP_CLOSED = "follow_up_closed"
    CURVEBALL = "curveball"
    CURVEBALL_CLOSED = "curveball_closed"
    NOTE_STAMPED = "note_stamped"
    NOTE_EDITED = "note_edited"
    INVITED = "invited"
    REVOKED = "revoked"
    LOBBY_OPENED = "lobby_opened"
    READY = "ready"
    RENAMED = "renamed"
    CAME_BACK = "came_back"
    REMOVED = "removed"
    HOST_CHANGED = "host_changed"
    AREAS_SPLIT = "areas_split"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    HANDED_IN = "handed_in"
    CARDS_OPENED = "cards_opened"
    RATED = "rated"
    SEATS_SWAPPED = "seats_swapped"


class Event(models.Model):
    """One line of the log: never changed, never deleted while the interview lives."""

    interview = models.ForeignKey(Interview, models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    payload = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["interview", "seq"], name="event_seq_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"
