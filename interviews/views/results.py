"""The scorecard and its making."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casestudies.models import CaseStudy, Framework
from interviews import (
    access,
    against_reference,
    card_requests,
    earlier_attempt,
    pictures,
    printing,
    second_reading,
    self_scoring,
)
from interviews.access import Seat
from interviews.card_page import by_programs, card_context
from interviews.forms import FrameworkForm
from interviews.models import JobState, Role, Scorecard, Source, Submission
from interviews.peer import reveal
from interviews.views.asking import HtmxRequest, words_of
from interviews.views.selfscore import OWN_LEVELS, following
from whiteboard import drawing


def chosen_framework(request: HttpRequest, submission: Submission) -> Framework:
    """Return the framework of `?framework=`, or the interview's own; Http404 for an unknown one."""
    slug = request.GET.get("framework")
    if not slug or slug == submission.interview.framework.slug:
        return submission.interview.framework
    framework = Framework.objects.offered().filter(slug=slug).first()
    if framework is None:
        raise Http404("There is no such framework. Choose one of those on the page.")
    return framework


def engine_card(submission: Submission, framework: Framework) -> Scorecard | None:
    return (
        submission.scorecards.filter(source=Source.ENGINE, framework=framework)
        .order_by("-created_at")
        .first()
    )


def chosen_card(request: HttpRequest, submission: Submission, framework: Framework) -> Scorecard | None:
    """Return the card of `?card=`, else the newest automatic one; Http404 for a card of another design."""
    wanted = request.GET.get("card")
    if not wanted:
        return engine_card(submission, framework)
    try:
        return by_programs(submission).select_related("framework").get(pk=UUID(wanted))
    except (ValueError, Scorecard.DoesNotExist) as error:
        raise Http404("There is no such scorecard of this design.") from error


def disagreements(second: Scorecard | None) -> list[dict[str, Any]]:
    """Return where the second reader lies two levels or more from the engine, by the criteria's names."""
    if second is None:
        return []
    names = {criterion["code"]: criterion["name"] for criterion in second.rubric["criteria"]}
    return [{**one, "name": names[one["code"]]} for one in second.report["judge"]["disagreements"]]


def card_url(submission: Submission, framework: Framework) -> str:
    url = reverse("interviews:scorecard", args=[submission.interview_id])
    return url if framework == submission.interview.framework else f"{url}?framework={framework.slug}"


def attempts_context(request: HttpRequest, submission: Submission, card: Scorecard) -> dict[str, Any]:
    """Return the attempt before beside this one, and whether this person may go on from it."""
    interview = submission.interview
    seat = access.seat_of(request.user, interview.pk)
    earlier = earlier_attempt.beside_before(request.user, interview, card)
    if earlier is not None and seat is not None and seat.submits:  # the old levels are known from now on
        self_scoring.note_reveal(earlier.before.submission, candidate=seat.user, now=timezone.now())
    return {"retries": seat is not None and seat.submits, "earlier": earlier}


def scoring_context(submission: Submission, framework: Framework) -> dict[str, Any]:
    """Return how far the reading of a submission is."""
    job = card_requests.newest_job(submission, framework)
    return {
        "submission": submission,
        "interview": submission.interview,
        "framework": framework,
        "job": job,
        "failed": job is not None and job.state == JobState.FAILED,
        "waiting_seconds": (timezone.now() - job.created_at).total_seconds() if job else 0,
        "titles": [phase.title for phase in submission.interview.phases.order_by("position")],
    }


def own_context(seat: Seat | None, submission: Submission, card: Scorecard) -> dict[str, Any]:
    """Return the candidate's own levels beside a card, for the candidate; from now on they have seen it."""
    if seat is None or seat.role != Role.CANDIDATE:
        return {}
    own = self_scoring.own_card(submission)
    if own is not None:
        return {"beside": self_scoring.beside(own, card)}
    self_scoring.note_reveal(submission, candidate=seat.user, now=timezone.now())
    return {"may_score_self": True}


