"""Draft levels of an interviewer: kept as they are chosen, private, changeable until the card is locked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from casestudies.models import Dimension
from interviews.access import Seat
from interviews.models import DraftLevel, Participant
from interviews.scored_by_people import Mark

NOT_OBSERVED = "none"


@dataclass(frozen=True)
class Draft:
    """What stands for one criterion: a level, "not observed" or nothing yet, and in a sentence why."""

    level: int | None = None
    not_observed: bool = False
    why: str = ""

    @property
    def is_given(self) -> bool:
        return self.not_observed or self.level is not None

    @property
    def choice(self) -> str:
        """The value of the chosen radio button, empty for none."""
        return NOT_OBSERVED if self.not_observed else "" if self.level is None else str(self.level)

    @property
    def mark(self) -> Mark:
        return Mark(self.level, self.why)


@dataclass(frozen=True)
class Change:
    """What a form says of one criterion; None where it says nothing, and what stood there stays."""

    choice: str | None
    why: str | None

    def applied_to(self, draft: Draft) -> Draft:
        why = draft.why if self.why is None else self.why
        if not self.choice:
            return Draft(draft.level, draft.not_observed, why)
        if self.choice == NOT_OBSERVED:
            return Draft(None, True, why)
        return Draft(int(self.choice), False, why)


@dataclass(frozen=True)
class Question:
    """A criterion of the rubric with the draft that stands for it."""

    criterion: Mapping[str, Any]
    draft: Draft

    @property
    def anchors(self) -> list[tuple[str, str]]:
        """The levels, each with what it looks like."""
        return [(str(level), anchor) for level, anchor in enumerate(self.criterion["anchors"])]


@dataclass(frozen=True)
class Section:
    """The criteria of one dimension; `is_own` where this interviewer scores it first."""

    dimension: Dimension
    questions: list[Question]
    is_own: bool
    is_open: bool

    @property
    def given(self) -> int:
        return sum(question.draft.is_given for question in self.questions)


def drafts_of(seat_id: int) -> dict[str, Draft]:
    """Return what an interviewer has kept so far, by the criterion's code."""
    rows = DraftLevel.objects.filter(seat_id=seat_id)
    return {row.criterion: Draft(row.level, row.not_observed, row.why) for row in rows}


def participant_of(seat: Seat) -> Participant:
    return seat.interview.participants.get(user=seat.user, removed_at=None)


@transaction.atomic
def save(seat: Seat, changes: Mapping[str, Change], *, now: datetime) -> dict[str, Draft]:
    """Keep what an interviewer has changed and return all that stands now.

    ValidationError before the clock runs, and once their card is locked or waived.
    """
    if not (seat.interview.is_live or seat.interview.is_done):
        raise ValidationError("Levels are kept from the start of the clock until you lock your card.")
    # The row lock is what locking the card takes, too: a late draft cannot cross it.
    own = Participant.objects.select_for_update().get(pk=participant_of(seat).pk)
    if own.has_spoken:
        raise ValidationError("Your card is locked, so nothing was changed. It stays as you handed it in.")
    standing = drafts_of(own.pk)
    for code, change in changes.items():
        draft = change.applied_to(standing.get(code, Draft()))
        standing[code] = draft
        DraftLevel.objects.update_or_create(
            seat=own,
            criterion=code,
            defaults={"level": draft.level, "not_observed": draft.not_observed, "why": draft.why, "at": now},
        )
    return standing


def sections(
    body: Mapping[str, Any],
    drafts: Mapping[str, Draft],
    *,
    areas: Iterable[str] = (),
    running: Iterable[str] = (),
) -> list[Section]:
    """Return the criteria of a compiled rubric by dimension, own areas first.

    `areas` empty: all are one's own. `running` are the dimensions of the step that runs: those are open,
    or the first one when none runs.
    """
    own, now = set(areas), set(running)
    by_dimension: dict[str, list[Question]] = {}
    for criterion in body["criteria"]:
        question = Question(criterion, drafts.get(criterion["code"], Draft()))
        by_dimension.setdefault(criterion["dimension"], []).append(question)
    # Everybody listens for how the conversation was led, whoever has which area.
    found = [
        Section(
            dimension,
            by_dimension[dimension],
            not own or dimension in own or dimension == Dimension.COMMUNICATION,
            dimension in now,
        )
        for dimension in Dimension
        if dimension in by_dimension
    ]
    found.sort(key=lambda section: not section.is_own)
    if found and not any(section.is_open for section in found):
        first = found[0]
        found[0] = Section(first.dimension, first.questions, first.is_own, True)
    return found


def left_open(found: Iterable[Section]) -> list[Section]:
    """Return the own areas in which a criterion has neither a level nor "not observed"."""
    return [one for one in found if one.is_own and one.given < len(one.questions)]
