"""What moves an interview on: the only code that changes its state, each time with one conditional UPDATE."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from interviews import attendance, clock, events
from interviews.models import (
    EventKind,
    Interview,
    Invitation,
    Mode,
    Participant,
    Phase,
    Reveal,
    Role,
    State,
)
from interviews.models.interview import LIVE_STATES
from whiteboard import wakeups
from whiteboard.models import Board

if TYPE_CHECKING:
    from accounts.models import User
    from casestudies.models import CaseStudy, Framework


@transaction.atomic
def start_solo(
    candidate: "User",
    case: "CaseStudy",
    framework: "Framework",
    *,
    level: str,
    minutes: int,
    now: datetime,
    strict: bool = False,
) -> Interview:
    """Open a room for one candidate and start its clock in the framework's first step."""
    interview = Interview.objects.create(
        case=case,
        framework=framework,
        level=level,
        minutes=minutes,
        strict=strict,
        mode=Mode.SOLO,
        state=State.SCHEDULED,
        seen=Reveal.objects.filter(user=candidate, case=case).exists()
        or Interview.objects.of_candidate(candidate).done().filter(case=case).exists(),
        board=Board.objects.create(),
        created_by=candidate,
        created_at=now,
    )
    Participant.objects.create(interview=interview, user=candidate, role=Role.CANDIDATE, joined_at=now)
    steps = list(framework.steps.order_by("position"))
    shares = clock.budgets(minutes, [step.minutes for step in steps])
    Phase.objects.bulk_create(
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
    )
    open_clock(interview, actor=candidate, now=now)
    return interview


def open_clock(interview: Interview, *, actor: "User", now: datetime) -> None:
    """Start the clock of a scheduled interview; ValidationError when it has already started."""
    with transaction.atomic():
        opened = Interview.objects.filter(pk=interview.pk, state__in=(State.SCHEDULED, State.LOBBY)).update(
            state=State.RUNNING, started_at=now
        )
        if not opened:
            raise ValidationError("This interview has already started.")
        interview.refresh_from_db(fields=["state", "started_at"])
        first = interview.phases.order_by("position").first()
        if first is None:
            raise ValidationError("This framework has no steps yet. Choose another one.")
        Phase.objects.filter(pk=first.pk).update(started_at=now)
        events.record(interview, EventKind.STARTED, actor=actor, now=now)
        events.record(interview, EventKind.PHASE_ENTERED, actor=actor, now=now, payload={"step": first.step})


@transaction.atomic
def advance_phase(interview: Interview, *, running: Phase, actor: "User", now: datetime) -> Phase:
    """End `running`, start the phase after it and tell the room.

    `running` is the phase the caller was looking at. If it has already ended, the
    clock stands still, or it is the last one, nothing changes and ValidationError says why.
    """
    # Locks the interview first, as every act does, so that pausing and advancing cannot cross.
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.state == State.PAUSED:
        raise ValidationError("The clock is paused. Resume it, then go on to the next step.")
    if locked.state not in LIVE_STATES:
        raise ValidationError("This interview has ended; its clock does not run any more.")
    if locked.is_out_of_time(now):
        raise ValidationError("Time is up. Your design is being submitted as it stands.")
    following = locked.phases.filter(position__gt=running.position).order_by("position").first()
    if following is None:
        raise ValidationError("This is the last step. Submit your design instead.")
    ended = locked.phases.filter(pk=running.pk, started_at__isnull=False, ended_at=None).update(ended_at=now)
    if not ended:
        raise ValidationError("Someone has already moved the interview on from this step.")
    following.started_at = now
    following.save(update_fields=["started_at"])
    events.record(
        interview,
        EventKind.PHASE_ENTERED,
        actor=actor,
        now=now,
        payload={"step": following.step, "from": running.step},
    )
    return following


@transaction.atomic
def pause(interview: Interview, *, actor: "User", now: datetime) -> None:
    """Stop the clock; everybody sees that it stands still."""
    if interview.strict:
        raise ValidationError("This clock is strict: it is not paused. The design is handed in at its end.")
    paused = Interview.objects.filter(pk=interview.pk, state=State.RUNNING).update(
        state=State.PAUSED, paused_at=now
    )
    if not paused:
        raise ValidationError("The clock is not running, so there is nothing to pause.")
    events.record(interview, EventKind.PAUSED, actor=actor, now=now)


