"""Slow jobs an act asks for. Celery only wakes a worker; the job row says whether there is anything to do."""

from celery import shared_task

from interviews import marking


@shared_task
def run_job(job_id: int) -> None:
    """Do one job. A second run finds it done, or taken, and does nothing."""
    for following in marking.run(job_id):
        run_job.delay(following)  # lost on the way, the sweeper finds it
