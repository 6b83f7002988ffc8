"""Making a room: the row of an interview with its board and its timed phases, before any clock runs."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from interviews import clock, events
from interviews.models import EventKind, Interview, Mode, Phase, State
from whiteboard.models import Board

if TYPE_CHECKING:
    from accounts.models import User
    from casestudies.models import CaseStudy, Framework, Step


def room(
    case: "CaseStudy",
    framework: "Framework",
    *,
    mode: Mode,
    level: str,
    minutes: int,
    strict: bool,
    host: "User",
    now: datetime,
) -> Interview:
    """Return a scheduled interview with its board and phases, and nobody in it yet."""
    interview = Interview.objects.create(
        case=case,
        framework=framework,
        level=level,
        minutes=minutes,
        strict=strict,
        mode=mode,
        state=State.SCHEDULED,
        board=Board.objects.create(),
        host=host,
        created_by=host,
        created_at=now,
    )
    Phase.objects.bulk_create(phases_of(interview, framework.steps.order_by("position")))
    return interview


def phases_of(interview: Interview, steps: Iterable["Step"]) -> list[Phase]:
    """Return the phases of an interview, unsaved: one for each step in turn, its minutes shared out."""
    steps = list(steps)
    shares = clock.budgets(interview.minutes, [step.minutes for step in steps])
    return [
        Phase(
            interview=interview,
            position=step.position,
            step=step.slug,
            short=step.short,
            title=step.title,
            dimension=step.dimensions[0],
            dimensions=step.dimensions,
            budget_seconds=budget,
        )
        for step, budget in zip(steps, shares, strict=True)
    ]


def close_imported(
    interview: Interview, *, started: datetime, ended: datetime, seen: bool, actor: "User", now: datetime
) -> None:
    """End a room that was just made for a record from elsewhere, where its clock ran."""
    Interview.objects.filter(pk=interview.pk, state=State.SCHEDULED).update(
        state=State.SUBMITTED, started_at=started, ended_at=ended, imported_at=now, seen=seen
    )
    interview.refresh_from_db(fields=["state", "started_at", "ended_at", "imported_at", "seen"])
    events.record(interview, EventKind.STARTED, actor=actor, now=started)
