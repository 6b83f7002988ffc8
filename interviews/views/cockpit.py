"""The interviewer's own panel in the room: nothing of it is sent to anybody else."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casestudies.models import Dimension
from interviews import access, follow_ups, interviewer
from interviews.access import Seat
from interviews.forms import AreasForm, StampForm
from interviews.models import Role
from interviews.peer import areas, missing, run_sheet, stamps
from interviews.views.asking import PersonRequest, words_of
from interviews.views.clock import clock_context

HOLDERS = (Role.INTERVIEWER,)


def now_context(seat: Seat) -> dict[str, Any]:
    """Return what to do now and next, how much was said, and who looks after what."""
    interview, now = seat.interview, timezone.now()
    context = clock_context(seat)
    phases = [step["phase"] for step in context["steps"]]
    lines = run_sheet.lines_by_step(interview.case.run_sheet, phases)
    running, following = context["running"], context["following"]
    people = areas.interviewers(interview)
    lead = areas.lead_of(people, running.dimension) if running else None
    return context | {
        "running_reading": running.reading(now, interview.paused_at) if running else None,
        "lines_now": lines.get(running.step, []) if running else [],
        "lines_next": lines.get(following.step, []) if following else [],
        "left_after": interview.reading(now).left,
        "talk_share": run_sheet.talk_share(interview, now),
        "lead": lead,
        "leads": lead is None or lead.user_id == seat.user.pk,
        "interviewers": people if len(people) > 1 else [],
        "dimensions": [(slug, Dimension(slug).label) for slug in areas.SPLIT],
        "my_areas": next((one.areas for one in people if one.user_id == seat.user.pk), []),
    }


def cockpit_context(seat: Seat) -> dict[str, Any]:
    """Return everything that the panel shows when the room is opened."""
    change = seat.interview.case.curveball
    return now_context(seat) | {"own_stamps": stamps.own(seat), "change": change}


@login_required
@never_cache
@require_safe
def cockpit(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show what to do now and next."""
    seat = access.seat_or_404(request.user, interview_id, HOLDERS)
    return render(request, "interviews/cockpit/now.html", now_context(seat))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show the questions to ask, what is missing first; a POST puts one, or closes the open one."""
    seat = access.seat_or_404(request.user, interview_id, HOLDERS)
    error = ""
    if request.method == "POST":
        error = refused(lambda: put_or_close(request, seat))
        if not request.htmx and not error:
            return redirect("interviews:room", interview_id)
    talk = interviewer.talk_of(seat.interview)
    context = {
        "seat": seat,
        "interview": seat.interview,
        "open_question": follow_ups.open_question(talk),
        "wants": missing.wants(seat.interview, talk),
        "error": error,
    }
    return render(request, "interviews/cockpit/questions.html", context, status=422 if error else 200)


def put_or_close(request: PersonRequest, seat: Seat) -> None:
    now = timezone.now()
    if "close" in request.POST:
        key = request.POST["close"]
        follow_ups.close(seat.interview, key=key, skipped=False, actor=seat.user, now=now)
    else:
        missing.put(seat, request.POST.get("follow_up", ""), now=now)


def refused(act: Callable[[], object]) -> str:
    """Do one act and return why it was refused, empty when it was not."""
    try:
        act()
    except ValidationError as refusal:
        return words_of(refusal)
    return ""


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """List one’s own notes; a POST keeps this moment, and asks for words when none came along."""
    seat = access.seat_or_404(request.user, interview_id, HOLDERS)
    if request.method != "POST":
        context = {"seat": seat, "interview": seat.interview, "own_stamps": stamps.own(seat)}
        return render(request, "interviews/cockpit/stamps.html", context)
    form = StampForm(request.POST)
    made: list[stamps.Stamp] = []

    def act() -> None:
        if not form.is_valid():
            raise ValidationError(form.errors["text"].as_data())
        made.append(stamps.stamp(seat, text=form.cleaned_data["text"], now=timezone.now()))

    error = refused(act)
    if not request.htmx and not error:
        return redirect("interviews:room", interview_id)
    fresh = made[0] if made and not made[0].text else None
    return stamp_form(request, seat, error, fresh)


@require_POST
@login_required
def edit_note(request: PersonRequest, interview_id: UUID, seq: int) -> HttpResponse:
    """Give an own note other words."""
    seat = access.seat_or_404(request.user, interview_id, HOLDERS)
    form = StampForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise ValidationError(form.errors["text"].as_data())
        stamps.edit(seat, seq, text=form.cleaned_data["text"], now=timezone.now())

    error = refused(act)
    if not request.htmx and not error:
        return redirect("interviews:room", interview_id)
    return stamp_form(request, seat, error, None)


def stamp_form(request: PersonRequest, seat: Seat, error: str, fresh: stamps.Stamp | None) -> HttpResponse:
    context = {"seat": seat, "interview": seat.interview, "fresh": fresh, "error": error}
    return render(request, "interviews/cockpit/stamp_form.html", context, status=422 if error else 200)


@require_POST
@login_required
def take_areas(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Say which areas are one's own, where there are two interviewers."""
    seat = access.seat_or_404(request.user, interview_id, HOLDERS)
    form = AreasForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise ValidationError("There is no such area.")
        areas.take(seat, form.cleaned_data["areas"], now=timezone.now())

    error = refused(act)
    if not request.htmx and not error:
        return redirect("interviews:room", interview_id)
    context = now_context(seat) | {"areas_error": error}
    return render(request, "interviews/cockpit/now.html", context, status=422 if error else 200)
