"""Calibration: scoring a sample beside its replay, and seeing how far one is from its interviewer."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from interviews import access
from interviews.models import Calibration, Scorecard, Submission
from interviews.peer import calibrating, drafts
from interviews.peer.forms import MarksForm
from interviews.views.asking import PersonRequest, words_of
from interviews.views.replay import replay_context


@login_required
@require_safe
def calibration(request: PersonRequest) -> HttpResponse:
    """Show the samples to score, how near one was each time, and whether that is near enough."""
    past = calibrating.past_of(request.user)
    context = {
        "offers": calibrating.offers(request.user),
        "past": [(one, round(100 * calibrating.share_of(one))) for one in past],
        "is_calibrated": request.user.pk in calibrating.calibrated([request.user.pk]),
        "enough": round(100 * calibrating.ENOUGH),
    }
    return render(request, "interviews/calibration.html", context)


def sample_or_404(request: PersonRequest, interview_id: UUID) -> tuple[Submission, Scorecard]:
    """Return a sample with its interviewer's card, which says what it was scored by."""
    submission = access.sample_or_404(request.user, interview_id)
    reference = calibrating.reference_of(submission)
    if reference is None:
        raise Http404("This sample has no interviewer’s levels to compare yours with. Choose another.")
    return submission, reference


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calibrate(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show a sample's replay with the rubric beside it; a POST keeps levels, or locks and measures them."""
    submission, reference = sample_or_404(request, interview_id)
    body = reference.rubric
    error = ""
    if request.method == "POST":
        error = keep_and_lock(request, submission, body)
        if not error and not request.htmx:
            locked = "lock" in request.POST
            return redirect("interviews:calibrated" if locked else "interviews:calibrate", interview_id)
    mine = Calibration.objects.filter(
        user=request.user, interview=submission.interview, locked_at=None
    ).first()
    context = marks_context(submission, body, mine) | {
        "by": named(reference),
        "error": error,
        "saved": request.method == "POST",
    }
    if request.htmx:
        answer = "interviews/live_marks.html#status"
    else:
        answer = "interviews/calibrate.html"
        context |= replay_context(access.watcher_or_404(request.user, interview_id))
    return render(request, answer, context, status=422 if error else 200)


def named(reference: Scorecard) -> str:
    return reference.author.name if reference.author else "the interviewer"


def marks_context(submission: Submission, body: dict[str, Any], mine: Calibration | None) -> dict[str, Any]:
    found = drafts.sections(body, calibrating.drafts_of(mine))
    return {
        "submission": submission,
        "interview": submission.interview,
        "sections": found,
        "given": sum(section.given for section in found),
        "of": sum(len(section.questions) for section in found),
        "may_write": True,
        "save_path": reverse("interviews:calibrate", args=[submission.interview_id]),
    }


def keep_and_lock(request: PersonRequest, submission: Submission, body: dict[str, Any]) -> str:
    """Keep what the form says and, when asked to, lock it; return what was refused, or nothing."""
    form = MarksForm(request.POST, codes=[criterion["code"] for criterion in body["criteria"]])
    if not form.is_valid():
        return f"{form.refusal()} Nothing was stored; choose again."
    now, rest = timezone.now(), bool(request.POST.get("rest"))
    try:
        if form.codes:
            calibrating.save(request.user, submission, form.changes(), now=now)
        if "lock" in request.POST:
            calibrating.lock(request.user, submission, body, rest_not_observed=rest, now=now)
    except ValidationError as refusal:
        return words_of(refusal)
    return ""


@login_required
@require_safe
def calibrated(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show the last locked reading of a sample beside its interviewer's, criterion by criterion."""
    submission, reference = sample_or_404(request, interview_id)
    locked = Calibration.objects.filter(
        user=request.user, interview=submission.interview, locked_at__isnull=False
    )
    mine = locked.order_by("-locked_at").first()
    if mine is None:
        return redirect("interviews:calibrate", interview_id)
    found = calibrating.distances(mine, submission)
    kinder = calibrating.kinder_by(found)
    context = {
        "interview": submission.interview,
        "mine": mine,
        "by": named(reference),
        "distances": sorted(found, key=lambda one: (one.is_near, -abs(one.apart or 0))),
        "share": round(100 * calibrating.share_of(mine)),
        "enough": round(100 * calibrating.ENOUGH),
        "is_enough": calibrating.share_of(mine) >= calibrating.ENOUGH,
        "kinder": kinder,
        "stricter": -kinder if kinder is not None and kinder < 0 else None,
        "forgotten_days": calibrating.FORGOTTEN.days,
    }
    return render(request, "interviews/calibrated.html", context)
