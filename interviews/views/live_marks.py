"""The rubric beside the interview: an interviewer's own levels, kept as they are chosen."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casestudies.models import Dimension, Rubric
from interviews import access, card_requests
from interviews.access import Seat
from interviews.models import Participant, Role
from interviews.peer import drafts
from interviews.peer.forms import MarksForm
from interviews.views.asking import PersonRequest, words_of


def rubric_or_none(seat: Seat) -> Rubric | None:
    try:
        return card_requests.rubric_in_force(seat.interview.case_id, seat.interview.framework)
    except ValidationError:
        return None


def others_areas(seat: Seat) -> list[tuple[Participant, str]]:
    """Return the other interviewers with the names of the areas they score first."""
    seats = seat.interview.participants.filter(role=Role.INTERVIEWER, removed_at=None)
    return [
        (other, ", ".join(Dimension(slug).label for slug in other.areas if slug in Dimension.values))
        for other in seats.exclude(user=seat.user).select_related("user").order_by("joined_at")
    ]


def marks_context(seat: Seat, standing: dict[str, drafts.Draft] | None = None) -> dict[str, Any]:
    """Return what an interviewer's rubric shows: anchors and own levels, nobody else's."""
    own = drafts.participant_of(seat)
    rubric = rubric_or_none(seat)
    phase = seat.interview.running_phase()
    found = []
    if rubric is not None:
        kept = drafts.drafts_of(own.pk) if standing is None else standing
        running = phase.dimensions if phase else ()
        found = drafts.sections(rubric.body, kept, areas=own.areas, running=running)
    others = others_areas(seat)
    return {
        "seat": seat,
        "interview": seat.interview,
        "own": own,
        "sections": found,
        "given": sum(section.given for section in found),
        "of": sum(len(section.questions) for section in found),
        "others": others,
        "shares_areas": bool(own.areas) or any(areas for _, areas in others),
        "save_path": reverse("interviews:live_marks", args=[seat.interview.pk]),
        "may_write": (seat.interview.is_live or seat.interview.is_done) and not own.has_spoken,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def live_marks(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show an interviewer's own levels, as a page or as the room's panel; a POST keeps what changed."""
    seat = access.seat_or_404(request.user, interview_id, (Role.INTERVIEWER,))
    error = ""
    standing = None
    if request.method == "POST":
        rubric = rubric_or_none(seat)
        codes = [criterion["code"] for criterion in rubric.body["criteria"]] if rubric else []
        form = MarksForm(request.POST, codes=codes)
        if form.is_valid():
            try:
                standing = drafts.save(seat, form.changes(), now=timezone.now())
            except ValidationError as refusal:
                error = words_of(refusal)
        else:
            error = f"{form.refusal()} Nothing was stored; choose again."
        if not request.htmx and not error:
            return redirect("interviews:live_marks", interview_id)
    context = marks_context(seat, standing) | {"error": error, "saved": standing is not None}
    part = ("#status" if request.method == "POST" else "#marks") if request.htmx else ""
    return render(request, f"interviews/live_marks.html{part}", context, status=422 if error else 200)
