"""What moves an interview on: the only code that changes its state, each time with one conditional UPDATE."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from interviews import attendance, clock, events, making, opened
from interviews.models import EventKind, Interview, Invitation, Mode, Participant, Phase, Role, State
from interviews.models.interview import LIVE_STATES, TICKING_STATES, WAITING_STATES
from whiteboard import wakeups

if TYPE_CHECKING:
    from accounts.models import User
    from casestudies.models import CaseStudy, Framework

# Why a clock stands still that nobody paused.
SOMEBODY_LEFT = "somebody left"
# How many people there is room for.
SEATS = {Role.CANDIDATE: 1, Role.INTERVIEWER: 2, Role.OBSERVER: 8}


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
    interview = making.room(
        case,
        framework,
        mode=Mode.SOLO,
        level=level,
        minutes=minutes,
        strict=strict,
        host=candidate,
        now=now,
    )
    sit_down(interview, candidate, Role.CANDIDATE, now)
    open_clock(interview, actor=candidate, now=now)
    return interview


@transaction.atomic
def schedule_peer(
    candidate: "User | None",
    case: "CaseStudy",
    framework: "Framework",
    *,
    level: str,
    minutes: int,
    created_by: "User",
    now: datetime,
    strict: bool = False,
) -> Interview:
    """Make a room for two, without a clock yet; nobody is told of it before its lobby opens.

    With a `candidate` that person is seated and the host. Without one `created_by` is, as the interviewer,
    and a candidate comes by invitation.
    """
    host, role = (created_by, Role.INTERVIEWER) if candidate is None else (candidate, Role.CANDIDATE)
    interview = making.room(
        case,
        framework,
        mode=Mode.PEER,
        level=level,
        minutes=minutes,
        strict=strict,
        host=host,
        now=now,
    )
    if created_by != host:
        interview.created_by = created_by
        interview.save(update_fields=["created_by"])
    sit_down(interview, host, role, now)
    return interview


@transaction.atomic
def open_lobby(interview: Interview, *, actor: "User | None", now: datetime) -> bool:
    """Open the lobby of a scheduled interview; False when it is open already, or the interview under way."""
    opened = Interview.objects.filter(pk=interview.pk, state=State.SCHEDULED).update(state=State.LOBBY)
    if opened:
        interview.state = State.LOBBY
        events.record(interview, EventKind.LOBBY_OPENED, actor=actor, now=now)
    return bool(opened)


@transaction.atomic
def start_peer(interview: Interview, *, actor: "User", now: datetime) -> None:
    """Start the clock of a peer interview once its candidate and an interviewer have said they are ready."""
    locked = Interview.objects.select_for_update().get(pk=interview.pk)
    if locked.state not in WAITING_STATES:
        raise ValidationError("This interview has already started.")
    people = list(locked.participants.filter(removed_at=None).select_related("user"))
    candidate = next((one for one in people if one.role == Role.CANDIDATE), None)
    if candidate is None:
        raise ValidationError("There is no candidate yet. Send the candidate’s link first.")
    if candidate.ready_at is None:
        raise ValidationError(f"{candidate.user.name} is not ready yet.")
    if not any(one.role == Role.INTERVIEWER and one.ready_at for one in people):
        raise ValidationError("No interviewer is ready yet.")
    # Whoever read the case while waiting has seen it all the same.
    seen = opened.has_seen(candidate.user, locked.case_id)
    Interview.objects.filter(pk=locked.pk).update(seen=seen)
    open_clock(interview, actor=actor, now=now)
    _tell_board(locked)


@transaction.atomic
def call_off(interview: Interview, *, actor: "User | None", now: datetime) -> None:
    """End an interview that has not begun; a second click finds it called off."""
    ended = Interview.objects.filter(pk=interview.pk, state__in=WAITING_STATES).update(state=State.ABANDONED)
    if not ended:
        interview.refresh_from_db(fields=["state"])
        if interview.state != State.ABANDONED:
            raise ValidationError("This interview has begun already. Stop it in its room.")
        return
    events.record(interview, EventKind.ABANDONED, actor=actor, now=now)
    _tell_board(interview)


def open_clock(interview: Interview, *, actor: "User", now: datetime) -> None:
    """Start the clock of a scheduled interview; ValidationError when it has already started."""
    with transaction.atomic():
        opened = Interview.objects.filter(pk=interview.pk, state__in=WAITING_STATES).update(
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
    paused = Interview.objects.filter(pk=interview.pk, state__in=TICKING_STATES).update(
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
    end_pause(locked, now)
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
    paused = Interview.objects.filter(pk=interview.pk, state__in=TICKING_STATES, strict=False).update(
        state=State.PAUSED, paused_at=since
    )
    if paused:
        payload = {"since": since.isoformat(), "by": attendance.NOBODY}
        events.record(interview, EventKind.PAUSED, actor=None, now=now, payload=payload)
    return bool(paused)


@transaction.atomic
def wait_for(interview: Interview, *, role: Role, now: datetime) -> bool:
    """Stop a clock because one side has left; False when it does not run, or is strict."""
    paused = Interview.objects.filter(pk=interview.pk, state__in=TICKING_STATES, strict=False).update(
        state=State.PAUSED, paused_at=now
    )
    if paused:
        payload = {"by": SOMEBODY_LEFT, "role": role}
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
        end_pause(locked, now)
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


def begin_change(locked: Interview) -> None:
    """Go on with a requirement changed; the caller holds the lock."""
    Interview.objects.filter(pk=locked.pk, state=State.RUNNING).update(state=State.CURVEBALL)


def end_change(locked: Interview) -> None:
    """Go on as before: the change is worked in. The caller holds the lock."""
    Interview.objects.filter(pk=locked.pk, state=State.CURVEBALL).update(state=State.RUNNING)


def goes_on_as(locked: Interview) -> State:
    """Return what a paused interview was before: with a change still being worked in, or not."""
    changes = (EventKind.CURVEBALL, EventKind.CURVEBALL_CLOSED)
    last = locked.events.filter(kind__in=changes).order_by("-seq").values_list("kind", flat=True).first()
    return State.CURVEBALL if last == EventKind.CURVEBALL else State.RUNNING


def end_pause(locked: Interview, now: datetime) -> None:
    """Count a pause that ends at `now` and let the interview go on; the caller holds the lock."""
    if locked.paused_at is None:
        return
    stood = now - locked.paused_at
    locked.phases.filter(started_at__isnull=False, ended_at=None).update(paused_for=F("paused_for") + stood)
    Interview.objects.filter(pk=locked.pk, state=State.PAUSED).update(
        state=goes_on_as(locked), paused_at=None, paused_for=F("paused_for") + stood
    )


def end_clock(locked: Interview, now: datetime, *, into: State = State.SUBMITTED) -> None:
    """Stop the clock for good, as of `now`; the caller holds the row lock."""
    end_pause(locked, max(now, locked.paused_at or now))
    locked.phases.filter(started_at__isnull=False, ended_at=None).update(ended_at=now)
    Interview.objects.filter(pk=locked.pk, state__in=LIVE_STATES).update(state=into, ended_at=now)
    locked.refresh_from_db(fields=["state", "ended_at", "paused_at", "paused_for"])


def mark_scored(interview_id: UUID) -> None:
    """Note that a submitted interview has its first scorecard."""
    Interview.objects.filter(pk=interview_id, state=State.SUBMITTED).update(state=State.SCORED)


@transaction.atomic
def join(invitation: Invitation, *, user: "User", now: datetime) -> Participant:
    """Seat a person by invitation; who has a seat already keeps it."""
    interview = Interview.objects.select_for_update().get(pk=invitation.interview_id)
    seated = interview.participants.filter(user=user).first()
    if seated is not None and seated.removed_at is None:
        return seated
    if seated is not None:
        raise ValidationError("You were removed from this interview. Ask the host for help.")
    # The link may have been revoked between the page and the click.
    if not interview.invitations.filter(pk=invitation.pk, revoked_at=None, expires_at__gt=now).exists():
        raise ValidationError("This link does not work any more. Ask for a new one.")
    if not (interview.is_live or interview.state in WAITING_STATES):
        raise ValidationError("This interview has already ended.")
    participant = sit_down(interview, user, Role(invitation.role), now)
    # Who presses the button is there; the room they come into says so from now on.
    Participant.objects.filter(pk=participant.pk).update(here_at=now)
    if invitation.role == Role.INTERVIEWER:  # from here on it is between people, also in how it is scored
        Interview.objects.filter(pk=interview.pk, mode=Mode.SOLO).update(mode=Mode.PEER)
    events.record(interview, EventKind.JOINED, actor=user, now=now, payload={"role": invitation.role})
    return participant


def sit_down(locked: Interview, user: "User", role: Role, now: datetime) -> Participant:
    """Give a person a seat; ValidationError when there is none in that role. The caller holds the lock."""
    taken = locked.participants.filter(role=role, removed_at=None).count()
    if taken >= SEATS[role]:
        raise ValidationError(
            "This interview has its candidate already."
            if role == Role.CANDIDATE
            else f"There are {taken} {role.label.lower()}s here already, and there is no more room."
        )
    participant = Participant.objects.create(interview=locked, user=user, role=role, joined_at=now)
    if role == Role.CANDIDATE and opened.has_seen(user, locked.case_id):
        Interview.objects.filter(pk=locked.pk).update(seen=True)
        locked.seen = True
    if role == Role.INTERVIEWER:  # the case is open to them from now on
        opened.mark_seen(user, locked.case_id, now=now)
    return participant
