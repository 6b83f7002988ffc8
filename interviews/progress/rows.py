"""A person's attempts, read from the rows that are kept for it: three queries, however long the history."""

import json
from collections import defaultdict
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Func, QuerySet, TextField
from django.db.models.functions import Cast, Extract

from interviews.models import Attempt as Row
from interviews.models import AttemptScore, Participant, Role
from interviews.models.interview import cards_are_open
from interviews.progress.values import Attempt, Reading

if TYPE_CHECKING:
    from accounts.models import User

COLUMNS = (
    "case__slug", "case__title", "case__kind", "case__area", "framework__slug", "framework__name", "level",
    "minutes", "seconds", "budget_seconds", "hints", "follow_ups", "answered", "asked", "seen", "retry",
)  # fmt: skip
NAMED = ("pk", "display_name", "first_name", "last_name", "email", "username")


def lines(rows: QuerySet[Any], *columns: Any) -> list[list[Any]]:
    """Return columns of rows in the order of the first two of them.

    PostgreSQL sends them as one value, in JSON, and that is read in one go: for many short columns half as
    dear as a row at a time. It would sort the lines as text in full, so they are sorted here.
    """
    line = Func(*columns, function="json_build_array", output_field=TextField())
    together = rows.aggregate(found=StringAgg(Cast(line, TextField()), ","))["found"]
    found: list[list[Any]] = json.loads(f"[{together or ''}]")
    return sorted(found, key=lambda one: one[:2])


def attempts_of(
    user: "User", zone: tzinfo, *, since: datetime | None = None, with_steps: bool = True
) -> list[Attempt]:
    """Return the attempts of a candidate, the oldest first, with every reading that counts.

    Their steps are a third of what there is to read; who does not look at them leaves them out.
    """
    kept = Row.objects.filter(user=user)
    if since is not None:
        kept = kept.filter(at__gte=since)
    steps = ("steps",) if with_steps else ()
    rows = lines(kept, Extract("at", "epoch", tzinfo=UTC), "pk", "mode", *COLUMNS, *steps)
    readings = readings_of(kept)
    partners = partners_of(user) if any(row[2] == "peer" for row in rows) else {}
    last = len(COLUMNS)
    return [
        Attempt._make(
            (
                pk,
                datetime.fromtimestamp(at, zone),
                *columns[:last],
                tuple(partners.get(pk, ())),
                tuple(readings.get(pk, ())),
                columns[last] if with_steps else (),
            )
        )
        for at, pk, _, *columns in rows
    ]


def readings_of(attempts: QuerySet[Row]) -> dict[str, list[Reading]]:
    """Return the readings of these attempts, by the number of their interview."""
    found: dict[str, list[Reading]] = defaultdict(list)
    # Between people, cards open together; until then there is nothing to see of them here either.
    open_cards = AttemptScore.objects.filter(cards_are_open("attempt__interview__"))
    rows = open_cards.filter(attempt__in=attempts.values("pk")).order_by("at", "pk")
    columns = ("source", "total", "low", "high", "levels", "late")
    for pk, *reading in rows.values_list(Cast("attempt_id", TextField()), *columns):
        found[pk].append(Reading(*reading))
    return found


def partners_of(user: "User") -> dict[str, list[tuple[str, str]]]:
    """Return who interviewed this candidate in each attempt, as (number, name)."""
    seats = Participant.objects.filter(interview__attempt__user=user, role=Role.INTERVIEWER, removed_at=None)
    people: dict[int, tuple[str, str]] = {}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    names = (f"user__{name}" for name in NAMED[1:])
    for _, pk, interview, *values in lines(seats, "pk", "user_id", "interview_id", *names):
        if pk not in people:
            person = get_user_model()(**dict(zip(NAMED, (pk, *values), strict=True)))
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
