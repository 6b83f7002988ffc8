"""Slow jobs that the acts of groups ask for."""

from celery import shared_task
from django.utils import timezone

from interviews.groups import post


@shared_task
def send_waiting() -> None:
    """Send the mails that are due. A second run finds them sent, or another worker at it."""
    post.send_waiting(timezone.now())
