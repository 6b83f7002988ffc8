"""Asking for a scorecard: the same request, made twice, finds the same job."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from casestudies.models import Framework, Rubric
from interviews import tasks
from interviews.models import Job, JobState, Submission
from interviews.scoring import ENGINE_VERSION

KIND = "score"


def current_rubric(submission: Submission, framework: Framework) -> Rubric:
    """Return the rubric in force for a submission's case under a framework."""
    rubric = Rubric.objects.filter(
        case=submission.interview.case, framework=framework, is_current=True
    ).first()
    if rubric is None:
        raise ValidationError(
            f"There is no rubric for this case under {framework.name}. Ask for load_content to be run."
        )
    return rubric


def newest_job(submission: Submission, framework: Framework) -> Job | None:
    """Return the job that was asked for last, whatever has become of its rubric since."""
    jobs = Job.objects.filter(
        kind=KIND, arguments__submission=submission.pk, arguments__framework=framework.pk
    )
    return jobs.order_by("-created_at").first()


def key_of(submission: Submission, rubric: Rubric) -> str:
    """Return what makes two requests for a scorecard the same request."""
    return f"{KIND}:{submission.pk}:{rubric.framework_id}:{rubric.hash[:16]}:{ENGINE_VERSION}"


@transaction.atomic
def ask_for_card(submission: Submission, framework: Framework, *, now: datetime) -> Job:
    """Return the job that reads this submission under a framework; a new or failed one wakes a worker."""
    rubric = current_rubric(submission, framework)
    job, is_new = Job.objects.get_or_create(
        key=key_of(submission, rubric),
        defaults={
            "kind": KIND,
            "arguments": {"submission": submission.pk, "framework": framework.pk, "rubric": rubric.pk},
            "run_after": now,
            "created_at": now,
        },
    )
    revived = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED, attempts=0, run_after=now, error="", ended_at=None
    )
    if is_new or revived:
        # A broker that is away loses only the wake-up: the sweeper finds the row.
        transaction.on_commit(lambda: tasks.run_job.delay(job.pk), robust=True)
    return job
