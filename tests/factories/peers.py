"""Peer interviews as the product makes them, from the lobby on."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from casestudies.models import CaseStudy, Framework
from interviews import lifecycle
from interviews.models import Interview, Participant, Role


def open_peer(
    candidate: User | None,
    interviewer: User | None = None,
    *,
    case: str = "payment-fraud",
    framework: str = "seven-step",
    strict: bool = False,
    now: datetime | None = None,
) -> Interview:
    """Return a peer interview in its lobby with these two in it; the first of them hosts it."""
    now = now or timezone.now()
    host = candidate or interviewer
    assert host is not None
    interview = lifecycle.schedule_peer(
        candidate,
        CaseStudy.objects.get(slug=case),
        Framework.objects.get(slug=framework),
        level="senior",
        minutes=45,
        created_by=host,
        strict=strict,
        now=now,
    )
    lifecycle.open_lobby(interview, actor=host, now=now)
    if candidate is not None and interviewer is not None:
        lifecycle.sit_down(interview, interviewer, Role.INTERVIEWER, now)
    return interview


def start_peer(interview: Interview, *, now: datetime | None = None) -> Interview:
    """Let everybody say they are ready and start the clock."""
    now = now or timezone.now()
    Participant.objects.filter(interview=interview).exclude(role=Role.OBSERVER).update(
        ready_at=now, here_at=now
    )
    host = interview.host
    assert host is not None
    lifecycle.start_peer(interview, actor=host, now=now)
    interview.refresh_from_db()
    return interview
