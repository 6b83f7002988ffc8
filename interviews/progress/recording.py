"""Keeping the rows that progress is read from: written with every card, made again by a command."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from interviews.models import (
    Attempt,
    AttemptScore,
    CriterionScore,
    Event,
    EventKind,
    Interview,
    Participant,
    Phase,
    Role,
    Scorecard,
    Source,
    Submission,
)
from interviews.progress.ranges import Marked, by_dimension, flat

if TYPE_CHECKING:
    from django.apps.registry import Apps

    from accounts.models import User

CHUNK = 200
READ = (
    Attempt, AttemptScore, CriterionScore, Event, Interview, Participant, Phase, Scorecard, Submission,
)  # fmt: skip
# A submission's and a card's large columns are left where they are.
OF_SUBMISSION = (
    "at", "seconds_per_step", "hints", "asked", "interview__case", "interview__framework", "interview__level",
    "interview__mode", "interview__minutes", "interview__extra_seconds", "interview__seen",
    "interview__retry_of", "interview__imported_at", "interview__is_sample",
)  # fmt: skip
OF_CARD = (
    "submission", "source", "author", "framework", "created_at", "total", "total_low", "total_high", "reason",
)  # fmt: skip
OF_ATTEMPT = [field.attname for field in Attempt._meta.concrete_fields if not field.primary_key]
OF_SCORE = [
    field.attname
    for field in AttemptScore._meta.concrete_fields
    if not field.primary_key and field.name != "card"
]


def record(submission_id: int) -> None:
    """Bring the rows of one submission up to date; inside the transaction that wrote its new card."""
    write([submission_id])


def rebuild(user: "User | None" = None) -> int:
    """Make the rows of a person, or everybody's, again from what they are made from; return how many."""
    submissions = Submission.objects.filter(scorecards__isnull=False)
    attempts = Attempt.objects.all()
    if user is not None:
        seats = Participant.objects.filter(user=user, role=Role.CANDIDATE, removed_at=None)
        submissions = submissions.filter(interview__in=seats.values("interview"))
        attempts = attempts.filter(user=user)
    wanted = list(submissions.order_by("pk").distinct().values_list("pk", flat=True))
    attempts.exclude(interview__submission__in=wanted).delete()
    for start in range(0, len(wanted), CHUNK):
        write(wanted[start : start + CHUNK])
    return len(wanted)


def catch_up() -> int:
    """Make the rows of scored submissions that have none, and return how many; one query when all have."""
    seats = Participant.objects.filter(interview=OuterRef("interview"), role=Role.CANDIDATE, removed_at=None)
    scored = Scorecard.objects.filter(submission=OuterRef("pk"))
    left_out = Submission.objects.filter(
        Exists(seats), Exists(scored), interview__attempt__isnull=True
    ).order_by("pk")
    wanted = list(left_out.values_list("pk", flat=True))
    for start in range(0, len(wanted), CHUNK):
        write(wanted[start : start + CHUNK])
    return len(wanted)


def fits(there: "Apps") -> bool:
    """Say whether the models as migrated are those that rows are made from here: the same columns, alike."""
    for model in READ:
        try:
            migrated = there.get_model("interviews", model.__name__)
        except LookupError:
            return False
        if {(one.column, one.get_internal_type()) for one in migrated._meta.concrete_fields} != {
            (one.column, one.get_internal_type()) for one in model._meta.concrete_fields
        }:
            return False
    return True


@transaction.atomic
def write(submission_ids: Iterable[int]) -> None:
    """Write the rows of these submissions as they should be now; as many queries for one as for a hundred."""
    submissions = list(
        Submission.objects.filter(pk__in=list(submission_ids))
        .select_related("interview")
        .only(*OF_SUBMISSION)
        .annotate(bent=Q(before_curveball__isnull=False))
        .order_by("pk")
    )
    interviews = [submission.interview_id for submission in submissions]
    attempts = attempts_of(submissions)
    Attempt.objects.bulk_create(
        attempts, update_conflicts=True, unique_fields=["interview"], update_fields=OF_ATTEMPT
    )
    # The rows are ours now: what another worker wrote until a moment ago is seen by the reading of the cards.
    scores = scores_of(
        {submission.pk: submission.interview for submission in submissions},
        {attempt.pk for attempt in attempts},
    )
    AttemptScore.objects.filter(attempt__in=interviews).exclude(
        card__in=[score.card_id for score in scores]
    ).delete()
    AttemptScore.objects.bulk_create(
        scores, update_conflicts=True, unique_fields=["card"], update_fields=OF_SCORE
    )


