"""How a candidate does over time: one line for each design, with its levels by dimension."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from interviews import history
from interviews.api import answers
from interviews.api.callers import may, person_of
from interviews.api.paging import Page, newest_first
from interviews.models import Interview, Scope

router = Router(tags=["progress"])


@router.get("", response=answers.Progress, auth=may(Scope.READ_PROGRESS), operation_id="read_progress")
def read_progress(request: HttpRequest, page: Query[Page]) -> dict[str, Any]:
    """Your designs, newest first, each with its newest automatic total, range and levels."""
    own = Interview.objects.of_candidate(person_of(request)).done().for_list()
    return newest_first(own, page, moment="created_at", as_json=attempts)


def attempts(interviews: list[Interview]) -> list[dict[str, Any]]:
    cards = history.engine_cards(interviews)
    return [
        {
            "interview": interview.pk,
            "case": interview.case.slug,
            "framework": interview.framework.slug,
            "level": interview.level,
            "seen": interview.seen,
            "imported": interview.imported_at is not None,
            "at": interview.created_at,
            "total": card.total if card else None,
            "total_low": card.total_low if card else None,
            "total_high": card.total_high if card else None,
            "dimensions": {one["slug"]: one["level"] for one in card.dimensions} if card else {},
        }
        for interview in interviews
        for card in [cards.get(interview.pk)]
    ]
