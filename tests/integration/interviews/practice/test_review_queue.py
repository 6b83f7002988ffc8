"""What an attempt missed comes back as cards, after days, to its candidate alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from interviews import marking
from interviews.models import (
    Interview,
    Job,
    JobState,
    Mode,
    Review,
    ReviewCard,
    Role,
    Scorecard,
    Submission,
)
from interviews.practice import cards, reviewing
from tests.factories.interviews import seat
from tests.integration.interviews.practice.conftest import ASK, GOAL, scored

pytestmark = pytest.mark.django_db
QUEUE = "/progress/review/"


def name(view, *arguments):
    return reverse(f"practice:{view}", args=arguments)


@pytest.fixture
def card(attempt) -> ReviewCard:
    """The card on the goal, due today."""
    ReviewCard.objects.exclude(criterion="C01").delete()
    found = ReviewCard.objects.get()
    ReviewCard.objects.update(due_on=timezone.now().date())
    found.refresh_from_db()
    return found


def test_the_job_that_scores_makes_a_card_of_each_missed_criterion(attempt, candidate):
    found = {one.criterion: one for one in ReviewCard.objects.all()}
    assert set(found) == {"C01", "C09"}, "what is read from a drawing, or by people, is no card"
    assert {one.user for one in found.values()} == {candidate}
    assert found["C01"].question == ASK
    assert found["C09"].question == f"{attempt.case.title}: do it."
    assert found["C09"].level == 0
    tomorrow = timezone.now().date() + timedelta(days=1)
    assert {(one.rung, one.due_on) for one in found.values()} == {(0, tomorrow)}


def test_scored_twice_or_made_again_there_are_no_more_cards_and_none_moves(attempt, candidate):
    ReviewCard.objects.filter(criterion="C01").update(rung=2, due_on=date(2027, 1, 1))
    submission, card = Submission.objects.get(), Scorecard.objects.get()
    cards.make(submission, card.report, card.rubric, timezone.now())
    Job.objects.update(state=JobState.QUEUED, attempts=0)
    Scorecard.objects.all().delete()
    marking.run(Job.objects.get().pk)
    assert ReviewCard.objects.count() == 2
    kept = ReviewCard.objects.get(criterion="C01")
    assert (kept.rung, kept.due_on) == (2, date(2027, 1, 1))


def handed_in_later(submission: Submission, candidate: User, *, days: int) -> Submission:
    """Return the same design as another attempt of the same person, so many days later."""
    later = Interview.objects.get(pk=submission.interview_id)
    later.pk, later.board = None, type(later.board).objects.create()
    later.save(force_insert=True)
    seat(later, candidate, Role.CANDIDATE)
    again = Submission.objects.get(pk=submission.pk)
    again.pk, again.interview, again.at = None, later, submission.at + timedelta(days=days)
    again.save(force_insert=True)
    return again


def test_a_later_attempt_that_explains_it_ends_the_card_and_one_that_misses_it_again_starts_it_anew(
    attempt, candidate
):
    submission, card = Submission.objects.get(), Scorecard.objects.get()
    again = handed_in_later(submission, candidate, days=1)
    report = {**card.report, "criteria": [{**one, "level": 3} for one in card.report["criteria"]]}
    cards.make(again, report, card.rubric, timezone.now())
    assert set(ReviewCard.objects.values_list("rung", "due_on", "interview")) == {
        (4, None, again.interview_id)
    }
    cards.make(submission, card.report, card.rubric, timezone.now())
    assert set(ReviewCard.objects.values_list("due_on", flat=True)) == {None}, (
        "an old attempt says nothing new"
    )
    once_more = handed_in_later(submission, candidate, days=2)
    cards.make(once_more, card.report, card.rubric, timezone.now())
    tomorrow = timezone.now().date() + timedelta(days=1)
    assert set(ReviewCard.objects.values_list("rung", "due_on")) == {(0, tomorrow)}


def test_the_front_shows_the_question_and_nothing_of_the_back(card, candidate, client_of):
    page = client_of(candidate).get(QUEUE).content.decode()
    assert ASK in page
    assert "1 card for today, about 2 minutes" in page
    assert GOAL not in page
    for anchor in ("Named for this case", "Explained", "Weighed"):
        assert anchor not in page


def test_an_answer_is_kept_before_the_back_is_shown_and_a_grade_moves_the_card(card, candidate, client_of):
    browser = client_of(candidate)
    shown = browser.post(name("answer", card.pk), {"answer": "A missed fraud costs the shop 85 euro."})
    review = Review.objects.get()
    assert (review.answer, review.grade) == ("A missed fraud costs the shop 85 euro.", "")
    assert shown.url == name("review", review.pk)
    page = browser.get(shown.url).content.decode()
    for words in ("A missed fraud costs the shop 85 euro.", "lower the losses by fraud", "Weighed"):
        assert words in page
    assert "in 3 days" in page
    assert browser.post(name("grade", review.pk), {"grade": "good"}).url == QUEUE
    card.refresh_from_db()
    review.refresh_from_db()
    today = timezone.now().date()
    assert (card.rung, card.due_on) == (1, today + timedelta(days=3))
    assert (review.grade, review.rung_before, review.rung_after) == ("good", 0, 1)
    browser.post(name("grade", review.pk), {"grade": "again"})
    card.refresh_from_db()
    assert card.rung == 1, "a second grade changes nothing"
    assert "Nothing is due today" in browser.get(QUEUE).content.decode()


def test_the_last_grade_is_taken_back_with_its_words(card, candidate, client_of):
    browser = client_of(candidate)
    browser.post(name("answer", card.pk), {"answer": "Something."})
    review = Review.objects.get()
    browser.post(name("grade", review.pk), {"grade": "easy"})
    assert "Take back “Easy”" in browser.get(QUEUE).content.decode()
    assert browser.post(name("undo")).url == name("review", review.pk)
    back = ReviewCard.objects.get(pk=card.pk)
    assert (back.rung, back.due_on) == (card.rung, card.due_on)
    review.refresh_from_db()
    assert (review.grade, review.answer) == ("", "Something.")
    answer = browser.post(name("undo"), follow=True).content.decode()
    assert "There is no grade of today to take back." in answer


def test_the_day_is_the_persons_own(card, candidate):
    candidate.time_zone = "Pacific/Auckland"
    ReviewCard.objects.update(due_on=date(2026, 11, 19))
    eleven_in_utc = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)  # half past midnight of the 19th there
    assert [one.pk for one in reviewing.due_for(candidate, eleven_in_utc).cards] == [card.pk]
    an_hour_before = eleven_in_utc - timedelta(hours=1)
    assert reviewing.due_for(candidate, an_hour_before).cards == []
    assert reviewing.due_for(candidate, an_hour_before).next_on == date(2026, 11, 19)


def test_what_is_put_off_waits_until_tomorrow_and_keeps_its_place(card, candidate, client_of):
    ReviewCard.objects.update(rung=2)
    browser = client_of(candidate)
    assert "wait" in browser.post(name("tomorrow"), {"card": card.pk}, follow=True).content.decode()
    card.refresh_from_db()
    assert (card.rung, card.due_on) == (2, timezone.now().date() + timedelta(days=1))
    assert not Review.objects.exists()
    browser.post(name("tomorrow"), {"card": "x"})
    browser.post(name("put_away", card.pk), {"to": "queue"})
    assert ReviewCard.objects.get().due_on is None
    assert "put away" in browser.get(name("cards")).content.decode()
    browser.post(name("bring_back", card.pk))
    assert (ReviewCard.objects.get().rung, ReviewCard.objects.get().due_on) == (0, timezone.now().date())


def test_ten_a_day_are_enough(card, candidate, client_of):
    for number in range(14):
        ReviewCard.objects.create(
            user=candidate, case=card.case, criterion=f"X{number}", dimension="scope", question="And?",
            interview=card.interview, level=0, created_at=card.created_at, due_on=card.due_on,
        )  # fmt: skip
    due = reviewing.due_for(candidate, timezone.now())
    assert (len(due.cards), due.waiting) == (10, 15)
    Review.objects.bulk_create(
        Review(card=one, at=timezone.now(), grade="good", graded_at=timezone.now()) for one in due.cards
    )
    page = client_of(candidate).get(QUEUE).content.decode()
    assert "That is enough for today: 10 cards." in page


def test_an_answer_that_is_too_long_is_refused_with_its_words_kept(card, candidate, client_of):
    answer = client_of(candidate).post(name("answer", card.pk), {"answer": "x" * 4001})
    assert answer.status_code == 422
    assert "x" * 4001 in answer.content.decode()
    assert not Review.objects.exists()


def test_nobody_else_sees_or_moves_a_card(
    card, interviewer, observer, stranger, candidate, client_of, client
):
    seat(card.interview, interviewer, Role.INTERVIEWER)
    seat(card.interview, observer, Role.OBSERVER)
    client_of(candidate).post(name("answer", card.pk), {"answer": "Mine."})
    review = Review.objects.get()
    acts = [("answer", card.pk), ("put_away", card.pk), ("bring_back", card.pk), ("grade", review.pk)]
    for person in (interviewer, observer, stranger):
        browser = client_of(person)
        assert browser.get(name("review", review.pk)).status_code == 404
        for view, pk in acts:
            assert browser.post(name(view, pk), {"grade": "good", "answer": "Yours."}).status_code == 404
        browser.post(name("tomorrow"), {"card": card.pk})
        assert ASK not in browser.get(QUEUE).content.decode()
        assert card.case.title not in browser.get(name("cards")).content.decode()
    for view, *pk in [("queue",), ("cards",), ("review", review.pk)]:
        assert client.get(name(view, *pk)).status_code == 302
    same = ReviewCard.objects.get()
    assert (same.rung, same.due_on) == (card.rung, card.due_on)
    assert Review.objects.get().answer == "Mine."


def test_cards_of_a_peer_interview_wait_until_all_scorecards_open(card, candidate, client_of):
    Interview.objects.update(mode=Mode.PEER)
    browser = client_of(candidate)
    assert ASK not in browser.get(QUEUE).content.decode()
    assert browser.post(name("answer", card.pk), {"answer": "x"}).status_code == 404
    Interview.objects.update(cards_opened_at=timezone.now())
    assert ASK in browser.get(QUEUE).content.decode()


def test_without_an_attempt_the_page_says_where_cards_come_from(stranger, client_of):
    page = client_of(stranger).get(QUEUE).content.decode()
    assert "There are no cards yet." in page
    assert "1, 3, 7 and 14 days" in page


def test_its_queries_do_not_grow(card, candidate, client_of, django_assert_num_queries):
    browser = client_of(candidate)
    browser.get(QUEUE)
    counts = []
    for _ in range(2):
        with django_assert_num_queries(12, exact=False) as counted:
            browser.get(QUEUE)
        counts.append(len(counted))
        scored(candidate)
    assert counts[0] == counts[1]


def test_four_good_grades_in_a_row_and_a_card_is_learned(card, candidate):
    day = timezone.now()
    for wait in (3, 7, 14, None):
        with time_machine.travel(day, tick=False):
            review = reviewing.answer(card, "Words.", now=day)
            card = reviewing.grade(review, "good", now=day)
            assert card.due_on == (day.date() + timedelta(days=wait) if wait else None)
        day += timedelta(days=wait or 0)
    assert card.rung == 4
