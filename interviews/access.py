"""Who may: the one door to an interview, its board, its submission and its scorecards.

Views, sockets, tasks and exports come in here. An outsider is told that there is no such thing;
someone inside with the wrong role is told that they may not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from interviews import at_boards, card_order
from interviews.models import (
    Interview,
    Participant,
    Reveal,
    Role,
    Share,
    Submission,
)
from interviews.models.interview import cards_are_open

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from casestudies.models import CaseStudy

# Some twenty kilobytes a case, and nothing that belongs on a page of the room.
SPOILER_COLUMNS = (
    "requirements", "figures", "curveball", "level_cues", "mistakes", "brief", "run_sheet", "reference",
)  # fmt: skip
Row = TypeVar("Row", bound=Model)
NOT_SUBMITTED = "This design has not been submitted yet. Its scorecard appears once it is."
NO_SUCH_INTERVIEW = "There is no such interview, or you are not in it."


class NotYetOpen(PermissionDenied):
    """Somebody who may see the scorecards of an interview asks for them before they open to them."""

    def __init__(self, seat: "Seat") -> None:
        super().__init__(card_order.why_closed(seat.interview))
        self.seat = seat


@dataclass(frozen=True)
class Seat:
    """A person's place in one interview, and what it allows."""

    interview: Interview
    user: "User"
    role: Role

    @property
    def draws(self) -> bool:
        """Whether this person may change the board now."""
        return self.changes and self.role in (Role.CANDIDATE, Role.INTERVIEWER)

    @property
    def writes_notes(self) -> bool:
        return self.changes and self.role == Role.CANDIDATE

    @property
    def changes(self) -> bool:
        """Whether anything in the room may be changed: it is live, and no strict clock has run out."""
        return self.interview.is_live and not self.interview.is_out_of_time(timezone.now())

    @property
    def runs_clock(self) -> bool:
        return self.role in (Role.CANDIDATE, Role.INTERVIEWER)

    @property
    def submits(self) -> bool:
        return self.role == Role.CANDIDATE

    @property
    def hosts(self) -> bool:
        """Whether this person is the host: the candidate, unless somebody else was made it."""
        host = self.interview.host_id
        return host == self.user.pk if host is not None else self.role == Role.CANDIDATE

    @property
    def invites(self) -> bool:
        return self.hosts

    @property
    def holds_cockpit(self) -> bool:
        """Whether the interviewer's own panel is this person's: its words are for nobody else."""
        return self.role == Role.INTERVIEWER

    @property
    def sees_hints(self) -> bool:
        """Whether this person may read hints before they are given, or those that were given."""
        return self.role in (Role.CANDIDATE, Role.INTERVIEWER)

    @property
    def sees_scores(self) -> bool:
        """Whether the scorecards are for this person, sooner or later."""
        return self.role in (Role.CANDIDATE, Role.INTERVIEWER)

    @property
    def cards_are_open(self) -> bool:
        """Whether this person may read the scorecards now."""
        return self.sees_scores and card_order.open_to(self.interview, self.user, self.role)


@dataclass(frozen=True)
class Watcher:
    """Who looks back at an interview: one of its people, or (without a seat) anybody at a sample."""

    interview: Interview
    seat: Seat | None
    # Facts, hints and questions of the case are open to this person.
    knows_case: bool

    @property
    def sees_hints(self) -> bool:
        """Whether hints and follow-up questions are shown in the words they were given in."""
        return self.knows_case and (self.seat is None or self.seat.sees_hints)

    @property
    def hears_of_hints(self) -> bool:
        """Whether it is shown that there was a hint or a follow-up question, and when."""
        return self.seat is None or self.seat.sees_hints

    @property
    def stamped_notes_of(self) -> int | None:
        """Whose private notes are shown: an interviewer's own, to nobody else."""
        return self.seat.user.pk if self.seat is not None and self.seat.role == Role.INTERVIEWER else None

    @property
    def retries(self) -> bool:
        return self.seat is not None and self.seat.role == Role.CANDIDATE and self.seat.cards_are_open

    @property
    def sees_scores(self) -> bool:
        """Whether this person may go on to the scorecard, where there is one."""
        return self.interview.is_done and (self.seat is None or self.seat.cards_are_open)

    @property
    def scores_first(self) -> bool:
        """Whether this person's own levels are asked for before the scorecard opens to them."""
        asked = self.interview.is_done and self.interview.own_levels_first
        return asked and self.seat is not None and self.seat.submits


