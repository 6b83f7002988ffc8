"""The lobby of a peer interview: who is there and ready, the start; and in the room who has left."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from interviews import access, lifecycle
from interviews.access import Seat
from interviews.forms import NameForm, ReadyForm
from interviews.models import Role, State
from interviews.peer import lobby as acts
from interviews.peer import presence as gatherings
from interviews.views.asking import PersonRequest, words_of
from interviews.views.clock import RUNS_CLOCK, back_to_room
from interviews.views.joining import host_or_403, people_context


def lobby_context(seat: Seat, error: str = "") -> dict[str, Any]:
    """Return what the lobby shows: people, links for the host, and what the start still waits for."""
    context = people_context(seat)
    people = context["people"]
    mine = next(one for one in people if one.participant.user_id == seat.user.pk)
    by_role = {role: [one for one in people if one.participant.role == role] for role in Role}
    return context | {
        "mine": mine,
        "empty_places": [role for role in RUNS_CLOCK if not by_role[role]],
        "lacking": acts.lacking(people, looking=seat.user),
        "host": next((one for one in people if one.is_host), None),
        "in_lobby": True,
        "lobby_error": error,
    }


def lobby_page(request: PersonRequest, seat: Seat) -> HttpResponse:
    """Return the page before the start, whatever the address of the room is asked for."""
    context = lobby_context(seat) | {"board_path": f"/ws/boards/{seat.interview.board_id}/"}
    return render(request, "interviews/lobby.html", context)


def called_off_page(request: PersonRequest, seat: Seat) -> HttpResponse:
    return render(request, "interviews/called_off.html", {"interview": seat.interview})


def answer(
    request: PersonRequest, seat: Seat, do: Callable[[], object], *, renames: bool = False
) -> HttpResponse:
    """Do one act and show the lobby after it, with the reason of a refusal.

    One that `renames` who is asking changes the head of the page as well, which is no part of the lobby.
    """
    error = ""
    try:
        do()
    except ValidationError as refusal:
        error = words_of(refusal)
    if not request.htmx and not error:
        return redirect("interviews:room", seat.interview.pk)
    fresh = access.seat_or_404(request.user, seat.interview.pk)
    if not fresh.interview.is_waiting:
        return back_to_room(request, seat.interview.pk)
    context = lobby_context(fresh, error) | {"renamed": renames and not error}
    if request.htmx:
        return render(request, "interviews/lobby.html#together", context, status=422 if error else 200)
    context["board_path"] = f"/ws/boards/{seat.interview.board_id}/"
    return render(request, "interviews/lobby.html", context, status=422)


@login_required
@require_safe
def lobby(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show who is there and ready; once the clock runs, send everybody into the room."""
    seat = access.seat_or_404(request.user, interview_id)
    if not seat.interview.is_waiting:
        return back_to_room(request, interview_id)
    return render(request, "interviews/lobby.html#together", lobby_context(seat))


@require_POST
@login_required
def ready(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    seat = access.seat_or_404(request.user, interview_id, RUNS_CLOCK)
    form = ReadyForm(request.POST)
    form.is_valid()
    said = bool(form.cleaned_data.get("ready"))
    return answer(request, seat, lambda: acts.say_ready(seat, ready=said, now=timezone.now()))


@require_POST
@login_required
def call_me(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Give a guest a name that the others see; who has an account changes it in the profile."""
    seat = access.seat_or_404(request.user, interview_id)
    form = NameForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise ValidationError(form.errors["name"].as_data())
        acts.call_guest(seat, form.cleaned_data["name"], now=timezone.now())

    return answer(request, seat, act, renames=True)


@require_POST
@login_required
def begin(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Start the clock; the host does, once candidate and interviewer are ready."""
    seat = host_or_403(request, interview_id)
    return answer(
        request, seat, lambda: lifecycle.start_peer(seat.interview, actor=seat.user, now=timezone.now())
    )


@require_POST
@login_required
def call_off(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    seat = host_or_403(request, interview_id)
    return answer(
        request, seat, lambda: lifecycle.call_off(seat.interview, actor=seat.user, now=timezone.now())
    )


@require_POST
@login_required
def remove(request: PersonRequest, interview_id: UUID, participant_id: int) -> HttpResponse:
    seat = host_or_403(request, interview_id)
    person = get_object_or_404(seat.interview.participants, pk=participant_id)
    return on_people(request, seat, lambda: acts.remove(seat, person, now=timezone.now()))


@require_POST
@login_required
def hand_over(request: PersonRequest, interview_id: UUID, participant_id: int) -> HttpResponse:
    """Make somebody else the host."""
    seat = host_or_403(request, interview_id)
    person = get_object_or_404(seat.interview.participants, pk=participant_id)
    return on_people(request, seat, lambda: acts.hand_over(seat, person, now=timezone.now()))


def on_people(request: PersonRequest, seat: Seat, do: Callable[[], object]) -> HttpResponse:
    """Do one act on somebody's seat; in the lobby it shows the lobby, in the room the list of people."""
    if seat.interview.is_waiting:
        return answer(request, seat, do)
    error = ""
    try:
        do()
    except ValidationError as refusal:
        error = words_of(refusal)
    if not request.htmx and not error:
        return redirect("interviews:room", seat.interview.pk)
    fresh = access.seat_or_404(request.user, seat.interview.pk)
    context = people_context(fresh, people_error=error)
    return render(request, "interviews/people.html#list", context, status=422 if error else 200)


@login_required
@require_safe
def presence(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Say who has left a room that is under way and what becomes of the clock; empty while all are there."""
    seat = access.seat_or_404(request.user, interview_id)
    return render(request, "interviews/_presence.html", presence_context(seat))


def presence_context(seat: Seat) -> dict[str, Any]:
    gathering = gatherings.gathering(seat.interview)
    return {
        "seat": seat,
        "interview": seat.interview,
        "gathering": gathering,
        "who_left": gathering.who_left(seat.interview, to_candidate=seat.submits),
        "paused": seat.interview.state == State.PAUSED,
    }
