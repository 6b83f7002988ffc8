"""Which case a session takes: one its candidate has not met in any way."""

import secrets
from collections.abc import Collection
from typing import TYPE_CHECKING

from casestudies.models import CaseStudy
from interviews.models import GroupSession, Interview, Reveal, Role

if TYPE_CHECKING:
    from accounts.models import User


def met_by(user: "User", *, but: GroupSession | None = None) -> set[int]:
    """Return the cases a person has been in the room with, has opened, or is to interview on or be asked."""
    met = set(Interview.objects.filter(participants__user=user).values_list("case_id", flat=True))
    met |= set(Reveal.objects.filter(user=user).values_list("case_id", flat=True))
    planned = GroupSession.objects.filter(seats__user=user, case__isnull=False)
    if but is not None:
        planned = planned.exclude(pk=but.pk)
    told = planned.filter(seats__user=user, seats__role__in=(Role.INTERVIEWER, Role.CANDIDATE))
    return met | {case for case in told.values_list("case_id", flat=True) if case is not None}


def case_for(
    candidate: "User",
    *,
    session: GroupSession | None,
    avoid: Collection[int],
    kind: str = "",
    difficulty: int = 0,
) -> int | None:
    """Return a published case the candidate has not met, by lot, so that nobody can tell which.

    Of those that are wanted, if there are any; a candidate who has met them all gets one of those that are
    not in `avoid`. None when the library is empty.
    """
    published = set(CaseStudy.objects.published().values_list("pk", flat=True))
    wanted = CaseStudy.objects.published()
    if kind:
        wanted = wanted.filter(kind=kind)
    if difficulty:
        wanted = wanted.filter(difficulty=difficulty)
    new = published - met_by(candidate, but=session) - set(avoid)
    fitting = new & set(wanted.values_list("pk", flat=True))
    pool = sorted(fitting or new or published - set(avoid) or published)
    return secrets.choice(pool) if pool else None