@transaction.atomic
def resume(interview: Interview, *, actor: "User", now: datetime) -> None:
    """Let the clock go on from where it stood."""
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.state != State.PAUSED:
        raise ValidationError("The clock is not paused.")
    end_pause(locked, State.RUNNING, now)
    events.record(interview, EventKind.RESUMED, actor=actor, now=now)


@transaction.atomic
def extend(interview: Interview, *, seen: int, actor: "User", now: datetime) -> None:
    """Add five minutes to the step that runs, and so to the whole.

    `seen` is how much had been added on the page the person looked at: a second click adds nothing more.
    """
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.strict:
        raise ValidationError("This clock is strict: it is not extended. The design is handed in at its end.")
    if locked.state not in LIVE_STATES:
        raise ValidationError("This interview has ended; its clock does not run any more.")
    if locked.extra_seconds != seen:
        raise ValidationError("Somebody has already added five minutes.")
    if seen >= clock.MOST_EXTENSIONS * clock.EXTENSION_SECONDS:
        raise ValidationError("Fifteen minutes have been added, and there are no more. Submit what you have.")
    more = clock.EXTENSION_SECONDS
    Interview.objects.filter(pk=locked.pk).update(extra_seconds=F("extra_seconds") + more)
    phase = locked.running_phase()
    if phase is not None:
        locked.phases.filter(pk=phase.pk).update(budget_seconds=F("budget_seconds") + more)
    payload = {"seconds": more, "step": phase.step if phase else ""}
    events.record(interview, EventKind.EXTENDED, actor=actor, now=now, payload=payload)


@transaction.atomic
def set_aside(interview: Interview, *, since: datetime, now: datetime) -> bool:
    """Stop the clock of a room that everybody left, as of `since`; False when it does not run any more."""
    paused = Interview.objects.filter(pk=interview.pk, state=State.RUNNING, strict=False).update(
        state=State.PAUSED, paused_at=since
    )
    if paused:
        payload = {"since": since.isoformat(), "by": attendance.NOBODY}
        events.record(interview, EventKind.PAUSED, actor=None, now=now, payload=payload)
    return bool(paused)


@transaction.atomic
def come_back(interview: Interview, *, actor: "User", now: datetime) -> None:
    """Let the clock go on from where it stood when everybody left; nothing happens if it does already."""
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.state not in LIVE_STATES:
        raise ValidationError("This interview has ended; its clock does not run any more.")
    since = attendance.away_since(locked, now)
    if locked.state == State.PAUSED:
        end_pause(locked, State.RUNNING, now)
    elif since is None:
        return
    else:
        stood = now - since
        locked.phases.filter(started_at__isnull=False, ended_at=None).update(
            paused_for=F("paused_for") + stood
        )
        Interview.objects.filter(pk=locked.pk).update(paused_for=F("paused_for") + stood)
    payload = {"since": since.isoformat()} if since else {}
    events.record(interview, EventKind.RESUMED, actor=actor, now=now, payload=payload)


@transaction.atomic
def abandon(interview: Interview, *, actor: "User", now: datetime) -> None:
    """End an interview without handing anything in; a second click finds it ended."""
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.state == State.ABANDONED:
        return
    if locked.state not in LIVE_STATES:
        raise ValidationError("This interview has ended, so there is nothing to abandon.")
    end_clock(locked, attendance.away_since(locked, now) or now, into=State.ABANDONED)
    events.record(interview, EventKind.ABANDONED, actor=actor, now=now)
    _tell_board(locked)


@transaction.atomic
def expire(interview: Interview, *, reason: str, ended: datetime, now: datetime) -> bool:
    """End an interview that nobody goes on with; `reason` is a key of EXPIRED_BECAUSE."""
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.state not in LIVE_STATES:
        return False
    end_clock(locked, ended, into=State.EXPIRED)
    events.record(interview, EventKind.EXPIRED, actor=None, now=now, payload={"reason": reason})
    _tell_board(locked)
    return True


# Why an interview expired, in words for the person whose it was.
EXPIRED_BECAUSE = {
    "forgotten": "Nobody came back to it for two weeks, so it was closed.",
    "empty": "Its strict clock ran out with nothing drawn or written, so there was nothing to submit.",
    "too large": "Its strict clock ran out with more on the board or in the notes than can be scored.",
}


def why_expired(interview: Interview) -> str:
    """Return in a sentence why this interview expired."""
    event = interview.events.filter(kind=EventKind.EXPIRED).order_by("-seq").first()
    reason = event.payload.get("reason", "") if event else ""
    return EXPIRED_BECAUSE.get(reason, EXPIRED_BECAUSE["forgotten"])


