"""What a person said in interviews of others: taken out word by word, while the interview stays readable.

Each function takes the person and the time, inside the transaction that erases.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from interviews.models import CriterionScore, Event, EventKind, Invitation, Scorecard, Submission
from whiteboard.models import Version

if TYPE_CHECKING:
    from accounts.models import User

GONE = "(These words were erased with the account of who said them.)"
UNNAMED = "Without a name"
# What stays of a payload: numbers, keys and places, never what somebody wrote.
KEPT = frozenset(
    {
        "step", "rung", "dimension", "seconds", "since", "by", "hash", "framework", "source", "role",
        "reason", "board_seq", "minutes", "question", "fact", "facts", "follow_up", "with_fact",
        "seq", "phase",
    }
)  # fmt: skip
# Where a page shows words, it says that they are gone; elsewhere nothing stands there.
SAID = ("text", "answer")


def without_words(payload: dict[str, Any], facts: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return a payload with its words replaced; `facts` are words of the case, which stay."""
    kept = {key: value for key, value in payload.items() if key in KEPT or isinstance(value, int | float)}
    for key in SAID:
        if payload.get(key):
            kept[key] = payload[key] if payload[key] in facts else GONE
    return kept


def theirs(person: "User") -> QuerySet[Event]:
    """Return what a person did in interviews that are not being erased with them."""
    return Event.objects.filter(actor=person)


def case_words(event: Event) -> frozenset[str]:
    """Return what the case itself says that an event may quote."""
    case = event.interview.case
    facts = case.facts.values_list("answer", flat=True)
    asks = case.follow_ups.values_list("ask", flat=True)
    change = case.curveball.get("change") if case.curveball else None
    return frozenset([*facts, *asks, *([change] if change else [])])


def answers(person: "User", now: datetime) -> None:
    """Take an interviewer's own words out of the copy that another's submission keeps of the talk."""
    given = theirs(person).filter(kind=EventKind.ANSWERED).select_related("interview__case")
    for event in given:
        words = event.payload.get("answer")
        if not words or words in case_words(event):
            continue
        submission = Submission.objects.filter(interview=event.interview_id).only("asked").first()
        if submission is None:
            continue
        asked = [
            entry | {"answer": str(entry.get("answer") or "").replace(words, GONE)}
            for entry in submission.asked
        ]
        Submission.objects.filter(pk=submission.pk).update(asked=asked)


def events_of(person: "User", now: datetime) -> None:
    for event in theirs(person).exclude(payload={}).select_related("interview__case"):
        Event.objects.filter(pk=event.pk).update(payload=without_words(event.payload, case_words(event)))


def scorecards(person: "User", now: datetime) -> None:
    """Leave the levels that a person gave to another candidate, and nothing they wrote beside them."""
    cards = Scorecard.objects.filter(author=person)
    CriterionScore.objects.filter(scorecard__in=cards).update(rationale="", next_level="")
    for card in cards:
        card.report = levels_alone(card.report)
        card.reason = ""
        card.save(update_fields=["report", "reason"])


def levels_alone(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report with its levels, without what its author wrote."""
    known = (
        "schema", "engine_version", "rubric_hash", "dimensions", "steps", "total", "total_low", "total_high",
        "level_estimate", "expectations_share",
    )  # fmt: skip
    criteria = [
        entry | {"rationale": "", "evidence": [], "missing": [], "next_level": None}
        for entry in report.get("criteria", [])
    ]
    for entry in criteria:
        for extra in set(entry) - CRITERION_KEYS:
            del entry[extra]
    return {key: report[key] for key in known if key in report} | {
        "criteria": criteria,
        "flags": [],
        "expectations": [],
        "checks": [],
    }


CRITERION_KEYS = {
    "code", "dimension", "step", "source", "level", "anchor", "weight", "evidence", "rationale", "missing",
    "next_level", "confidence",
}  # fmt: skip


def version_names(person: "User", now: datetime) -> None:
    Version.objects.filter(author=person).update(name=UNNAMED)


def invitations(person: "User", now: datetime) -> None:
    Invitation.objects.filter(created_by=person, revoked_at=None).update(revoked_at=now)


def admin_log(person: "User", now: datetime) -> None:
    about = ContentType.objects.get_for_model(get_user_model())
    entries = LogEntry.objects.filter(content_type=about, object_id=str(person.pk))
    entries.update(object_repr="", change_message="")
