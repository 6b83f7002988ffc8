"""Scoring happens exactly once, whatever dies in between."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from interviews import marking, schedule, submitting
from interviews.models import Event, EventKind, Job, JobState, Scorecard, State
from interviews.models.job import LEASE, MOST_ATTEMPTS
from tests.integration.interviews.drawing_aid import design

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, nothing is cleaned up."""


@pytest.fixture
def job(interview, candidate) -> Job:
    """The job of a submission that no worker has seen yet."""
    design(interview)
    submitting.submit(interview, actor=candidate, now=timezone.now())
    return Job.objects.get()


def job_events(job: Job):
    return Event.objects.filter(interview__submission__pk=job.arguments["submission"])


@pytest.fixture
def woken(monkeypatch) -> list[int]:
    """The jobs for which a worker was woken."""
    calls: list[int] = []
    monkeypatch.setattr("interviews.schedule.run_job.delay", calls.append)
    return calls


@pytest.mark.parametrize("place", ["say", "score", "write_card", "events.record"])
def test_a_worker_killed_at_any_step_leaves_a_job_that_the_next_one_finishes(job, monkeypatch, woken, place):
    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"interviews.marking.{place}", die)
        with pytest.raises(Killed):
            marking.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert not Scorecard.objects.exists()

    schedule.sweep_jobs()
    assert woken == [], "its lease still runs"
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    schedule.sweep_jobs()
    assert woken == [job.pk]
    marking.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, Scorecard.objects.count()) == (JobState.DONE, 2, 1)


def test_a_job_whose_message_got_lost_is_swept(job, woken):
    schedule.sweep_jobs()
    assert woken == [job.pk]


def test_a_running_job_is_not_taken_by_a_second_worker(job):
    now = timezone.now()
    assert Job.objects.claim(job.pk, now) is not None
    assert Job.objects.claim(job.pk, now) is None
    marking.run(job.pk)
    assert not Scorecard.objects.exists()


def test_a_worker_that_lost_its_lease_writes_nothing(job, monkeypatch):
    slow = Job.objects.claim(job.pk, timezone.now())
    Job.objects.update(lease_until=timezone.now() - LEASE)
    marking.run(job.pk)
    assert Scorecard.objects.count() == 1
    with pytest.raises(marking.LeaseLost):
        marking.mark(slow)
    assert not slow.beat(timezone.now(), {})
    assert not slow.finish(timezone.now(), {})
    slow.attempts = MOST_ATTEMPTS
    marking.give_up(slow)
    job.refresh_from_db()
    assert (job.state, job.error, Scorecard.objects.count()) == (JobState.DONE, "", 1)
    assert not job_events(job).filter(kind=EventKind.SCORING_FAILED).exists()


def test_two_workers_that_both_read_write_one_card(job, monkeypatch):
    """The first is overtaken just before it writes: its card must not come, nor a word of failure."""
    write = marking.write_card

    def overtaken(*args):
        monkeypatch.setattr("interviews.marking.write_card", write)
        write(*args)

    first = Job.objects.claim(job.pk, timezone.now())
    Job.objects.update(lease_until=timezone.now() - LEASE)
    monkeypatch.setattr("interviews.marking.write_card", overtaken)
    marking.run(job.pk)
    with pytest.raises(marking.LeaseLost):
        marking.mark(first)
    kinds = list(job_events(job).values_list("kind", flat=True))
    assert Scorecard.objects.count() == 1
    assert kinds.count(EventKind.SCORED) == 1
    assert EventKind.SCORING_FAILED not in kinds


def test_a_job_that_ends_its_worker_every_time_fails_in_words(job, woken):
    for _ in range(MOST_ATTEMPTS):
        assert Job.objects.claim(job.pk, timezone.now()) is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert Job.objects.claim(job.pk, timezone.now()) is None
    schedule.sweep_jobs()
    job.refresh_from_db()
    assert (job.state, woken) == (JobState.FAILED, [])
    assert "It is safe" in job.error
    assert job_events(job).filter(kind=EventKind.SCORING_FAILED).count() == 1


def test_a_broker_that_is_away_does_not_disturb_a_submission(
    interview, candidate, client_of, monkeypatch, django_capture_on_commit_callbacks
):
    def away(*args):
        raise OperationalError("no broker")

    monkeypatch.setattr("interviews.card_requests.tasks.run_job.delay", away)
    design(interview)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        answer = client_of(candidate).post(reverse("interviews:submit", args=[interview.pk]))
    assert answer.status_code == 302
    assert len(callbacks) >= 3
    assert Job.objects.get().state == JobState.QUEUED


def test_a_channel_layer_that_is_away_does_not_cost_an_attempt(job, monkeypatch):
    class Away:
        async def group_send(self, *args):
            raise ConnectionError

    monkeypatch.setattr("interviews.events.get_channel_layer", Away)
    marking.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1)


def test_an_error_is_tried_again_later_and_told_in_words_in_the_end(
    job, interview, candidate, client_of, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr("interviews.marking.score", lambda *args: 1 / 0)
        for attempt in range(MOST_ATTEMPTS):
            Job.objects.update(run_after=timezone.now())
            marking.run(job.pk)
            job.refresh_from_db()
            assert job.attempts == attempt + 1
    assert job.state == JobState.FAILED
    assert interview.events.filter(kind=EventKind.SCORING_FAILED).count() == 1
    browser = client_of(candidate)
    page = browser.get(reverse("interviews:scorecard", args=[interview.pk])).content.decode()
    assert "could not be scored. It is safe" in page
    assert "ZeroDivision" not in page

    browser.post(reverse("interviews:score_again", args=[interview.pk]), {"framework": "seven-step"})
    marking.run(job.pk)
    interview.refresh_from_db()
    assert (Scorecard.objects.count(), interview.state) == (1, State.SCORED)


def test_a_second_message_for_a_done_job_does_nothing(job):
    marking.run(job.pk)
    marking.run(job.pk)
    assert Scorecard.objects.count() == 1


def test_no_message_is_sent_for_a_submission_that_is_rolled_back(
    interview, candidate, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr("interviews.card_requests.tasks.run_job.delay", lambda pk: sent.append(pk))
    design(interview)
    with django_capture_on_commit_callbacks() as callbacks:
        submitting.submit(interview, actor=candidate, now=timezone.now())
    assert sent == []
    for callback in callbacks:
        callback()
    assert len(sent) == 1
