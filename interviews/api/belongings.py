"""Taking everything out, and bringing an interview back in."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import Router, Status
from ninja.errors import HttpError

from accounts.limits import HOUR, within
from interviews.api import answers
from interviews.api.callers import may, person_of
from interviews.belongings import importing, requests
from interviews.models import Export, Scope

exports = Router(tags=["export"])
imports = Router(tags=["import"])
EXPORTS = may(Scope.READ_EXPORT)
IMPORTS_PER_HOUR = 100


def state_of(export: Export) -> dict[str, Any]:
    progress = export.job.progress or {}
    return {
        "id": export.pk,
        "state": export.job.state,
        "done": progress.get("done", 0),
        "of": progress.get("of", 0),
        "asked_at": export.asked_at,
        "expires_at": export.expires_at,
        "size": export.size,
        "error": export.job.error,
    }


@exports.post("", response={202: answers.ExportState}, auth=EXPORTS, operation_id="ask_for_export")
def ask_for_export(request: HttpRequest) -> Status[dict[str, Any]]:
    """Ask for everything of yours in a zip; while one is being written, that one is answered."""
    return Status(202, state_of(requests.ask(person_of(request), now=timezone.now())))


@exports.get("", response=answers.ExportState, auth=EXPORTS, operation_id="read_export")
def read_export(request: HttpRequest) -> dict[str, Any]:
    """How your newest export stands."""
    export = requests.newest(person_of(request), timezone.now())
    if export is None:
        raise Http404("You have no export. Ask for one with a POST.")
    return state_of(export)


@exports.get("/{export_id}/file", auth=EXPORTS, operation_id="download_export", response={200: None})
def download_export(request: HttpRequest, export_id: UUID) -> StreamingHttpResponse:
    """The zip itself, once its state is `done`."""
    export = requests.export_or_404(person_of(request), export_id, timezone.now())
    if export.ready_at is None:
        raise Http404("This export is not ready yet.")
    return requests.as_file(export)


@imports.post(
    "",
    response={201: answers.Imported, 200: answers.Imported},
    auth=may(Scope.WRITE_IMPORT),
    operation_id="import_interview",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    },
)
def import_interview(request: HttpRequest) -> Status[dict[str, Any]]:
    """Bring the interview.json of an export back in, as a closed interview of yours marked as imported.

    Its scores are not taken over: the engine here reads the design anew. 200 when you have it already.
    """
    person = person_of(request)
    if not within(f"import:{person.pk}", IMPORTS_PER_HOUR, HOUR):
        raise HttpError(429, f"At most {IMPORTS_PER_HOUR} interviews can be brought in within an hour.")
    body = request.read(importing.MOST_BYTES + 1)  # not `body`: forms may send less
    interview, is_new = importing.bring_in(person, body, now=timezone.now())
    return Status(201 if is_new else 200, {"id": interview.pk, "new": is_new})
