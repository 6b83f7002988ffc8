"""What the library and the interface show of results: the cards that count, and the best of each case."""

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


def bars_of(dimensions: list[dict[str, Any]]) -> list[Bar]:
    """Return the eight assessed dimensions of a card in their fixed order."""
    levels = {entry["slug"]: entry["level"] for entry in dimensions}
    return [
        Bar(dimension.value, dimension.label, levels.get(dimension.value))
        for dimension in Dimension
        if dimension != Dimension.COMMUNICATION
    ]


def engine_cards(interviews: Iterable[Interview]) -> dict[Any, Scorecard]:
    """Return the newest automatic card of each interview, under the framework it was held in."""
    wanted = {interview.pk: interview.framework_id for interview in interviews if not interview.keeps_closed}
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
