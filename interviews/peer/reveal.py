"""All scorecards of one design at once: fetched for those to whom they are open, and put side by side."""

from dataclasses import dataclass
from typing import Any

from casestudies.models import GuidePage
from interviews.access import Seat
from interviews.card_order import SCORERS
from interviews.models import Rating, Role, Scorecard, Source, Submission
from interviews.peer import comparing, debrief
from interviews.peer.comparing import Reading, Row
from interviews.peer.ending import Ending, ending_of


@dataclass(frozen=True)
class Revealed:
    """What the page of the reveal shows."""

    ending: Ending
    readings: list[Reading]
    rows: list[Row]
    script: list[debrief.Line]
    ratings: dict[int, Rating]
    guide: dict[str, str]
    automatic: Scorecard | None

    @property
    def late(self) -> list[str]:
        """Those who had not spoken when the cards were opened, and still may."""
        return [one.user.name for one in self.ending.interviewers if not one.has_spoken]


def revealed(seat: Seat, submission: Submission) -> Revealed:
    """Return the cards of a submission side by side; the caller knows that they are open to this person."""
    ending = ending_of(submission)
    automatic, own, people = cards_of(submission)
    readings = []
    candidate = ending.candidate
    named = candidate.user.name if candidate else "The candidate"
    if own is not None:
        who = "You" if seat.role == Role.CANDIDATE else named
        readings.append(reading(comparing.SELF, who, own))
    readings += [
        reading(comparing.PERSON, card.author.name if card.author else "Interviewer", card) for card in people
    ]
    if automatic is not None:
        readings.append(reading(comparing.AUTOMATIC, "Automatic", automatic))
    rows = comparing.beside(readings, body_of(automatic, own, people))
    return Revealed(
        ending,
        readings,
        rows,
        debrief.script(debrief.points(rows), named),
        {one.seat_id: one for one in Rating.objects.filter(seat__interview=submission.interview)},
        GuidePage.objects.titles(),
        automatic,
    )


def between_people(seat: Seat | None, submission: Submission) -> Revealed | None:
    """Return all cards of a design side by side, None where there is only the program's or `seat` gives none.

    The caller knows that the cards are open to this person.
    """
    if seat is None or seat.role not in SCORERS or not submission.interview.keeps_order:
        return None
    return revealed(seat, submission)


def cards_of(submission: Submission) -> tuple[Scorecard | None, Scorecard | None, list[Scorecard]]:
    """Return the automatic card of the interview's own framework, the candidate's, and the interviewers'."""
    cards = list(submission.scorecards.exclude(source=Source.JUDGE).select_related("author"))
    cards.sort(key=lambda card: card.created_at)
    framework = submission.interview.framework_id
    engine = [one for one in cards if one.source == Source.ENGINE and one.framework_id == framework]
    own = next((one for one in cards if one.source == Source.SELF), None)
    return engine[-1] if engine else None, own, [one for one in cards if one.source == Source.PERSON]


def body_of(automatic: Scorecard | None, own: Scorecard | None, people: list[Scorecard]) -> dict[str, Any]:
    """Return the rubric to lay the readings over: an interviewer's, where there is one."""
    for card in (*people, own, automatic):
        if card is not None:
            body: dict[str, Any] = card.rubric
            return body
    return {"dimensions": {}, "criteria": []}


def reading(kind: str, name: str, card: Scorecard) -> Reading:
    return comparing.reading_of(kind, name, card.total, card.report, card.reason)
