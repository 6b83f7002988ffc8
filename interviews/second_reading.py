"""The second reader as this site is set up to ask it, and the job that does so once a card is there."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from casestudies.models import Framework, Rubric
from interviews.models import Job, JobState, Scorecard, Source, Submission
from interviews.scoring.judge import wording
from interviews.scoring.judge.answer import NoAnswerError
from interviews.scoring.judge.endpoint import LONGEST_WAIT_SECONDS, TRIES, Endpoint
from interviews.scoring.judge.prompt import PROMPT_VERSION
from interviews.scoring.judge.reader import Limits, SecondReader

log = logging.getLogger(__name__)
KIND = "judge"
QUESTION_SECONDS = 8.0
MOST_ATTEMPTS = 2  # every attempt asks again several times, and each question may cost money


@dataclass(frozen=True)
class Standing:
    """How a second reading stands: its card once there is one, else the job that is to write it."""

    card: Scorecard | None
    job: Job | None

    @property
    def failed(self) -> bool:
        return self.job is not None and self.job.state == JobState.FAILED


def standing(submission: Submission, framework: Framework) -> Standing | None:
    """Return how the second reading under a framework stands, None when nobody was asked."""
    cards = submission.scorecards.filter(source=Source.JUDGE, framework=framework)
    card = cards.order_by("-created_at").first()
    if card is not None:
        return Standing(card, None)
    jobs = Job.objects.filter(
        kind=KIND, arguments__submission=submission.pk, arguments__framework=framework.pk
    )
    job = jobs.order_by("-created_at").first()
    return Standing(None, job) if job else None


def is_configured() -> bool:
    return bool(settings.LLM_BASE_URL and settings.LLM_MODEL)


def in_other_words(question: str, notes: str) -> str | None:
    """Return a follow-up as the second reader puts it; None without one, or when it is of no use.

    Somebody waits for the question, so it is asked once and not for long.
    """
    if not is_configured():
        return None
    seconds = min(settings.LLM_TIMEOUT_SECONDS, QUESTION_SECONDS)
    endpoint = Endpoint(
        settings.LLM_BASE_URL, settings.LLM_MODEL, settings.LLM_API_KEY, timeout_seconds=seconds, tries=1
    )
    try:
        return wording.reworded(endpoint, question, notes)
    except NoAnswerError as refusal:
        log.info("a follow-up is asked in the words of the case: %s", refusal)
        return None


def reader(tell: Callable[[str], None]) -> SecondReader:
    """Return the second reader of the settings; `tell` hears which step it is at."""
    endpoint = Endpoint(
        settings.LLM_BASE_URL,
        settings.LLM_MODEL,
        settings.LLM_API_KEY,
        timeout_seconds=settings.LLM_TIMEOUT_SECONDS,
    )
    return SecondReader(endpoint, Limits(settings.LLM_RUNS, settings.LLM_MOST_TOKENS), tell)


def lease() -> timedelta:
    """Return for how long a worker may be silent: the time that the questions of one step can take."""
    one_question = TRIES * (settings.LLM_TIMEOUT_SECONDS + LONGEST_WAIT_SECONDS)
    return timedelta(seconds=max(1, settings.LLM_RUNS) * one_question + 30)


def ask(submission: Submission, rubric: Rubric, now: datetime) -> Job | None:
    """Return the job that asks the second reader about a submission, None when there is no such reader.

    Asked again with the same rubric, model and prompt, it is the same job.
    """
    if not is_configured():
        return None
    asked = f"{rubric.hash[:16]}:{PROMPT_VERSION}:{settings.LLM_MODEL}"
    job, _ = Job.objects.get_or_create(
        key=f"{KIND}:{submission.pk}:{rubric.framework_id}:{asked}"[:200],
        defaults={
            "kind": KIND,
            "arguments": {"submission": submission.pk, "framework": rubric.framework_id, "rubric": rubric.pk},
            "run_after": now,
            "created_at": now,
        },
    )
    return job
