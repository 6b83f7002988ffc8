"""Attempts of a case beside each other, and the report of progress on paper."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from casestudies.models import CaseStudy
from interviews import pictures, progress_report, self_scoring, side_by_side
from interviews.side_by_side import Attempt
from interviews.views.asking import PersonRequest
from whiteboard import drawing


@login_required
@require_safe
def compared(request: PersonRequest, slug: str) -> HttpResponse:
    """Show two to four attempts of a case; `?attempt=` names them, else the last two."""
    case = get_object_or_404(CaseStudy.objects.only("slug", "title", "one_line"), slug=slug)
    listed = side_by_side.attempts_of(request.user, case)
    if not listed:
        raise Http404("You have no scored attempt of this case yet.")
    wanted = request.GET.getlist("attempt")[:20]
    attempts = side_by_side.with_cards(side_by_side.chosen(listed, wanted))
    for one in attempts:  # what the program thinks of them is known from now on
        if self_scoring.own_card(one.card.submission) is None:
            self_scoring.note_reveal(one.card.submission, candidate=request.user, now=timezone.now())
    context: dict[str, Any] = {
        "case": case,
        "listed": listed,
        "attempts": attempts,
        "picked": {one.interview.pk for one in attempts},
        "most": side_by_side.MOST,
    }
    if len(attempts) >= side_by_side.FEWEST:
        context |= beside(attempts)
    return render(request, "practice/compared.html", context)


def beside(attempts: list[Attempt]) -> dict[str, Any]:
    found = side_by_side.drawings(attempts)
    marks = {0: found.reference.marks, len(attempts) - 1: found.own.marks}
    return {
        "dimensions": side_by_side.dimension_rows(attempts),
        "criteria": side_by_side.criterion_rows(attempts),
        "difference": side_by_side.difference(attempts),
        "engines": {one.card.engine_version for one in attempts},
        "found": found,
        "boards": [(one, picture_of(one, place, marks.get(place))) for place, one in enumerate(attempts)],
    }


def picture_of(attempt: Attempt, place: int, marks: dict[str, list[str]] | None) -> str:
    elements = attempt.card.submission.scene["elements"]
    if not elements:
        return ""
    return drawing.svg(
        elements,
        title=f"{attempt.interview.case.title}: the board of {attempt.when}",
        earned=marks,
        pictures=pictures.addresses(attempt.interview, elements),
        name=f"attempt-{place}",
    )


@login_required
@require_safe
def progress_pdf(request: PersonRequest) -> HttpResponse:
    """Return a person's progress as a PDF: levels over the attempts, the last five, what to practise."""
    now = timezone.now()
    return HttpResponse(
        progress_report.pdf(progress_report.content(request.user, now)),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="progress-{timezone.localdate(now):%Y-%m-%d}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
