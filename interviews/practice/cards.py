"""Which criteria of a scored attempt become review cards, and with which question."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from casestudies.models import Dimension
from interviews.models import Interview, Participant, ReviewCard, Role, Submission
from interviews.practice import ladder

if TYPE_CHECKING:
    from accounts.models import User

MOST_PER_ATTEMPT = 8
WEAKEST = 2  # dimensions
NAMED = 1  # up to this level a criterion counts as missed
EXPLAINED = 3  # from this level on there is nothing to practise


def local_day(user: "User", now: datetime) -> date:
    """Return which day it is where the person is."""
    return now.astimezone(ZoneInfo(user.time_zone)).date()


def missed(report: Mapping[str, Any], body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the criteria to practise: of the two weakest dimensions, and what was named at most.

    Only what is read from words: a card is answered in words. The weakest dimensions come first.
    """
    sources = {criterion["code"]: criterion["source"] for criterion in body["criteria"]}
    levels = [(one["level"], one["slug"]) for one in report["dimensions"] if one["level"] is not None]
    # Of equals the earlier one counts, as everywhere that something is called weakest.
    order = list(Dimension.values)
    levels.sort(key=lambda one: (one[0], order.index(one[1])))
    weakest = {slug for _, slug in levels[:WEAKEST]}
    found = [
        entry
        for entry in report["criteria"]
        if sources.get(entry["code"]) == "text"
        and entry["level"] is not None
        and entry["level"] < EXPLAINED
        and (entry["dimension"] in weakest or entry["level"] <= NAMED)
    ]
    found.sort(key=lambda one: (one["dimension"] not in weakest, one["level"], -one["weight"]))
    return found[:MOST_PER_ATTEMPT]


def question_for(case: Any, entry: Mapping[str, Any], asks: Mapping[str, str]) -> str:
    """Return the case's own follow-up of a criterion, else what its next level needs, as a task."""
    return asks.get(entry["code"]) or f"{case.title}: {entry['next_level']}"


def make(submission: Submission, report: Mapping[str, Any], body: Mapping[str, Any], now: datetime) -> None:
    """Put what an attempt missed among its candidate's cards; the caller's transaction.

    Made again from the same attempt, nothing changes. A criterion that the attempt explains is learned; one
    that was learned and is missed again starts anew; what a person has put away stays away.
    """
    interview = submission.interview
    candidate = candidate_of(interview)
    if candidate is None or interview.is_sample or body["framework"]["slug"] != interview.framework.slug:
        return
    cards = ReviewCard.objects.filter(user=candidate, case=interview.case_id)
    of_newer = cards.filter(interview__submission__at__gt=submission.at)
    if of_newer.exists():  # an old attempt that is read again says nothing new
        return
    levels = {entry["code"]: entry["level"] for entry in report["criteria"]}
    explained = [code for code, level in levels.items() if level is not None and level >= EXPLAINED]
    cards.filter(criterion__in=explained, due_on__isnull=False).exclude(interview=interview).update(
        rung=ladder.LEARNED, due_on=None, interview=interview
    )
    wanted = missed(report, body)
    tomorrow = local_day(candidate, now) + timedelta(days=ladder.WAITS_DAYS[0])
    for entry in wanted:
        known = cards.filter(criterion=entry["code"])
        known.filter(rung=ladder.LEARNED).exclude(interview=interview).update(rung=0, due_on=tomorrow)
        known.update(interview=interview, level=entry["level"])
    asks: dict[str, str] = {}
    for code, ask in interview.case.follow_ups.order_by("position").values_list("criterion__code", "ask"):
        asks.setdefault(code, ask)
    ReviewCard.objects.bulk_create(
        [
            ReviewCard(
                user=candidate,
                case_id=interview.case_id,
                criterion=entry["code"],
                dimension=entry["dimension"],
                question=question_for(interview.case, entry, asks),
                interview=interview,
                level=entry["level"],
                created_at=now,
                due_on=tomorrow,
            )
            for entry in wanted
        ],
        ignore_conflicts=True,
    )


def candidate_of(interview: Interview) -> "User | None":
    seats = Participant.objects.filter(interview=interview, role=Role.CANDIDATE, removed_at=None)
    seat = seats.select_related("user").first()
    return seat.user if seat else None
