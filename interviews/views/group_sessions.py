"""Sessions of a group: planning them, coming to them, and their calendar file."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interviews import group_access, opened
from interviews.group_access import GroupPlace
from interviews.groups import entries, planning, rooms
from interviews.groups.calendars import PUBLISH
from interviews.groups.forms import AnswerForm, CaseWishForm, RotaForm, SessionForm
from interviews.groups.when import on_the_wall
from interviews.models import Membership
from interviews.views.asking import PersonRequest, words_of

NOT_THE_PLANNER = "Only the group’s owner and whoever planned the session can do this."


def place_of(request: PersonRequest, group_id: UUID, session_id: UUID, *, plans: bool = False) -> GroupPlace:
    """Return the person's place in a session; PermissionDenied where only who plans it may."""
    place = group_access.group_place_or_404(request.user, group_id, session_id)
    if plans and not place.plans:
        raise PermissionDenied(NOT_THE_PLANNER)
    return place


def zones_for(member: Membership) -> list[str]:
    """Return the zones to offer first: the person's own, and those the group has used."""
    used = member.group.sessions.order_by().values_list("time_zone", flat=True).distinct()[:10]
    return list(dict.fromkeys([member.user.time_zone, *used, "UTC"]))


def acted(
    request: PersonRequest,
    place: GroupPlace,
    act: Callable[[], Any],
    said: str = "",
    *,
    by_hand: bool = False,
) -> HttpResponse:
    """Do one thing to a session and go back to its page, or show there why it was refused.

    htmx gets the page's changing part in place; `by_hand` keeps the form for the roles open in it.
    """
    try:
        act()
    except ValidationError as refusal:
        return session_page(request, place, reason=words_of(refusal), status=422, by_hand=by_hand)
    if request.htmx:
        fresh = place_of(request, place.session.group_id, place.session.pk)
        return session_page(request, fresh, said=said, by_hand=by_hand)
    if said:
        messages.info(request, said)
    return redirect(place.session)


