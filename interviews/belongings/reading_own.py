"""A candidate who takes their scorecards elsewhere has seen them, as much as one who opens their page."""

from django.utils import timezone

from interviews import self_scoring
from interviews.access import Seat
from interviews.models import Submission


def note(seat: Seat) -> None:
    """Keep in mind that the candidate knows the automatic levels, when they have given none of their own."""
    if not seat.cards_are_open:  # then none was taken along
        return
    submission = Submission.objects.filter(interview=seat.interview, scorecards__isnull=False).first()
    if submission is not None and self_scoring.own_card(submission) is None:
        self_scoring.note_reveal(submission, candidate=seat.user, now=timezone.now())