def _tell_board(locked: Interview) -> None:
    transaction.on_commit(lambda: wakeups.rights_changed(locked.board_id), robust=True)


def end_pause(locked: Interview, into: State, now: datetime) -> None:
    """Count a pause that ends at `now` with the change `into` another state; the caller holds the lock."""
    if locked.paused_at is None:
        return
    stood = now - locked.paused_at
    locked.phases.filter(started_at__isnull=False, ended_at=None).update(paused_for=F("paused_for") + stood)
    Interview.objects.filter(pk=locked.pk, state=State.PAUSED).update(
        state=into, paused_at=None, paused_for=F("paused_for") + stood
    )


def end_clock(locked: Interview, now: datetime, *, into: State = State.SUBMITTED) -> None:
    """Stop the clock for good, as of `now`; the caller holds the row lock."""
    end_pause(locked, State.RUNNING, max(now, locked.paused_at or now))
    locked.phases.filter(started_at__isnull=False, ended_at=None).update(ended_at=now)
    Interview.objects.filter(pk=locked.pk, state__in=LIVE_STATES).update(state=into, ended_at=now)
    locked.refresh_from_db(fields=["state", "ended_at", "paused_at", "paused_for"])


def mark_scored(interview_id: UUID) -> None:
    """Note that a submitted interview has its first scorecard."""
    Interview.objects.filter(pk=interview_id, state=State.SUBMITTED).update(state=State.SCORED)


@transaction.atomic
def give_hint(interview: Interview, *, dimension: str, rung: int, actor: "User", now: datetime) -> None:
    """Log that the next rung of a ladder was opened; rungs are climbed in order and each counts once."""
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.state not in LIVE_STATES:
        raise ValidationError("This interview has ended; its hints are on the case's page now.")
    given = given_hints(locked).get(dimension, 0)
    if rung <= given:
        return
    if rung != given + 1 or not locked.case.hints.filter(dimension=dimension, rung=rung).exists():
        raise ValidationError("Hints are given in order: nudge, then pointer, then sketch.")
    phase = locked.running_phase()
    events.record(
        interview,
        EventKind.HINT_GIVEN,
        actor=actor,
        now=now,
        payload={"dimension": dimension, "rung": rung, "step": phase.step if phase else ""},
    )


def given_hints(interview: Interview) -> dict[str, int]:
    """Return the highest rung given so far per dimension."""
    given: dict[str, int] = {}
    for payload in interview.events.filter(kind=EventKind.HINT_GIVEN).values_list("payload", flat=True):
        given[payload["dimension"]] = max(given.get(payload["dimension"], 0), payload["rung"])
    return given


@transaction.atomic
def join(invitation: Invitation, *, user: "User", now: datetime) -> Participant:
    """Seat a person by invitation; who has a seat already keeps it."""
    interview = Interview.objects.select_for_update().get(pk=invitation.interview_id)
    seated = interview.participants.filter(user=user).first()
    if seated is not None and seated.removed_at is None:
        return seated
    if seated is not None:
        raise ValidationError("You were removed from this interview. Ask the candidate for help.")
    if interview.is_done or not (interview.is_live or interview.state in (State.SCHEDULED, State.LOBBY)):
        raise ValidationError("This interview has already ended.")
    participant = Participant.objects.create(
        interview=interview, user=user, role=invitation.role, joined_at=now
    )
    if invitation.role == Role.INTERVIEWER:  # from here on it is between people, also in how it is scored
        Interview.objects.filter(pk=interview.pk, mode=Mode.SOLO).update(mode=Mode.PEER)
    events.record(interview, EventKind.JOINED, actor=user, now=now, payload={"role": invitation.role})
    return participant


@transaction.atomic
def reveal_case(user: "User", case: "CaseStudy", *, now: datetime) -> None:
    """Open a case's spoilers for a person for good; interviews of theirs under way are marked as seen."""
    Reveal.objects.get_or_create(user=user, case=case, defaults={"at": now})
    mark_seen(user, case.pk, now=now)


def mark_seen(user: "User", case_id: int, *, now: datetime) -> None:
    """Note in a person's interviews under way that this case's spoilers are open to them now."""
    for interview in Interview.objects.of_candidate(user).running().filter(case=case_id, seen=False):
        Interview.objects.filter(pk=interview.pk).update(seen=True)
        events.record(interview, EventKind.SPOILERS_OPENED, actor=user, now=now)
