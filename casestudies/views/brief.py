"""The interviewer's brief of a case: what to read before, and what to have on the table while holding it."""

from itertools import accumulate
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casestudies import access
from casestudies.models import CaseStudy, Dimension, GuidePage
from casestudies.views.library import LEVELS

# The page of the guide that says what the cues are cues of.
ON_LEVELS = "what-the-levels-mean"
CLOSED = (
    "The interviewer’s brief gives away what the candidate has to find. It opens once you have submitted"
    " a design for this case, or with “Show me anyway”."
)


@require_safe
@never_cache
def brief(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the brief to those for whom the case is open; lead everybody else to the case."""
    study, is_open = access.case_or_404(request.user, slug)
    if not is_open:
        messages.info(request, CLOSED)
        return redirect(study)
    context = {
        "case": study.face(),
        "brief": study.brief,
        "run_sheet": run_sheet(study),
        "cues": [(label, study.level_cues.get(level, [])) for level, label in LEVELS],
        "levels_page": GuidePage.objects.shown().only("slug", "title").filter(slug=ON_LEVELS).first(),
        "facts": study.facts.order_by("position"),
        "curveball": study.curveball,
    }
    return render(request, "casestudies/brief.html", context)


def run_sheet(study: CaseStudy) -> list[dict[str, Any]]:
    """Return the lines of the run sheet, each with its area's name, its beginning and its end."""
    names = dict(Dimension.choices)
    ends = accumulate(item["minutes"] for item in study.run_sheet)
    return [
        {**item, "area": names[item["dimension"]], "begins": end - item["minutes"], "ends": end}
        for item, end in zip(study.run_sheet, ends, strict=True)
    ]
