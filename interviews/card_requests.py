"""Asking for a scorecard: the same request, made twice, finds the same job."""

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from casestudies.models import Framework, Rubric
from interviews import tasks
from interviews.models import Job, JobState, Scorecard, Source, Submission
from interviews.scoring import ENGINE_VERSION

KIND = "score"
# The engine's version on a card that no engine has written: of a history that was made up to look at.
MADE_UP = "made up"


def current_rubric(submission: Submission, framework: Framework) -> Rubric:
    """Return the rubric in force for a submission's case under a framework."""
    return rubric_in_force(submission.interview.case_id, framework)


def rubric_in_force(case_id: int, framework: Framework) -> Rubric:
    """Return the rubric in force for a case under a framework; ValidationError when there is none."""
    rubric = Rubric.objects.filter(case=case_id, framework=framework, is_current=True).first()
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


def outdated(submissions: QuerySet[Submission]) -> Iterator[tuple[Submission, Rubric]]:
    """Yield the submissions, each with a rubric in force now under which it has no card of this engine.

    Only frameworks under which it was read before: nobody asked for the others.
    """
    cards = Scorecard.objects.filter(source=Source.ENGINE, submission=OuterRef("pk"))
    submissions = submissions.exclude(scorecards__engine_version=MADE_UP)
    for rubric in Rubric.objects.filter(is_current=True).select_related("framework").order_by("pk"):
        under = cards.filter(framework=rubric.framework_id)
        current = under.filter(rubric_hash=rubric.hash, engine_version=ENGINE_VERSION)
        behind = submissions.filter(Exists(under), ~Exists(current), interview__case=rubric.case_id)
        for submission in behind.select_related("interview").defer("scene", "graph", "answers").iterator():
            yield submission, rubric


@transaction.atomic
def ask_for_card(submission: Submission, framework: Framework, *, now: datetime, reason: str = "") -> Job:
    """Return the job that reads this submission under a framework; a new or failed one wakes a worker.

    `reason` is kept with the card when this is not its first reading: why it was scored again.
    """
    rubric = current_rubric(submission, framework)
    job, is_new = Job.objects.get_or_create(
        key=key_of(submission, rubric),
        defaults={
            "kind": KIND,
            "arguments": {
                "submission": submission.pk,
                "framework": framework.pk,
                "rubric": rubric.pk,
                "reason": reason,
            },
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
