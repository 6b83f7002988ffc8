"""Sessions of a group: when, who does what, who comes, and the mails about them.

Exported with a person: their seats. Erased with a person: seats, swaps and mails; sessions stay the group's.
"""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from interviews.models.group import Group, GroupInvitation
from interviews.models.interview import Interview, Level, Role

if TYPE_CHECKING:
    from accounts.models import User

# So long after its time a session that nobody came to is in the past.
OPEN_FOR = timedelta(hours=3)


class GroupSessionQuerySet(models.QuerySet["GroupSession"]):
    def standing(self) -> Self:
        return self.filter(cancelled_at=None)

    def upcoming(self, now: datetime) -> Self:
        """Those still to come, and those under way, the next first."""
        return self.standing().filter(starts_at__gt=now - OPEN_FOR).order_by("starts_at", "pk")

    def to_come(self, now: datetime) -> Self:
        """Those whose plan may still be changed."""
        return self.standing().filter(starts_at__gt=now, opened_at=None)

    def past(self, now: datetime) -> Self:
        return self.standing().filter(starts_at__lte=now - OPEN_FOR).order_by("-starts_at", "pk")

    def of(self, user: "User") -> Self:
        """Sessions of groups this person is in now and has a seat in."""
        return self.filter(
            seats__user=user,
            group__in=Group.objects.of_member(user).values("pk"),
        )


class GroupSession(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="sessions")
    # The moment, and the place whose clocks it was said by.
    starts_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    minutes = models.PositiveSmallIntegerField(default=45)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.SENIOR)
    framework = models.ForeignKey("casestudies.Framework", models.PROTECT, related_name="+")
    strict = models.BooleanField(default=False)
    most_interviewers = models.PositiveSmallIntegerField(default=2)
    # Kept from everybody but its interviewers until the session opens.
    case = models.ForeignKey("casestudies.CaseStudy", models.PROTECT, null=True, related_name="+")
    series = models.UUIDField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    # Raised with each change: calendars take the highest.
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    # Since when it is known that the session is at this time.
    timed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    interview = models.OneToOneField(
        Interview, models.SET_NULL, null=True, blank=True, related_name="group_session"
    )

    objects: ClassVar[Any] = GroupSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(minutes__range=(5, 180)), name="session_minutes"),
            models.CheckConstraint(
                condition=models.Q(most_interviewers__range=(1, 2)), name="session_one_or_two_interviewers"
            ),
            models.CheckConstraint(
                condition=models.Q(interview=None) | models.Q(opened_at__isnull=False),
                name="session_with_a_room_was_opened",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="session_by_time"),
            models.Index(fields=["group", "starts_at"], name="session_of_group"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("groups:session", args=[self.group_id, self.pk])

    def is_open(self, now: datetime) -> bool:
        """Whether people may come in now."""
        return self.cancelled_at is None and self.starts_at <= now < self.starts_at + OPEN_FOR

    def is_past(self, now: datetime) -> bool:
        return self.starts_at + OPEN_FOR <= now

    def may_change(self, now: datetime) -> bool:
        return self.cancelled_at is None and self.opened_at is None and now < self.starts_at


class Answer(models.TextChoices):
    YES = "yes", "I come"
    MAYBE = "maybe", "Perhaps"
    NO = "no", "I cannot come"


class GroupSeat(models.Model):
    """What one member does in one session, and whether they come."""

    session = models.ForeignKey(GroupSession, models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.OBSERVER)
    # The dimensions an interviewer looks after, where there are two.
    areas = models.JSONField(default=list)
    answer = models.CharField(max_length=5, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    came_at = models.DateTimeField(null=True, blank=True)
    # The room this person went on in alone, because nobody came.
    alone = models.ForeignKey(Interview, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="one_seat_per_member"),
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(role=Role.CANDIDATE),
                name="one_candidate_per_session",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="seat_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(answer__in=["", *Answer.values]), name="seat_answer_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class SwapRequest(models.Model):
    """A member's wish to change roles with another; it happens when the other one agrees."""

    session = models.ForeignKey(GroupSession, models.CASCADE, related_name="swaps")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "asker"],
                condition=models.Q(answered_at=None),
                name="one_open_swap_per_asker",
            ),
            models.CheckConstraint(condition=~models.Q(asker=models.F("other")), name="swap_with_another"),
        ]

    def __str__(self) -> str:
        return f"{self.asker_id} with {self.other_id}"


class GroupMail(models.Model):
    """One mail to one person about a group; its key keeps the same news from being written twice.

    The row is the truth and the worker only its reader: whoever holds the lease sends, and a lease that ran
    out without `sent_at` is taken again. Words and calendar are dropped once they are sent.
    """

    key = models.CharField(max_length=200, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    invitation = models.ForeignKey(GroupInvitation, models.CASCADE, null=True, related_name="+")
    # Which one it tells of. A reminder is not sent when that was moved, called off or deleted.
    session = models.ForeignKey(GroupSession, models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    method = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()
    run_after = models.DateTimeField()
    # After this the news is old, and the mail is not sent any more.
    stale_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["run_after"],
                name="group_mail_waiting",
                condition=models.Q(sent_at=None, dropped_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.key