def attempts_of(submissions: list[Any]) -> list[Attempt]:
    """Return an attempt for each submission of somebody; those without a candidate count for nobody."""
    interviews = [submission.interview_id for submission in submissions]
    seats = Participant.objects.filter(interview__in=interviews, role=Role.CANDIDATE, removed_at=None)
    candidates = dict(seats.values_list("interview", "user"))
    phases = defaultdict(list)
    for phase in Phase.objects.filter(interview__in=interviews).order_by("position"):
        phases[phase.interview_id].append(phase)
    asked = Event.objects.filter(interview__in=interviews).values("interview").order_by()
    follow_ups = {
        row["interview"]: (row["given"], row["answered"])
        for row in asked.annotate(
            given=Count("pk", filter=Q(kind=EventKind.FOLLOW_UP)),
            answered=Count("pk", filter=Q(kind=EventKind.FOLLOW_UP_CLOSED, payload__skipped=False)),
        )
    }
    found = []
    for submission in submissions:
        interview = submission.interview
        if interview.pk not in candidates:
            continue
        given, answered = follow_ups.get(interview.pk, (0, 0))
        spent = submission.seconds_per_step
        steps: list[str | int] = []
        for phase in phases[interview.pk]:
            steps += [phase.short, phase.dimension, phase.budget_seconds, spent.get(phase.step, 0)]
        found.append(
            Attempt(
                interview=interview,
                user_id=candidates[interview.pk],
                case_id=interview.case_id,
                framework_id=interview.framework_id,
                level=interview.level,
                mode=interview.mode,
                minutes=interview.minutes,
                at=submission.at,
                seconds=round(sum(spent.values())),
                budget_seconds=interview.budget_seconds,
                steps=steps,
                hints=sum(hint["rung"] for hint in submission.hints),
                follow_ups=given,
                answered=answered,
                asked=len(submission.asked),
                curveball=submission.bent,
                seen=interview.seen,
                retry=interview.retry_of_id is not None,
                imported=interview.imported_at is not None,
                is_sample=interview.is_sample,
            )
        )
    return found


def scores_of(interviews: dict[int, Any], attempts: set[Any]) -> list[AttemptScore]:
    """Return the readings that count: the newest of each source, under the framework that was used."""
    cards = Scorecard.objects.filter(submission__in=interviews).only(*OF_CARD).order_by("created_at", "pk")
    newest: dict[tuple[Any, ...], Scorecard] = {}
    for card in cards:
        interview = interviews[card.submission_id]
        if interview.pk in attempts and card.framework_id == interview.framework_id:
            by = card.author_id or str(card.pk) if card.source == Source.PERSON else None
            newest[interview.pk, card.source, by] = card
    marks = defaultdict(list)
    rows = CriterionScore.objects.filter(scorecard__in=[card.pk for card in newest.values()])
    without_range = {card.pk for card in newest.values() if card.total_low is None}
    for card_id, code, dimension, level, weight, confidence in rows.order_by("position").values_list(
        "scorecard", "criterion", "dimension", "level", "weight", "confidence"
    ):
        sure = None if card_id in without_range else confidence
        marks[card_id].append(Marked(code, dimension, level, weight, sure))
    return [
        AttemptScore(
            attempt_id=interview,
            card=card,
            source=source,
            author_id=card.author_id,
            at=card.created_at,
            total=card.total,
            low=card.total_low,
            high=card.total_high,
            levels=flat(by_dimension(marks[card.pk])),
            criteria={mark.code: mark.level for mark in marks[card.pk]},
            late=source == Source.SELF and bool(card.reason),
        )
        for (interview, source, _), card in newest.items()
    ]
