"""Interviews as the product makes them: through the same acts that the pages call."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from casestudies.models import CaseStudy, Framework
from interviews import lifecycle
from interviews.models import Interview, Participant, Role


def start_interview(
    candidate: User,
    case: str = "payment-fraud",
    framework: str = "seven-step",
    *,
    level: str = "senior",
    minutes: int = 45,
    now: datetime | None = None,
) -> Interview:
    """Return a running solo interview on a case of the loaded library."""
    return lifecycle.start_solo(
        candidate,
        CaseStudy.objects.get(slug=case),
        Framework.objects.get(slug=framework),
        level=level,
        minutes=minutes,
        now=now or timezone.now(),
    )


def seat(interview: Interview, user: User, role: Role) -> Participant:
    return Participant.objects.create(
        interview=interview, user=user, role=role, joined_at=interview.created_at
    )
