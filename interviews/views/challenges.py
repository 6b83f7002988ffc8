"""What the interviewer puts to the candidate: the follow-up question, and the requirement that changes."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from interviews import access, curveballs, follow_ups, interviewer, tasks
from interviews.access import Seat
from interviews.models import Event, Interview, Phase, Role
from interviews.views.asking import PersonRequest, plain_answer, words_of

ASKED_BY_THE_ROOM = (Role.CANDIDATE, Role.INTERVIEWER)
NOTES_ARRIVE_SECONDS = 1  # what was typed right before is on its way


def ask_about(interview: Interview, left: Phase) -> None:
    """Have a worker choose the follow-up on a step that was left; without a broker there is none."""

    def choose() -> None:
        tasks.choose_follow_up.apply_async((str(interview.pk), left.pk), countdown=NOTES_ARRIVE_SECONDS)

    transaction.on_commit(choose, robust=True)


def challenge_context(seat: Seat, talk: Sequence[Event], *, alone: bool, error: str = "") -> dict[str, Any]:
    """Return the open follow-up and the curveball, with what this person may do about them."""
    interview = seat.interview
    now = timezone.now()
    whole = interview.reading(now)
    thrown = curveballs.thrown(talk)
    throws = seat.role == Role.INTERVIEWER or (seat.role == Role.CANDIDATE and alone)
    may_throw = interview.is_live and thrown is None and throws
    half = interview.minutes * 60 * curveballs.OFFERED_FROM
    return {
        "seat": seat,
        "interview": interview,
        "question": follow_ups.open_question(talk) if interview.is_live and seat.sees_hints else None,
        "closes_question": seat.role == Role.CANDIDATE,
        "thrown": thrown,
        "thrown_reading": thrown.reading(whole) if thrown else None,
        "ticks": interview.ticks,
        "may_throw": may_throw,
        "too_late": curveballs.too_late(interview, now) if may_throw else "",
        "may_close": interview.is_live and thrown is not None and not thrown.closed and throws,
        "offered": whole.spent >= half,
        "offered_in": round(half - whole.spent) + 1 if interview.ticks else 0,
        "challenge_error": error,
    }


def shown(request: PersonRequest, seat: Seat, name: str, error: str = "") -> HttpResponse:
    talk, alone = interviewer.talk_of(seat.interview), not interviewer.has_interviewer(seat.interview)
    context = challenge_context(seat, talk, alone=alone, error=error)
    return render(request, f"interviews/{name}.html", context, status=422 if error else 200)


def act(request: PersonRequest, seat: Seat, name: str, do: Callable[[], object]) -> HttpResponse:
    """Do one act and show its panel after it, with the reason of a refusal."""
    error = ""
    try:
        do()
    except ValidationError as refusal:
        error = words_of(refusal)
    if not request.htmx:
        return plain_answer(request, seat.interview, error)
    return shown(request, seat, name, error)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show the open follow-up; a POST by the candidate says that it is answered, or skips it."""
    if request.method != "POST":
        return shown(request, access.seat_or_404(request.user, interview_id, ASKED_BY_THE_ROOM), "_follow_up")
    seat = access.seat_or_404(request.user, interview_id, (Role.CANDIDATE,))
    key, skipped = request.POST.get("follow_up", ""), "skip" in request.POST
    return act(
        request,
        seat,
        "_follow_up",
        lambda: follow_ups.close(
            seat.interview, key=key, skipped=skipped, actor=seat.user, now=timezone.now()
        ),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def curveball(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show what has changed, or the offer of a change; a POST keeps the board and changes a requirement."""
    if request.method != "POST":
        return shown(request, access.seat_or_404(request.user, interview_id), "_curveball")
    seat = access.seat_or_404(request.user, interview_id, ASKED_BY_THE_ROOM)
    return act(request, seat, "_curveball", lambda: curveballs.throw(seat, now=timezone.now()))


@require_POST
@login_required
def close_curveball(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Put the curveball's clock away: the change is worked in."""
    seat = access.seat_or_404(request.user, interview_id, ASKED_BY_THE_ROOM)
    return act(request, seat, "_curveball", lambda: curveballs.close(seat, now=timezone.now()))
