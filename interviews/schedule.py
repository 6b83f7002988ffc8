"""Jobs the clock starts."""

from celery import shared_task
from django.utils import timezone

from interviews import marking, sweeping
from interviews.belongings import requests
from interviews.groups import people, post, reminders, rooms
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


@shared_task
def sweep_clocks() -> None:
    """Hand in what a strict clock has ended, whether or not a browser is open."""
    sweeping.submit_overdue(timezone.now())


@shared_task
def sweep_rooms() -> None:
    """Stop the clocks of rooms that everybody left, and close those that nobody came back to."""
    now = timezone.now()
    sweeping.set_aside_untouched(now)
    sweeping.expire_forgotten(now)
    sweeping.call_off_forgotten(now)


@shared_task
def sweep_groups() -> None:
    """Open the rooms of sessions whose time has come, put reminders in the outbox and send what is in it."""
    now = timezone.now()
    rooms.open_due(now)
    reminders.remind(now)
    post.send_waiting(now)


@shared_task
def tidy_groups() -> None:
    """Pass on groups whose owner is gone, and forget mails from long ago."""
    now = timezone.now()
    people.mend_ownerless(now)
    post.forget_old(now)


@shared_task
def sweep_exports() -> None:
    """Delete exports whose seven days are over."""
    requests.drop_expired(timezone.now())
