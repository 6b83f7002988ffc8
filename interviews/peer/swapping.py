"""Swapping seats after a debrief: the interviewer becomes the candidate, with a case neither has seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Abs

from casestudies.models import CaseStudy
from interviews import events, lifecycle
from interviews.access import Seat
from interviews.models import EventKind, Interview, Participant, Reveal, Role
from interviews.peer.ending import Ending

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

MOST_CASES = 3


@dataclass(frozen=True)
class Offer:
    """Who would be the candidate, and either the lobby that is open or the cases to choose from."""

    candidate: Participant
    made: Interview | None
    cases: list[CaseStudy]


def offers(seat: Seat, ending: Ending) -> list[Offer]:
    """Return the swaps this person can make: a candidate with each interviewer, an interviewer their own."""
    former = ending.candidate
    if former is None:
        return []
    found = []
    for one in ending.interviewers:
        if seat.role == Role.INTERVIEWER and one.user_id != seat.user.pk:
            continue
        made = swapped(seat.interview, one.user)
        cases = [] if made else list(new_cases(seat.interview, one.user, former.user)[:MOST_CASES])
        found.append(Offer(one, made, cases))
    return found


def swapped(interview: Interview, candidate: "User") -> Interview | None:
    """Return the interview that this person became the candidate of by swapping, if there is one."""
    return Interview.objects.of_candidate(candidate).filter(swap_of=interview).first()


def new_cases(interview: Interview, candidate: "User", interviewer: "User") -> "QuerySet[CaseStudy]":
    """Return the cases that neither has had, opened or interviewed on, the most alike to this one first."""
    two = [candidate.pk, interviewer.pk]
    met = Participant.objects.filter(user__in=two).values("interview__case")
    opened = Reveal.objects.filter(user__in=two).values("case")
    case = interview.case
    published = CaseStudy.objects.filter(status="published").exclude(Q(pk__in=met) | Q(pk__in=opened))
    ranked = published.annotate(apart=Abs(F("difficulty") - case.difficulty), other_kind=~Q(kind=case.kind))
    listed = ranked.only("slug", "title", "one_line", "difficulty", "kind", "minutes")
    return listed.order_by("other_kind", "apart", "slug")


@transaction.atomic
def swap(seat: Seat, wanted: Mapping[str, str], *, now: datetime) -> Interview:
    """Open the lobby of an interview with swapped seats and return it; a second click finds the first.

    `wanted` names the interviewer's seat (`with`) and the case (`case`) by its slug.
    """
    locked = Interview.objects.select_for_update(of=("self",)).select_related("case", "framework")
    old = locked.get(pk=seat.interview.pk)
    seats = old.participants.filter(removed_at=None).select_related("user")
    former = seats.filter(role=Role.CANDIDATE).first()
    chosen = seats.filter(role=Role.INTERVIEWER)
    number = wanted.get("with", "")
    next_up = chosen.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if former is None or next_up is None:
        raise ValidationError("There is nobody to swap seats with in this interview.")
    if seat.role == Role.INTERVIEWER and next_up.user_id != seat.user.pk:
        raise ValidationError("You can take the candidate’s seat yourself, and nobody else’s.")
    before = swapped(old, next_up.user)
    if before is not None:
        return before
    case = new_cases(old, next_up.user, former.user).filter(slug=wanted.get("case", "")).first()
    if case is None:
        raise ValidationError("One of you has seen this case already. Choose one of those on the page.")
    new = lifecycle.schedule_peer(
        next_up.user,
        CaseStudy.objects.get(pk=case.pk),
        old.framework,
        level=old.level,
        minutes=old.minutes,
        strict=old.strict,
        created_by=seat.user,
        now=now,
    )
    Interview.objects.filter(pk=new.pk).update(swap_of=old)
    lifecycle.sit_down(new, former.user, Role.INTERVIEWER, now)
    lifecycle.open_lobby(new, actor=seat.user, now=now)
    events.record(old, EventKind.SEATS_SWAPPED, actor=seat.user, now=now)
    return new