@dataclass(frozen=True)
class Visitor:
    """Who holds a session: `user_id` is None when nobody is signed in, `seat` for an outsider."""

    user_id: int | None
    seat: Seat | None


def seat_of(user: "User | AnonymousUser", interview_id: UUID) -> Seat | None:
    """Return this person's seat, or None for an outsider, a removed member or an unknown interview."""
    if not user.is_authenticated or not user.is_active or user.guest_visit_is_over():
        return None
    participant = (
        Participant.objects.filter(interview_id=interview_id, user=user, removed_at=None)
        .select_related("interview__case", "interview__framework", "interview__board")
        .defer(*(f"interview__case__{name}" for name in SPOILER_COLUMNS))
        .first()
    )
    return Seat(participant.interview, user, Role(participant.role)) if participant else None


def role_now(session_key: str | None, user_id: int, interview_id: UUID) -> Role | None:
    """Return a person's role in an interview as things stand, or None; light enough to ask all the time."""
    participant = (
        Participant.objects.filter(
            interview_id=interview_id, user_id=user_id, removed_at=None, user__is_active=True
        )
        .select_related("user")
        .only("role", "user__is_guest", "user__guest_until")
        .first()
    )
    if participant is None or participant.user.guest_visit_is_over() or not session_lives(session_key):
        return None
    return Role(participant.role)


def seat_or_404(
    user: "User | AnonymousUser", interview_id: UUID, roles: Iterable[Role] = tuple(Role)
) -> Seat:
    """Return this person's seat; Http404 for an outsider, PermissionDenied for another role."""
    seat = seat_of(user, interview_id)
    if seat is None:
        raise Http404(NO_SUCH_INTERVIEW)
    if seat.role not in set(roles):
        allowed = " or the ".join(Role(role).label.lower() for role in roles)
        raise PermissionDenied(f"Only the {allowed} can do this.")
    return seat


def submission_or_404(user: "User | AnonymousUser", interview_id: UUID) -> Submission:
    """Return a submission whose scores this person may see; the sample interviews are open to everybody.

    NotYetOpen as long as not everybody whose own levels come first has given or skipped them.
    """
    found = Submission.objects.filter(interview_id=interview_id).select_related(
        "interview__case", "interview__framework"
    )
    submission = found.defer(*(f"interview__case__{name}" for name in SPOILER_COLUMNS)).first()
    if submission is not None and submission.interview.is_sample:
        return submission
    seat = seat_or_404(user, interview_id)
    if not seat.sees_scores:
        raise PermissionDenied("The scores are shown to observers when the candidate shares them.")
    if submission is None:
        raise Http404(NOT_SUBMITTED)
    if not seat.cards_are_open:
        raise NotYetOpen(seat)
    return submission


def sample_or_404(user: "User | AnonymousUser", interview_id: UUID) -> Submission:
    """Return what was handed in in a sample interview, which is open to everybody; Http404 for another."""
    found = Submission.objects.filter(interview_id=interview_id, interview__is_sample=True)
    if not found.exists():
        raise Http404("This is not one of the sample interviews.")
    return submission_or_404(user, interview_id)


def design_or_404(seat: Seat) -> Submission:
    """Return what was handed in, for somebody seated who is to score it: the design, and no scorecard."""
    found = Submission.objects.filter(interview=seat.interview).first()
    if found is None:
        raise Http404(NOT_SUBMITTED)
    found.interview = seat.interview
    return found


def board_watcher_or_404(user: "User | AnonymousUser", interview_id: UUID) -> Interview:
    """Return an interview whose past board this person may see: one of theirs, or a sample, which all may."""
    return _watched(user, interview_id)[0]


def watcher_or_404(user: "User | AnonymousUser", interview_id: UUID) -> Watcher:
    """Return who may watch the replay: its people once the interview is over, and anybody at a sample.

    Http404 for an outsider, PermissionDenied as long as the interview is under way.
    """
    interview, seat = _watched(user, interview_id)
    if not interview.can_be_replayed:
        raise PermissionDenied("The replay opens once the interview is over.")
    return Watcher(interview, seat, knows_case=seat is not None or may_see_spoilers(user, interview.case))


