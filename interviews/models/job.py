"""Slow work, remembered in PostgreSQL. The broker may lose a message; this table does not.

A job is done once although it may be tried often: whoever holds the lease works, a lease that
ran out may be taken over, and the result is written in the same transaction that ends the job.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 5


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, now: datetime) -> Self:
        """Jobs nobody works on though they could be: waiting for their time, or with a lease that ran out."""
        waiting = models.Q(state=JobState.QUEUED, run_after__lte=now)
        orphaned = models.Q(state=JobState.RUNNING, lease_until__lte=now)
        return self.filter(waiting | orphaned)

    def worn_out(self, now: datetime) -> Self:
        """Jobs whose lease ran out at the last attempt: they end their worker instead of ending."""
        return self.filter(state=JobState.RUNNING, lease_until__lte=now, attempts__gte=MOST_ATTEMPTS)

    def claim(self, pk: int, now: datetime) -> "Job | None":
        """Take the lease of a due job and return it, or None when somebody else has it or it has ended."""
        lease = uuid.uuid4()
        taken = (
            self.due(now)
            .filter(pk=pk, attempts__lt=MOST_ATTEMPTS)
            .update(
                state=JobState.RUNNING,
                lease=lease,
                lease_until=now + LEASE,
                heartbeat_at=now,
                attempts=models.F("attempts") + 1,
            )
        )
        return self.get(pk=pk) if taken else None


class Job(models.Model):
    kind = models.CharField(max_length=20)
    # What the job is for; asking for the same thing twice finds the same row.
    key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    arguments = models.JSONField(default=dict)
    run_after = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.JSONField(default=dict)
    result = models.JSONField(null=True, blank=True)
    # A sentence for people; what went wrong in detail is in the worker's log.
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state=JobState.RUNNING)
                | models.Q(lease__isnull=False, lease_until__isnull=False),
                name="running_job_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "run_after"],
                name="job_open",
                condition=models.Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"

    def _mine(self) -> models.QuerySet["Job"]:
        return Job.objects.filter(pk=self.pk, state=JobState.RUNNING, lease=self.lease)

    def beat(self, now: datetime, progress: dict[str, Any], lease: timedelta = LEASE) -> bool:
        """Say that the work goes on and how far it is; False when the lease has been lost."""
        return bool(self._mine().update(heartbeat_at=now, lease_until=now + lease, progress=progress))

    def finish(self, now: datetime, result: dict[str, Any]) -> bool:
        """End the job with `result`; False, and nothing written, when the lease has been lost."""
        return bool(
            self._mine().update(
                state=JobState.DONE, result=result, error="", ended_at=now, lease_until=None, lease=None
            )
        )

    def put_back(self, now: datetime, error: str, most_attempts: int = MOST_ATTEMPTS) -> bool:
        """Give the job up for now: tried again later, or failed for good after `most_attempts`.

        Return True when it has failed for good; a job whose lease has been lost is not ours to fail.
        """
        final = self.attempts >= most_attempts
        given_up = self._mine().update(
            state=JobState.FAILED if final else JobState.QUEUED,
            run_after=now + timedelta(seconds=2**self.attempts),
            error=error,
            ended_at=now if final else None,
            lease=None,
            lease_until=None,
        )
        return bool(given_up) and final
