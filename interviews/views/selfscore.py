"""The page on which candidates score themselves, between handing in and the scorecard."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from interviews import access, card_order, card_requests, self_scoring, submitting
from interviews.access import Seat
from interviews.forms import SelfScoreForm
from interviews.models import Role, Submission
from interviews.views.asking import PersonRequest, words_of

OWN_LEVELS = "interviews:self_score"


def following(seat: Seat) -> str:
    """Return the name of the page that comes next for somebody whose design is handed in."""
    if seat.interview.own_levels_first and not seat.cards_are_open:
        return OWN_LEVELS
    return "interviews:ending" if seat.interview.keeps_order else "interviews:scorecard"


def has_spoken(seat: Seat, submission: Submission) -> bool:
    """Whether a candidate has given their own levels, or skipped that for good."""
    if self_scoring.own_card(submission) is not None:
        return True
    return seat.interview.participants.filter(user=seat.user, waived_at__isnull=False).exists()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def self_score(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Ask for a level per criterion, each of them optional, and go to the scorecard.

    It comes before everything else, and is skipped by saying so.
    """
    seat = access.seat_or_404(request.user, interview_id, (Role.CANDIDATE,))
    if not seat.interview.is_done:
        return redirect("interviews:room", interview_id)
    submission = access.design_or_404(seat)
    results = "interviews:ending" if seat.interview.keeps_order else "interviews:scorecard"
    if has_spoken(seat, submission):
        return redirect(results, interview_id)
    between_people = seat.interview.keeps_order and seat.interview.cards_opened_at is None
    try:
        body = card_requests.current_rubric(submission, seat.interview.framework).body
    except ValidationError:  # no rubric in force: the scorecard's page says what to do
        if not between_people:
            card_order.open_alone(seat.interview)
            return redirect("interviews:scorecard", interview_id)
        body = {"framework": {"steps": []}, "criteria": []}  # nothing to ask; it can be skipped
    error = ""
    if request.method == "POST":
        form = SelfScoreForm(request.POST, criteria=body["criteria"])
        try:
            if "skip" in request.POST:
                self_scoring.skip(submission, candidate=seat.user, now=timezone.now())
                return redirect(results, interview_id)
            if form.is_valid():
                self_scoring.score_self(submission, form.levels(), candidate=seat.user, now=timezone.now())
                return redirect(results, interview_id)
            error = "A level is a number from 0 to 4. Nothing was stored; choose again."
        except ValidationError as refusal:
            error = words_of(refusal)
    sections = self_scoring.questions(body)
    for section in sections:
        section["questions"] = [
            {**criterion, "chosen": request.POST.get(f"level-{criterion['code']}", "")}
            for criterion in section["criteria"]
        ]
    context = {
        "interview": seat.interview,
        "between_people": between_people,
        "sections": sections,
        "error": error,
        "revealed": self_scoring.was_revealed(submission, seat.user),
        "by_clock": submitting.by_clock(seat.interview),
    }
    return render(request, "interviews/self_score.html", context, status=422 if error else 200)
