"""The replay: the page that plays an interview that is over, and starting anew from a moment of it."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from interviews import access, clock, replaying, retrying
from interviews.access import Watcher
from interviews.forms import MomentForm
from interviews.models import Role
from interviews.replaying import Timeline
from interviews.views.asking import PersonRequest, words_of


def player_config(watcher: Watcher, found: Timeline) -> dict[str, Any]:
    """Return what the island plays; moments of steps and marks are milliseconds on the clock."""
    interview = watcher.interview
    return {
        "path": reverse("interviews:board_history", args=[interview.pk]),
        "epoch": interview.board.epoch,
        "images": reverse("interviews:add_image", args=[interview.pk]),
        "assetPath": "/static/board/",
        "start": found.time.start,
        "end": found.time.end,
        "pauses": found.time.pauses,
        "steps": [
            {
                "slug": one.step,
                "position": one.position,
                "short": one.short,
                "dimension": one.dimension,
                "from": one.start,
                "to": one.end,
            }
            for one in found.stretches
        ],
        "marks": [
            {"at": entry.at, "label": entry.label, "kind": entry.kind, "dimension": entry.dimension}
            for entry in found.entries
        ],
    }


@require_safe
def replay(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    context = replay_context(access.watcher_or_404(request.user, interview_id))
    return render(request, "interviews/replay.html", context)


def replay_context(watcher: Watcher) -> dict[str, Any]:
    """Return what a page that plays an interview shows."""
    found = replaying.timeline(watcher)
    notes = replaying.last_notes(watcher.interview)
    return {
        "watcher": watcher,
        "interview": watcher.interview,
        "people": replaying.people_line(watcher.interview),
        "timeline": found,
        "length": clock.shown(found.time.length // 1000),
        "notes": [(one, notes.get(one.step, "")) for one in found.stretches],
        "config": player_config(watcher, found),
    }


@require_POST
@login_required
def retry(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Open a new attempt that goes on from `at` milliseconds on the old one's clock, or from its end."""
    seat = access.seat_or_404(request.user, interview_id, (Role.CANDIDATE,))
    form = MomentForm(request.POST)
    reason = "" if form.is_valid() else " ".join(map(str, form.errors["at"]))
    if not reason:
        try:
            return redirect(retrying.retry(seat, at=form.cleaned_data["at"], now=timezone.now()))
        except ValidationError as refusal:
            reason = words_of(refusal)
    context = {"interview": seat.interview, "reason": reason}
    return render(request, "interviews/submit_refused.html", context, status=422)
