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


# The clock runs: as ever, or while a changed requirement is worked in.
TICKING_STATES = (State.RUNNING, State.CURVEBALL)
LIVE_STATES = (*TICKING_STATES, State.PAUSED)
# Nobody's clock has begun to run.
WAITING_STATES = (State.SCHEDULED, State.LOBBY)
DONE_STATES = (State.SUBMITTED, State.SCORED)
# Ended without a scorecard: board and notes can be read, and nothing more.
CLOSED_STATES = (State.ABANDONED, State.EXPIRED)


# What a row of a list shows; a case in full is some twenty kilobytes.
LISTED = (
    "level", "minutes", "mode", "state", "seen", "is_sample", "created_at", "started_at", "ended_at",
    "strict", "extra_seconds", "paused_at", "paused_for", "board_id",
    "case__slug", "case__title", "framework__slug", "framework__name",
    "retry_of", "imported_at", "cards_opened_at", "own_levels_first",
)  # fmt: skip


def cards_are_open(prefix: str = "") -> models.Q:
    """Return what holds for interviews whose scorecards are open to their candidate.

    Between people they open together, alone once the candidate has given their own levels or skipped that;
    `prefix` leads to the interview from another table. What `Interview.keeps_closed` denies of one.
    """
    alone = ~models.Q(**{f"{prefix}mode": Mode.PEER})
    opened = alone | models.Q(**{f"{prefix}cards_opened_at__isnull": False})
    said = models.Q(**{f"{prefix}own_levels_first": False})
    return models.Q(**{f"{prefix}is_sample": True}) | (opened & said)


