"""Choosing a case and opening its room; opening a case's spoilers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.guests import come_in
from accounts.models import User
from casestudies.models import CaseStudy
from interviews import lifecycle, opened
from interviews.forms import PeerForm, StartForm
from interviews.models import Role


def person_or_guest(request: HttpRequest, name: str = "") -> User:
    """Return who is asking; a visitor becomes a guest, called `name` if given, without an e-mail."""
    if request.user.is_authenticated:
        return request.user
    return come_in(request, name)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    form = StartForm(request.POST)
    if not form.is_valid():
        return render(request, "interviews/start_refused.html", {"form": form}, status=422)
    interview = lifecycle.start_solo(
        person_or_guest(request),
        form.cleaned_data["case"],
        form.cleaned_data["framework"],
        level=form.cleaned_data["level"],
        minutes=form.cleaned_data["minutes"],
        strict=form.cleaned_data["strict"],
        now=timezone.now(),
    )
    return redirect(interview)


@require_POST
def invite_peer(request: HttpRequest) -> HttpResponse:
    """Open the lobby of an interview for two; its maker sits as the candidate or as the interviewer."""
    form = PeerForm(request.POST)
    if not form.is_valid():
        return render(request, "interviews/start_refused.html", {"form": form}, status=422)
    person, chosen, now = person_or_guest(request), form.cleaned_data, timezone.now()
    interview = lifecycle.schedule_peer(
        person if chosen["sits_as"] == Role.CANDIDATE else None,
        chosen["case"],
        chosen["framework"],
        level=chosen["level"],
        minutes=chosen["minutes"],
        strict=chosen["strict"],
        created_by=person,
        now=now,
    )
    lifecycle.open_lobby(interview, actor=person, now=now)
    return redirect(interview)


@require_POST
def reveal_case(request: HttpRequest, slug: str) -> HttpResponse:
    case = get_object_or_404(CaseStudy, slug=slug, status="published")
    opened.reveal_case(person_or_guest(request), case, now=timezone.now())
    messages.info(request, "The case is open. Later scores on it are marked as seen.")
    return redirect(reverse("casestudies:case", args=[case.slug]))
