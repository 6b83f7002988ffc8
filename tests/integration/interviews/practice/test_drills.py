"""A drill: some minutes on one step, kept as written, read on that step alone, in no statistics."""

import pytest
from django.urls import reverse
from django.utils import timezone

from casestudies.models import Fact
from interviews import history
from interviews.models import Drill, Interview, Reveal, Role, Scorecard, Submission
from interviews.practice import drills
from tests.factories.interviews import seat
from tests.factories.rooms import small_body, small_room

pytestmark = pytest.mark.django_db
WORDS = "The goal is to lower fraud losses: a missed fraud costs 85 euro, a blocked good payment 30 euro."


def name(view, *arguments):
    return reverse(f"practice:{view}", args=arguments)


def started(browser, case, **changes) -> Drill:
    sent = {"case": case.slug, "framework": "small", "step": "clarify", "criterion": "C01", "minutes": "5"}
    answer = browser.post(name("new_drill"), sent | changes)
    assert answer.status_code == 302, answer.content.decode()
    return Drill.objects.latest("started_at")


def test_the_page_offers_the_steps_that_are_read_from_words_and_marks_the_one_asked_for(
    attempt, candidate, client_of
):
    page = client_of(candidate).get(name("new_drill"), {"case": attempt.case.slug, "criterion": "C09"})
    shown = page.content.decode()
    assert "Cases you have tried" in shown
    assert 'name="step" value="data" checked' in shown
    assert "<strong>Handles imbalance</strong>" in shown
    assert 'value="serving"' not in shown, "a step that is read from the drawing alone"
    assert client_of(candidate).get(name("new_drill"), {"case": "no-such"}).status_code == 404


def test_it_keeps_what_is_written_reads_that_step_alone_and_shows_then_and_now(attempt, candidate, client_of):
    browser = client_of(candidate)
    drill = started(browser, attempt.case)
    assert [one["code"] for one in drill.rubric["criteria"]] == ["C01"]
    running = browser.get(drill.get_absolute_url()).content.decode()
    assert 'data-budget="300"' in running
    assert "<strong>Names the goal</strong>" in running
    assert browser.post(name("save_drill", drill.pk), {"notes": "Half a"}).content == b"Saved"
    assert "Half a</textarea>" in browser.get(drill.get_absolute_url()).content.decode()
    assert browser.post(name("hand_in_drill", drill.pk), {"notes": WORDS}).url == drill.get_absolute_url()
    drill.refresh_from_db()
    assert drill.notes == WORDS
    assert drill.level >= 3
    assert drill.levels_then == {"C01": 1}
    [entry] = drill.report["criteria"]
    assert entry["evidence"][0]["quote"] in WORDS
    page = browser.get(drill.get_absolute_url()).content.decode()
    assert '<td class="num">1</td>' in page
    assert f'<td class="num"><strong>{entry["level"]}</strong></td>' in page
    assert "of 5 min · automatic, engine" in page


def test_its_words_are_immutable_once_handed_in(attempt, candidate, client_of):
    browser = client_of(candidate)
    drill = started(browser, attempt.case)
    assert browser.post(name("hand_in_drill", drill.pk), {"notes": "  "}).status_code == 422
    browser.post(name("hand_in_drill", drill.pk), {"notes": WORDS})
    before = Drill.objects.values().get()
    refused = browser.post(name("save_drill", drill.pk), {"notes": "Better"})
    assert refused.status_code == 422
    assert "stay as they are" in refused.content.decode()
    browser.post(name("hand_in_drill", drill.pk), {"notes": "Better"})
    assert Drill.objects.values().get() == before


