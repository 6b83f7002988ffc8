"""A person's attempts, read from the rows that are kept for it: three queries, however long the history."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth import get_user_model
from django.db.models import F, Q, QuerySet

from interviews.models import Attempt as Row
from interviews.models import AttemptScore, Participant, Role
from interviews.models.interview import cards_are_open
from interviews.models.levels import BYTES_A_LEVEL, unpacked
from interviews.progress.bulk import Lines, Packed, Quoted, length, moment, or_null, truth, words
from interviews.progress.values import Attempt, Reading

if TYPE_CHECKING:
    from accounts.models import User

# Fields of an attempt in their order (values.Attempt): words first, numbers after them.
WORDS = (
    "case__slug", "case__title", "case__kind", "case__area", "framework__slug", "framework__name", "level",
)  # fmt: skip
NUMBERS = ("minutes", "seconds", "budget_seconds", "hints", "follow_ups", "answered", "asked")
MARKS = ("seen", "retry", "imported")
NAMED = ("pk", "display_name", "first_name", "last_name", "email", "username")
IN_TIME = itemgetter(0, 1)


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
    kept = Q(user=user) if since is None else Q(user=user, at__gte=since)
    steps = ("steps",) if with_steps else ()
    columns = (moment("at"), Quoted("pk"), words("mode", *WORDS), *NUMBERS, *map(truth, MARKS), *steps)
    attempts = text_of(Row.objects.filter(kept), *columns)
    partners = partners_text(user) if '"peer"' in attempts else ""
    scored = Q(attempt__user=user) if since is None else Q(attempt__user=user, attempt__at__gte=since)
    return history(attempts, *readings_text(scored), partners, zone)


@lru_cache(maxsize=REMEMBERED)
def history(attempts: str, readings: str, levels: bytes, partners: str, zone: tzinfo) -> History:
    """Return the attempts that these words from the database tell of."""
    scores, people = readings_in(readings, levels), partners_in(partners)
    last = len(NUMBERS) + len(MARKS)
    there = datetime.fromtimestamp
    return History(
        [
            Attempt._make(
                (
                    pk,
                    there(at, zone),
                    *said[1:],
                    *numbers[:last],
                    tuple(people[pk]) if pk in people else (),
                    tuple(scores[pk]) if pk in scores else (),
                    numbers[last] if len(numbers) > last else (),
                )
            )
            for at, pk, said, *numbers in lines(attempts)
        ]
    )


def text_of(rows: QuerySet[Any], *columns: Any) -> str:
    """Return columns of rows, in no order, as the inside of an array of arrays in JSON."""
    return rows.aggregate(found=Lines(*columns))["found"] or ""


def lines(text: str) -> list[list[Any]]:
    """Return the rows that `text_of` has made, in the order of the first two columns."""
    return sorted(json.loads(f"[{text}]"), key=IN_TIME)


def readings_of(attempts: Iterable[Any]) -> dict[str, list[Reading]]:
    """Return the readings of the attempts of these interviews, by the number of the interview."""
    return readings_in(*readings_text(Q(attempt__in=attempts)))


def readings_text(wanted: Q) -> tuple[str, bytes]:
    """Return readings as lines that end in the length of their levels, and all levels in the same order."""
    # Between people, cards open together; until then there is nothing to see of them here either.
    rows = AttemptScore.objects.filter(wanted, cards_are_open("attempt__interview__"))
    totals = map(or_null, ("total", "low", "high"))
    columns = (moment("at"), "pk", Quoted("attempt_id"), Quoted("source"), *totals, truth("late"))
    found = rows.aggregate(lines=Lines(*columns, length("levels")), levels=Packed(F("levels")))
    return found["lines"] or "", bytes(found["levels"] or b"")


def readings_in(text: str, packed: bytes) -> dict[str, list[Reading]]:
    rows: list[list[Any]] = json.loads(f"[{text}]")
    # All levels at once: a call for each reading takes longer than unpacking it.
    levels, end = unpacked(packed), 0
    for row in rows:
        start, end = end, end + row[-1] // BYTES_A_LEVEL
        row[-1] = levels[start:end]
    found: dict[str, list[Reading]] = defaultdict(list)
    for _, _, pk, source, total, low, high, late, flat in sorted(rows, key=IN_TIME):
        found[pk].append(Reading._make((source, total, low, high, flat, late)))
    return found


def partners_text(user: "User") -> str:
    seats = Participant.objects.filter(interview__attempt__user=user, role=Role.INTERVIEWER, removed_at=None)
    called = words(*(f"user__{name}" for name in NAMED[1:]))
    return text_of(seats, "pk", "user_id", Quoted("interview_id"), called)


def partners_in(text: str) -> dict[str, list[tuple[str, str]]]:
    """Return who interviewed a candidate in each attempt, as (number, name)."""
    people: dict[int, tuple[str, str]] = {}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for _, pk, interview, values in lines(text):
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
