"""A board's past over HTTP: its versions, two of them compared, and the recording that a browser plays."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from interviews import access, versions
from interviews.access import Seat
from interviews.forms import VersionForm
from interviews.models import Interview, Role
from interviews.views.asking import words_of
from whiteboard import changes, compare, log, reading, recording, replay
from whiteboard.gate import GateDiedError, GateFailedError
from whiteboard.models import Board, Version
from whiteboard.scene import elements_of

WRITERS = (Role.CANDIDATE, Role.INTERVIEWER)
GONE = "This version is gone. Somebody has deleted it meanwhile."
UNREADABLE = "The board’s past could not be read just now. Nothing is lost; try again in a moment."
# Rights are looked at again every two seconds, so a last edit may come a little after the end.
SETTLED_AFTER = timedelta(minutes=1)
NEVER_CHANGES = "private, max-age=31536000, immutable"
LARGEST_NUMBER = 2**62

Answer = Callable[..., HttpResponse]


class Refused(Exception):
    """What was asked for makes no sense; the text is a sentence, `status` the answer's."""

    def __init__(self, words: str, status: int = 422) -> None:
        super().__init__(words)
        self.status = status


def in_words(view: Answer) -> Answer:
    """Let a view refuse with a sentence as JSON, which a script on the page shows."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return JsonResponse({"error": str(refusal)}, status=refusal.status)
        except ValidationError as refusal:
            return JsonResponse({"error": words_of(refusal)}, status=422)
        except PermissionDenied as refusal:
            return JsonResponse({"error": str(refusal)}, status=403)
        except (GateDiedError, GateFailedError):
            return JsonResponse({"error": UNREADABLE}, status=503)

    return answer


def number(request: HttpRequest, name: str) -> int | None:
    """Return a whole number of the query, None when it is not there."""
    given = request.GET.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 20):
        raise Refused(f"`{name}` is a whole number.")
    return min(int(given), LARGEST_NUMBER)


# -- versions -----------------------------------------------------------------------------------------


def shown(version: Version, seat: Seat) -> dict[str, Any]:
    drawn_at = getattr(version, "drawn_at", None)
    return {
        "id": version.pk,
        "name": version.name,
        "seq": version.seq,
        "at": recording.milliseconds(drawn_at or version.at),  # as rows are timed in the recording
        "who": version.author.name if version.author else "",
        "mine": version.author_id == seat.user.pk,
    }


def version_of(seat: Seat, version_id: int) -> Version:
    found = versions.versions_of(seat.interview.board_id).filter(pk=version_id).first()
    if found is None:
        raise Refused(GONE, 404)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@in_words
def board_versions(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """List the versions; a POST names the moment that is on the board now, or the one after row `seq`."""
    seat = access.seat_or_404(
        request.user, interview_id, WRITERS if request.method == "POST" else tuple(Role)
    )
    if request.method == "POST":
        made = versions.name_moment(seat, **cleaned(VersionForm(request.POST)))
        return JsonResponse({"version": shown(version_of(seat, made.pk), seat)}, status=201)
    found = versions.versions_of(seat.interview.board_id)
    return JsonResponse({"versions": [shown(one, seat) for one in found], "may_name": seat.draws})


def cleaned(form: VersionForm) -> dict[str, Any]:
    if not form.is_valid():
        raise Refused(" ".join(str(words) for errors in form.errors.values() for words in errors))
    return form.cleaned_data


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@gzip_page
@in_words
def board_version(request: HttpRequest, interview_id: UUID, version_id: int) -> HttpResponse:
    """Send what stood on the board then, as fields by element id; a POST renames it, DELETE takes it away."""
    safe = request.method in ("GET", "HEAD")
    seat = access.seat_or_404(request.user, interview_id, tuple(Role) if safe else WRITERS)
    version = version_of(seat, version_id)
    if request.method == "DELETE":
        versions.delete(seat, version)
        return HttpResponse(status=204)
    if request.method == "POST":
        versions.rename(seat, version, cleaned(VersionForm(request.POST))["name"])
        return JsonResponse({"version": shown(version, seat)})
    then = reading.fields_at(seat.interview.board, upto_seq=version.seq)
    return JsonResponse({"version": shown(version, seat), "elements": then.elements})


@require_safe
@gzip_page
@in_words
def compare_versions(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Say what differs between `?from=` and `?to=`, each the number of a version, or `now`."""
    seat = access.seat_or_404(request.user, interview_id)
    before, after = (fields_of_side(request, seat, name) for name in ("from", "to"))
    old, new = elements_of(before.elements), elements_of(after.elements)
    designs = [reading.design_of(side) for side in (before, after)]
    found = compare.compare(designs[0].graph, designs[1].graph)
    return JsonResponse(
        {
            "before": before.elements,
            "after": after.elements,
            "marks": changes.marks(old, new).to_json(),
            "lines": [line.to_json() for line in changes.lines(found)],
        }
    )


def fields_of_side(request: HttpRequest, seat: Seat, name: str) -> reading.Fields:
    given = request.GET.get(name, "now")
    if given == "now":
        return reading.fields_at(seat.interview.board)
    wanted = number(request, name)
    return reading.fields_at(seat.interview.board, upto_seq=version_of(seat, wanted or 0).seq)


# -- the recording ------------------------------------------------------------------------------------


@require_safe
@gzip_page
@in_words
def board_history(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Send the log as `recording` describes it: rows behind `?after=`, or a snapshot and rows for `?from=`.

    Asked with the board's `?epoch=` after the interview, the answer never changes, and browsers keep it.
    """
    interview = access.board_watcher_or_404(request.user, interview_id)
    board = interview.board
    after, start, limit = (number(request, name) for name in ("after", "from", "limit"))
    epoch = number(request, "epoch")
    if epoch is not None and epoch != board.epoch:
        raise Refused("The board was put back to an earlier state. Reload the page to see it.", 409)
    settled = epoch is not None and is_settled(interview)
    etag = tag_of(board, after, start, limit)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        answer: HttpResponse = unchanged
    else:
        answer = HttpResponse(
            recorded(interview, after, start, limit), content_type="application/octet-stream"
        )
    answer["ETag"] = etag
    answer["Cache-Control"] = NEVER_CHANGES if settled else "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def is_settled(interview: Interview) -> bool:
    """Whether nothing will be added to the log any more."""
    ended = interview.ended_at
    return interview.is_done and ended is not None and timezone.now() - ended > SETTLED_AFTER


def tag_of(board: Board, *asked: int | None) -> str:
    """Return what stands for one answer: it changes with the log, and with nothing else."""
    heads = log.heads([board.pk])
    if board.pk not in heads:
        raise Http404(access.NO_SUCH_INTERVIEW)
    said = f"{recording.FORMAT} {board.pk} {heads[board.pk]} {asked}"
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def recorded(interview: Interview, after: int | None, start: int | None, limit: int | None) -> bytes:
    board = interview.board
    wanted = {"limit": limit} if limit is not None else {}
    page = (
        replay.page_after(board, after, **wanted)
        if after is not None
        else replay.page_from(board, start or 0, **wanted)
    )
    return recording.written(page, people_who_drew(interview, page.authors))


def people_who_drew(interview: Interview, authors: list[int]) -> dict[int, dict[str, Any]]:
    """Return name and role of those of `authors` who have or had a seat here."""
    seats = interview.participants.filter(user__in=authors).select_related("user")
    return {one.user_id: {"name": one.user.name, "role": one.role} for one in seats}