def test_words_that_cannot_be_read_just_now_are_kept_and_read_later(
    attempt, candidate, client_of, monkeypatch
):
    browser = client_of(candidate)
    drill = started(browser, attempt.case)
    with monkeypatch.context() as broken:
        broken.setattr(drills, "score", lambda *given, **more: 1 / 0)
        browser.post(name("hand_in_drill", drill.pk), {"notes": WORDS})
    page = browser.get(drill.get_absolute_url()).content.decode()
    assert "Your words are kept" in page
    assert "85 euro" in page
    browser.post(name("hand_in_drill", drill.pk))
    drill.refresh_from_db()
    assert drill.report is not None


def test_it_is_in_no_statistics_of_attempts(attempt, candidate, client_of):
    before = history.results_for(candidate)
    browser = client_of(candidate)
    other = small_room(candidate).case
    Interview.objects.exclude(pk=attempt.pk).delete()
    drill = started(browser, other)
    browser.post(name("hand_in_drill", drill.pk), {"notes": WORDS})
    assert history.results_for(candidate) == before
    assert (Submission.objects.count(), Scorecard.objects.count()) == (1, 1)
    assert not Reveal.objects.exists(), "a drill opens nothing of its case"
    page = browser.get(drill.get_absolute_url()).content.decode()
    assert "no scored attempt of this case" in page


def test_facts_of_the_case_are_there_once_they_are_open(attempt, candidate, stranger, client_of):
    Fact.objects.create(case=attempt.case, key="f", position=1, ask="How many?", answer="CANARY-FACT")
    mine, theirs = (started(client_of(one), attempt.case) for one in (candidate, stranger))
    assert "CANARY-FACT" in client_of(candidate).get(mine.get_absolute_url()).content.decode()
    assert "CANARY-FACT" not in client_of(stranger).get(theirs.get_absolute_url()).content.decode()
    Reveal.objects.create(user=stranger, case=attempt.case, at=timezone.now())
    assert "CANARY-FACT" in client_of(stranger).get(theirs.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"minutes": "45"}, "5, 7 or 10"), ({"step": "serving"}, "nothing that is read from words"),
     ({"step": "none"}, "nothing that is read from words"), ({"minutes": "٥"}, "5, 7 or 10")],
)  # fmt: skip
def test_what_cannot_be_drilled_is_refused_in_words(attempt, candidate, client_of, changes, words):
    sent = {"case": attempt.case.slug, "framework": "small", "step": "clarify", "minutes": "5"} | changes
    answer = client_of(candidate).post(name("new_drill"), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Drill.objects.exists()


def test_nobody_else_sees_or_writes_a_drill(
    attempt, candidate, interviewer, observer, stranger, client_of, client
):
    seat(attempt, interviewer, Role.INTERVIEWER)
    seat(attempt, observer, Role.OBSERVER)
    drill = started(client_of(candidate), attempt.case)
    for person in (interviewer, observer, stranger):
        browser = client_of(person)
        assert browser.get(drill.get_absolute_url()).status_code == 404
        for view in ("save_drill", "hand_in_drill"):
            assert browser.post(name(view, drill.pk), {"notes": "Not mine."}).status_code == 404
        assert attempt.case.title not in browser.get(name("drills")).content.decode()
    for view in ("drills", "new_drill"):
        assert client.get(name(view)).status_code == 302
    assert client.get(drill.get_absolute_url()).status_code == 302
    assert Drill.objects.get().notes == ""
    assert client_of(candidate).get(name("hand_in_drill", drill.pk)).status_code == 405


def test_a_rubric_cut_down_to_a_step_has_that_steps_words_and_expectations_alone():
    body = small_body()
    body["expectations"] = [
        {"id": "a", "criterion": "C01", "weight": 1, "statement": "A", "rule": {}},
        {"id": "b", "criterion": "C09", "weight": 1, "statement": "B", "rule": {}},
    ]
    cut = drills.narrowed(body, "data")
    assert [one["code"] for one in cut["criteria"]] == ["C09"]
    assert [one["id"] for one in cut["expectations"]] == ["b"]
    assert [one["slug"] for one in cut["framework"]["steps"]] == ["data"]
    assert len(body["criteria"]) == 4, "the rubric itself is as it was"