def what_comes_first(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Lead to the own levels that come before the scorecard, between people to who is waited for.

    A candidate who is alone skips theirs by `?own=skipped`, and is led to the scorecard for good.
    """
    wanted = following(seat)
    if wanted == OWN_LEVELS and request.method == "GET" and request.GET.get("own") == "skipped":
        self_scoring.skip(access.design_or_404(seat), candidate=seat.user, now=timezone.now())
        wanted = "interviews:scorecard"
    return redirect(wanted, seat.interview.pk)


@require_safe
def scorecard(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    try:
        submission = access.submission_or_404(request.user, interview_id)
    except access.NotYetOpen as closed:
        return what_comes_first(request, closed.seat)
    framework = chosen_framework(request, submission)
    card = chosen_card(request, submission, framework)
    if card is None:
        return render(request, "interviews/scoring.html", scoring_context(submission, framework))
    # A sample is open to everybody, also to somebody who sits at this very case.
    is_open = access.may_see_spoilers(request.user, submission.interview.case)
    context = card_context(submission, card, is_open=is_open) | attempts_context(request, submission, card)
    if card.source == Source.ENGINE:
        second = second_reading.standing(submission, card.framework)
        context |= {"second": second, "disagreements": disagreements(second.card if second else None)}
    seat = access.seat_of(request.user, interview_id)
    context["scored_again"] = seat is not None
    context |= own_context(seat, submission, card)
    return render(request, "interviews/scorecard.html", context)


@require_safe
def scorecard_pdf(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Return the scorecard as a PDF, with what this person sees on its page."""
    submission = access.submission_or_404(request.user, interview_id)
    card = chosen_card(request, submission, chosen_framework(request, submission))
    if card is None:
        raise Http404("There is no scorecard yet. Its page shows how far the scoring is.")
    is_open = access.may_see_spoilers(request.user, submission.interview.case)
    context = card_context(submission, card, is_open=is_open)
    everybodys = reveal.between_people(access.seat_of(request.user, interview_id), submission)
    printed = printing.pdf(context | {"between_people": everybodys})
    name = f"{submission.interview.case.slug}-{submission.at:%Y-%m-%d}.pdf"
    return HttpResponse(
        printed,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


@require_safe
def beside_reference(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Show the submitted board beside the reference: what both have, and what only one of them has."""
    submission = access.submission_or_404(request.user, interview_id)
    interview = submission.interview
    case = CaseStudy.objects.get(pk=interview.case_id)
    if not interview.is_sample and not access.may_see_spoilers(request.user, case):
        raise PermissionDenied("The reference opens once you have submitted a design for this case yourself.")
    reference = pictures.reference_graph(case)
    if reference is None:
        raise Http404("This case has no drawn reference.")
    found = against_reference.against(reference, submission.graph)
    context = {
        "interview": interview,
        "submission": submission,
        "found": found,
        "own_svg": drawing.svg(
            submission.scene["elements"],
            title=f"{case.title}: the submitted board",
            earned=found.own.marks,
            pictures=pictures.addresses(interview, submission.scene["elements"]),
            name="own",
        ),
        "reference_svg": pictures.reference_svg(case, found.reference.marks),
        "has_board": bool(submission.graph["nodes"]),
    }
    return render(request, "interviews/beside_reference.html", context)


@require_safe
def scoring_state(request: HtmxRequest, interview_id: UUID) -> HttpResponse:
    """Show how far the scoring is; once the card is there, tell the browser to go to it."""
    submission = access.submission_or_404(request.user, interview_id)
    framework = chosen_framework(request, submission)
    if engine_card(submission, framework) is None:
        return render(request, "interviews/scoring.html#state", scoring_context(submission, framework))
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": card_url(submission, framework)})
    return redirect(card_url(submission, framework))


@require_POST
def score_again(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Read the same submission under another framework, or try a failed reading again."""
    submission = access.submission_or_404(request.user, interview_id)
    if access.seat_of(request.user, interview_id) is None:
        raise PermissionDenied("Only who was in this interview can have it scored again.")
    form = FrameworkForm(request.POST)
    reason = "" if form.is_valid() else " ".join(map(str, form.errors["framework"]))
    if not reason:
        framework = form.cleaned_data["framework"]
        try:
            if engine_card(submission, framework) is None:
                card_requests.ask_for_card(submission, framework, now=timezone.now())
        except ValidationError as refusal:
            reason = words_of(refusal)
        else:
            return redirect(card_url(submission, framework))
    context = {"interview": submission.interview, "reason": reason}
    return render(request, "interviews/submit_refused.html", context, status=422)
