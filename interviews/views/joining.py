"""Coming in by invitation, and who is in the room."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interviews import access, lifecycle
from interviews.access import Seat
from interviews.forms import InviteForm, NameForm
from interviews.models import Invitation, Role
from interviews.peer import lobby
from interviews.views.asking import PersonRequest, words_of
from interviews.views.starting import person_or_guest

# What a link is called on its button, and what it lets its holder do.
LINKS = {
    Role.CANDIDATE: "designs, and is scored",
    Role.INTERVIEWER: "asks, gives hints, may draw",
    Role.OBSERVER: "watches, may listen to the call",
}


def people_context(seat: Seat, **more: Any) -> dict[str, Any]:
    now = timezone.now()
    interview = seat.interview
    context = {
        "seat": seat,
        "interview": interview,
        "people": lobby.people_of(interview, now, looking=seat.user),
        "may_invite": seat.invites and (interview.is_waiting or interview.is_live),
    }
    if seat.invites:
        context["links"] = [(role, LINKS[role]) for role in lobby.open_roles(interview)]
        context["invitations"] = interview.invitations.filter(revoked_at=None, expires_at__gt=now).order_by(
            "created_at"
        )
    return context | more


def host_or_403(request: PersonRequest, interview_id: UUID) -> Seat:
    """Return the host's seat; Http404 for an outsider, PermissionDenied for everybody else."""
    seat = access.seat_or_404(request.user, interview_id)
    if not seat.invites:
        raise PermissionDenied("Only the host can do this.")
    return seat


@login_required
@require_safe
def people(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    seat = access.seat_or_404(request.user, interview_id)
    return render(request, "interviews/people.html#list", people_context(seat))


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """List open invitations; a POST issues one and shows its link, which is shown once and stored hashed."""
    seat = host_or_403(request, interview_id)
    made: dict[str, Any] = {}
    if request.method == "POST":
        form = InviteForm(request.POST)
        try:
            if not form.is_valid():
                raise ValidationError(form.errors["role"].as_data())
            role = Role(form.cleaned_data["role"])
            token = lobby.invite(seat, role, now=timezone.now())
        except ValidationError as refusal:
            made = {"invite_error": words_of(refusal)}
        else:
            link = request.build_absolute_uri(reverse("interviews:join", args=[token]))
            made = {"link": link, "link_role": role}
    page = "interviews/people.html#invitations" if request.htmx else "interviews/people.html"
    status = 422 if "invite_error" in made else 200
    return render(request, page, people_context(seat, **made), status=status)


@require_POST
@login_required
def revoke(request: PersonRequest, interview_id: UUID, invitation_id: int) -> HttpResponse:
    seat = host_or_403(request, interview_id)
    lobby.revoke(seat, get_object_or_404(seat.interview.invitations, pk=invitation_id), now=timezone.now())
    if request.htmx:
        return render(request, "interviews/people.html#invitations", people_context(seat))
    return redirect("interviews:invite", interview_id)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link is for; only a POST takes the seat, so a mail scanner's GET uses nothing up."""
    invitation = Invitation.objects.open_for(token, timezone.now())
    if invitation is None:
        return render(request, "interviews/join_closed.html", status=410)
    seat = access.seat_of(request.user, invitation.interview_id)
    if seat is not None:
        return redirect(invitation.interview)
    reason = ""
    if request.method == "POST":
        form = NameForm(request.POST)
        try:
            if not form.is_valid():
                raise ValidationError(form.errors["name"].as_data())
            person = person_or_guest(request, form.cleaned_data["name"])
            lifecycle.join(invitation, user=person, now=timezone.now())
        except ValidationError as refusal:
            reason = words_of(refusal)
        else:
            return redirect(invitation.interview)
    context = {"invitation": invitation, "interview": invitation.interview, "reason": reason}
    return render(request, "interviews/join.html", context, status=422 if reason else 200)
