"""For whom the spoilers of a case are open, or were: their scores on it are marked as seen."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from interviews import events
from interviews.models import EventKind, Interview, Participant, Reveal, Role

if TYPE_CHECKING:
    from accounts.models import User
    from casestudies.models import CaseStudy


def has_seen(user: "User", case_id: int) -> bool:
    """Whether a case's spoilers are or were open to a person: shown anyway, earned, or as its interviewer."""
    return (
        Reveal.objects.filter(user=user, case=case_id).exists()
        or Interview.objects.of_candidate(user).done().filter(case=case_id).exists()
        or Participant.objects.filter(user=user, role=Role.INTERVIEWER, interview__case=case_id).exists()
    )


@transaction.atomic
def reveal_case(user: "User", case: "CaseStudy", *, now: datetime) -> None:
    """Open a case's spoilers for a person for good; interviews of theirs under way are marked as seen."""
    Reveal.objects.get_or_create(user=user, case=case, defaults={"at": now})
    mark_seen(user, case.pk, now=now)


def mark_seen(user: "User", case_id: int, *, now: datetime) -> None:
    """Note in a person's interviews under way that this case's spoilers are open to them now."""
    for interview in Interview.objects.of_candidate(user).running().filter(case=case_id, seen=False):
        Interview.objects.filter(pk=interview.pk).update(seen=True)
        events.record(interview, EventKind.SPOILERS_OPENED, actor=user, now=now)
