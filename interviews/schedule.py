"""Jobs the clock starts."""

from celery import shared_task
from django.utils import timezone

from interviews import marking
from interviews.models import Job
from interviews.tasks import run_job

AT_ONCE = 100


@shared_task
def sweep_jobs() -> None:
    """Wake a worker for every job that lost its message or its worker; the table forgets nothing."""
    now = timezone.now()
    marking.fail_worn_out(now)
    for pk in Job.objects.due(now).order_by("run_after").values_list("pk", flat=True)[:AT_ONCE]:
        run_job.delay(pk)
