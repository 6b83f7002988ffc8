"""Who is in a room and since when nobody is: what tells a pause for thought from a closed laptop.

A sign of life is something a person did (an event, an edit of the board) or a room held open in a browser.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import DateTimeField, JSONField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from interviews import clock
from interviews.models import Event, EventKind, Interview, Participant, Role, State
from whiteboard.models import Update

if TYPE_CHECKING:
    from accounts.models import User

# After so long without anybody the way on is a choice, and no longer just the clock.
AWAY = timedelta(minutes=15)
NOBODY = "nobody there"
RUNS_CLOCK = (Role.CANDIDATE, Role.INTERVIEWER)


def with_signs(interviews: QuerySet[Interview]) -> Any:
    """Add `touched_at`, when somebody last did something, and `here_at`, when somebody was last there.

    And `pause`, what the log says of the last pause.
    """
    pauses = Event.objects.filter(interview=OuterRef("pk"), kind=EventKind.PAUSED).order_by("-seq")
    acts = Event.objects.filter(interview=OuterRef("pk"), actor__isnull=False).order_by("-seq")
    edits = Update.objects.filter(board=OuterRef("board")).order_by("-seq")
    people = Participant.objects.filter(interview=OuterRef("pk"), role__in=RUNS_CLOCK, removed_at=None)
    seen = people.order_by().values("interview").annotate(last=Max("here_at")).values("last")
    # PostgreSQL's GREATEST leaves NULLs aside.
    return interviews.annotate(
        touched_at=Greatest(
            Coalesce("started_at", "created_at"),
            Subquery(acts.values("at")[:1], output_field=DateTimeField()),
            Subquery(edits.values("at")[:1], output_field=DateTimeField()),
        ),
        here_at=Subquery(seen, output_field=DateTimeField()),
        pause=Subquery(pauses.values("payload")[:1], output_field=JSONField()),
    )


def left_at(signs: Any, now: datetime) -> datetime | None:
    """Return since when nobody is in the room, from a row of `with_signs`; None while somebody is.

    A strict clock waits for nobody, so there is no way back to where it stood.
    """
    if not signs.is_live or signs.strict:
        return None
    if signs.state == State.PAUSED and (signs.pause or {}).get("by") == NOBODY:
        return signs.paused_at  # whatever has come in since, from a tab that woke up
    last = max(signs.touched_at, signs.here_at or signs.touched_at)
    if now - last < AWAY:
        return None
    return min(last, signs.paused_at) if signs.state == State.PAUSED else last


def away_since(interview: Interview, now: datetime) -> datetime | None:
    """Return since when nobody is in this room, or None: somebody is, or its clock waits for nobody."""
    if not interview.is_live or interview.strict:
        return None
    return left_at(with_signs(Interview.objects.filter(pk=interview.pk)).get(), now)


def note(interview_id: UUID, user_id: int, now: datetime) -> None:
    """Keep in mind that a person has the room open.

    Once a room counts as left it stays so until somebody has chosen how to go on: a laptop that wakes up
    with the room still in a tab must not look as if nobody had been away.
    """
    mine = Participant.objects.filter(interview=interview_id, user=user_id, removed_at=None)
    if mine.filter(here_at__gt=now - AWAY).exclude(interview__state=State.PAUSED).exists():
        mine.update(here_at=now)
        return
    row = with_signs(Interview.objects.filter(pk=interview_id)).first()
    if row is not None and left_at(row, now) is None:
        mine.filter(Q(here_at=None) | Q(here_at__lt=now)).update(here_at=now)


@dataclass(frozen=True)
class Standing:
    """How things stand in a live interview; `since`: when everybody left it, or None."""

    interview: Interview
    reading: clock.Reading
    since: datetime | None


def under_way(candidate: "User", now: datetime, *, most: int) -> tuple[list[Standing], list[Interview]]:
    """Return a candidate's live interviews, and those handed in whose card is not read; newest first.

    Who is in the rooms is asked for only where there is a live one: mostly there is none.
    """
    found = list(Interview.objects.of_candidate(candidate).under_way().for_list()[: 3 * most])
    live = [one.pk for one in found if one.is_live][:most]
    rows = with_signs(Interview.objects.filter(pk__in=live).for_list()) if live else []
    return [standing(row, now) for row in rows], [one for one in found if not one.is_live]


def standing(row: Any, now: datetime) -> Standing:
    """Return how things stand in a live interview, from a row of `with_signs`."""
    since = left_at(row, now)
    return Standing(row, row.reading(now if row.paused_at else since or now), since)
