"""One interview of a candidate as JSON that can be read elsewhere, and brought back in."""

import base64
from typing import Any

from interviews import events, own_drawing
from interviews.models import Event, EventKind, Interview, Role, Scorecard, Source, Submission
from interviews.practice import cards
from whiteboard import reading
from whiteboard.gate import GateDiedError, GateFailedError
from whiteboard.models import Image
from whiteboard.scene import file_of

FORMAT, VERSION = "mockboard-interview", 1
# What a candidate was told or did in words; of other events it is said that they happened, and when.
IN_WORDS = frozenset(
    {
        EventKind.PHASE_ENTERED, EventKind.EXTENDED, EventKind.HINT_GIVEN, EventKind.ASKED,
        EventKind.ANSWERED, EventKind.FOLLOW_UP, EventKind.FOLLOW_UP_CLOSED, EventKind.CURVEBALL,
        EventKind.CURVEBALL_CLOSED, EventKind.PAUSED, EventKind.RESUMED, EventKind.SUBMITTED,
        EventKind.SCORED, EventKind.EXPIRED,
    }
)  # fmt: skip


def heard_by_candidate(event: Event) -> bool:
    return Role.CANDIDATE in events.HEARD_BY.get(event.kind, frozenset(Role))


def summary(interview: Interview) -> dict[str, Any]:
    """Return what a list says of an interview."""
    return {
        "id": str(interview.pk),
        "case": {"slug": interview.case.slug, "title": interview.case.title},
        "framework": interview.framework.slug,
        "level": interview.level,
        "mode": interview.mode,
        "state": interview.state,
        "minutes": interview.minutes,
        "extra_seconds": interview.extra_seconds,
        "strict": interview.strict,
        "seen": interview.seen,
        "imported": interview.imported_at is not None,
        "created_at": interview.created_at,
        "started_at": interview.started_at,
        "ended_at": interview.ended_at,
    }


def submission_json(submission: Submission) -> dict[str, Any]:
    return {
        "at": submission.at,
        "hash": submission.hash,
        "answers": submission.answers,
        "seconds_per_step": submission.seconds_per_step,
        "hints": submission.hints,
        "asked": submission.asked,
        "graph": submission.graph,
    }


def card_json(card: Scorecard) -> dict[str, Any]:
    return {
        "id": str(card.pk),
        "source": card.source,
        "framework": card.framework.slug,
        "engine_version": card.engine_version,
        "rubric_hash": card.rubric_hash,
        "total": card.total,
        "total_low": card.total_low,
        "total_high": card.total_high,
        "level_estimate": card.level_estimate,
        "dimensions": card.dimensions,
        "created_at": card.created_at,
        "reason": card.reason,
    }


def phases_json(interview: Interview) -> list[dict[str, Any]]:
    return [
        {
            "step": phase.step,
            "title": phase.title,
            "budget_seconds": phase.budget_seconds,
            "started_at": phase.started_at,
            "ended_at": phase.ended_at,
            "paused_seconds": round(phase.paused_for.total_seconds()),
        }
        for phase in interview.phases.order_by("position")
    ]


def events_json(interview: Interview) -> list[dict[str, Any]]:
    """Return what happened, as far as the candidate heard of it."""
    return [
        {
            "seq": event.seq,
            "at": event.at,
            "kind": event.kind,
            "payload": event.payload if event.kind in IN_WORDS else {},
        }
        for event in interview.events.order_by("seq")
        if heard_by_candidate(event)
    ]


def own_cards(submission: Submission) -> list[Scorecard]:
    """Return the cards of a design that its candidate may read, oldest first.

    Between people they open together: before, there is one's own alone.
    """
    cards = submission.scorecards.all()
    if not Interview.objects.with_open_cards().filter(pk=submission.interview_id).exists():
        cards = cards.filter(source=Source.SELF)
    return list(cards.select_related("framework").order_by("created_at"))


def scene_and_notes(
    interview: Interview, submission: Submission | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the drawing and the notes as handed in, or as they stand; empty when they cannot be read now."""
    if submission is not None:
        return submission.scene, submission.answers
    try:
        design = reading.read(interview.board)
    except (GateDiedError, GateFailedError):
        return file_of([]), {}
    return design.scene, design.notes


def with_files(scene: dict[str, Any], interview: Interview) -> dict[str, Any]:
    """Return a scene with the pictures on it, as an `.excalidraw` file carries them."""
    shown = {element.get("fileId") for element in scene["elements"] if element.get("type") == "image"}
    pictures = Image.objects.filter(board=interview.board_id, file_id__in=shown) if shown else ()
    files = {
        picture.file_id: {
            "id": picture.file_id,
            "mimeType": picture.content_type,
            "dataURL": f"data:{picture.content_type};base64,"
            + base64.b64encode(bytes(picture.data)).decode("ascii"),
            "created": int(picture.at.timestamp() * 1000),
        }
        for picture in pictures
    }
    return scene | {"files": files}


def record_of(interview: Interview) -> dict[str, Any]:
    """Return an interview as its candidate may keep it: what `POST /api/v1/interviews/import` takes back."""
    submission = Submission.objects.filter(interview=interview).first()
    scene, notes = scene_and_notes(interview, submission)
    candidate = cards.candidate_of(interview)
    others = own_drawing.by_others(interview, candidate) if candidate is not None else None
    drawn = [one["id"] for one in scene["elements"]]
    return {
        "format": FORMAT,
        "version": VERSION,
        "interview": summary(interview) | {"prompt": interview.case.prompt},
        "phases": phases_json(interview),
        "events": events_json(interview),
        "notes": notes,
        "scene": scene,
        # Whose boxes are whose goes along, so that a link made elsewhere shows the candidate's own.
        "drawn_by_others": drawn if others is None else [one for one in drawn if one in others],
        "submission": submission_json(submission) if submission else None,
        "scorecards": [
            card_json(card) | {"report": card.report}
            for card in (own_cards(submission) if submission else ())
        ],
    }
