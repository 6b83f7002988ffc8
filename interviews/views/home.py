"""The front page: what this is for a visitor, and one next thing for who is signed in."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from casestudies.models import CaseStudy
from interviews import attendance, history, lifecycle, samples
from interviews.models import Interview, State
from interviews.peer import lobby

MOST_RUNNING = 20
MOST_CLOSED = 3
LATELY = timedelta(days=14)


def lately_closed(user: User, now: datetime) -> list[tuple[Interview, str]]:
    """Return what ended without a scorecard in the last two weeks, and why."""
    closed = Interview.objects.of_candidate(user).closed().filter(ended_at__gte=now - LATELY)
    return [
        (interview, lifecycle.why_expired(interview) if interview.state == State.EXPIRED else "")
        for interview in closed.for_list()[:MOST_CLOSED]
    ]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    cases = CaseStudy.objects.published().for_cards().order_by("difficulty", "title")
    if not user.is_authenticated:
        context = {"cases": cases[:6], "case_count": cases.count(), "sample": samples.shown_on_home()}
        return render(request, "interviews/home.html", context)
    running = attendance.standings(user, timezone.now(), most=MOST_RUNNING)
    rows = history.latest_rows(user, 3)
    tried = history.tried_cases(user)
    untried = [case for case in cases if case.pk not in tried]
    context = {
        "running": running,
        "peer_rooms": lobby.rooms_of(user),
        "closed": lately_closed(user, timezone.now()),
        "rows": rows,
        "next_case": next(iter(untried or cases), None),
        "all_tried": bool(cases) and not untried,
        "weakest": history.weakest_dimension(rows[0]) if rows else None,
        "sample": None if rows or running else samples.shown_on_home(),
    }
    return render(request, "interviews/today.html", context)
