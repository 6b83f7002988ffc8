"""Coming in by invitation, and who is in the room."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interviews import access, lifecycle
from interviews.access import Seat
from interviews.forms import InviteForm
from interviews.models import Invitation, Role
from interviews.views.asking import PersonRequest, words_of
from interviews.views.starting import person_or_guest


def people_context(seat: Seat, **more: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "seat": seat,
        "interview": seat.interview,
        "participants": seat.interview.participants.filter(removed_at=None)
        .select_related("user")
        .order_by("joined_at", "pk"),
        "invitations": seat.interview.invitations.filter(revoked_at=None, expires_at__gt=now).order_by(
            "created_at"
        )
        if seat.invites
        else [],
        "invite_form": InviteForm(),
        **more,
    }


@login_required
@require_safe
def people(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    seat = access.seat_or_404(request.user, interview_id)
    return render(request, "interviews/people.html#list", people_context(seat))


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """List open invitations; a POST issues one and shows its link, which is shown once and stored hashed."""
    seat = access.seat_or_404(request.user, interview_id, (Role.CANDIDATE,))
    form = InviteForm(request.POST if request.method == "POST" else None)
    link, status = "", 200
    if request.method == "POST":
        if form.is_valid() and not seat.interview.is_done:
            _, token = Invitation.objects.issue(
                seat.interview, form.cleaned_data["role"], seat.user, timezone.now()
            )
            link = request.build_absolute_uri(reverse("interviews:join", args=[token]))
        else:
            status = 422
    page = "interviews/people.html#invitations" if request.htmx else "interviews/people.html"
    return render(request, page, people_context(seat, link=link, invite_form=form), status=status)


@require_POST
@login_required
def revoke(request: PersonRequest, interview_id: UUID, invitation_id: int) -> HttpResponse:
    seat = access.seat_or_404(request.user, interview_id, (Role.CANDIDATE,))
    invitation = get_object_or_404(seat.interview.invitations, pk=invitation_id)
    Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=timezone.now())
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
        try:
            lifecycle.join(invitation, user=person_or_guest(request), now=timezone.now())
        except ValidationError as refusal:
            reason = words_of(refusal)
        else:
            return redirect(invitation.interview)
    context = {"invitation": invitation, "interview": invitation.interview, "reason": reason}
    return render(request, "interviews/join.html", context, status=422 if reason else 200)
