"""Handing the design in: what is empty is said once, and then one answer submits."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from interviews import access, submitting
from interviews.access import Seat
from interviews.models import Role
from interviews.views.asking import PersonRequest, words_of
from interviews.views.selfscore import following


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Hand the design in; before that, as a page or a part of the room's, say what is empty.

    A second click finds the design handed in and goes to the same place.
    """
    seat = access.seat_or_404(request.user, interview_id, (Role.CANDIDATE,))
    if request.method != "POST":
        return look_first(request, seat)
    chosen = request.POST.get("then") == "self-score"
    try:
        submitting.submit(seat.interview, actor=seat.user, now=timezone.now(), own_levels_first=chosen)
    except ValidationError as refusal:
        context = {"interview": seat.interview, "reason": words_of(refusal)}
        return render(request, "interviews/submit_refused.html", context, status=422)
    return redirect("interviews:self_score" if chosen else "interviews:scorecard", interview_id)


def look_first(request: PersonRequest, seat: Seat) -> HttpResponse:
    """Show what is empty in the design as it is now."""
    interview = seat.interview
    context: dict[str, object] = {"interview": interview}
    if interview.is_done:
        return redirect(following(seat), interview.pk)
    if not interview.is_live:
        context["reason"] = "This interview is not running, so there is nothing to submit."
    else:
        try:
            context["lacking"] = submitting.lacking(interview)
        except ValidationError as refusal:
            context["reason"] = words_of(refusal)
    part = "_submit_check" if request.htmx else "submit_check"
    return render(request, f"interviews/{part}.html", context)
