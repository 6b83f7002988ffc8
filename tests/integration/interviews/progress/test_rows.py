"""What progress is read from: written with every card, the same as a recount, and gone with its person."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from interviews import adoption, marking, scored_by_people, self_scoring, submitting
from interviews.card_requests import current_rubric
from interviews.models import Attempt, AttemptScore, EventKind, Interview, Job, Role, Scorecard, Source
from interviews.progress import recording
from interviews.scored_by_people import Mark
from tests.factories.accounts import UserFactory
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from whiteboard import log

pytestmark = pytest.mark.django_db


def rows() -> list[tuple]:
    """Return everything that is kept for progress, without the numbers that rows have of themselves."""
    attempts = Attempt.objects.order_by("pk").values_list(*[f.attname for f in Attempt._meta.concrete_fields])
    scores = AttemptScore.objects.order_by("card").values_list(
        *[field.attname for field in AttemptScore._meta.concrete_fields if not field.primary_key]
    )
    return [*attempts, *scores]


@pytest.fixture
def handed_in(candidate: User, interviewer: User) -> Interview:
    """A submitted design with an interviewer in the room; nobody has read it yet."""
    room = small_room(candidate)
    seat(room, interviewer, Role.INTERVIEWER)
    log.seed(room.board, [], {"clarify": "The goal is to lower the losses by fraud."})
    for key, skipped in (("a", False), ("b", True)):
        for kind in (EventKind.FOLLOW_UP, EventKind.FOLLOW_UP_CLOSED):
            seq = Interview.objects.values_list("seq", flat=True).get(pk=room.pk) + 1
            payload = {"follow_up": key, "skipped": skipped}
            room.events.create(seq=seq, at=timezone.now(), kind=kind, payload=payload)
            Interview.objects.filter(pk=room.pk).update(seq=seq)
    submitting.submit(room, actor=candidate, now=timezone.now())
    room.refresh_from_db()
    return room


def read_by_the_engine() -> None:
    for pk in Job.objects.values_list("pk", flat=True):
        marking.run(pk)


def test_the_job_that_scores_counts_the_attempt(handed_in, candidate):
    assert not Attempt.objects.exists()
    read_by_the_engine()
    attempt = Attempt.objects.get()
    card = Scorecard.objects.get()
    assert (attempt.user, attempt.case_id, attempt.level) == (candidate, handed_in.case_id, "senior")
    assert (attempt.follow_ups, attempt.answered, attempt.budget_seconds) == (2, 1, 2700)
    assert attempt.steps[:3] == ["Clarify", "scope", 300]
    score = attempt.scores.get()
    assert (score.source, score.total, score.low, score.high) == (
        "engine", card.total, card.total_low, card.total_high,
    )  # fmt: skip
    levels = {entry["slug"]: entry["level"] for entry in card.dimensions}
    assert (score.levels[0], score.levels[6]) == (levels["scope"], levels["data"])
    assert score.levels[1] <= score.levels[0] <= score.levels[2]
    assert score.criteria == {one.criterion: one.level for one in card.scores.all()}


def test_own_levels_and_those_of_an_interviewer_are_counted_when_they_are_given(
    handed_in, candidate, interviewer
):
    read_by_the_engine()
    submission = handed_in.submission
    self_scoring.score_self(submission, {"C01": 4}, candidate=candidate, now=timezone.now())
    rubric = current_rubric(submission, handed_in.framework)
    scored_by_people.write(
        submission, rubric, {"C01": Mark(2)}, source=Source.PERSON, author=interviewer, now=timezone.now()
    )
    found = {score.source: score for score in AttemptScore.objects.all()}
    assert {source: score.levels[0] for source, score in found.items() if source != "engine"} == {
        "self": 4, "person": 2,
    }  # fmt: skip
    assert (found["person"].author, found["person"].low, found["person"].levels[1]) == (
        interviewer,
        None,
        None,
    )
    assert not found["self"].late


def test_own_levels_given_after_the_reveal_are_marked_as_late(handed_in, candidate):
    read_by_the_engine()
    self_scoring.note_reveal(handed_in.submission, candidate=candidate, now=timezone.now())
    self_scoring.score_self(handed_in.submission, {"C01": 4}, candidate=candidate, now=timezone.now())
    assert AttemptScore.objects.get(source="self").late


def test_a_new_reading_takes_the_place_of_the_old_one(handed_in):
    read_by_the_engine()
    old = Scorecard.objects.get()
    rubric = current_rubric(handed_in.submission, handed_in.framework)
    report = old.report | {"engine_version": "next", "total": 99.0}
    marking.write_card(marking.uuid.uuid4(), handed_in.submission, rubric, report, Source.ENGINE)
    recording.record(handed_in.submission.pk)
    assert AttemptScore.objects.get().total == 99.0
    assert Attempt.objects.count() == 1


def test_what_is_kept_equals_a_recount(handed_in, candidate, history, stranger):
    read_by_the_engine()
    self_scoring.score_self(
        handed_in.submission, {"C01": 4, "C09": 1}, candidate=candidate, now=timezone.now()
    )
    history(stranger, 12)
    kept = rows()
    assert len(kept) > 26
    Attempt.objects.filter(user=stranger).update(hints=99, steps=[], user=candidate)
    AttemptScore.objects.filter(source="engine").delete()
    call_command("rebuild_progress")
    assert rows() == kept
    call_command("rebuild_progress", person=stranger.username)
    assert rows() == kept


def test_a_recount_of_nobody_says_so(db):
    with pytest.raises(CommandError, match="nobody called nemo"):
        call_command("rebuild_progress", person="nemo")


def test_writing_costs_the_same_for_one_and_for_many(history, candidate, django_assert_num_queries):
    history(candidate, 8)
    submissions = list(Attempt.objects.values_list("interview__submission", flat=True))
    for some in (submissions[:1], submissions):
        with django_assert_num_queries(11):
            recording.write(some)


def test_a_guest_who_signs_in_keeps_the_history(history):
    guest = User.objects.create_guest(timezone.now())
    account = UserFactory()
    history(guest, 3)
    adoption.adopt(guest, account)
    assert set(Attempt.objects.values_list("user", flat=True)) == {account.pk}
    guest.delete()
    assert Attempt.objects.count() == 3


def test_a_deleted_interview_is_counted_no_more(handed_in):
    read_by_the_engine()
    handed_in.delete()
    assert not Attempt.objects.exists()
    assert not AttemptScore.objects.exists()
