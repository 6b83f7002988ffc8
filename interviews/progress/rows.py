"""A person's attempts, read from the rows that are kept for it: three queries, however long the history."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth import get_user_model
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Extract

from interviews.models import Attempt as Row
from interviews.models import AttemptScore, Participant, Role
from interviews.models.interview import cards_are_open
from interviews.models.levels import HEX_A_LEVEL, unpacked
from interviews.progress.values import Attempt, Reading

if TYPE_CHECKING:
    from accounts.models import User

COLUMNS = (
    "case__slug", "case__title", "case__kind", "case__area", "framework__slug", "framework__name", "level",
    "minutes", "seconds", "budget_seconds", "hints", "follow_ups", "answered", "asked", "seen", "retry",
)  # fmt: skip
NAMED = ("pk", "display_name", "first_name", "last_name", "email", "username")


# Histories that a process remembers, by what they were read from. One of 1,000 interviews takes some 4 MB.
REMEMBERED = 12


class History(tuple[Attempt, ...]):
    """A candidate's attempts, the oldest first, and what was drawn of them, by how it was asked for."""

    drawn: dict[Any, Any]

    def __new__(cls, attempts: Iterable[Attempt] = ()) -> Self:
        made = super().__new__(cls, attempts)
        made.drawn = {}
        return made


def attempts_of(
    user: "User", zone: tzinfo, *, since: datetime | None = None, with_steps: bool = True
) -> History:
    """Return the attempts of a candidate with every reading that counts.

    Their steps are a third of what there is to read; who does not look at them leaves them out. What the
    database says is asked for each time; only what it means is remembered.
    """
    kept = Row.objects.filter(user=user)
    if since is not None:
        kept = kept.filter(at__gte=since)
    steps = ("steps",) if with_steps else ()
    attempts = text_of(kept, Extract("at", "epoch", tzinfo=UTC), "pk", "mode", *COLUMNS, *steps)
    partners = partners_text(user) if '"peer"' in attempts else ""
    return history(attempts, readings_text(kept), partners, zone)


@lru_cache(maxsize=REMEMBERED)
def history(attempts: str, readings: str, partners: str, zone: tzinfo) -> History:
    """Return the attempts that these texts from the database tell of."""
    scores, people = readings_in(readings), partners_in(partners)
    last = len(COLUMNS)
    return History(
        Attempt._make(
            (
                pk,
                datetime.fromtimestamp(at, zone),
                *columns[:last],
                tuple(people.get(pk, ())),
                tuple(scores.get(pk, ())),
                columns[last] if len(columns) > last else (),
            )
        )
        for at, pk, _, *columns in lines(attempts)
    )


def text_of(rows: QuerySet[Any], *columns: Any) -> str:
    """Return columns of rows, in no order, as the inside of an array of arrays in JSON.

    PostgreSQL sends them as one value: for many short columns that is half as dear as a row at a time. It
    would sort the lines as text in full, so they are sorted here.
    """
    line = Func(*columns, function="json_build_array", output_field=TextField())
    return rows.aggregate(found=StringAgg(Cast(line, TextField()), ","))["found"] or ""


def lines(text: str) -> list[list[Any]]:
    """Return the rows that `text_of` has made, in the order of the first two columns."""
    found: list[list[Any]] = json.loads(f"[{text}]")
    return sorted(found, key=lambda one: one[:2])


def readings_of(attempts: QuerySet[Row]) -> dict[str, list[Reading]]:
    """Return the readings of these attempts, by the number of their interview."""
    return readings_in(readings_text(attempts))


def readings_text(attempts: QuerySet[Row]) -> str:
    # Between people, cards open together; until then there is nothing to see of them here either.
    rows = AttemptScore.objects.filter(cards_are_open("attempt__interview__"))
    when = Extract("at", "epoch", tzinfo=UTC)
    levels = Func("levels", Value("hex"), function="encode", output_field=TextField())
    columns = (when, "pk", "attempt_id", "source", "total", "low", "high", "late", levels)
    return text_of(rows.filter(attempt__in=attempts.values("pk")), *columns)


def readings_in(text: str) -> dict[str, list[Reading]]:
    found: dict[str, list[Reading]] = defaultdict(list)
    rows = lines(text)
    # All levels at once: a call for each reading takes longer than unpacking it.
    levels = unpacked(bytes.fromhex("".join([row[-1] for row in rows])))
    end = 0
    for _, _, pk, source, total, low, high, late, packed in rows:
        start, end = end, end + len(packed) // HEX_A_LEVEL
        found[pk].append(Reading(source, total, low, high, levels[start:end], late))
    return found


def partners_text(user: "User") -> str:
    seats = Participant.objects.filter(interview__attempt__user=user, role=Role.INTERVIEWER, removed_at=None)
    return text_of(seats, "pk", "user_id", "interview_id", *(f"user__{name}" for name in NAMED[1:]))


def partners_in(text: str) -> dict[str, list[tuple[str, str]]]:
    """Return who interviewed a candidate in each attempt, as (number, name)."""
    people: dict[int, tuple[str, str]] = {}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for _, pk, interview, *values in lines(text):
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
