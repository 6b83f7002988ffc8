"""What members do about their group: invite, share, leave, and what its owner may besides."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from interviews import group_access
from interviews.groups import people, tokens
from interviews.groups.forms import GroupForm, InviteToGroupForm, MemberForm, ShareForm
from interviews.views.asking import PersonRequest, words_of
from interviews.views.groups import group_page, manage_page


@require_POST
@login_required
def rename(request: PersonRequest, group_id: UUID) -> HttpResponse:
    owner = group_access.member_or_404(request.user, group_id, owner=True)
    form = GroupForm(request.POST)
    if not form.is_valid():
        return manage_page(request, owner, name_form=form, status=422)
    people.rename(owner.group, form.cleaned_data["name"])
    messages.info(request, f"The group is called {form.cleaned_data['name']} now.")
    return redirect("groups:settings", group_id)


@require_POST
@login_required
def invite(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Send an invitation by mail, or show the link of a new one, this once."""
    owner = group_access.member_or_404(request.user, group_id, owner=True)
    form = InviteToGroupForm(request.POST)
    if not form.is_valid():
        return manage_page(request, owner, invite_form=form, status=422)
    email = form.cleaned_data["email"]
    try:
        token = people.invite(owner.group, by=owner.user, email=email, now=timezone.now())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return manage_page(request, owner, invite_form=form, status=422)
    if token:
        return manage_page(request, owner, link=tokens.join_url(token))
    messages.info(request, f"The invitation to {email} is on its way.")
    return redirect("groups:settings", group_id)


@require_POST
@login_required
def revoke(request: PersonRequest, group_id: UUID, invitation_id: int) -> HttpResponse:
    owner = group_access.member_or_404(request.user, group_id, owner=True)
    if not owner.group.invitations.filter(pk=invitation_id).exists():
        raise Http404("There is no such invitation.")
    people.revoke(owner.group, invitation_id, timezone.now())
    return redirect("groups:settings", group_id)


@require_POST
@login_required
def remove(request: PersonRequest, group_id: UUID, user_id: int) -> HttpResponse:
    owner = group_access.member_or_404(request.user, group_id, owner=True)
    found = owner.group.memberships.filter(user=user_id, removed_at=None)
    membership = found.select_related("group", "user").first()
    if membership is None:
        raise Http404("There is no such person in this group.")
    try:
        people.part(membership, timezone.now())
    except ValidationError as refusal:
        return manage_page(request, owner, reason=words_of(refusal), status=422)
    messages.info(request, f"{membership.user.name} is not in the group any more.")
    return redirect("groups:settings", group_id)


@require_POST
@login_required
def hand_over(request: PersonRequest, group_id: UUID) -> HttpResponse:
    owner = group_access.member_or_404(request.user, group_id, owner=True)
    form = MemberForm(request.POST)
    try:
        to = form.cleaned_data["member"] if form.is_valid() else 0
        heir = people.hand_over(owner.group, owner=owner, to=to, now=timezone.now())
    except ValidationError as refusal:
        return manage_page(request, owner, reason=words_of(refusal), status=422)
    messages.info(request, f"{heir.user.name} owns the group now. You are a member.")
    return redirect(owner.group)


@require_POST
@login_required
def disband(request: PersonRequest, group_id: UUID) -> HttpResponse:
    owner = group_access.member_or_404(request.user, group_id, owner=True)
    people.disband(owner.group, by=owner.user, now=timezone.now())
    messages.info(request, f"{owner.group.name} is deleted. Everybody’s interviews stay theirs.")
    return redirect("groups:list")


@require_POST
@login_required
def leave(request: PersonRequest, group_id: UUID) -> HttpResponse:
    member = group_access.member_or_404(request.user, group_id)
    try:
        people.part(member, timezone.now())
    except ValidationError as refusal:
        messages.error(request, words_of(refusal))
        return group_page(request, member, status=422)
    messages.info(request, f"You have left {member.group.name}. Your interviews stay yours.")
    return redirect("groups:list")


@require_POST
@login_required
def share(request: PersonRequest, group_id: UUID) -> HttpResponse:
    member = group_access.member_or_404(request.user, group_id)
    form = ShareForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the three.")
        return group_page(request, member, status=422)
    people.share(member, form.cleaned_data["shares"])
    messages.info(request, "What the group sees of your practice is as you chose, from now on.")
    return redirect(member.group)
