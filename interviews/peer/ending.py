"""After a peer interview: who has given their levels, who is missing, and when the scorecards open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews import card_order, card_requests, scored_by_people
from interviews.access import Seat
from interviews.models import Interview, Participant, Role, Scorecard, Source, Submission
from interviews.peer import drafts

# The candidate goes first; one who closed the browser keeps nobody from writing down what they heard.
SELF_FIRST = timedelta(minutes=15)
# Nothing waits for ever: after this long whoever has spoken may open the cards without the others.
LONGEST_WAIT = timedelta(days=1)
AFTERWARDS = "Given after the scorecards had been opened."


@dataclass(frozen=True)
class Ending:
    """How far the scoring of one submission is, between its people."""

    submission: Submission
    people: list[Participant]

    @property
    def interview(self) -> Interview:
        return self.submission.interview

    @property
    def candidate(self) -> Participant | None:
        return next((one for one in self.people if one.role == Role.CANDIDATE), None)

    @property
    def interviewers(self) -> list[Participant]:
        return [one for one in self.people if one.role == Role.INTERVIEWER]

    @property
    def missing(self) -> list[Participant]:
        return [one for one in self.people if not one.has_spoken]

    @property
    def waits_for(self) -> str:
        """The names of those who have not spoken: “Ivo and Ida”."""
        return " and ".join(one.user.name for one in self.missing)

    def own(self, seat: Seat) -> Participant | None:
        return next((one for one in self.people if one.user_id == seat.user.pk), None)

    @property
    def opens_without_at(self) -> datetime:
        """When the cards may be opened without those who are missing."""
        return self.submission.at + LONGEST_WAIT

    def self_comes_first(self, now: datetime) -> bool:
        """Whether interviewers still wait for the candidate's own levels before they lock theirs."""
        candidate = self.candidate
        waits = candidate is not None and not candidate.has_spoken
        return waits and now < self.submission.at + SELF_FIRST

    def may_open(self, seat: Seat, now: datetime) -> bool:
        """Whether this person may open the cards now: nobody is missing, or long enough was waited."""
        own = self.own(seat)
        if own is None or not own.has_spoken or self.interview.cards_opened_at is not None:
            return False
        return not self.missing or now >= self.opens_without_at


def ending_of(submission: Submission) -> Ending:
    """Return how far the scoring is; one query."""
    seats = card_order.scorers(submission.interview).select_related("user")
    return Ending(submission, list(seats.order_by("joined_at", "pk")))


def locked_ending(seat: Seat) -> Ending:
    """Return how far the scoring is, with the interview's row locked; the caller's transaction."""
    locked = Interview.objects.select_for_update(of=("self",)).select_related("framework", "case")
    interview = locked.get(pk=seat.interview.pk)
    submission = Submission.objects.filter(interview=interview).first()
    if submission is None:
        raise ValidationError("There is nothing to score yet: the design has not been submitted.")
    submission.interview = interview
    return ending_of(submission)


def own_card(submission: Submission, seat: Seat) -> Scorecard | None:
    """Return the card that this interviewer has locked, if any."""
    return submission.scorecards.filter(source=Source.PERSON, author=seat.user).first()


@transaction.atomic
def hand_in(seat: Seat, *, rest_not_observed: bool, now: datetime) -> Scorecard:
    """Lock an interviewer's draft levels as their card, once; a second click returns it.

    `rest_not_observed`: what has neither a level nor "not observed" was not observed. ValidationError
    when something is left open otherwise, when no level was given, or when it is the candidate's turn.
    """
    ending = locked_ending(seat)
    submission, interview = ending.submission, ending.interview
    own = Participant.objects.select_for_update().get(pk=drafts.participant_of(seat).pk)
    before = own_card(submission, seat)
    if before is not None:
        return before
    if own.waived_at is not None:
        raise ValidationError("You have said that you give no levels for this design. That stays as it is.")
    if ending.self_comes_first(now):
        name = ending.candidate.user.name if ending.candidate else "The candidate"
        raise ValidationError(
            f"{name} gives their own levels first. Yours are kept as drafts; lock them once {name} is done, "
            f"or {SELF_FIRST.seconds // 60} minutes after the design was submitted."
        )
    rubric = card_requests.current_rubric(submission, interview.framework)
    standing = drafts.drafts_of(own.pk)
    left = drafts.left_open(drafts.sections(rubric.body, standing, areas=own.areas))
    if left and not rest_not_observed:
        raise ValidationError(still_open([str(section.dimension.label) for section in left]))
    if not any(draft.level is not None for draft in standing.values()):
        raise ValidationError("Give at least one criterion a level, or say that you give none.")
    marks = {code: draft.mark for code, draft in standing.items()}
    card = scored_by_people.write(submission, rubric, marks, source=Source.PERSON, author=seat.user, now=now)
    if interview.cards_opened_at is not None:
        Scorecard.objects.filter(pk=card.pk).update(reason=AFTERWARDS)
    card_order.note_spoken(interview, seat.user, now=now)
    return card


def still_open(names: list[str]) -> str:
    """Return in a sentence which areas have criteria without a level."""
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    has = "has" if len(names) == 1 else "have"
    return f"{listed} {has} criteria without a level yet. Score them, or mark them as not observed."


@transaction.atomic
def waive(seat: Seat, *, now: datetime) -> None:
    """Note that an interviewer gives no levels for this design, for good; nobody waits for them any more."""
    ending = locked_ending(seat)
    card_order.note_spoken(ending.interview, seat.user, now=now, waived=True)


@transaction.atomic
def open_cards(seat: Seat, *, now: datetime) -> None:
    """Open the cards without those who are missing; a second click finds them open.

    A candidate who is missing has then waived their own levels; an interviewer may still give theirs.
    """
    ending = locked_ending(seat)
    if ending.interview.cards_opened_at is not None:
        return
    own = ending.own(seat)
    if own is None or not own.has_spoken:
        raise ValidationError("Give your own levels first, or say that you give none.")
    if not ending.may_open(seat, now):
        raise ValidationError(
            f"{ending.waits_for} may still give levels. You can open the cards without them from "
            f"{ending.opens_without_at:%d %B, %H:%M} UTC on."
        )
    candidate = ending.candidate
    if candidate is not None and not candidate.has_spoken:
        Participant.objects.filter(pk=candidate.pk).update(waived_at=now)
    card_order.open_cards(ending.interview, actor=seat.user, now=now)