@login_required
@require_safe
def session(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    """Show a session; the first who looks once its time has come opens its room."""
    place = place_of(request, group_id, session_id)
    now = timezone.now()
    if place.session.opened_at is None and place.session.is_open(now):
        rooms.open_room(place.session, now=now)
        place = place_of(request, group_id, session_id)
    return session_page(request, place)


def session_page(
    request: PersonRequest,
    place: GroupPlace,
    *,
    rota_form: RotaForm | None = None,
    reason: str = "",
    said: str = "",
    by_hand: bool = False,
    status: int = 200,
) -> HttpResponse:
    now, shown = timezone.now(), place.session
    present = rooms.present(shown, now)
    mine, may_change = place.seat, shown.may_change(now)
    people = {one.seat.user_id: one.seat.user.name for one in present}
    roles = {f"role-{one.seat.user_id}": one.seat.role for one in present}
    swaps = list(shown.swaps.filter(answered_at=None).select_related("asker", "other"))
    context = {
        "group": place.member.group,
        "place": place,
        "session": shown,
        "seat": mine,
        "my_part": entries.part(mine.role, mine.areas) if mine else "",
        "present": present,
        "case": shown.case if place.knows_case else None,
        "may_change": may_change,
        "is_open": shown.is_open(now),
        "is_past": shown.is_past(now),
        "may_go_alone": rooms.may_go_alone(shown, request.user, now),
        "rota_form": rota_form or RotaForm(people=people, initial=roles),
        "case_form": CaseWishForm(),
        "asked_of_me": [swap for swap in swaps if swap.other_id == request.user.pk],
        "my_swap": next((swap for swap in swaps if swap.asker_id == request.user.pk), None),
        "to_swap_with": [one.seat for one in present if mine and one.seat.role != mine.role],
        "reason": reason,
        "said": said,
        "by_hand": by_hand or rota_form is not None,
    }
    page = "groups/session.html#session" if request.htmx else "groups/session.html"
    return render(request, page, context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def schedule(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Plan a session, or one a week; the rota gives the turns."""
    member = group_access.member_or_404(request.user, group_id)
    zone = request.user.time_zone
    form = SessionForm(
        request.POST if request.method == "POST" else None, initial={"zone": zone, "framework": "seven-step"}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = planning.schedule(member.group, by=request.user, now=timezone.now(), **form.terms())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(made[0])
    context = {"group": member.group, "form": form, "zones": zones_for(member)}
    return render(request, "groups/plan.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    """Move a session, or set its terms anew."""
    place = place_of(request, group_id, session_id, plans=True)
    before = place.session
    initial = {name: getattr(before, name) for name in ("level", "minutes", "most_interviewers", "strict")}
    initial |= {"framework": before.framework.slug, "zone": before.time_zone}
    initial |= {"at": on_the_wall(before.starts_at, before.time_zone)}
    form = SessionForm(request.POST if request.method == "POST" else None, initial=initial, repeats=False)
    if request.method == "POST" and form.is_valid():
        try:
            planning.change(before, by=request.user, now=timezone.now(), **form.terms())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(before)
    context = {"group": place.member.group, "form": form, "session": before, "zones": zones_for(place.member)}
    return render(request, "groups/plan.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def cancel(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    place = place_of(request, group_id, session_id, plans=True)
    return acted(
        request,
        place,
        lambda: planning.call_off(place.session, by=request.user, now=timezone.now()),
        "The session is called off, and everybody hears of it by mail.",
    )


@require_POST
@login_required
def rota(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    """Give the roles by hand."""
    place = place_of(request, group_id, session_id, plans=True)
    people = {seat.user_id: seat.user.name for seat in place.session.seats.select_related("user")}
    form = RotaForm(request.POST, people=people)
    if not form.is_valid():
        return session_page(request, place, rota_form=form, status=422)
    return acted(
        request,
        place,
        lambda: planning.set_rota(place.session, form.roles(), by=request.user, now=timezone.now()),
        "The roles are as you gave them.",
        by_hand=True,
    )


@require_POST
@login_required
def propose(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    place = place_of(request, group_id, session_id, plans=True)
    return acted(
        request,
        place,
        lambda: planning.propose_again(place.session, by=request.user, now=timezone.now()),
        "The turns are given by who had theirs least recently.",
        by_hand=True,
    )


@require_POST
@login_required
def reply(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    """Say whether one comes."""
    place = place_of(request, group_id, session_id)
    form = AnswerForm(request.POST)
    if place.seat is None or not form.is_valid():
        return session_page(request, place, reason="Choose one of the three answers.", status=422)
    answer = form.cleaned_data["answer"]
    return acted(
        request,
        place,
        lambda: planning.reply(place.session, user=request.user, answer=answer, now=timezone.now()),
    )


@require_POST
@login_required
def another_case(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    place = place_of(request, group_id, session_id)
    if not place.interviews:
        raise PermissionDenied("Only the session’s interviewers can take another case.")
    form = CaseWishForm(request.POST)
    if not form.is_valid():
        return session_page(request, place, reason="Choose a kind and a difficulty of the list.", status=422)
    return acted(
        request,
        place,
        lambda: planning.another_case(
            place.session,
            kind=form.cleaned_data["kind"],
            difficulty=form.cleaned_data["difficulty"] or 0,
            now=timezone.now(),
        ),
        "The session has another case. The candidate does not learn which.",
    )


@require_POST
@login_required
def open_brief(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    """Open the case's brief to one of its interviewers, and remember that it was."""
    place = place_of(request, group_id, session_id)
    if not place.interviews or not place.knows_case or place.session.case is None:
        raise PermissionDenied("Only the session’s interviewers read its brief.")
    opened.reveal_case(request.user, place.session.case, now=timezone.now())
    return redirect("casestudies:brief", place.session.case.slug)


@require_POST
@login_required
def ask_swap(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    place = place_of(request, group_id, session_id)
    other = request.POST.get("other", "")
    return acted(
        request,
        place,
        lambda: planning.ask_swap(
            place.session,
            asker=request.user,
            other_id=int(other) if other.isdecimal() and len(other) < 16 else 0,
            now=timezone.now(),
        ),
        "Asked. The roles change when the other one agrees.",
    )


@require_POST
@login_required
def answer_swap(request: PersonRequest, group_id: UUID, session_id: UUID, swap_id: int) -> HttpResponse:
    place = place_of(request, group_id, session_id)
    agrees = request.POST.get("agrees") == "yes"
    return acted(
        request,
        place,
        lambda: planning.answer_swap(
            place.session, swap_id, user=request.user, agrees=agrees, now=timezone.now()
        ),
    )


@require_POST
@login_required
def enter(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    """Go into the room of a session whose time has come."""
    place = place_of(request, group_id, session_id)
    try:
        interview = rooms.come_in(place.session, user=request.user, now=timezone.now())
    except ValidationError as refusal:
        return session_page(request, place, reason=words_of(refusal), status=422)
    return redirect(interview)


@require_POST
@login_required
def alone(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    """Start the case alone, because nobody came."""
    place = place_of(request, group_id, session_id)
    try:
        interview = rooms.go_alone(place.session, user=request.user, now=timezone.now())
    except ValidationError as refusal:
        return session_page(request, place, reason=words_of(refusal), status=422)
    return redirect(interview)


@login_required
@require_safe
def calendar_file(request: PersonRequest, group_id: UUID, session_id: UUID) -> HttpResponse:
    """Serve one session as a calendar file."""
    place = place_of(request, group_id, session_id)
    body = entries.file_of([entries.entry(place.session, place.seat)], method=PUBLISH)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="session.ics"'
    return answer
