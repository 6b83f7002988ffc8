"""Two to four attempts of one case beside each other: totals with their ranges, dimensions, criteria."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from interviews import access, against_reference, earlier_attempt, history
from interviews.against_reference import AgainstReference
from interviews.models import Interview, Scorecard, Source

if TYPE_CHECKING:
    from accounts.models import User

FEWEST, MOST = 2, 4
MOST_LISTED = 60


@dataclass(frozen=True)
class Attempt:
    """One attempt with the newest automatic card under its own framework."""

    interview: Interview
    card: Scorecard
    # Its day, and the time where another one of those compared was on that day.
    when: str = ""

    @property
    def minutes_spent(self) -> int:
        return round(sum(self.card.submission.seconds_per_step.values()) / 60)

    @property
    def hints(self) -> int:
        return len(self.card.submission.hints)


@dataclass(frozen=True)
class Row:
    """A dimension or criterion in every attempt, the oldest first; None where it was not assessed."""

    slug: str
    name: str
    dimension: str
    levels: Sequence[float | None]

    @property
    def difference(self) -> float | None:
        """How much higher the last one is than the first; None when one of them has no level."""
        first, last = self.levels[0], self.levels[-1]
        return None if first is None or last is None else round(last - first, 1)

    @property
    def words(self) -> str:
        if self.difference is None:
            return "–"
        plain = f"{self.difference:+g}".replace("-", "−")
        return plain if self.difference else "same"


def attempts_of(user: "User", case: Any) -> list[Interview]:
    """Return a candidate's scored attempts of a case, the newest first."""
    found = access.scores_open_to(user).filter(case=case, submission__scorecards__source=Source.ENGINE)
    return list(found.distinct().for_list()[:MOST_LISTED])  # type: ignore[attr-defined]


def chosen(attempts: Sequence[Interview], wanted: Iterable[str]) -> list[Interview]:
    """Return the attempts that were asked for, the oldest first; the last two when none were."""
    keys = set()
    for one in wanted:
        try:
            keys.add(UUID(one))
        except ValueError:
            continue
    picked = [one for one in attempts if one.pk in keys][:MOST]
    if len(picked) < FEWEST:
        picked = list(dict.fromkeys([*picked, *attempts]))[:FEWEST]
    return sorted(picked, key=lambda one: (one.started_at or one.created_at, one.created_at))


def with_cards(interviews: Sequence[Interview]) -> list[Attempt]:
    """Return attempts with their cards in full; one query for all of them."""
    cards = Scorecard.objects.filter(
        submission__interview__in=[one.pk for one in interviews],
        source=Source.ENGINE,
        framework=F("submission__interview__framework"),
    )
    newest = {
        card.submission.interview_id: card
        for card in cards.select_related("submission", "framework").order_by("created_at")
    }
    return named([Attempt(one, newest[one.pk]) for one in interviews if one.pk in newest])


def named(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Return attempts with a name for each that no other has: its day, its minute, or its number of them."""
    found = [begun(one, "%-d %b %Y") for one in attempts]
    minutes = [begun(one, "%-d %b %Y, %H:%M") for one in attempts]
    names = []
    for place, day in enumerate(found):
        name = day if found.count(day) == 1 else minutes[place]
        if minutes.count(minutes[place]) > 1:
            name += f", {minutes[: place + 1].count(minutes[place])} of {minutes.count(minutes[place])}"
        names.append(name)
    return [replace(one, when=name) for one, name in zip(attempts, names, strict=True)]


def begun(attempt: Attempt, form: str) -> str:
    """Return when an attempt began, in the zone of whoever looks."""
    started = attempt.interview.started_at or attempt.interview.created_at
    return f"{timezone.localtime(started):{form}}"


def dimension_rows(attempts: Sequence[Attempt]) -> list[Row]:
    bars = [history.bars_of(one.card.dimensions) for one in attempts]
    return [
        Row(same[0].slug, same[0].name, same[0].slug, [bar.level for bar in same])
        for same in zip(*bars, strict=True)
    ]


def criterion_rows(attempts: Sequence[Attempt]) -> list[Row]:
    """Return every criterion that some attempt was assessed on, the most changed first."""
    names: dict[str, tuple[str, str]] = {}
    levels: list[Mapping[str, int | None]] = []
    for one in attempts:
        known = {criterion["code"]: criterion["name"] for criterion in one.card.rubric["criteria"]}
        for entry in one.card.report["criteria"]:
            names.setdefault(entry["code"], (known.get(entry["code"], entry["code"]), entry["dimension"]))
        levels.append({entry["code"]: entry["level"] for entry in one.card.report["criteria"]})
    rows = [
        Row(code, name, dimension, [one.get(code) for one in levels])
        for code, (name, dimension) in names.items()
        if any(one.get(code) is not None for one in levels)
    ]
    return sorted(rows, key=lambda row: -abs(row.difference or 0))


def difference(attempts: Sequence[Attempt]) -> int | None:
    """Return the points gained from the first to the last, None when one of them has no total."""
    first, last = attempts[0].card.total, attempts[-1].card.total
    if first is None or last is None:
        return None
    return earlier_attempt.shown(last) - earlier_attempt.shown(first)


def drawings(attempts: Sequence[Attempt]) -> AgainstReference:
    """Return what the last drawing has in common with the first, boxes paired by what they do."""
    first, last = attempts[0].card.submission.graph, attempts[-1].card.submission.graph
    return against_reference.against(first, last)
