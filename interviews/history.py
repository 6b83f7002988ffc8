"""What a candidate has done so far, newest first, and what the library shows of it on its cards."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F

from casestudies.models import Dimension
from interviews.models import Interview, Role, Scorecard, Source
from interviews.models.interview import cards_are_open

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True)
class Bar:
    """One column of a strip: a dimension and its level from 0 to 4, None where nothing was assessed."""

    slug: str
    name: str
    level: float | None

    @property
    def share(self) -> int:
        """The level in whole per cent of the top level, for the width or height of a bar."""
        return round((self.level or 0) * 25)


@dataclass(frozen=True)
class Row:
    """One interview in the list, with the card it is listed with, if there is one yet."""

    interview: Interview
    card: Scorecard | None

    @property
    def bars(self) -> list[Bar]:
        return bars_of(self.card.dimensions) if self.card else []


def bars_of(dimensions: list[dict[str, Any]]) -> list[Bar]:
    """Return the eight assessed dimensions of a card in their fixed order."""
    levels = {entry["slug"]: entry["level"] for entry in dimensions}
    return [
        Bar(dimension.value, dimension.label, levels.get(dimension.value))
        for dimension in Dimension
        if dimension != Dimension.COMMUNICATION
    ]


def rows_for(interviews: list[Interview]) -> list[Row]:
    """Return these interviews as rows, with their cards; one query, however many there are."""
    cards = engine_cards(interviews)
    return [Row(interview, cards.get(interview.pk)) for interview in interviews]


def latest_rows(user: "User", count: int) -> list[Row]:
    """Return the newest submitted interviews of a candidate."""
    return rows_for(list(Interview.objects.of_candidate(user).done().for_list()[:count]))


def engine_cards(interviews: Iterable[Interview]) -> dict[Any, Scorecard]:
    """Return the newest automatic card of each interview, under the framework it was held in."""
    wanted = {
        interview.pk: interview.framework_id
        for interview in interviews
        if not interview.keeps_order or interview.cards_opened_at is not None
    }
    cards = (
        Scorecard.objects.filter(submission__interview__in=wanted, source=Source.ENGINE)
        .select_related("submission", "framework")
        .defer("rubric", "report", "submission__scene", "submission__graph", "submission__answers")
        .order_by("created_at")
    )
    newest: dict[Any, Scorecard] = {}
    for card in cards:
        key = card.submission.interview_id
        if card.framework_id == wanted[key]:
            newest[key] = card
    return newest


def tried_cases(user: "User") -> set[int]:
    return set(Interview.objects.of_candidate(user).values_list("case_id", flat=True))


def weakest_dimension(row: Row) -> Bar | None:
    """Return the dimension with the lowest level on a card, or None when it has none."""
    assessed = [bar for bar in row.bars if bar.level is not None]
    return min(assessed, key=lambda bar: bar.level or 0) if assessed else None


def results_for(user: "User | AnonymousUser") -> dict[int, dict[str, Any]]:
    """Return the best automatic result of each tried case for the library: {case id: {total, bars}}.

    One query that returns a row per case, however long the history.
    """
    if not user.is_authenticated:
        return {}
    best = (
        Scorecard.objects.filter(
            cards_are_open("submission__interview__"),
            submission__interview__participants__user=user,
            submission__interview__participants__role=Role.CANDIDATE,
            source=Source.ENGINE,
            framework=F("submission__interview__framework"),
            total__isnull=False,
        )
        .order_by("submission__interview__case", "-total")
        .distinct("submission__interview__case")
        .values_list("submission__interview__case", "total", "dimensions")
    )
    return {
        case: {"total": round(total or 0), "bars": bars_of(dimensions)} for case, total, dimensions in best
    }
