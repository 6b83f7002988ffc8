"""The front page: what this is for a visitor, and one next thing for who is signed in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from casestudies.models import CaseStudy
from interviews import attendance, lifecycle, samples
from interviews.groups import upcoming
from interviews.models import Interview, State
from interviews.peer import lobby
from interviews.practice import reviewing
from interviews.progress import coverage, page, rows
from interviews.progress.next_case import suggest, weakest
from interviews.progress.values import EIGHT, NAMES, Attempt, mean
from interviews.rounding import written

MOST_RUNNING = 20
MOST_CLOSED = 3
LATELY = timedelta(days=14)
SHOWN_DAYS = 84
# Under the level of what is named at all nothing is strong; this close together nothing stands out.
NAMED, APART = 1.0, 0.3


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
    if not user.is_authenticated:
        cases = CaseStudy.objects.published().for_cards().order_by("difficulty", "title")
        context = {"cases": cases[:6], "case_count": cases.count(), "sample": samples.shown_on_home()}
        return render(request, "interviews/home.html", context)
    return render(request, "interviews/today.html", today_of(user))


def today_of(user: User) -> dict[str, Any]:
    """Return what Today shows: one next thing and its reason, what runs or waits, and the last scorecard."""
    now = timezone.localtime()
    attempts = rows.attempts_of(user, timezone.get_current_timezone(), with_steps=False)
    _, target = page.target_of(user)
    running, unread = attendance.under_way(user, timezone.now(), most=MOST_RUNNING)
    unread = unread[:MOST_CLOSED]
    context: dict[str, Any] = {
        "running": running,
        "peer_rooms": lobby.rooms_of(user),
        "unread": [interview for interview in unread if interview.own_levels_first],
        "waiting": [interview for interview in unread if not interview.own_levels_first],
        "closed": lately_closed(user, timezone.now()),
        "sessions": upcoming.upcoming_for(user, timezone.now(), most=MOST_CLOSED),
        "due": reviewing.due_for(user, timezone.now()),
        "next": suggest(page.options_for(user), attempts, target, now.date()),
        "last": last_card(attempts),
        "sample": None,
    }
    if attempts:
        context["calendar"] = coverage.calendar(attempts, now.date(), SHOWN_DAYS)
        context["growth"] = growth(attempts)
    elif not (running or unread):
        context["sample"] = samples.shown_on_home()
    return context


def last_card(attempts: Sequence[Attempt]) -> dict[str, Any] | None:
    """Return the newest attempt that somebody has scored, with what was strong in it and what was weak."""
    for attempt in reversed(attempts):
        readings = [reading for reading in attempt.readings if reading.total is not None]
        auto = attempt.by("engine")
        if not readings or auto is None:
            continue
        levels = {slug: level for slug in EIGHT if (level := auto.level(slug)) is not None}
        flat = flat_words(list(levels.values()))
        strongest, least = None, None
        if len(levels) > 1 and not flat:
            strongest, least = max(levels, key=lambda slug: levels[slug]), weakest(levels)[0]
        return {
            "attempt": attempt,
            "auto": auto,
            "own": attempt.total_by("self"),
            "person": attempt.total_by("person"),
            "people": ", ".join(name for _, name in attempt.partners) or "Interviewer",
            "strongest": (strongest, NAMES[strongest], levels[strongest]) if strongest else None,
            "weakest": (least, NAMES[least], levels[least]) if least else None,
            "flat": flat,
        }
    return None


def flat_words(levels: list[float]) -> str:
    """Return what is said of levels among which none stands out: all low, or all the same; else nothing."""
    if len(levels) < 2:
        return ""
    least, most = round(min(levels), 1), round(max(levels), 1)
    if most < NAMED:
        return f"No area is above {most:.1f} of 4 yet. The scorecard says for each what its next level needs."
    if most - least < APART:
        both = f"{least:.1f}" if most == least else f"{least:.1f} to {most:.1f}"
        return f"All areas are close together, at {both} of 4."
    return ""


def growth(attempts: Sequence[Attempt]) -> str:
    """Return in a sentence how the last three compare with the first three; from six attempts on."""
    totals = [total for attempt in attempts if (total := attempt.total_by("engine")) is not None]
    if len(totals) < 6:
        return ""
    first, last = mean(totals[:3]) or 0, mean(totals[-3:]) or 0
    return f"Average of your last three is {written(last)}, of your very first three {written(first)}."
