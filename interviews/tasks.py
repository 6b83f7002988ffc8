"""Slow jobs an act asks for. Celery only wakes a worker; the job row says whether there is anything to do."""

from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from interviews import follow_ups, marking
from interviews.models import Job


@shared_task
def run_job(job_id: int) -> None:
    """Do one job. A second run finds it done, or taken, and does nothing."""
    kind = Job.objects.filter(pk=job_id).values_list("kind", flat=True).first()
    runner = settings.JOB_RUNNERS.get(kind or "")
    run = import_string(runner) if runner else marking.run
    for following in run(job_id):
        run_job.delay(following)  # lost on the way, the sweeper finds it


@shared_task
def choose_follow_up(interview_id: str, phase_id: int) -> None:
    """Ask what the notes of a step that was left say nothing of. A second run finds a question open."""
    follow_ups.choose(UUID(interview_id), phase_id, now=timezone.now())
