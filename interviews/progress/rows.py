"""A person's attempts, read from the rows that are kept for it: three queries, however long the history."""

from collections import defaultdict
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from interviews.models import Attempt as Row
from interviews.models import AttemptScore, Participant, Role
from interviews.models.interview import cards_are_open
from interviews.progress.values import Attempt, Reading

if TYPE_CHECKING:
    from accounts.models import User

COLUMNS = (
    "interview_id", "at", "case__slug", "case__title", "case__kind", "case__area", "framework__slug",
    "framework__name", "level", "minutes", "seconds", "budget_seconds", "steps", "hints", "follow_ups",
    "answered", "asked", "seen", "retry",
)  # fmt: skip


def attempts_of(user: "User", zone: tzinfo, *, since: datetime | None = None) -> list[Attempt]:
    """Return the attempts of a candidate, the oldest first, with every reading that counts."""
    kept = Row.objects.filter(user=user)
    if since is not None:
        kept = kept.filter(at__gte=since)
    rows = list(kept.order_by("at", "pk").values_list(*COLUMNS, "mode"))
    readings = readings_of(kept)
    partners = partners_of(user) if any(row[-1] == "peer" for row in rows) else {}
    found = []
    for row in rows:
        pk, at, case, title, kind, area, framework, name, level, minutes, seconds, budget, *rest = row
        steps, hints, follow_ups, answered, asked, seen, retry, _ = rest
        found.append(
            Attempt(
                str(pk), at.astimezone(zone), case, title, kind, area, framework, name, level, minutes,
                seconds, budget, steps, hints, follow_ups, answered, asked, seen, retry,
                tuple(partners.get(pk, ())), tuple(readings.get(pk, ())),
            )
        )  # fmt: skip
    return found


def readings_of(attempts: QuerySet[Row]) -> dict[Any, list[Reading]]:
    """Return the readings of these attempts."""
    found: dict[Any, list[Reading]] = defaultdict(list)
    # Between people, cards open together; until then there is nothing to see of them here either.
    open_cards = AttemptScore.objects.filter(cards_are_open("attempt__interview__"))
    rows = open_cards.filter(attempt__in=attempts.values("pk")).order_by("at", "pk")
    for pk, source, total, low, high, levels, late in rows.values_list(
        "attempt_id", "source", "total", "low", "high", "levels", "late"
    ):
        found[pk].append(Reading(source, total, low, high, levels, late))
    return found


def partners_of(user: "User") -> dict[Any, list[tuple[str, str]]]:
    """Return who interviewed this candidate in each attempt, as (number, name)."""
    seats = Participant.objects.filter(
        interview__attempt__user=user, role=Role.INTERVIEWER, removed_at=None
    ).order_by("pk")
    named = ("pk", "display_name", "first_name", "last_name", "email", "username")
    people: dict[int, tuple[str, str]] = {}
    found: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for interview, *values in seats.values_list("interview_id", *(f"user__{name}" for name in named)):
        pk = values[0]
        if pk not in people:
            person = get_user_model()(**dict(zip(named, values, strict=True)))
            people[pk] = (str(pk), person.name)
        found[interview].append(people[pk])
    return found


def missed_lately(user: "User", count: int = 5) -> tuple[int, dict[str, int]]:
    """Return how many of the last attempts were looked at, and how often each criterion was absent."""
    open_cards = AttemptScore.objects.filter(cards_are_open("attempt__interview__"))
    cards = open_cards.filter(attempt__user=user, source="engine").order_by("-attempt__at")
    lately = list(cards.values_list("criteria", flat=True)[:count])
    missed: dict[str, int] = defaultdict(int)
    for criteria in lately:
        for code, level in criteria.items():
            missed[code] += level == 0
    return len(lately), {code: times for code, times in missed.items() if times}
