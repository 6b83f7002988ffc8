"""The pages of groups: all of mine, one of them, what a member shares, coming in, and the calendar."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interviews import group_access
from interviews.groups import entries, people, rooms, shared, tokens, upcoming
from interviews.groups.calendars import PUBLISH
from interviews.groups.forms import GroupForm, InviteToGroupForm, ShareForm
from interviews.models import CalendarFeed, Group, GroupSession, Membership
from interviews.views.asking import PersonRequest, words_of
from interviews.views.starting import person_or_guest

MOST_AHEAD = 12
MOST_PAST = 3
PAST_A_PAGE = 20
MEMBERS_A_PAGE = 40


@login_required
@require_http_methods(["GET", "POST"])
def group_list(request: PersonRequest) -> HttpResponse:
    """List a person's groups and what is planned in them; a POST makes another group."""
    form = GroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            group = people.found(form.cleaned_data["name"], owner=request.user, now=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(group)
    return list_page(request, form=form, status=422 if form.errors else 200)


def list_page(
    request: PersonRequest, *, form: GroupForm | None = None, calendar: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "memberships": Membership.objects.filter(user=request.user, removed_at=None)
        .select_related("group")
        .order_by("group__name", "pk"),
        "ahead": upcoming.upcoming_for(request.user, timezone.now()),
        "form": form or GroupForm(),
        "calendar": calendar,
        "has_calendar": bool(calendar) or CalendarFeed.objects.filter(user=request.user).exists(),
    }
    return render(request, "groups/list.html", context, status=status)


@require_POST
@login_required
def new_calendar(request: PersonRequest) -> HttpResponse:
    """Make a secret address for the person's calendar and show it, this once."""
    token = people.new_calendar(request.user, timezone.now())
    return list_page(request, calendar=tokens.calendar_url(token))


@require_safe
@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Serve a person's sessions to a calendar, which knows the address and has no session of its own."""
    now = timezone.now()
    owner = upcoming.feed_owner(token, now)
    if owner is None:
        raise Http404("There is no calendar at this address. It may have been replaced.")
    body = entries.file_of(upcoming.entries_for(owner, now), method=PUBLISH, name="Mockboard")
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


@login_required
@require_safe
def group(request: PersonRequest, group_id: UUID) -> HttpResponse:
    return group_page(request, group_access.member_or_404(request.user, group_id))


def group_page(request: PersonRequest, member: Membership, *, status: int = 200) -> HttpResponse:
    """Show members with what they share, what is planned, and what was."""
    now, mine = timezone.now(), member.group
    members = mine.memberships.filter(removed_at=None).select_related("user").order_by("joined_at", "pk")
    page = Paginator(members, MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    planned = GroupSession.objects.filter(group=mine).upcoming(now).prefetch_related("seats__user")
    context = {
        "member": member,
        "group": mine,
        "page": page,
        "shown": shared.shown(page.object_list, viewer=request.user),
        "share_form": ShareForm(initial={"shares": member.shares}),
        "planned": [row_of(session, member) for session in planned[:MOST_AHEAD]],
        "past": past_rows(member)[:MOST_PAST],
    }
    return render(request, "groups/group.html", context, status=status)


def row_of(session: GroupSession, member: Membership) -> dict[str, Any]:
    """Return a session as a line of the list: who does what, and never the case."""
    seats = list(session.seats.all())
    mine = next((seat for seat in seats if seat.user_id == member.user_id), None)
    return {
        "session": session,
        "seat": mine,
        "mine": entries.part(mine.role, mine.areas) if mine else "",
        "is_open": session.is_open(timezone.now()),
        "candidate": next((seat.user for seat in seats if seat.role == "candidate"), None),
        "interviewers": [seat.user for seat in seats if seat.role == "interviewer"],
    }


def past_rows(member: Membership) -> Any:
    held = GroupSession.objects.filter(group=member.group).past(timezone.now())
    return held.select_related("interview")


@login_required
@require_safe
def past(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """List the sessions that were, with who came."""
    member = group_access.member_or_404(request.user, group_id)
    page = Paginator(past_rows(member), PAST_A_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    attended = rooms.attendance(page.object_list, now)
    rows = [(session, attended[session.pk]) for session in page.object_list]
    return render(request, "groups/past.html", {"group": member.group, "page": page, "rows": rows})


@login_required
@require_safe
def member(request: PersonRequest, group_id: UUID, user_id: int) -> HttpResponse:
    """Show what one member shares, in full."""
    mine = group_access.member_or_404(request.user, group_id)
    rows = mine.group.memberships.filter(user=user_id, removed_at=None).select_related("user")
    found = shared.shown(rows, viewer=request.user, latest=20)
    if not found:
        raise Http404("There is no such person in this group.")
    return render(request, "groups/member.html", {"group": mine.group, "shown": found[0], "member": mine})


@login_required
@require_safe
def settings_page(request: PersonRequest, group_id: UUID) -> HttpResponse:
    return manage_page(request, group_access.member_or_404(request.user, group_id, owner=True))


def manage_page(
    request: PersonRequest,
    owner: Membership,
    *,
    name_form: GroupForm | None = None,
    invite_form: InviteToGroupForm | None = None,
    link: str = "",
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show what only the owner may do."""
    group, now = owner.group, timezone.now()
    members = group.memberships.filter(removed_at=None).exclude(pk=owner.pk).select_related("user")
    context = {
        "group": group,
        "members": members.order_by("joined_at", "pk"),
        "invitations": people.open_invitations(group, now),
        "name_form": name_form or GroupForm(initial={"name": group.name}),
        "invite_form": invite_form or InviteToGroupForm(),
        "sends_mail": settings.SENDS_MAIL,
        "link": link,
        "reason": reason,
    }
    return render(request, "groups/manage.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show which group a link leads into; only a POST joins, so a mail scanner's GET uses nothing up."""
    invitation = people.open_for(token, timezone.now())
    if invitation is None:
        return render(request, "groups/join_closed.html", status=410)
    if request.user.is_authenticated and Group.objects.of_member(request.user).filter(pk=invitation.group_id):
        return redirect(invitation.group)
    reason = ""
    if request.method == "POST":
        try:
            group = people.join(invitation, user=person_or_guest(request), now=timezone.now())
        except ValidationError as refusal:
            reason = words_of(refusal)
        else:
            return redirect(group)
    context = {"invitation": invitation, "group": invitation.group, "reason": reason}
    return render(request, "groups/join.html", context, status=422 if reason else 200)
