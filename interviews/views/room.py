"""The room: one live page, its hints, and handing the design in."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from interviews import access, events, ladders
from interviews.access import Seat
from interviews.forms import HintForm
from interviews.people import color_of
from interviews.views.ask import talk_context
from interviews.views.asking import PersonRequest, plain_answer, words_of
from interviews.views.calling import with_call
from interviews.views.challenges import challenge_context
from interviews.views.clock import RUNS_CLOCK, away_page, clock_context
from interviews.views.cockpit import cockpit_context
from interviews.views.lobby import called_off_page, lobby_page, presence_context
from interviews.views.selfscore import following

RUNGS = ("Nudge", "Pointer", "Sketch")


def hint_context(seat: Seat, error: str = "") -> dict[str, Any]:
    """Return the ladders of the running step: what was given so far, and whether there is more."""
    interview = seat.interview
    phase = interview.running_phase()
    given = ladders.given_hints(interview)
    shown = []
    for dimension in phase.dimensions if phase else []:
        rungs = list(interview.case.hints.filter(dimension=dimension).order_by("rung"))
        height = given.get(dimension, 0)
        shown.append(
            {
                "dimension": dimension,
                "given": [hint for hint in rungs if hint.rung <= height],
                "next_rung": height + 1 if height < len(rungs) else None,
                "rungs": [
                    {"rung": hint.rung, "name": RUNGS[hint.rung - 1]}
                    # What was not given yet is read by who gives it.
                    | ({"text": hint.text} if seat.holds_cockpit else {})
                    for hint in rungs
                    if hint.rung > height
                ],
            }
        )
    return {
        "seat": seat,
        "interview": interview,
        "phase": phase,
        "ladders": shown,
        "given_only": seat.submits and ladders.by_interviewer_only(interview),
        "hint_error": error,
    }


@login_required
@require_safe
def room(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    seat = access.seat_or_404(request.user, interview_id)
    interview = seat.interview
    if interview.is_done and seat.sees_scores:
        return redirect(following(seat), interview.pk)
    if interview.is_waiting:
        return with_call(lobby_page(request, seat), seat)
    if interview.is_closed and interview.started_at is None:
        return called_off_page(request, seat)
    left = away_page(request, seat)
    if left is not None:
        return left
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
    context |= presence_context(seat)
    if seat.sees_hints:
        context |= hint_context(seat)
    if seat.holds_cockpit:
        context |= cockpit_context(seat)
    return with_call(render(request, "interviews/room.html", context), seat)


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
                ladders.give_hint(seat.interview, actor=seat.user, now=timezone.now(), **form.cleaned_data)
            except ValidationError as refusal:
                error = words_of(refusal)
        else:
            error = "There is no such hint."
        if not request.htmx:
            return plain_answer(request, seat.interview, error)
    context = hint_context(seat, error)
    page = "interviews/cockpit/hints.html" if seat.holds_cockpit else "interviews/room.html#hints"
    return render(request, page, context, status=422 if error else 200)


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
