"""The room's clock: the next step, pausing, adding time; and coming back to a room that was left."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from interviews import access, attendance, clock, lifecycle
from interviews.access import Seat
from interviews.forms import ExtensionForm, PhaseForm
from interviews.models import Role, State
from interviews.peer import presence
from interviews.views.asking import PersonRequest, words_of
from interviews.views.challenges import ask_about

RUNS_CLOCK = (Role.CANDIDATE, Role.INTERVIEWER)


def clock_context(seat: Seat, error: str = "") -> dict[str, Any]:
    """Return what the step bar shows: every phase with its reading, and the whole clock's."""
    interview, now = seat.interview, timezone.now()
    phases = list(interview.phases.order_by("position"))
    running = next((phase for phase in phases if phase.started_at and not phase.ended_at), None)
    steps = [
        {
            "phase": phase,
            "reading": phase.reading(now, interview.paused_at),
            "is_running": phase == running,
            "half_minutes": min(round(phase.budget_seconds / 30), 120),
        }
        for phase in phases
    ]
    begun = [phase for phase in phases if phase.started_at]
    following = next((p for p in phases if running and p.position > running.position), None)
    time_is_up = interview.is_out_of_time(now)
    most = clock.MOST_EXTENSIONS * clock.EXTENSION_SECONDS
    return {
        "seat": seat,
        "interview": interview,
        "steps": steps,
        "running": running,
        # Whose notes are in sight: when nothing runs any more, those of the step it ended in.
        "in_sight": running or next(iter([*reversed(begun), *phases]), None),
        "following": None if time_is_up else following,
        "reading": interview.reading(now),
        "ticks": interview.ticks and not time_is_up,
        "paused": interview.state == State.PAUSED,
        "pausable": seat.runs_clock and seat.changes and not interview.strict,
        "extendable": seat.runs_clock
        and seat.changes
        and not interview.strict
        and interview.extra_seconds < most,
        "time_is_up": time_is_up,
        "why_expired": lifecycle.why_expired(interview) if interview.state == State.EXPIRED else "",
        "error": error,
    }


def away_page(request: PersonRequest, seat: Seat) -> HttpResponse | None:
    """Return the choice for who comes back to a room that everybody left; None where there is none."""
    now = timezone.now()
    since = attendance.away_since(seat.interview, now) if seat.runs_clock else None
    if since is None:
        return None
    interview = seat.interview
    phase = interview.running_phase()
    context = {
        "seat": seat,
        "interview": interview,
        "since": since,
        "reading": interview.reading(now if interview.paused_at else since),
        "phase": phase,
        "phase_reading": phase.reading(since, interview.paused_at) if phase else None,
    }
    return render(request, "interviews/away.html", context)


def back_to_room(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Have the whole page of the room asked for again."""
    to = reverse("interviews:room", args=[interview_id])
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return redirect(to)


def was_left(seat: Seat) -> bool:
    """Whether this person first has to choose how to go on."""
    return seat.runs_clock and attendance.away_since(seat.interview, timezone.now()) is not None


@login_required
@require_safe
def phase_bar(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    seat = access.seat_or_404(request.user, interview_id)
    if was_left(seat):
        return back_to_room(request, interview_id)
    return clock_partials(request, seat)


def clock_partials(request: PersonRequest, seat: Seat, error: str = "") -> HttpResponse:
    """Return the step bar and, out of its band, the button for the next step: they change together."""
    context = clock_context(seat, error) | {"oob": True}
    parts = [
        render_to_string(f"interviews/room.html#{name}", context, request)
        for name in (("phase_bar",) if seat.holds_cockpit else ("phase_bar", "next_step"))
    ]
    return HttpResponse("".join(parts), status=422 if error else 200)


def clock_answer(request: PersonRequest, interview_id: UUID, error: str) -> HttpResponse:
    """Return the step bar as it is now, with what was refused; a plain form goes back to the room."""
    if not request.htmx and not error:
        return redirect("interviews:room", interview_id)
    return clock_partials(request, access.seat_or_404(request.user, interview_id), error)


def move_clock(request: PersonRequest, interview_id: UUID, act: Callable[[Seat], object]) -> HttpResponse:
    """Do one act on the clock for who may, and show the clock after it, with the reason of a refusal.

    In a room that everybody left nothing is done before somebody has chosen how to go on: a click in a tab
    that has just woken up must not count the night as time spent.
    """
    seat = access.seat_or_404(request.user, interview_id, RUNS_CLOCK)
    if was_left(seat):
        return back_to_room(request, interview_id)
    error = ""
    try:
        act(seat)
    except ValidationError as refusal:
        error = words_of(refusal)
    return clock_answer(request, interview_id, error)


@require_POST
@login_required
def advance_phase(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Go on from the step that the person was looking at."""

    def act(seat: Seat) -> None:
        form = PhaseForm(request.POST, interview=seat.interview)
        if not form.is_valid():
            raise ValidationError("This step is not part of this interview.")
        running = form.cleaned_data["running"]
        lifecycle.advance_phase(seat.interview, running=running, actor=seat.user, now=timezone.now())
        ask_about(seat.interview, running)

    return move_clock(request, interview_id, act)


@require_POST
@login_required
def pause(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    return move_clock(
        request,
        interview_id,
        lambda seat: lifecycle.pause(seat.interview, actor=seat.user, now=timezone.now()),
    )


@require_POST
@login_required
def resume(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    return move_clock(
        request,
        interview_id,
        lambda seat: lifecycle.resume(seat.interview, actor=seat.user, now=timezone.now()),
    )


@require_POST
@login_required
def extend(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Add five minutes, once for what the person was looking at."""

    def act(seat: Seat) -> None:
        form = ExtensionForm(request.POST)
        if not form.is_valid():
            raise ValidationError("Reload the page to see how much time has been added, then try again.")
        seen = form.cleaned_data["seen"]
        lifecycle.extend(seat.interview, seen=seen, actor=seat.user, now=timezone.now())

    return move_clock(request, interview_id, act)


@require_POST
@login_required
def come_back(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Go on in a room that was left, with the clock as it stood."""
    return end_or_go_on(request, interview_id, RUNS_CLOCK, lifecycle.come_back, "interviews:room")


@require_POST
@login_required
def abandon(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """End an interview without a scorecard; its board and notes stay."""
    return end_or_go_on(request, interview_id, (Role.CANDIDATE,), lifecycle.abandon, "interviews:room")


@require_POST
@login_required
def leave(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Stop the clock, unless it stands still already, and go home: the room waits."""

    def act(interview: Any, **who: Any) -> None:
        if interview.ticks:
            lifecycle.pause(interview, **who)
        presence.leave(interview, who["actor"], who["now"])

    return end_or_go_on(request, interview_id, RUNS_CLOCK, act, "home")


def end_or_go_on(
    request: PersonRequest,
    interview_id: UUID,
    roles: tuple[Role, ...],
    act: Callable[..., object],
    to: str,
) -> HttpResponse:
    """Do one act on the whole interview, then show the page it leads to; a refusal has a page of its own."""
    seat = access.seat_or_404(request.user, interview_id, roles)
    try:
        act(seat.interview, actor=seat.user, now=timezone.now())
    except ValidationError as refusal:
        context = {"interview": seat.interview, "reason": words_of(refusal)}
        return render(request, "interviews/submit_refused.html", context, status=422)
    return redirect("home") if to == "home" else redirect(to, interview_id)
