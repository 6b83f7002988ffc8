"""The interviewer's part of the talk: questions that are asked and answered, from the log and into it.

Alone, the room answers with the facts of the case. With an interviewer in the room the question goes to
that person, who is offered the fact that matches and answers in their own words or with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews import events, matching
from interviews.matching import Piece
from interviews.models import Event, EventKind, Interview, Participant, Role, State
from interviews.models.interview import LIVE_STATES

if TYPE_CHECKING:
    from accounts.models import User
    from casestudies.models import CaseStudy

LEFT_TO_YOU = "The interviewer leaves that to you: state your assumption."
MOST_QUESTIONS = 200
TALK = (
    EventKind.ASKED,
    EventKind.ANSWERED,
    EventKind.FOLLOW_UP,
    EventKind.FOLLOW_UP_CLOSED,
    EventKind.CURVEBALL,
    EventKind.CURVEBALL_CLOSED,
)


@dataclass
class Exchange:
    """A question and what was answered; `facts` are the keys of the facts that answered it."""

    seq: int
    text: str
    step: str
    answers: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        return not self.answers


def talk_of(interview: Interview) -> list[Event]:
    """Return the events of an interview that are words between the two, in order; one query."""
    return list(interview.events.filter(kind__in=TALK).order_by("seq"))


def exchanges(talk: Iterable[Event]) -> list[Exchange]:
    """Return the questions in order, each with its answers; what was asked in one breath is one exchange."""
    found: list[Exchange] = []
    by_seq: dict[int, Exchange] = {}
    before: Event | None = None
    for event in talk:
        said = event.payload
        if event.kind == EventKind.ASKED and said.get("text"):
            breath = (
                before is not None and before.at == event.at and before.payload.get("text") == said["text"]
            )
            if not (breath and found):
                found.append(Exchange(event.seq, said["text"], said.get("step", "")))
            before = event
            by_seq[event.seq] = found[-1]
            add_answer(found[-1], said.get("answer"), [said.get("fact")])
        elif event.kind == EventKind.ANSWERED and said.get("question") in by_seq:
            add_answer(by_seq[said["question"]], said.get("answer"), said.get("facts") or [])
    return found


def add_answer(exchange: Exchange, answer: str | None, facts: Sequence[str | None]) -> None:
    if answer:
        exchange.answers.append(answer)
        exchange.facts.extend(key for key in facts if key)


def asked_in(interview: Interview) -> list[dict[str, Any]]:
    """Return what was asked and told, as a submission keeps it: an entry for each fact, or one without."""
    return [
        {"fact": fact, "text": one.text, "answer": " ".join(one.answers), "step": one.step}
        for one in exchanges(talk_of(interview))
        for fact in dict.fromkeys(one.facts) or [""]
    ]


def has_interviewer(interview: Interview) -> bool:
    """Whether a person sits there as the interviewer, so that the room does not answer itself.

    One who left is not there: whoever goes on without them is answered by the room.
    """
    return Participant.objects.filter(
        interview=interview, role=Role.INTERVIEWER, removed_at=None, left_at=None
    ).exists()


def pieces_of(case: "CaseStudy", question: str) -> tuple[list[Piece], dict[str, str]]:
    """Return the questions in a text, each with the fact it asks for, and the answers by fact."""
    facts = list(case.facts.order_by("position"))
    book = [matching.Fact(fact.key, fact.ask, tuple(fact.terms)) for fact in facts]
    return (
        matching.answered(question, book, f"{case.title} {case.prompt}"),
        {fact.key: fact.answer for fact in facts},
    )


def offered(case: "CaseStudy", question: str) -> tuple[list[str], str]:
    """Return the facts that answer a question, and their words together; both empty when none does."""
    pieces, answers = pieces_of(case, question)
    keys = [piece.fact for piece in pieces if piece.fact]
    return keys, " ".join(answers[key] for key in keys)


@transaction.atomic
def ask(interview: Interview, *, question: str, actor: "User", now: datetime) -> list[Event]:
    """Log a question; alone it is answered at once, piece by piece, else it waits for the interviewer.

    ValidationError says why it cannot be asked now.
    """
    locked = lock_running(interview)
    if locked.events.filter(kind=EventKind.ASKED).count() >= MOST_QUESTIONS:
        raise ValidationError(
            f"{MOST_QUESTIONS} questions are as many as an interview holds. State assumptions from here on."
        )
    phase = locked.running_phase()
    step = {"step": phase.step if phase else ""}
    if has_interviewer(locked):
        said = {"fact": None, "text": question} | step
        return [events.record(interview, EventKind.ASKED, actor=actor, now=now, payload=said)]
    pieces, answers = pieces_of(locked.case, question)
    return [
        events.record(
            interview,
            EventKind.ASKED,
            actor=actor,
            now=now,
            payload={
                "fact": piece.fact,
                "text": piece.text,
                "answer": answers[piece.fact] if piece.fact else LEFT_TO_YOU,
            }
            | step,
        )
        for piece in pieces
    ]


@transaction.atomic
def answer(
    interview: Interview, *, question: int, words: str, with_fact: bool, actor: "User", now: datetime
) -> Event:
    """Log the interviewer's answer to a question: their `words`, or the fact that was offered `with_fact`.

    A question is answered once; ValidationError says when it was, or that there is nothing to send.
    """
    locked = lock_running(interview)
    asked = next((one for one in exchanges(talk_of(locked)) if one.seq == question), None)
    if asked is None:
        raise ValidationError("There is no such question in this interview.")
    if not asked.waits:
        raise ValidationError("This question has been answered already.")
    keys, said = offered(locked.case, asked.text)
    if with_fact and not said:
        raise ValidationError("No fact of this case matches the question. Answer in your own words.")
    if not with_fact and not words:
        raise ValidationError("Write an answer first, or send the fact that is offered.")
    payload = {
        "question": question,
        "answer": said if with_fact else words,
        "facts": keys if with_fact else [],
        "step": asked.step,
    }
    return events.record(interview, EventKind.ANSWERED, actor=actor, now=now, payload=payload)


def lock_running(interview: Interview) -> Interview:
    """Hold the interview for this transaction; ValidationError when it is paused or over."""
    locked = Interview.objects.select_for_update(of=("self",)).select_related("case").get(pk=interview.pk)
    if locked.state == State.PAUSED:
        raise ValidationError("The clock is paused, and so is the talk. Resume it first.")
    if locked.state not in LIVE_STATES:
        raise ValidationError("This interview has ended.")
    return locked