class InterviewQuerySet(models.QuerySet["Interview"]):
    def of_candidate(self, user: "User") -> Self:
        return self.filter(
            participants__user=user, participants__role=Role.CANDIDATE, participants__removed_at=None
        )

    def running(self) -> Self:
        return self.filter(state__in=LIVE_STATES)

    def done(self) -> Self:
        return self.filter(state__in=DONE_STATES)

    def with_open_cards(self) -> Self:
        """Those whose scorecards are open to their candidate."""
        return self.filter(cards_are_open())

    def under_way(self) -> Self:
        """Those that run, and those handed in whose scorecard nobody can have read.

        It is not there, or own levels come first.
        """
        first = models.Q(state__in=DONE_STATES, own_levels_first=True, is_sample=False)
        return self.filter(models.Q(state__in=[*LIVE_STATES, State.SUBMITTED]) | first)

    def closed(self) -> Self:
        return self.filter(state__in=CLOSED_STATES)

    def overdue(self, now: datetime) -> Self:
        """Those with a strict clock that has run out and nobody has handed in yet."""
        budget = models.ExpressionWrapper(
            (models.F("minutes") * 60 + models.F("extra_seconds")) * models.Value(timedelta(seconds=1)),
            output_field=models.DurationField(),
        )
        due = models.ExpressionWrapper(
            models.F("started_at") + models.F("paused_for") + budget, output_field=models.DateTimeField()
        )
        strict = self.filter(strict=True, state__in=TICKING_STATES)
        return strict.alias(due=due).filter(due__lte=now)

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
    # What extensions have added to the minutes.
    extra_seconds = models.PositiveIntegerField(default=0)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.SOLO)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SCHEDULED)
    # The clock is not paused or extended, and hands the design in when it has run out.
    strict = models.BooleanField(default=False)
    # The candidate had opened this case's spoilers before it began.
    seen = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    # When it came in from an export: its clock was kept elsewhere, and nobody here saw it held.
    imported_at = models.DateTimeField(null=True, blank=True)
    # The attempt whose board, notes and clock this one went on from.
    retry_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="retries")
    board = models.OneToOneField("whiteboard.Board", models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Who may invite, hand over and start; None: the candidate.
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Since when the clock stands still, and how long it stood still before that.
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_for = models.DurationField(default=timedelta)
    # When all scorecards of a peer interview were opened to its people; until then each sees its own alone.
    cards_opened_at = models.DateTimeField(null=True, blank=True)
    # Handed in with nobody else to wait for, and the candidate has neither given their own levels nor skipped
    # that: until then its scorecards stay closed.
    own_levels_first = models.BooleanField(default=False, db_default=False)
    # The interview after which these two people swapped seats.
    swap_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="swaps")
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
    def ticks(self) -> bool:
        """Whether the clock runs."""
        return self.state in TICKING_STATES

    @property
    def is_waiting(self) -> bool:
        """Whether it is planned or in its lobby."""
        return self.state in WAITING_STATES

    @property
    def is_done(self) -> bool:
        return self.state in DONE_STATES

    @property
    def is_closed(self) -> bool:
        """Whether it has ended without anything handed in."""
        return self.state in CLOSED_STATES

    @property
    def can_be_replayed(self) -> bool:
        """Whether it was begun and is over, handed in or not."""
        return self.started_at is not None and (self.is_done or self.is_closed)

    @property
    def keeps_order(self) -> bool:
        """Whether its scorecards open in an order: one's own first, then everybody's at once."""
        return self.mode == Mode.PEER and not self.is_sample

    @property
    def keeps_closed(self) -> bool:
        """Whether its scorecards, if it has any, are closed to its candidate for now."""
        waits = self.own_levels_first or (self.mode == Mode.PEER and self.cards_opened_at is None)
        return waits and not self.is_sample

    @property
    def budget_seconds(self) -> int:
        """All the time there is, with what extensions have added."""
        return self.minutes * 60 + self.extra_seconds

    @property
    def minutes_given(self) -> int:
        return round(self.budget_seconds / 60)

    def due_at(self) -> datetime | None:
        """Return when the clock gets to nought, as things stand; None before it has started."""
        if self.started_at is None:
            return None
        return clock.due_at(self.started_at, self.paused_for, self.budget_seconds)

    def is_out_of_time(self, now: datetime) -> bool:
        """Whether a strict clock has run out: nothing may be changed from then on."""
        due = self.due_at()
        return self.strict and self.ticks and due is not None and due <= now

    def running_phase(self) -> "Phase | None":
        """Return the phase the clock is in, or None before the start and after the end."""
        return self.phases.filter(started_at__isnull=False, ended_at=None).order_by("position").first()

    def paused_so_far(self, now: datetime) -> timedelta:
        return self.paused_for + (now - self.paused_at if self.paused_at else timedelta())

    def reading(self, now: datetime) -> clock.Reading:
        """Return what the clock of the whole interview shows at `now`."""
        spent = clock.spent(self.started_at, self.ended_at, self.paused_so_far(now), now)
        return clock.Reading(self.budget_seconds, spent.total_seconds())


class Participant(models.Model):
    interview = models.ForeignKey(Interview, models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="participations")
    role = models.CharField(max_length=12, choices=Role.choices)
    joined_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    # When this person last had the room open, to half a minute or so; written by the room's socket.
    here_at = models.DateTimeField(null=True, blank=True)
    # When this person was noticed to have left; None while they are there, or were never missed.
    left_at = models.DateTimeField(null=True, blank=True)
    # When this person said in the lobby that they are ready.
    ready_at = models.DateTimeField(null=True, blank=True)
    # The dimensions that this interviewer scores first, where two share them out; empty: all.
    areas = models.JSONField(default=list, blank=True)
    # When this person's own levels were locked, or when they said that they give none.
    handed_in_at = models.DateTimeField(null=True, blank=True)
    waived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handed_in_at=None) | models.Q(waived_at=None),
                name="levels_handed_in_or_waived",
            ),
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

    @property
    def has_spoken(self) -> bool:
        """Whether this person's part of the scoring is done: levels locked, or waived."""
        return self.handed_in_at is not None or self.waived_at is not None
