"""What members show their group of their practice: what each chose, and no more.

Automatic cards of designs that were handed in: levels by area for "trend"; case and score as well for
"scorecards". Never words, drawings, notes, or what a person scored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from interviews import history
from interviews.card_order import SPOKEN
from interviews.history import Bar
from interviews.models import Interview, Membership, Mode, Participant, Role, Shares
from interviews.models.interview import cards_are_open

if TYPE_CHECKING:
    from accounts.models import User

LATEST = 6
# From so many attempts on there is an average to speak of.
ENOUGH = 3


@dataclass(frozen=True)
class Attempt:
    """One design as the group may see it: without scores and case unless its member shares them."""

    on: datetime
    bars: Sequence[Bar]
    case: str = ""
    terms: str = ""
    total: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Shown:
    """A member of a group, and what this member shows it, oldest attempt first."""

    member: Membership
    attempts: Sequence[Attempt] = ()

    @property
    def latest(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None

    @property
    def averages(self) -> list[Bar]:
        """The mean level by area; none before there are three attempts."""
        if len(self.attempts) < ENOUGH:
            return []
        columns = zip(*(attempt.bars for attempt in self.attempts), strict=True)
        return [_mean(column) for column in columns]


def _mean(bars: Sequence[Bar]) -> Bar:
    levels = [bar.level for bar in bars if bar.level is not None]
    return Bar(bars[0].slug, bars[0].name, sum(levels) / len(levels) if levels else None)


def shown(members: Iterable[Membership], *, viewer: "User", latest: int = LATEST) -> list[Shown]:
    """Return members with what they share with `viewer`; as many queries for any number of members."""
    members = list(members)
    open_ones = [one for one in members if one.shares in (Shares.TREND, Shares.SCORECARDS)]
    attempts = _attempts([one.user_id for one in open_ones], viewer, latest) if open_ones else {}
    return [
        Shown(one, [_cut(found, one.shares) for found in attempts.get(one.user_id, ())])
        if one in open_ones
        else Shown(one)
        for one in members
    ]


def _cut(found: dict[str, Any], shares: str) -> Attempt:
    """Return as much of an attempt as is shared: what is not, is not even in the page's context."""
    if shares != Shares.SCORECARDS:
        return Attempt(found["on"], found["bars"])
    return Attempt(**found)


def terms_of(interview: Interview) -> str:
    """Return under what terms a design was made, and that it was made elsewhere if it was."""
    said = f"{interview.framework.name}, {interview.get_level_display().lower()}"
    return said if interview.imported_at is None else f"{said}, imported"


def _attempts(users: Sequence[int], viewer: "User", latest: int) -> dict[int, list[dict[str, Any]]]:
    """Return the newest scored attempts of each of these people, oldest first."""
    # Between people nobody reads scores before they open, nor before giving their own levels.
    silent = Participant.objects.filter(
        ~SPOKEN,
        interview=OuterRef("interview"),
        user=viewer,
        role=Role.INTERVIEWER,
        interview__mode=Mode.PEER,
    )
    seats = (
        Participant.objects.filter(user__in=users, role=Role.CANDIDATE, removed_at=None)
        .filter(interview__in=Interview.objects.done())
        .filter(cards_are_open("interview__"))
        .exclude(Exists(silent))
        .annotate(rank=Window(RowNumber(), partition_by=F("user"), order_by=F("interview__ended_at").desc()))
        .filter(rank__lte=latest)
        .values_list("interview", "user")
    )
    owner = dict(seats)
    interviews = list(Interview.objects.filter(pk__in=owner).for_list())
    cards = history.engine_cards(interviews)
    found: dict[int, list[dict[str, Any]]] = {}
    for interview in sorted(interviews, key=lambda one: (one.ended_at, one.pk)):
        card = cards.get(interview.pk)
        if card is not None and card.total is not None:
            found.setdefault(owner[interview.pk], []).append(
                {
                    "on": interview.ended_at,
                    "bars": history.bars_of(card.dimensions),
                    "case": interview.case.title,
                    "terms": terms_of(interview),
                    "total": card.total,
                    "low": card.total_low,
                    "high": card.total_high,
                }
            )
    return found
