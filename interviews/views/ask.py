"""The talk in the room: the candidate asks, the room or the interviewer answers, and all of it stays."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from interviews import access, interviewer
from interviews.access import Seat
from interviews.forms import AnswerForm, AskForm
from interviews.models import Role
from interviews.views.asking import PersonRequest, plain_answer, words_of


def talk_context(seat: Seat, error: str = "") -> dict[str, Any]:
    """Return what the conversation shows: every question with its answers, and what may be done about it.

    The fact that matches a waiting question is there for the interviewer alone.
    """
    interview = seat.interview
    spoken = interviewer.talk_of(interview)
    answers = seat.role == Role.INTERVIEWER and interview.is_live
    return {
        "seat": seat,
        "interview": interview,
        "exchanges": [
            (one, interviewer.offered(interview.case, one.text)[1] if answers and one.waits else "")
            for one in interviewer.exchanges(spoken)
        ],
        "may_ask": seat.role == Role.CANDIDATE and interview.is_live,
        "may_answer": answers,
        "has_interviewer": interviewer.has_interviewer(interview),
        "talk": spoken,
        "talk_error": error,
    }


def talk(request: PersonRequest, seat: Seat, error: str = "") -> HttpResponse:
    context = talk_context(seat, error)
    return render(request, "interviews/_asked.html", context, status=422 if error else 200)


def say(
    request: PersonRequest, seat: Seat, form: Form, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Do one act of the talk and show the talk after it, with the reason of a refusal."""
    error = ""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as refusal:
            error = words_of(refusal)
    else:
        error = " ".join(str(reason) for reasons in form.errors.values() for reason in reasons)
    if not request.htmx:
        return plain_answer(request, seat.interview, error)
    return talk(request, seat, error)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show the questions and answers so far; a POST asks another one, which only the candidate does."""
    if request.method != "POST":
        return talk(request, access.seat_or_404(request.user, interview_id))
    seat = access.seat_or_404(request.user, interview_id, (Role.CANDIDATE,))
    return say(
        request,
        seat,
        AskForm(request.POST),
        lambda said: interviewer.ask(
            seat.interview, question=said["question"], actor=seat.user, now=timezone.now()
        ),
    )


@require_POST
@login_required
def answer(request: PersonRequest, interview_id: UUID, question: int) -> HttpResponse:
    """Answer a question in the interviewer's own words or with the fact that was offered."""
    seat = access.seat_or_404(request.user, interview_id, (Role.INTERVIEWER,))
    return say(
        request,
        seat,
        AnswerForm(request.POST),
        lambda said: interviewer.answer(
            seat.interview, question=question, actor=seat.user, now=timezone.now(), **said
        ),
    )
