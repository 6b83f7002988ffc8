"""The review queue: what is due for a person, answering, grading, taking a grade back, putting off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from interviews import access
from interviews.models import CriterionScore, Grade, Review, ReviewCard, Source
from interviews.practice import ladder
from interviews.practice.cards import local_day

if TYPE_CHECKING:
    from accounts.models import User

ENOUGH_A_DAY = 10
LONGEST_ANSWER = 4_000
EXCERPT = 700
LISTED = (
    "user", "interview", "criterion", "dimension", "question", "level", "rung", "due_on", "created_at",
    "case__title", "case__slug",
)  # fmt: skip


@dataclass(frozen=True)
class Due:
    """What is there to review today: at most ENOUGH_A_DAY with what is done; the rest waits unseen."""

    cards: list[ReviewCard]
    done_today: int
    waiting: int  # all that could be reviewed, also beyond today's portion
    next_on: date | None  # the next day with a card, when nothing is due today
    total: int

    @property
    def minutes(self) -> int:
        """About how long today's cards take."""
        return 2 * len(self.cards)


def cards_of(user: "User") -> QuerySet[ReviewCard]:
    """Return a person's cards of attempts whose scores are open to them."""
    return ReviewCard.objects.filter(user=user, interview__in=access.scores_open_to(user))


def due_for(user: "User", now: datetime) -> Due:
    """Return what a person may review today, the longest due first; three queries however many cards."""
    today = local_day(user, now)
    days = list(cards_of(user).order_by("due_on", "pk").values_list("due_on", "pk"))
    waiting = [pk for due_on, pk in days if due_on is not None and due_on <= today]
    later = [due_on for due_on, _ in days if due_on is not None and due_on > today]
    done = Review.objects.filter(card__user=user, graded_at__gte=start_of(user, today)).count()
    chosen = waiting[: max(0, ENOUGH_A_DAY - done)]
    cards = ReviewCard.objects.filter(pk__in=chosen).select_related("case").only(*LISTED)
    return Due(list(cards.order_by("due_on", "pk")), done, len(waiting), min(later, default=None), len(days))


def start_of(user: "User", day: date) -> datetime:
    """Return when a day begins where the person is."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(user.time_zone))


@transaction.atomic
def answer(card: ReviewCard, words: str, *, now: datetime) -> Review:
    """Keep what was written to a card and return it as an open review; written again, it is the same one."""
    ReviewCard.objects.select_for_update().get(pk=card.pk)
    words = words.replace("\x00", "").strip()
    if len(words) > LONGEST_ANSWER:
        raise ValidationError(f"An answer has at most {LONGEST_ANSWER:,} characters. Shorten it a little.")
    review, _ = Review.objects.get_or_create(card=card, grade="", defaults={"at": now})
    review.answer, review.at = words, now
    review.save(update_fields=["answer", "at"])
    return review


@transaction.atomic
def grade(review: Review, grade: str, *, now: datetime) -> ReviewCard:
    """Give an open review its grade and move its card; a second grade changes nothing."""
    card = ReviewCard.objects.select_for_update(of=("self",)).select_related("user").get(pk=review.card_id)
    rung, days = ladder.after(card.rung, grade)
    due_on = ladder.due(local_day(card.user, now), days)
    given = Review.objects.filter(pk=review.pk, grade="").update(
        grade=Grade(grade),
        graded_at=now,
        rung_before=card.rung,
        due_before=card.due_on,
        rung_after=rung,
        due_after=due_on,
    )
    if given:
        ReviewCard.objects.filter(pk=card.pk).update(rung=rung, due_on=due_on)
        card.rung, card.due_on = rung, due_on
    return card


def last_graded(user: "User", now: datetime) -> Review | None:
    """Return the review that was graded last today, None when there is none to take back."""
    graded = Review.objects.filter(card__user=user, graded_at__gte=start_of(user, local_day(user, now)))
    return graded.select_related("card__case").order_by("-graded_at", "-pk").first()


@transaction.atomic
def undo(user: "User", now: datetime) -> Review:
    """Take the last grade of today back: the card stands where it stood, and the review is open again."""
    review = last_graded(user, now)
    if review is None:
        raise ValidationError("There is no grade of today to take back.")
    moved_back = ReviewCard.objects.filter(
        pk=review.card_id, rung=review.rung_after or 0, due_on=review.due_after
    ).update(rung=review.rung_before, due_on=review.due_before)
    if not moved_back:
        raise ValidationError("This card has moved on meanwhile, so its grade stays.")
    Review.objects.filter(card=review.card_id, grade="").exclude(pk=review.pk).delete()
    Review.objects.filter(pk=review.pk).update(
        grade="", graded_at=None, rung_before=None, due_before=None, rung_after=None, due_after=None
    )
    review.refresh_from_db()
    return review


def postpone(cards: QuerySet[ReviewCard], user: "User", now: datetime) -> int:
    """Put due cards off until tomorrow and return how many; their place on the ladder stays."""
    today = local_day(user, now)
    return cards.filter(user=user, due_on__lte=today).update(due_on=today + timedelta(days=1))


def put_away(card: ReviewCard) -> None:
    """Take a card out of the queue for good, or until it is brought back."""
    ReviewCard.objects.filter(pk=card.pk).update(due_on=None)


def bring_back(card: ReviewCard, user: "User", now: datetime) -> None:
    """Let a card that is learned or put away come again from the first rung, today."""
    ReviewCard.objects.filter(pk=card.pk, due_on=None).update(rung=0, due_on=local_day(user, now))


@dataclass(frozen=True)
class WordsThen:
    """What the attempt said of a criterion: the cited words, else how the notes of its step begin."""

    quotes: list[str]
    excerpt: str


def words_then(card: ReviewCard) -> WordsThen:
    """Return the candidate's words in the attempt that a card is of."""
    scores = CriterionScore.objects.filter(
        scorecard__submission__interview=card.interview_id,
        scorecard__source=Source.ENGINE,
        criterion=card.criterion,
    ).select_related("scorecard__submission")
    score = scores.defer("scorecard__rubric", "scorecard__report").order_by("-scorecard__created_at").first()
    if score is None:
        return WordsThen([], "")
    quotes = list(score.evidence.exclude(quote="").order_by("position").values_list("quote", flat=True))
    notes = " ".join(score.scorecard.submission.answers.get(score.step, "").split())
    return WordsThen(quotes, "" if quotes else notes[:EXCERPT] + (" …" if len(notes) > EXCERPT else ""))
