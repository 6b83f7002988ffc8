"""The second reader's card stands beside the engine's, and never in its place."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from interviews import marking, schedule, submitting
from interviews.models import Evidence, Job, JobState, Scorecard, Source, Submission
from tests.integration.interviews.drawing_aid import design
from tests.unit.interviews.scoring.stub_model import asked_codes, chat, given_words, stub

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(interview, candidate) -> Job:
    design(interview)
    submitting.submit(interview, actor=candidate, now=timezone.now())
    return Job.objects.get()


def citing(request: dict[str, Any]) -> dict[str, Any]:
    """Give 2 to the first criterion asked about, with the first line of the answer as proof."""
    line = next(
        line for line in given_words(request).splitlines() if len(line.split()) > 4 and "===" not in line
    )
    first, *others = asked_codes(request)
    entries = [{"code": first, "level": 2, "quotes": [line], "reason": "Said in the case's words."}]
    entries += [{"code": code, "level": 0, "quotes": [], "reason": "Not said."} for code in others]
    return chat(json.dumps({"criteria": entries}))


def ask(settings, address: str) -> None:
    settings.LLM_BASE_URL, settings.LLM_MODEL, settings.LLM_RUNS = address, "stub-1", 1
    settings.LLM_TIMEOUT_SECONDS = 20.0


def test_without_an_address_nobody_is_asked(job, settings):
    settings.LLM_BASE_URL = ""
    assert marking.run(job.pk) == []
    assert Scorecard.objects.get().source == Source.ENGINE
    assert Job.objects.count() == 1


def test_its_card_is_a_second_one_with_model_prompt_and_quotes(job, settings):
    with stub(citing) as (address, _):
        ask(settings, address)
        (following,) = marking.run(job.pk)
        before = Scorecard.objects.get()
        assert marking.run(following) == []
    engine, judge = Scorecard.objects.order_by("created_at")
    assert (engine.pk, engine.report, engine.total) == (before.pk, before.report, before.total)
    assert (engine.source, judge.source) == (Source.ENGINE, Source.JUDGE)
    record = judge.report["judge"]
    assert (record["model"], record["prompt"], record["runs"]) == ("stub-1", "1", 1)
    assert judge.rubric_hash == engine.rubric_hash
    for cited in Evidence.objects.filter(score__scorecard=judge, kind="text"):
        assert judge.submission.answers[cited.step][cited.start : cited.end] == cited.quote
    assert judge.scores.filter(level=2).exists()
    job = Job.objects.get(pk=following)
    assert (job.state, job.attempts) == (JobState.DONE, 1)


def test_a_reader_that_does_not_answer_leaves_the_engines_card_alone(job, settings, monkeypatch):
    monkeypatch.setattr("interviews.scoring.judge.endpoint.LONGEST_WAIT_SECONDS", 0)
    with stub(lambda request: (503, {"Retry-After": "0"}, b"")) as (address, _):
        ask(settings, address)
        (following,) = marking.run(job.pk)
        marking.run(following)
        asked = Job.objects.get(pk=following)
        assert asked.state == JobState.QUEUED
        Job.objects.update(run_after=timezone.now())
        marking.run(following)
    asked.refresh_from_db()
    assert asked.state == JobState.FAILED
    assert asked.error == "The second reader is busy or out of order (status 503)."
    assert Scorecard.objects.get().source == Source.ENGINE
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_worker_killed_while_it_asks_is_made_up_for_once(job, settings, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*args: object, **named: object) -> None:
        raise Killed

    with stub(citing) as (address, _):
        ask(settings, address)
        (following,) = marking.run(job.pk)
        with monkeypatch.context() as patch:
            patch.setattr("interviews.marking.write_card", die)
            with pytest.raises(Killed):
                marking.run(following)
        woken: list[int] = []
        monkeypatch.setattr("interviews.schedule.run_job.delay", woken.append)
        Job.objects.filter(pk=following).update(lease_until=timezone.now() - timedelta(seconds=1))
        schedule.sweep_jobs()
        assert woken == [following]
        marking.run(following)
        marking.run(following)
    assert sorted(Scorecard.objects.values_list("source", flat=True)) == ["engine", "judge"]


def test_scored_again_it_is_asked_once(job, settings):
    with stub(citing) as (address, requests):
        ask(settings, address)
        for pk in marking.run(job.pk):
            marking.run(pk)
        count = len(requests)
        Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
        Scorecard.objects.filter(source=Source.ENGINE).delete()
        for pk in marking.run(job.pk):
            marking.run(pk)
    assert len(requests) == count
    assert Scorecard.objects.filter(source=Source.JUDGE).count() == 1


def page_of(job: Job, query: str = "") -> str:
    interview = Submission.objects.get(pk=job.arguments["submission"]).interview_id
    return reverse("interviews:scorecard", args=[interview]) + query


def test_the_page_shows_both_readings_and_where_they_disagree(job, settings, candidate, client_of):
    with stub(citing) as (address, _):
        ask(settings, address)
        (following,) = marking.run(job.pk)
        browser = client_of(candidate)
        assertContains(browser.get(page_of(job)), "A second reader is at work")
        marking.run(following)
    judge = Scorecard.objects.get(source=Source.JUDGE)
    page = browser.get(page_of(job))
    assertContains(page, f"?card={judge.pk}")
    assert len(page.context["disagreements"]) == len(judge.report["judge"]["disagreements"]) > 0
    assertContains(page, "by the second reader. Read both")
    card = browser.get(page_of(job, f"?card={judge.pk}"))
    assertContains(card, "Second reader: stub-1, asked 1 time per step")
    assertContains(card, "Said in the case")
    assert (
        browser.get(page_of(job).replace("scorecard/", "scorecard.pdf") + f"?card={judge.pk}").status_code
        == 200
    )


def test_the_page_says_when_the_second_reader_did_not_answer(job, settings, candidate, client_of):
    settings.LLM_BASE_URL, settings.LLM_MODEL = "http://127.0.0.1:9/v1", "nobody"
    (following,) = marking.run(job.pk)
    marking.run(following)
    Job.objects.filter(pk=following).update(run_after=timezone.now())
    marking.run(following)
    page = client_of(candidate).get(page_of(job))
    assertContains(page, "The second reader could not be reached. The automatic scorecard stands.")


@pytest.mark.parametrize("card", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_card_of_another_design_is_not_shown(job, settings, candidate, client_of, card):
    marking.run(job.pk)
    assert client_of(candidate).get(page_of(job, f"?card={card}")).status_code == 404
