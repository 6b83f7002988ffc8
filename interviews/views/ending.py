"""After a peer interview: scoring alone, waiting for each other, the reveal, and what follows from it."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casestudies.models import Dimension
from interviews import access, pictures, self_scoring
from interviews.access import Seat
from interviews.card_order import SCORERS
from interviews.models import Role, Submission
from interviews.peer import drafts, ending, rating, reveal, stamps, swapping
from interviews.peer.forms import MarksForm, RatingForm
from interviews.replaying import RUNGS
from interviews.views.asking import PersonRequest, words_of
from interviews.views.live_marks import marks_context, rubric_or_none
from interviews.views.selfscore import following
from whiteboard import drawing


@login_required
@require_safe
def waiting(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Lead each person to what they do next after an interview; show who is waited for once that is done."""
    seat = access.seat_or_404(request.user, interview_id, SCORERS)
    if not seat.interview.is_done:
        return redirect("interviews:room", interview_id)
    if seat.cards_are_open:
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        name = "reveal" if seat.interview.keeps_order else "scorecard"
        return redirect(f"interviews:{name}", interview_id)
    if not seat.interview.keeps_order:
        return redirect(following(seat), interview_id)
    standing = ending.ending_of(access.design_or_404(seat))
    own = standing.own(seat)
    if own is None or not own.has_spoken:
        name = "self_score" if seat.role == Role.CANDIDATE else "score"
        return redirect(f"interviews:{name}", interview_id)
    part = "#standing" if request.htmx else ""
    return render(request, f"interviews/ending.html{part}", waiting_context(seat, standing))


def waiting_context(seat: Seat, standing: ending.Ending, error: str = "") -> dict[str, Any]:
    return {
        "seat": seat,
        "interview": seat.interview,
        "ending": standing,
        "own": standing.own(seat),
        "may_open": standing.may_open(seat, timezone.now()),
        "error": error,
    }


