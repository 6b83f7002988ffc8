"""Asking for an export, and handing it out."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import Http404, StreamingHttpResponse

from interviews import tasks
from interviews.belongings.exporting import KIND
from interviews.models import Export, Job, JobState
from interviews.models.belongings import EXPORT_LASTS

if TYPE_CHECKING:
    from accounts.models import User

NO_SUCH_EXPORT = "There is no such export of yours. It may have expired: ask for a new one in your settings."


@transaction.atomic
def ask(person: "User", *, now: datetime) -> Export:
    """Return the export that is being made for a person, a new one when there is none."""
    # The person's row is the lock: two clicks would both find nothing.
    get_user_model().objects.select_for_update().get(pk=person.pk)
    under_way = Export.objects.filter(user=person, job__state__in=[JobState.QUEUED, JobState.RUNNING]).first()
    if under_way is not None:
        return under_way
    Job.objects.filter(kind=KIND, arguments__person=person.pk).delete()  # the one before, with its file
    identity = uuid4()
    job = Job.objects.create(
        kind=KIND,
        key=f"{KIND}:{identity}",
        arguments={"person": person.pk},
        run_after=now,
        created_at=now,
    )
    export = Export.objects.create(
        id=identity, user=person, job=job, asked_at=now, expires_at=now + EXPORT_LASTS
    )
    transaction.on_commit(lambda: tasks.run_job.delay(job.pk), robust=True)
    return export


def newest(person: "User", now: datetime) -> Export | None:
    """Return a person's export, ready or not; None once it has expired."""
    exports = Export.objects.filter(user=person, expires_at__gt=now).select_related("job")
    return exports.order_by("-asked_at").first()


def export_or_404(person: "User", export_id: UUID, now: datetime) -> Export:
    """Return an export of this person's own; Http404 for anybody else's, or when it has expired."""
    export = (
        Export.objects.filter(pk=export_id, user=person, expires_at__gt=now).select_related("job").first()
    )
    if export is None:
        raise Http404(NO_SUCH_EXPORT)
    return export


def content(export: Export) -> Iterator[bytes]:
    """Yield the bytes of a finished export, a part at a time."""
    for number in export.parts.order_by("number").values_list("number", flat=True):
        yield bytes(export.parts.values_list("data", flat=True).get(number=number))


class PartByPart(StreamingHttpResponse):
    """A stream of parts that are read as they are sent; Django's own reads all of them first."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts = iter(self)
        following = sync_to_async(lambda: next(parts, None))
        while (part := await following()) is not None:
            yield part


def as_file(export: Export) -> StreamingHttpResponse:
    """Return a finished export as a download that nothing on the way keeps."""
    return PartByPart(
        content(export),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{export.file_name}"',
            "Content-Length": str(export.size),
            "Cache-Control": "private, no-store",
        },
    )


def drop_expired(now: datetime) -> int:
    """Delete exports whose seven days are over, with their files and jobs; return how many."""
    jobs = Job.objects.filter(kind=KIND, pk__in=Export.objects.expired(now).values("job"))
    count = jobs.count()
    jobs.delete()
    return count
