"""A candidate's own interviews: list, detail, what was handed in, the board, the scorecards."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router

from interviews import access
from interviews.access import Seat
from interviews.api import answers
from interviews.api.callers import may, person_of
from interviews.api.paging import Page, newest_first
from interviews.belongings import reading_own, record
from interviews.models import Interview, Role, Scope, Submission

router = Router(tags=["interviews"])
READS = may(Scope.READ_INTERVIEWS)


def own_seat(request: HttpRequest, interview_id: UUID) -> Seat:
    """Return the caller's seat as the candidate; 404 for an outsider, 403 for another role."""
    return access.seat_or_404(person_of(request), interview_id, (Role.CANDIDATE,))


def own_design(request: HttpRequest, interview_id: UUID) -> Submission:
    """Return the caller's own design, whether or not its scorecards are open yet."""
    return access.design_or_404(own_seat(request, interview_id))


@router.get("", response=answers.InterviewList, auth=READS, operation_id="list_interviews")
def list_interviews(request: HttpRequest, page: Query[Page]) -> dict[str, Any]:
    """Interviews of which you are the candidate, newest first."""
    own = Interview.objects.of_candidate(person_of(request)).for_list()
    return newest_first(
        own, page, moment="created_at", as_json=lambda rows: [record.summary(row) for row in rows]
    )


@router.get("/{interview_id}", response=answers.Interview, auth=READS, operation_id="read_interview")
def read_interview(request: HttpRequest, interview_id: UUID) -> dict[str, Any]:
    """One interview: its clock by phase, and what happened as far as its candidate heard of it."""
    interview = own_seat(request, interview_id).interview
    return record.summary(interview) | {
        "prompt": interview.case.prompt,
        "phases": record.phases_json(interview),
        "events": record.events_json(interview),
    }


@router.get(
    "/{interview_id}/submission", response=answers.Submission, auth=READS, operation_id="read_submission"
)
def read_submission(request: HttpRequest, interview_id: UUID) -> dict[str, Any]:
    """What was handed in: notes by step, minutes, hints, questions, and the board as a graph."""
    return record.submission_json(own_design(request, interview_id))


@router.get("/{interview_id}/scene", response=dict[str, Any], auth=READS, operation_id="read_scene")
def read_scene(request: HttpRequest, interview_id: UUID) -> dict[str, Any]:
    """The board as an `.excalidraw` file: as handed in, or as it stands."""
    interview = own_seat(request, interview_id).interview
    submission = Submission.objects.filter(interview=interview).first()
    scene, _ = record.scene_and_notes(interview, submission)
    return record.with_files(scene, interview)


@router.get("/{interview_id}/record", response=dict[str, Any], auth=READS, operation_id="read_record")
def read_record(request: HttpRequest, interview_id: UUID) -> dict[str, Any]:
    """All of one interview, as an export holds it and an import takes it back."""
    seat = own_seat(request, interview_id)
    reading_own.note(seat)
    return record.record_of(seat.interview)


@router.get(
    "/{interview_id}/scorecards", response=answers.ScorecardList, auth=READS, operation_id="list_scorecards"
)
def list_scorecards(request: HttpRequest, interview_id: UUID) -> dict[str, Any]:
    """The scorecards of one design, oldest first. Levels of your own count as given before only until now."""
    seat = own_seat(request, interview_id)
    submission = access.submission_or_404(seat.user, interview_id)
    cards = record.own_cards(submission)
    if not cards:
        raise Http404("There is no scorecard yet. Ask again in a moment.")
    reading_own.note(seat)
    return {"items": [record.card_json(card) | {"report": card.report} for card in cards]}
