"""Starting anew from a moment of an interview that is over: its board, notes and clock, in a new attempt."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews import card_order, events, replaying
from interviews.access import Seat
from interviews.models import (
    Event,
    EventKind,
    Interview,
    Mode,
    Participant,
    Phase,
    Role,
    State,
    Submission,
)
from interviews.played_time import PlayedTime
from interviews.replaying import moment_of
from whiteboard import copying, log
from whiteboard.models import Board
from whiteboard.recording import milliseconds

# What belongs to the old attempt alone: its people and their private words, its pauses, its end.
NOT_TAKEN: frozenset[str] = frozenset(
    {
        EventKind.PAUSED,
        EventKind.RESUMED,
        EventKind.JOINED,
        EventKind.LEFT,
        EventKind.INVITED,
        EventKind.NOTE_STAMPED,
        EventKind.NOTE_EDITED,
        EventKind.AREAS_SPLIT,
        EventKind.LOBBY_OPENED,
        EventKind.READY,
        EventKind.RENAMED,
        EventKind.REVOKED,
        EventKind.CAME_BACK,
        EventKind.REMOVED,
        EventKind.HOST_CHANGED,
        EventKind.SPOILERS_OPENED,
        EventKind.SUBMITTED,
        EventKind.SCORED,
        EventKind.SCORING_FAILED,
        EventKind.ABANDONED,
        EventKind.EXPIRED,
        EventKind.SELF_SCORED,
        EventKind.REVEALED,
        EventKind.HANDED_IN,
        EventKind.CARDS_OPENED,
        EventKind.RATED,
        EventKind.SEATS_SWAPPED,
    }
)
# A second click within this time finds the attempt that the first one made.
SAME_CLICK = timedelta(minutes=1)


@transaction.atomic
def retry(seat: Seat, *, at: int | None, now: datetime) -> Interview:
    """Return a new attempt that stands, paused, where the old one was `at` milliseconds on its clock.

    None is the end. The board comes with all that was drawn by then, so the new attempt has a replay from
    its first minute; so do the questions asked and the hints given. ValidationError while
    the old one goes on.
    """
    locked = Interview.objects.select_for_update(of=("self",)).select_related("board")
    old = locked.get(pk=seat.interview.pk)
    if not old.can_be_replayed:
        raise ValidationError("You can start anew from this attempt once it is over: submit it first.")
    # The automatic card of a copy would tell what the cards of this one keep closed.
    if not card_order.open_to(old, seat.user, seat.role):
        raise ValidationError(f"{card_order.why_closed(old)} Then you can go on from here, too.")
    past = replaying.log_of(old)
    time = replaying.played_time(old, past)
    spent = time.length if at is None else min(at, time.length)
    again = just_made(old, spent, now)
    if again is not None:
        return again
    added = extensions(past, time.moment(spent))
    given = old.minutes * 60 + sum(added.values())
    new = Interview.objects.create(
        case_id=old.case_id,
        framework_id=old.framework_id,
        level=old.level,
        minutes=old.minutes,
        extra_seconds=sum(added.values()),
        mode=Mode.SOLO,
        state=State.PAUSED,
        # Without any time left a strict clock would hand it in at once.
        strict=old.strict and spent < given * 1000,
        seen=old.seen or old.is_done,  # a submission opens the case
        retry_of=old,
        board=board_then(old, time, spent, now),
        created_by=seat.user,
        created_at=now,
        started_at=now - timedelta(milliseconds=spent),
        paused_at=now,
    )
    Participant.objects.create(interview=new, user=seat.user, role=Role.CANDIDATE, joined_at=now)
    Phase.objects.bulk_create(phases_then(old, new, time, spent))
    take_events(past, new, time, spent)
    events.record(new, EventKind.PAUSED, actor=seat.user, now=now)
    return new


def just_made(old: Interview, spent: int, now: datetime) -> Interview | None:
    """Return the attempt that was made from the same moment an instant ago and has not gone on yet."""
    made = old.retries.filter(state=State.PAUSED, created_at__gte=now - SAME_CLICK)
    return made.filter(events__kind=EventKind.STARTED, events__payload__at=spent).first()


def board_then(old: Interview, time: PlayedTime, spent: int, now: datetime) -> Board:
    if spent >= time.length:
        submitted = Submission.objects.filter(interview=old).values_list("board_seq", flat=True).first()
        seq = log.heads([old.board_id])[old.board_id][0] if submitted is None else submitted
    else:
        seq = log.seq_at(old.board_id, moment_of(time.moment(spent)))
    return copying.copied(
        old.board,
        upto_seq=seq,
        start=moment_of(time.start),
        anew=now - timedelta(milliseconds=spent),
        pauses=[(moment_of(since), moment_of(until)) for since, until in time.pauses],
    )


def phases_then(old: Interview, new: Interview, time: PlayedTime, spent: int) -> list[Phase]:
    """Return the steps of the old attempt with what each had taken by then; the last one begun runs on."""
    phases = list(old.phases.order_by("position"))
    moment, begin = time.moment(spent), new.started_at or new.created_at
    past = replaying.log_of(old)
    whole, then = extensions(past, time.end), extensions(past, moment)
    begun = [one for one in phases if one.started_at and milliseconds(one.started_at) <= moment]
    running = begun[-1] if begun else phases[0]
    copies = []
    for phase in phases:
        copy = Phase(
            interview=new,
            position=phase.position,
            step=phase.step,
            short=phase.short,
            title=phase.title,
            dimension=phase.dimension,
            dimensions=phase.dimensions,
            budget_seconds=phase.budget_seconds - whole.get(phase.step, 0) + then.get(phase.step, 0),
        )
        if phase in begun or phase is running:
            took = replaying.stretch(phase, time)
            copy.started_at = begin + timedelta(milliseconds=took.start)
            if phase is not running:
                copy.ended_at = begin + timedelta(milliseconds=took.end)
        copies.append(copy)
    return copies


def extensions(past: list[Event], moment: int) -> dict[str, int]:
    """Return the seconds that had been added by a moment, by step."""
    added: dict[str, int] = {}
    for event in past:
        if event.kind == EventKind.EXTENDED and milliseconds(event.at) <= moment:
            step = str(event.payload.get("step", ""))
            added[step] = added.get(step, 0) + int(event.payload.get("seconds", 0))
    return added


def take_events(past: list[Event], new: Interview, time: PlayedTime, spent: int) -> None:
    """Copy what had happened by then into the log of the new attempt, at the same times on its clock."""
    moment, begin = time.moment(spent), new.started_at or new.created_at
    taken = [event for event in past if event.kind not in NOT_TAKEN and milliseconds(event.at) <= moment]
    copies = []
    numbers = {event.seq: seq for seq, event in enumerate(taken, start=1)}
    for seq, event in enumerate(taken, start=1):
        payload = event.payload
        if isinstance(payload.get("question"), int):  # an answer names what it answers by its number
            payload = payload | {"question": numbers.get(payload["question"])}
        if event.kind == EventKind.STARTED:
            payload = payload | {"retry_of": str(new.retry_of_id), "at": spent}
        on_clock = time.on_clock(milliseconds(event.at))
        at = begin + timedelta(milliseconds=on_clock)
        copies.append(
            Event(interview=new, seq=seq, at=at, actor_id=event.actor_id, kind=event.kind, payload=payload)
        )
    Event.objects.bulk_create(copies)
    Interview.objects.filter(pk=new.pk).update(seq=len(copies))
    new.seq = len(copies)
