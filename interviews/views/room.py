"""The room: one live page, its clock, its hints, and handing the design in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interviews import access, events, lifecycle, submitting
from interviews.access import Seat
from interviews.forms import HintForm, PhaseForm
from interviews.models import Role, State
from interviews.people import color_of
from interviews.views.ask import talk_context
from interviews.views.asking import PersonRequest, words_of
from interviews.views.challenges import ask_about, challenge_context

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
            "half_minutes": round(phase.budget_seconds / 30),
        }
        for phase in phases
    ]
    following = next((p for p in phases if running and p.position > running.position), None)
    return {
        "seat": seat,
        "interview": interview,
        "steps": steps,
        "running": running,
        "following": following,
        "reading": interview.reading(now),
        "ticks": interview.state == State.RUNNING,
        "paused": interview.state == State.PAUSED,
        "error": error,
    }


def hint_context(seat: Seat, error: str = "") -> dict[str, Any]:
    """Return the ladders of the running step: what was given so far, and whether there is more."""
    interview = seat.interview
    phase = interview.running_phase()
    given = lifecycle.given_hints(interview)
    ladders = []
    for dimension in phase.dimensions if phase else []:
        rungs = list(interview.case.hints.filter(dimension=dimension).order_by("rung"))
        height = given.get(dimension, 0)
        ladders.append(
            {
                "dimension": dimension,
                "given": [hint for hint in rungs if hint.rung <= height],
                "next_rung": height + 1 if height < len(rungs) else None,
                "rungs": [
                    {"rung": hint.rung, "name": ("Nudge", "Pointer", "Sketch")[hint.rung - 1]}
                    for hint in rungs
                    if hint.rung > height
                ],
            }
        )
    return {"seat": seat, "interview": interview, "phase": phase, "ladders": ladders, "hint_error": error}


@login_required
@require_safe
def room(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    seat = access.seat_or_404(request.user, interview_id)
    interview = seat.interview
    if interview.is_done and seat.sees_scores:
        return redirect("interviews:scorecard", interview.pk)
    board_config = {
        "boardId": str(interview.board_id),
        "socketPath": f"/ws/boards/{interview.board_id}/",
        "epoch": interview.board.epoch,
        "right": "write" if seat.draws else "read",
        "user": {"id": str(seat.user.pk), "name": seat.user.name, "color": color_of(seat.user.pk)},
        "assetPath": "/static/board/",
        "viewOnly": not seat.draws,
        "title": interview.case.title,
        "paths": {
            "images": reverse("interviews:add_image", args=[interview.pk]),
            "versions": reverse("interviews:board_versions", args=[interview.pk]),
            "history": reverse("interviews:board_history", args=[interview.pk]),
        },
    }
    context = clock_context(seat) | {"board_config": board_config} | talk_context(seat)
    context |= challenge_context(seat, context["talk"], alone=not context["has_interviewer"])
    if seat.sees_hints:
        context |= hint_context(seat)
    return render(request, "interviews/room.html", context)


@login_required
@require_safe
def phase_bar(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    return clock_partials(request, access.seat_or_404(request.user, interview_id))


def clock_partials(request: PersonRequest, seat: Seat, error: str = "") -> HttpResponse:
    """Return the step bar and, out of its band, the button for the next step: they change together."""
    context = clock_context(seat, error) | {"oob": True}
    parts = [
        render_to_string(f"interviews/room.html#{name}", context, request)
        for name in ("phase_bar", "next_step")
    ]
    return HttpResponse("".join(parts), status=422 if error else 200)


def clock_answer(request: PersonRequest, interview_id: UUID, error: str) -> HttpResponse:
    """Return the step bar as it is now, with what was refused; a plain form goes back to the room."""
    if not request.htmx and not error:
        return redirect("interviews:room", interview_id)
    return clock_partials(request, access.seat_or_404(request.user, interview_id), error)


def move_clock(request: PersonRequest, interview_id: UUID, act: Callable[[Seat], object]) -> HttpResponse:
    """Do one act on the clock for who may, and show the clock after it, with the reason of a refusal."""
    seat = access.seat_or_404(request.user, interview_id, RUNS_CLOCK)
    error = ""
    try:
        act(seat)
    except ValidationError as refusal:
        error = words_of(refusal)
    return clock_answer(request, interview_id, error)


def advance(seat: Seat, data: QueryDict) -> None:
    """Go on from the step that the person was looking at."""
    form = PhaseForm(data, interview=seat.interview)
    if not form.is_valid():
        raise ValidationError("This step is not part of this interview.")
    left = form.cleaned_data["running"]
    lifecycle.advance_phase(seat.interview, running=left, actor=seat.user, now=timezone.now())
    ask_about(seat.interview, left)


@require_POST
@login_required
def advance_phase(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    return move_clock(request, interview_id, lambda seat: advance(seat, request.POST))


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


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hints(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show the running step's hints; a POST opens the next rung of one ladder first."""
    seat = access.seat_or_404(request.user, interview_id, RUNS_CLOCK)
    error = ""
    if request.method == "POST":
        form = HintForm(request.POST)
        if form.is_valid():
            try:
                lifecycle.give_hint(seat.interview, actor=seat.user, now=timezone.now(), **form.cleaned_data)
            except ValidationError as refusal:
                error = words_of(refusal)
        else:
            error = "There is no such hint."
        if not request.htmx and not error:
            return redirect("interviews:room", interview_id)
    context = hint_context(seat, error)
    return render(request, "interviews/room.html#hints", context, status=422 if error else 200)


@login_required
@require_safe
def events_after(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Return the events after `?after=`, for a browser whose socket missed some."""
    seat = access.seat_or_404(request.user, interview_id)
    try:
        after = max(0, int(request.GET.get("after", "0")))
    except ValueError:
        return JsonResponse({"error": "`after` is the number of the last event you have."}, status=422)
    heard, seq = events.since(seat.interview.pk, min(after, 2**62), seat.role)
    return JsonResponse({"events": heard, "seq": seq})


@require_POST
@login_required
def submit(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Hand the design in. A second click finds it handed in and goes to the same scorecard."""
    seat = access.seat_or_404(request.user, interview_id, (Role.CANDIDATE,))
    try:
        submitting.submit(seat.interview, actor=seat.user, now=timezone.now())
    except ValidationError as refusal:
        return render(
            request,
            "interviews/submit_refused.html",
            {"interview": seat.interview, "reason": words_of(refusal)},
            status=422,
        )
    return redirect("interviews:scorecard", interview_id)
