"""Reading a submission and writing its scorecard: written once, however often it is tried."""

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from casestudies.models import Rubric
from interviews import asked, events, lifecycle, second_reading
from interviews.models import (
    CriterionScore,
    EventKind,
    Evidence,
    Interview,
    Job,
    Scorecard,
    Source,
    Submission,
)
from interviews.models.job import LEASE
from interviews.practice import cards
from interviews.progress import recording
from interviews.scoring import Rubric as ReadRubric
from interviews.scoring import Submission as ReadSubmission
from interviews.scoring import score
from interviews.scoring.judge.answer import NoAnswerError

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has this job now; what this one has done does not count."""


def mark(job: Job) -> list[int]:
    """Do a claimed job: read the submission, then write card and result in one transaction.

    Return the jobs that follow from it: the second reader's, where there is one. NoAnswerError when this
    job was the second reader's and it gave no answer.
    """
    submission = Submission.objects.select_related("interview__case").get(pk=job.arguments["submission"])
    rubric = Rubric.objects.select_related("framework").get(pk=job.arguments["rubric"])
    second = job.kind == second_reading.KIND
    judge = None
    if second:
        judge = second_reading.reader(
            lambda step: say(job, submission, f"Second reader: {step}", second_reading.lease())
        )
    else:
        say(job, submission, "Reading your notes and your board")
    read = ReadRubric.from_json(rubric.body)
    scored = score(
        ReadSubmission(
            case={
                "id": submission.interview.case.slug,
                "title": submission.interview.case.title,
                "prompt": submission.interview.case.prompt,
            },
            answers=submission.answers,
            graph=submission.graph,
        ),
        read,
        judge=judge,
    )
    report = asked.credited(scored, read, submission.asked).to_json()
    say(job, submission, "Writing the scorecard")
    card_id = uuid.uuid4()
    following = None
    with transaction.atomic():
        # First of all the job: its row lock keeps a second worker out until the card is there.
        if not job.finish(timezone.now(), {"scorecard": str(card_id)}):
            raise LeaseLost
        source = Source.JUDGE if second else Source.ENGINE
        write_card(card_id, submission, rubric, report, source, job.arguments.get("reason", ""))
        recording.record(submission.pk)
        if not second:
            lifecycle.mark_scored(submission.interview_id)
            cards.make(submission, report, rubric.body, timezone.now())
            following = second_reading.ask(submission, rubric, timezone.now())
        events.record(
            submission.interview,
            EventKind.SCORED,
            actor=None,
            now=timezone.now(),
            payload={"framework": rubric.framework.slug} | ({"source": "judge"} if second else {}),
        )
    return [following.pk] if following else []


def say(job: Job, submission: Submission, step: str, lease: timedelta = LEASE) -> None:
    """Show how far the work is, and keep the lease; LeaseLost when another worker has taken over."""
    if not job.beat(timezone.now(), {"step": step}, lease):
        raise LeaseLost
    events.wake_room(submission.interview_id)


def write_card(
    card_id: uuid.UUID,
    submission: Submission,
    rubric: Rubric,
    report: dict[str, Any],
    source: Source,
    reason: str = "",
) -> None:
    """Store a report as a scorecard with its scores and evidence; the caller's transaction."""
    card = Scorecard.objects.create(
        id=card_id,
        submission=submission,
        source=source,
        framework=rubric.framework,
        rubric=rubric.body,
        rubric_hash=rubric.hash,
        engine_version=report["engine_version"],
        report=report,
        dimensions=report["dimensions"],
        total=report["total"],
        total_low=report["total_low"],
        total_high=report["total_high"],
        level_estimate=report["level_estimate"] or "",
        created_at=timezone.now(),
        reason=reason,
    )
    scores = CriterionScore.objects.bulk_create(
        CriterionScore(
            scorecard=card,
            position=position,
            criterion=entry["code"],
            dimension=entry["dimension"],
            step=entry["step"] or "",
            level=entry["level"],
            weight=entry["weight"],
            confidence=entry["confidence"],
            rationale=entry["rationale"],
            next_level=entry["next_level"] or "",
        )
        for position, entry in enumerate(report["criteria"])
    )
    Evidence.objects.bulk_create(
        Evidence(
            score=stored,
            position=position,
            kind=cited["kind"],
            step=cited.get("step") or "",
            start=cited.get("start"),
            end=cited.get("end"),
            quote=cited.get("quote") or "",
            element=cited.get("element") or "",
        )
        for stored, entry in zip(scores, report["criteria"], strict=True)
        for position, cited in enumerate(entry["evidence"])
    )


def run(job_id: int) -> list[int]:
    """Claim a job, do it and return the jobs that follow; a failure is logged, told and tried again later."""
    job = Job.objects.claim(job_id, timezone.now())
    if job is None:
        return []
    try:
        return mark(job)
    except LeaseLost:
        log.warning("job %s was taken over by another worker", job.pk)
    except NoAnswerError as error:
        log.warning("job %s, attempt %s: %s", job.pk, job.attempts, error)
        job.put_back(timezone.now(), str(error), second_reading.MOST_ATTEMPTS)
        events.wake_room(
            Submission.objects.values_list("interview_id", flat=True).get(pk=job.arguments["submission"])
        )
    except Exception:
        log.exception("job %s failed at attempt %s", job.pk, job.attempts)
        give_up(job)
    return []


def fail_worn_out(now: datetime) -> None:
    """Fail the jobs that have ended their worker at every attempt, instead of letting them take the next."""
    for job in Job.objects.worn_out(now):
        log.error("job %s ended its worker %s times", job.pk, job.attempts)
        give_up(job)


@transaction.atomic
def give_up(job: Job) -> None:
    """Put a job back after an error, and tell the room when it will not be tried again."""
    scores = "submission" in job.arguments
    words = "The design could not be scored." if scores else "This could not be finished."
    final = job.put_back(timezone.now(), f"{words} It is safe; try again in a minute.")
    # Without a second reader the card stands as it is.
    if final and scores and job.kind != second_reading.KIND:
        interview = Interview.objects.get(submission__pk=job.arguments["submission"])
        events.record(interview, EventKind.SCORING_FAILED, actor=None, now=timezone.now())
