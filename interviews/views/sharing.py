"""Links to a scorecard or a replay: choosing, previewing, making, revoking, and what others see."""

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interviews import access, self_scoring
from interviews.access import Seat
from interviews.models import Role, Share, ShareKind, Submission
from interviews.sharing import choices, links, sealing
from interviews.sharing.sealing import Sealed, Wanted
from interviews.views.asking import PersonRequest, words_of
from whiteboard.models import Image

PAGE = 30
# Nobody keeps a copy, finds it by searching, or learns the address from where a reader goes next.
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


# -- the owner’s side ---------------------------------------------------------------------------------


def owner_or_404(request: PersonRequest, interview_id: UUID) -> tuple[Seat, Submission]:
    """Return the candidate’s seat and the submission whose scorecards are open to them."""
    seat = access.seat_or_404(request.user, interview_id, (Role.CANDIDATE,))
    return seat, access.submission_or_404(request.user, interview_id)


def kind_of(request: HttpRequest) -> str:
    kind = request.POST.get("kind") or request.GET.get("kind") or ShareKind.SCORECARD
    if kind not in ShareKind.values:
        raise Http404("A scorecard or a replay can be shared, nothing else.")
    return str(kind)


def given_choices(request: HttpRequest, kind: str) -> list[str]:
    """Return what was chosen; on the first visit, what most people show."""
    query = request.POST if request.method == "POST" else request.GET
    if request.method != "POST" and "chosen" not in query:
        return choices.FIRST[kind]
    return choices.chosen(kind, query.getlist("shown"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Choose what a link shows; a POST makes it and shows its address, which is shown once."""
    seat, submission = owner_or_404(request, interview_id)
    kind = kind_of(request)
    shown = given_choices(request, kind)
    context: dict[str, Any] = {"link": "", "error": "", "days": "30"}
    if request.method == "POST":
        days = request.POST.get("days", "30")
        context["days"] = days
        try:
            made, token = links.make(
                request.user,
                seat.interview,
                kind,
                shown,
                key=request.POST.get("key", ""),
                days=int(days) if days in map(str, links.DAYS) else None,
                now=timezone.now(),
            )
        except ValidationError as refusal:
            context["error"] = words_of(refusal)
        else:
            shown = made.shown
            context["link"] = request.build_absolute_uri(reverse("sharing:shared", args=[token]))
    context |= {
        "interview": seat.interview,
        "submission": submission,
        "kind": kind,
        "kinds": ShareKind.choices,
        "choices": [(slug, words, slug in shown) for slug, words in choices.BY_KIND[kind].items()],
        "key": links.new_key(),
        "lengths": [*((str(days), f"{days} days") for days in links.DAYS), ("", "Until I revoke it")],
        "preview_query": preview_query(kind, shown),
        "own": Share.objects.of(request.user).filter(interview=seat.interview, revoked_at=None),
    }
    return render(request, "sharing/share.html", context, status=422 if context["error"] else 200)


def preview_query(kind: str, shown: list[str]) -> str:
    return "&".join([f"kind={kind}", "chosen=1", *(f"shown={one}" for one in shown)])


def previewed(request: PersonRequest, seat: Seat) -> Sealed:
    """Return the very copy that a link with these choices would show; pictures come from the interview."""
    kind = kind_of(request)
    wanted = Wanted(
        request.user,
        seat.interview,
        given_choices(request, kind),
        lambda file_id: reverse("interviews:board_image", args=[seat.interview.pk, file_id]),
    )
    return sealing.sealed(kind, wanted)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Show the page as somebody with the link would see it."""
    seat, submission = owner_or_404(request, interview_id)
    if self_scoring.own_card(submission) is None:
        self_scoring.note_reveal(submission, candidate=request.user, now=timezone.now())
    kind = kind_of(request)
    try:
        copy = previewed(request, seat)
    except ValidationError as refusal:
        raise Http404(words_of(refusal)) from None
    query = preview_query(kind, given_choices(request, kind))
    paths = {
        # The player puts `?epoch=…` behind the path; here that falls into a parameter nobody reads.
        "path": f"{reverse('interviews:share_board', args=[interview_id])}?{query}&player=",
        "images": reverse("interviews:add_image", args=[interview_id]),
    }
    return shown_page(request, kind, copy.content, paths, is_preview=True)


@login_required
@require_safe
def preview_board(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Send the recording that a link with these choices would play."""
    seat, _ = owner_or_404(request, interview_id)
    try:
        return recording_of(previewed(request, seat).recording)
    except ValidationError as refusal:
        raise Http404(words_of(refusal)) from None


@login_required
@require_safe
def own_links(request: PersonRequest) -> HttpResponse:
    """List all links of a person, with how often each was opened."""
    page = Paginator(Share.objects.of(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "sharing/links.html", {"page": page, "now": timezone.now()})


@login_required
@require_POST
def revoke(request: PersonRequest, share_id: int) -> HttpResponse:
    share = access.own_or_404(request.user, Share.objects.all(), by="owner", pk=share_id)
    share.revoke(timezone.now())
    return redirect("sharing:links")


# -- what somebody with the link sees -----------------------------------------------------------------


def shown_page(
    request: HttpRequest, kind: str, content: dict[str, Any], paths: dict[str, str], *, is_preview: bool
) -> HttpResponse:
    """Render a copy; its page knows nothing else of the interview."""
    context: dict[str, Any] = {"shared": content, "on": parse_date(content["on"]), "is_preview": is_preview}
    if kind == ShareKind.REPLAY and content.get("board"):
        context["config"] = player_config(content, paths)
    page = "sharing/scorecard.html" if kind == ShareKind.SCORECARD else "sharing/replay.html"
    answer = render(request, page, context)
    for name, value in HEADERS.items():
        answer[name] = value
    return answer


def player_config(content: dict[str, Any], paths: dict[str, str]) -> dict[str, Any]:
    """Return what the player of a replay is told, see interviews/views/replay.py."""
    return {
        **paths,
        "epoch": content["epoch"],
        "assetPath": "/static/board/",
        **content["time"],
        "steps": content["steps"],
        "marks": [
            {name: entry[name] for name in ("at", "label", "kind", "dimension")}
            for entry in content["entries"]
        ],
    }


def recording_of(data: bytes) -> HttpResponse:
    return HttpResponse(
        bytes(data),
        content_type="application/octet-stream",
        headers={**HEADERS, "X-Content-Type-Options": "nosniff"},
    )


def gone(request: HttpRequest) -> HttpResponse:
    answer = render(request, "sharing/gone.html", status=410)
    for name, value in HEADERS.items():
        answer[name] = value
    return answer


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link shows, to anybody who has it; count that, and not who."""
    now = timezone.now()
    share = access.share_or_404(token)
    if not share.is_open(now):
        return gone(request)
    if request.method == "GET" and request.user != share.owner:
        share.count_opening(now)
    paths = {
        "path": reverse("sharing:shared_board", args=[token]),
        "images": f"{reverse('sharing:shared', args=[token])}images/",
    }
    return shown_page(request, share.kind, share.content, paths, is_preview=False)


@require_safe
def shared_board(request: HttpRequest, token: str) -> HttpResponse:
    """Send the recording of a link: the copy that was made with it, all in one page."""
    share = access.share_or_404(token)
    if not share.is_open(timezone.now()):
        return gone_in_words()
    if not share.recording:
        raise Http404("This link shows no board.")
    return recording_of(bytes(share.recording))


def gone_in_words() -> HttpResponse:
    said = json.dumps({"error": "This link is closed. Ask who gave it to you for a new one."})
    return HttpResponse(said, status=410, content_type="application/json", headers=HEADERS)


@require_safe
def shared_image(request: HttpRequest, token: str, file_id: str) -> HttpResponse:
    """Send a picture on a shared board, if it is one of those the link shows."""
    share = access.share_or_404(token)
    if not share.is_open(timezone.now()):
        return gone_in_words()
    board = Share.objects.values_list("interview__board", flat=True).get(pk=share.pk)
    image = Image.objects.filter(board=board, file_id=file_id, author=share.owner).first()
    if image is None or file_id not in share.content.get("pictures", []):
        raise Http404("This link shows no such picture.")
    return HttpResponse(
        bytes(image.data),
        content_type=image.content_type,
        headers={
            **HEADERS,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
