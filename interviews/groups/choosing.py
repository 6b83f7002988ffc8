"""Which case a session takes: one its candidate has not met, and that gives nothing away to anybody else."""

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
    return met | planned_with([user.pk], (Role.INTERVIEWER, Role.CANDIDATE), but=but)


def planned_with(people: Collection[int], roles: Collection[str], *, but: GroupSession | None) -> set[int]:
    """Return the cases of other sessions in which one of these people has one of these roles."""
    planned = GroupSession.objects.filter(case__isnull=False, seats__user__in=people, seats__role__in=roles)
    if but is not None:
        planned = planned.exclude(pk=but.pk)
    return set(planned.values_list("case_id", flat=True))


def told_to(interviewers: Collection[int], *, but: GroupSession) -> set[int]:
    """Return the cases these interviewers are to be asked elsewhere, so must not read in this plan."""
    waiting = GroupSession.objects.standing().filter(
        opened_at=None, case__isnull=False, seats__user__in=interviewers, seats__role=Role.CANDIDATE
    )
    return set(waiting.exclude(pk=but.pk).values_list("case_id", flat=True))


def case_for(
    candidate: "User",
    *,
    session: GroupSession | None,
    avoid: Collection[int],
    kind: str = "",
    difficulty: int = 0,
) -> int | None:
    """Return a published case the candidate has not met, by lot, so that nobody can tell which.

    Of those that are wanted and not planned in the group already, as far as there are any; a candidate who
    has met them all gets one of those not in `avoid`. None when the library is empty.
    """
    published = set(CaseStudy.objects.published().values_list("pk", flat=True))
    wanted = CaseStudy.objects.published()
    if kind:
        wanted = wanted.filter(kind=kind)
    if difficulty:
        wanted = wanted.filter(difficulty=difficulty)
    new = published - met_by(candidate, but=session) - set(avoid)
    fitting = new & set(wanted.values_list("pk", flat=True))
    taken = planned_in_group(session) if session is not None else set()
    pools = (fitting - taken, fitting, new - taken, new, published - set(avoid), published)
    pool = next((sorted(found) for found in pools if found), [])
    return secrets.choice(pool) if pool else None


def planned_in_group(session: GroupSession) -> set[int]:
    """Return the cases of the group's other sessions that are still to come."""
    others = GroupSession.objects.standing().filter(
        group=session.group_id, opened_at=None, case__isnull=False
    )
    return set(others.exclude(pk=session.pk).values_list("case_id", flat=True))