def design_context(seat: Seat, submission: Submission) -> dict[str, Any]:
    """Return the design as it was handed in, with nothing of what anybody made of it."""
    elements = submission.scene["elements"]
    phases = seat.interview.phases.order_by("position")
    answers = submission.answers
    return {
        "submission": submission,
        "notes": [(one, answers[one.step]) for one in phases if answers.get(one.step, "").strip()],
        "questions": submission.asked,
        "hints": [(Dimension(one["dimension"]).label, RUNGS[one["rung"] - 1]) for one in submission.hints],
        "board_svg": drawing.svg(
            elements,
            title=f"{seat.interview.case.title}: the submitted board",
            pictures=pictures.addresses(seat.interview, elements),
        )
        if elements
        else "",
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Let an interviewer score alone, from their drafts, beside the design; a POST keeps or locks them."""
    seat = access.seat_or_404(request.user, interview_id, (Role.INTERVIEWER,))
    if not seat.interview.is_done:
        return redirect("interviews:live_marks", interview_id)
    submission = access.design_or_404(seat)
    standing = ending.ending_of(submission)
    own = standing.own(seat)
    if own is not None and own.has_spoken:
        return redirect("interviews:ending", interview_id)
    error = ""
    if request.method == "POST":
        error = keep_and_lock(request, seat)
        if not error:
            locked = "lock" in request.POST
            return redirect("interviews:ending" if locked else "interviews:score", interview_id)
    context = marks_context(seat) | design_context(seat, submission)
    context |= {"ending": standing, "error": error, "own_stamps": stamps.own(seat)}
    context["self_first"] = standing.self_comes_first(timezone.now())
    return render(request, "interviews/score.html", context, status=422 if error else 200)


def keep_and_lock(request: PersonRequest, seat: Seat) -> str:
    """Keep what the form says and, when asked to, lock it; return what was refused, or nothing."""
    rubric = rubric_or_none(seat)
    codes = [criterion["code"] for criterion in rubric.body["criteria"]] if rubric else []
    form = MarksForm(request.POST, codes=codes)
    if not form.is_valid():
        return f"{form.refusal()} Nothing was stored; choose again."
    now = timezone.now()
    try:
        if form.codes:
            drafts.save(seat, form.changes(), now=now)
        if "lock" in request.POST:
            ending.hand_in(seat, rest_not_observed=bool(request.POST.get("rest")), now=now)
    except ValidationError as refusal:
        return words_of(refusal)
    return ""


@login_required
@require_POST
def waive(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Note that an interviewer gives no levels, so that nobody waits for them."""
    seat = access.seat_or_404(request.user, interview_id, (Role.INTERVIEWER,))
    return act(request, seat, lambda: ending.waive(seat, now=timezone.now()))


@login_required
@require_POST
def open_cards(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Open the scorecards without those who are missing, once that is allowed."""
    seat = access.seat_or_404(request.user, interview_id, SCORERS)
    return act(request, seat, lambda: ending.open_cards(seat, now=timezone.now()))


def act(request: PersonRequest, seat: Seat, does: Any) -> HttpResponse:
    try:
        does()
    except ValidationError as refusal:
        context = {"interview": seat.interview, "reason": words_of(refusal)}
        return render(request, "interviews/submit_refused.html", context, status=422)
    return redirect("interviews:ending", seat.interview.pk)


@login_required
@require_safe
def reveal_page(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show all scorecards side by side, the debrief, and what comes after it."""
    seat = access.seat_or_404(request.user, interview_id, SCORERS)
    if not seat.interview.is_done:
        return redirect("interviews:room", interview_id)
    if not seat.cards_are_open:
        return redirect("interviews:ending", interview_id)
    if not seat.interview.keeps_order:
        return redirect("interviews:scorecard", interview_id)
    return render(request, "interviews/reveal.html", reveal_context(seat))


def reveal_context(seat: Seat, error: str = "") -> dict[str, Any]:
    submission = access.design_or_404(seat)
    shown = reveal.revealed(seat, submission)
    if seat.role == Role.CANDIDATE and shown.automatic is not None:
        self_scoring.note_reveal(submission, candidate=seat.user, now=timezone.now())
    own = shown.ending.own(seat)
    return {
        "seat": seat,
        "interview": seat.interview,
        "submission": submission,
        "own": own,
        "shown": shown,
        "is_candidate": seat.role == Role.CANDIDATE,
        "questions": rating.QUESTIONS,
        "to_rate": [one for one in shown.ending.interviewers if one.pk not in shown.ratings],
        "rated": [one for one in shown.ending.interviewers if one.pk in shown.ratings],
        # A rating is for the interviewer it is about, and for who wrote it.
        "own_rating": shown.ratings.get(own.pk) if own and seat.role == Role.INTERVIEWER else None,
        "swaps": swapping.offers(seat, shown.ending),
        "error": error,
    }


def open_or_403(request: PersonRequest, interview_id: UUID, roles: tuple[Role, ...]) -> Seat:
    """Return this person's seat in an interview whose scorecards are open to them."""
    seat = access.seat_or_404(request.user, interview_id, roles)
    access.submission_or_404(request.user, interview_id)
    if not seat.interview.keeps_order:
        raise PermissionDenied("This follows an interview between people.")
    return seat


@login_required
@require_POST
def rate(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Keep what a candidate thinks of an interviewer."""
    seat = open_or_403(request, interview_id, (Role.CANDIDATE,))
    form = RatingForm(request.POST)
    error = "" if form.is_valid() else form.refusal()
    if not error:
        given = form.cleaned_data
        try:
            rating.rate(seat, given["interviewer"], form.answers(), given["words"], now=timezone.now())
        except ValidationError as refusal:
            error = words_of(refusal)
    if error:
        return render(request, "interviews/reveal.html", reveal_context(seat, error), status=422)
    return redirect("interviews:reveal", interview_id)


@login_required
@require_POST
def swap(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Open the lobby of an interview with the seats swapped."""
    seat = open_or_403(request, interview_id, SCORERS)
    try:
        following = swapping.swap(seat, request.POST, now=timezone.now())
    except ValidationError as refusal:
        context = reveal_context(seat, words_of(refusal))
        return render(request, "interviews/reveal.html", context, status=422)
    return redirect("interviews:room", following.pk)
