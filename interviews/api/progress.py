"""How a candidate does over time: a line for each scored design, from the rows behind the progress page."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from interviews.api import answers
from interviews.api.callers import may, person_of
from interviews.api.paging import Page, newest_first
from interviews.models import Attempt, Scope
from interviews.progress import rows
from interviews.progress.values import NAMES

router = Router(tags=["progress"])
SHOWN = ("at", "level", "seen", "case__slug", "framework__slug", "interview__imported_at")


@router.get("", response=answers.Progress, auth=may(Scope.READ_PROGRESS), operation_id="read_progress")
def read_progress(request: HttpRequest, page: Query[Page]) -> dict[str, Any]:
    """Your scored designs, newest first, each with its automatic total, range and levels."""
    own = Attempt.objects.filter(user=person_of(request)).only(*SHOWN)
    own = own.select_related("case", "framework", "interview")
    return newest_first(own, page, moment="at", as_json=as_json)


def as_json(attempts: list[Attempt]) -> list[dict[str, Any]]:
    """Return attempts with their automatic reading, as far as it is open to their candidate."""
    readings = rows.readings_of([attempt.pk for attempt in attempts])
    return [
        {
            "interview": attempt.pk,
            "case": attempt.case.slug,
            "framework": attempt.framework.slug,
            "level": attempt.level,
            "seen": attempt.seen,
            "imported": attempt.interview.imported_at is not None,
            "at": attempt.at,
            "total": auto.total if auto else None,
            "total_low": auto.low if auto else None,
            "total_high": auto.high if auto else None,
            "dimensions": dict(zip(NAMES, auto.flat[::3], strict=False)) if auto else {},
        }
        for attempt in attempts
        for auto in [next((one for one in readings[str(attempt.pk)] if one.source == "engine"), None)]
    ]
