"""Writing the zip with everything of a person: once, however often it is tried."""

import csv
import io
import json
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from interviews import history, printing
from interviews.access import Seat
from interviews.belongings import reading_own, record
from interviews.belongings.registry import OF_LIBRARIES, REGISTRY, Entry, own_interviews
from interviews.card_page import card_context
from interviews.models import Export, ExportPart, Interview, Job, Role, Source, Submission
from interviews.models.belongings import EXPORT_LASTS
from interviews.peer import reveal

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)
KIND = "export"
PART = 1024 * 1024
FAILED = "The export could not be written. Nothing of yours is lost; ask for it again in a minute."
README = """Everything Mockboard keeps of you, as it was on {at:%d %B %Y, %H:%M} UTC.

interviews.csv            one line for each interview of which you were the candidate
interviews/<…>/           for each of them: interview.json (all of it, and what can be imported again),
                          board.excalidraw (opens in Excalidraw), a PDF of each scorecard
data/                     your rows table by table, as JSON and as CSV

A scorecard that is not open to you yet (between people, or before you have scored yourself or skipped that)
is left out. Nothing of it is lost: open it, and ask for the export again.

Interviews of which you were the interviewer or an observer belong to their candidates. What you did in them
is in data/interviews.Event and data/interviews.Scorecard.
"""


class LeaseLost(Exception):
    """Another worker writes this export now."""


def run(job_id: int) -> list[int]:
    """Claim the job of an export and do it; a failure is logged and tried again later."""
    job = Job.objects.claim(job_id, timezone.now())
    if job is None:
        return []
    try:
        write(job)
    except LeaseLost:
        log.warning("export job %s was taken over by another worker", job.pk)
    except Exception:
        log.exception("export job %s failed at attempt %s", job.pk, job.attempts)
        job.put_back(timezone.now(), FAILED)
    return []


def write(job: Job) -> None:
    """Write the zip of a claimed job and store it together with the end of the job."""
    export = Export.objects.select_related("user").get(job=job)
    with tempfile.TemporaryFile() as file:
        fill(file, export.user, job)
        size = file.tell()
        file.seek(0)
        with transaction.atomic():
            # First of all the job: its row lock keeps a second worker out until the parts are there.
            now = timezone.now()
            if not job.finish(now, {"size": size}):
                raise LeaseLost
            for number, data in enumerate(iter(lambda: file.read(PART), b"")):
                ExportPart.objects.create(export=export, number=number, data=data)
            Export.objects.filter(pk=export.pk).update(ready_at=now, expires_at=now + EXPORT_LASTS, size=size)


def fill(file: IO[bytes], person: "User", job: Job) -> None:
    """Write everything of a person into a zip, saying now and then how far it is."""
    own = list(own_interviews(person).select_related("case", "framework", "board").order_by("created_at"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.format(at=timezone.now()))
        for label, entry in (*REGISTRY.items(), *OF_LIBRARIES.items()):
            if entry.exported is not None:
                add_table(archive, label, entry, person)
        archive.writestr("interviews.csv", as_csv(listed(own)))
        for number, interview in enumerate(own):
            if not job.beat(timezone.now(), {"done": number, "of": len(own)}):
                raise LeaseLost
            add_interview(archive, interview, person, job)
        if not job.beat(timezone.now(), {"done": len(own), "of": len(own)}):
            raise LeaseLost


def add_table(archive: zipfile.ZipFile, label: str, entry: Entry, person: "User") -> None:
    """Write the person's rows of one model as JSON and as CSV."""
    rows = list(rows_of(entry, person))
    archive.writestr(f"data/{label}.json", as_json(rows))
    archive.writestr(f"data/{label}.csv", as_csv(rows))


def rows_of(entry: Entry, person: "User") -> Iterator[dict[str, Any]]:
    """Yield the person's rows of a model without its hidden columns and without bytes."""
    if entry.exported is None:
        return
    rows = entry.exported(person).order_by("pk")
    columns = [
        field.attname
        for field in rows.model._meta.concrete_fields
        if field.name not in entry.hidden and not isinstance(field, models.BinaryField)
    ]
    yield from rows.values(*columns, *entry.added).iterator(chunk_size=500)


def listed(interviews: list[Interview]) -> list[dict[str, Any]]:
    """Return a line for each interview, with its newest automatic total."""
    cards = history.engine_cards(interviews)
    return [
        record.summary(interview)
        | {
            "case": interview.case.slug,
            "title": interview.case.title,
            "total": cards[interview.pk].total if interview.pk in cards else None,
        }
        for interview in interviews
    ]


def add_interview(archive: zipfile.ZipFile, interview: Interview, person: "User", job: Job) -> None:
    """Write one interview: its record, its board, and its scorecards on paper."""
    folder = f"interviews/{interview.created_at:%Y-%m-%d}-{interview.case.slug}-{str(interview.pk)[:8]}"
    content = record.record_of(interview)
    archive.writestr(f"{folder}/interview.json", as_json(content))
    board = record.with_files(content["scene"], interview)
    archive.writestr(f"{folder}/board.excalidraw", as_json(board))
    submission = Submission.objects.filter(interview=interview).first()
    if submission is None:
        return
    submission.interview = interview
    cards = [card for card in record.own_cards(submission) if card.source in (Source.ENGINE, Source.JUDGE)]
    seat = Seat(interview, person, Role.CANDIDATE)
    reading_own.note(seat)
    for number, card in enumerate(cards, start=1):
        if not job.beat(timezone.now(), job_progress(job)):
            raise LeaseLost
        shown = card_context(submission, card, is_open=True)
        printed = printing.pdf(shown | {"between_people": reveal.between_people(seat, submission)})
        archive.writestr(f"{folder}/scorecard-{number}-{card.framework.slug}.pdf", printed)


def job_progress(job: Job) -> dict[str, Any]:
    progress: dict[str, Any] = Job.objects.values_list("progress", flat=True).get(pk=job.pk)
    return progress


def as_json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV: nested values as JSON, and no cell that a spreadsheet would run as a formula."""
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    for row in rows:
        writer.writerow({key: cell(value) for key, value in row.items()})
    return text.getvalue()


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    if isinstance(value, datetime):
        value = value.isoformat()
    words = str(value)
    return f"'{words}" if words[:1] in "=+-@\t\r" and not isinstance(value, int | float) else words
