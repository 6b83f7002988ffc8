"""What a candidate thought of an interviewer: three questions and a few words, for that interviewer alone."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews import events
from interviews.access import Seat
from interviews.models import EventKind, Interview, Participant, Rating, Role

QUESTIONS = (
    ("room_to_think", "I had room to think and to speak."),
    ("useful_help", "Questions and hints helped me show what I know."),
    ("fair_levels", "The levels and their reasons were fair and clear."),
)


@transaction.atomic
def rate(seat: Seat, interviewer_id: int, answers: Mapping[str, int], words: str, *, now: datetime) -> Rating:
    """Store a candidate's rating of one interviewer, once; a second one returns the first.

    `interviewer_id` is the number of the interviewer's seat. ValidationError before the cards are open.
    """
    locked = Interview.objects.select_for_update().get(pk=seat.interview.pk)
    if locked.cards_opened_at is None:
        raise ValidationError("You rate your interviewer after the scorecards have been opened.")
    rated = Participant.objects.filter(interview=locked, pk=interviewer_id, role=Role.INTERVIEWER).first()
    if rated is None:
        raise ValidationError("There is no such interviewer in this interview.")
    rating, is_new = Rating.objects.get_or_create(
        seat=rated,
        defaults={**{name: answers[name] for name, _ in QUESTIONS}, "words": words, "at": now},
    )
    if is_new:
        events.record(locked, EventKind.RATED, actor=seat.user, now=now)
    return rating
