"""The interview's log, and the word to the room that there is something new in it.

The log is the truth; what goes over the channel layer is only a wake-up that may get lost.
"""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.db.models import F

from interviews.models import Event, EventKind, Interview, Role

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

# Kinds that only some roles hear of; everybody in the room hears of the others.
HEARD_BY: dict[str, frozenset[Role]] = {
    EventKind.NOTE_STAMPED: frozenset({Role.INTERVIEWER}),
    EventKind.NOTE_EDITED: frozenset({Role.INTERVIEWER}),
    EventKind.AREAS_SPLIT: frozenset({Role.INTERVIEWER}),
    EventKind.HINT_GIVEN: frozenset({Role.CANDIDATE, Role.INTERVIEWER}),
    EventKind.SELF_SCORED: frozenset({Role.CANDIDATE}),
    EventKind.REVEALED: frozenset({Role.CANDIDATE}),
    EventKind.FOLLOW_UP: frozenset({Role.CANDIDATE, Role.INTERVIEWER}),
    EventKind.FOLLOW_UP_CLOSED: frozenset({Role.CANDIDATE, Role.INTERVIEWER}),
    EventKind.SCORED: frozenset({Role.CANDIDATE, Role.INTERVIEWER}),
    EventKind.HANDED_IN: frozenset({Role.CANDIDATE, Role.INTERVIEWER}),
    EventKind.CARDS_OPENED: frozenset({Role.CANDIDATE, Role.INTERVIEWER}),
    EventKind.RATED: frozenset({Role.INTERVIEWER}),
    EventKind.SEATS_SWAPPED: frozenset({Role.CANDIDATE, Role.INTERVIEWER}),
    EventKind.SCORING_FAILED: frozenset({Role.CANDIDATE, Role.INTERVIEWER}),
}
PAGE = 200


def group_of(interview_id: object, *, private: bool = False) -> str:
    """Return the name of a room's group on the channel layer; `private`: that of its interviewers alone."""
    return f"interview.{interview_id}{'.cockpit' if private else ''}"


def is_private(kind: str) -> bool:
    """Whether only interviewers hear of this: nobody else's socket is even woken for it."""
    return HEARD_BY.get(kind) == frozenset({Role.INTERVIEWER})


def record(
    interview: Interview,
    kind: EventKind,
    *,
    actor: "User | None",
    now: datetime,
    payload: dict[str, Any] | None = None,
) -> Event:
    """Append one event, inside the caller's transaction, and tell the room once that has committed."""
    with transaction.atomic():
        # The UPDATE takes the row lock, so two writers cannot get the same number.
        Interview.objects.filter(pk=interview.pk).update(seq=F("seq") + 1)
        interview.seq = Interview.objects.values_list("seq", flat=True).get(pk=interview.pk)
        event = Event.objects.create(
            interview=interview, seq=interview.seq, at=now, actor=actor, kind=kind, payload=payload or {}
        )
    transaction.on_commit(lambda: wake_room(interview.pk, private=is_private(kind)), robust=True)
    return event


def wake_room(interview_id: object, *, private: bool = False) -> None:
    """Tell open rooms that the log has grown; a lost message is made up for by the next heartbeat."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(interview_id, private=private), {"type": "room.wake"})
    except Exception:
        log.warning(
            "no wake-up sent to room %s; its heartbeat will find the news", interview_id, exc_info=True
        )


def since(interview_id: UUID, seq: int, role: Role) -> tuple[list[dict[str, Any]], int]:
    """Return the messages of the events after `seq` that this role hears of, and the last number read.

    At most PAGE events are read; ask again from the number returned.
    """
    rows = list(
        Event.objects.filter(interview_id=interview_id, seq__gt=seq)
        .order_by("seq")
        .values("seq", "at", "kind", "payload")[:PAGE]
    )
    heard = [
        {"seq": row["seq"], "type": row["kind"].replace("_", "."), "at": row["at"].isoformat()}
        for row in rows
        if role in HEARD_BY.get(row["kind"], frozenset(Role))
    ]
    return heard, rows[-1]["seq"] if rows else seq