def _watched(user: "User | AnonymousUser", interview_id: UUID) -> tuple[Interview, Seat | None]:
    seat = seat_of(user, interview_id)
    if seat is not None:
        return seat.interview, seat
    samples = Interview.objects.done().filter(pk=interview_id, is_sample=True)
    samples = samples.select_related("case", "framework", "board")
    sample = samples.defer(*(f"case__{name}" for name in SPOILER_COLUMNS)).first()
    if sample is None:
        raise Http404(NO_SUCH_INTERVIEW)
    return sample, None


def may_see_scores(user: "User | AnonymousUser", interview_id: UUID) -> bool:
    """Whether this person may see the scores of that interview, if it has any."""
    seat = seat_of(user, interview_id)
    return seat is not None and seat.cards_are_open


def scores_open_to(user: "User") -> "QuerySet[Interview]":
    """Return a candidate's own interviews whose scorecards are open to them."""
    own: QuerySet[Interview] = Interview.objects.of_candidate(user).done()
    return own.filter(cards_are_open())


def own_or_404(user: "User", rows: "QuerySet[Row]", *, by: str = "user", **which: Any) -> Row:
    """Return one of a person's own rows, `by` whom they are; Http404 for anybody else's."""
    row = rows.filter(**{by: user}, **which).first()
    if row is None:
        raise Http404("There is no such page, or it is not yours.")
    return row


def share_or_404(token: str) -> Share:
    """Return the link that a token opens, or once opened; whether it still does is for it to say."""
    share = Share.objects.found(token)
    if share is None:
        raise Http404("There is no such link. Check that you have all of its address.")
    return share


def may_see_spoilers(user: "User | AnonymousUser", case: "CaseStudy") -> bool:
    """Whether facts, hints, rubric details and the reference design of a case are open to this person.

    An interviewer reads them from the day they are seated, and as long as they are.
    """
    if not user.is_authenticated:
        return False
    if user.is_staff or Reveal.objects.filter(user=user, case=case).exists():
        return True
    interviewing = Participant.objects.filter(user=user, role=Role.INTERVIEWER, removed_at=None)
    if interviewing.filter(interview__case=case).exists():
        return True
    return Interview.objects.of_candidate(user).done().filter(case=case).exists()


def visitors(wanted: Iterable[tuple[str, UUID]]) -> list[Visitor]:
    """Return who holds each session, and their seat at the board named with it; two queries in all."""
    wanted = list(wanted)
    sessions = at_boards.living_sessions({key for key, _ in wanted})
    users = {
        key: int(session[SESSION_KEY])
        for key, session in sessions.items()
        if session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    }
    seats = _seats({*users.values()}, {board for _, board in wanted})
    found = []
    for key, board in wanted:
        user_id = users.get(key)
        seat = seats.get((user_id, board)) if user_id is not None else None
        if seat is not None:  # signed in before the password was changed?
            known = sessions[key].get(HASH_SESSION_KEY) or ""
            if not constant_time_compare(known, seat.user.get_session_auth_hash()):
                user_id = seat = None
        found.append(Visitor(user_id, seat))
    return found


def seats_at_boards(wanted: Iterable[tuple[str | None, int, UUID]]) -> list[Seat | None]:
    """Return the seat for each (session key, user, board), None where there is none any more; two queries."""
    wanted = list(wanted)
    alive = at_boards.living_sessions({key for key, _, _ in wanted if key})
    seats = _seats({user for _, user, _ in wanted}, {board for _, _, board in wanted})
    return [seats.get((user, board)) if key in alive else None for key, user, board in wanted]


def _seats(users: set[int], boards: set[UUID]) -> dict[tuple[int, UUID], Seat]:
    return {
        (user.pk, interview.board_id): Seat(interview, user, role)
        for user, interview, role in at_boards.seated(users, boards)
    }


def session_lives(session_key: str | None) -> bool:
    """Whether the session a socket was opened with still exists: logging out deletes it."""
    return (
        bool(session_key)
        and Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now()).exists()
    )
