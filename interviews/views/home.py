"""The front page: what this is for a visitor, and one next thing for who is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casestudies.models import CaseStudy
from interviews import history, samples
from interviews.models import Interview

MOST_RUNNING = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    cases = CaseStudy.objects.published().for_cards().order_by("difficulty", "title")
    if not user.is_authenticated:
        context = {"cases": cases[:6], "case_count": cases.count(), "sample": samples.shown_on_home()}
        return render(request, "interviews/home.html", context)
    running = list(Interview.objects.of_candidate(user).running().for_list()[:MOST_RUNNING])
    rows = history.latest_rows(user, 3)
    tried = history.tried_cases(user)
    untried = [case for case in cases if case.pk not in tried]
    context = {
        "running": running,
        "rows": rows,
        "next_case": next(iter(untried or cases), None),
        "all_tried": bool(cases) and not untried,
        "weakest": history.weakest_dimension(rows[0]) if rows else None,
        "sample": None if rows or running else samples.shown_on_home(),
    }
    return render(request, "interviews/today.html", context)
