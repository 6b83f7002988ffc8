import pytest
from django.urls import reverse
from django.utils.html import escape

from interviews import marking
from interviews.models import (
    CriterionScore,
    EventKind,
    Evidence,
    Interview,
    Job,
    JobState,
    Scorecard,
    State,
    Submission,
)
from tests.integration.interviews.drawing_aid import NOTES, design
from whiteboard import log

pytestmark = pytest.mark.django_db


def submit(browser, interview):
    return browser.post(reverse("interviews:submit", args=[interview.pk]))


def run_jobs() -> None:
    """Do what a worker would."""
    for pk in Job.objects.values_list("pk", flat=True):
        marking.run(pk)


@pytest.fixture
def scored(interview, candidate, client_of):
    """A submitted and scored interview."""
    design(interview)
    submit(client_of(candidate), interview)
    run_jobs()
    interview.refresh_from_db()
    return interview


def test_a_submission_is_a_copy_of_words_board_minutes_and_hints(interview, candidate, client_of):
    browser = client_of(candidate)
    browser.post(reverse("interviews:hints", args=[interview.pk]), {"dimension": "scope", "rung": 1})
    design(interview)
    answer = submit(browser, interview)
    assert answer.url == reverse("interviews:scorecard", args=[interview.pk])
    submission = Submission.objects.get()
    assert submission.answers["clarify"] == NOTES["clarify"]
    assert set(submission.answers) == {phase.step for phase in interview.phases.all()}
    assert {node["label"] for node in submission.graph["nodes"]} >= {"Feature store", "Model registry"}
    assert len(submission.graph["edges"]) == 8
    assert submission.hints == [{"dimension": "scope", "rung": 1}]
    assert set(submission.seconds_per_step) == set(submission.answers)
    interview.refresh_from_db()
    assert interview.state == State.SUBMITTED
    assert interview.running_phase() is None


def test_what_is_drawn_afterwards_does_not_change_the_submission(scored):
    before = Submission.objects.get()
    log.seed(scored.board, [], {"clarify": "Something else entirely."})
    after = Submission.objects.get()
    assert (after.hash, after.answers, after.scene) == (before.hash, before.answers, before.scene)


def test_a_double_click_has_one_effect(interview, candidate, client_of):
    design(interview)
    browser = client_of(candidate)
    for _ in range(3):
        assert submit(browser, interview).status_code == 302
    run_jobs()
    run_jobs()
    assert (Submission.objects.count(), Job.objects.count(), Scorecard.objects.count()) == (1, 1, 1)
    assert interview.events.filter(kind=EventKind.SUBMITTED).count() == 1


def test_an_empty_design_is_refused_in_words_and_the_clock_goes_on(interview, candidate, client_of):
    answer = submit(client_of(candidate), interview)
    assert answer.status_code == 422
    assert "are empty" in answer.content.decode()
    interview.refresh_from_db()
    assert interview.state == State.RUNNING
    assert not Submission.objects.exists()


def test_words_alone_or_a_drawing_alone_can_be_submitted(interview, candidate, client_of):
    design(interview, board={"groups": [], "nodes": [], "edges": []})
    assert submit(client_of(candidate), interview).status_code == 302
    run_jobs()
    page = client_of(candidate).get(reverse("interviews:scorecard", args=[interview.pk])).content.decode()
    assert "Nothing was drawn" in page


def test_a_giant_design_is_refused_with_its_size(interview, candidate, client_of, monkeypatch):
    monkeypatch.setattr("interviews.submitting.MOST_CHARACTERS", 100)
    design(interview)
    answer = submit(client_of(candidate), interview)
    assert answer.status_code == 422
    assert "can be scored" in answer.content.decode()
    assert not Submission.objects.exists()


def test_a_paused_interview_can_be_submitted_and_the_pause_is_not_counted(interview, candidate, client_of):
    design(interview)
    browser = client_of(candidate)
    browser.post(reverse("interviews:pause", args=[interview.pk]))
    assert submit(browser, interview).status_code == 302
    interview.refresh_from_db()
    assert (interview.state, interview.paused_at) == (State.SUBMITTED, None)


def test_a_character_that_the_database_cannot_hold_does_not_stop_a_submission(
    interview, candidate, client_of
):
    board = {
        "groups": [],
        "nodes": [{"id": "a", "label": "Feature\x00 store", "kind": "store", "at": [0, 0]}],
        "edges": [],
    }
    design(interview, board=board, notes={"clarify": "The goal\x00 is fewer losses."})
    assert submit(client_of(candidate), interview).status_code == 302
    submission = Submission.objects.get()
    assert submission.answers["clarify"] == "The goal is fewer losses."
    assert submission.graph["nodes"][0]["label"] == "Feature store"


def test_a_board_that_cannot_be_read_is_told_in_words_and_the_interview_goes_on(
    interview, candidate, client_of, monkeypatch
):
    from whiteboard.gate import GateDiedError

    def die(*args, **kwargs):
        raise GateDiedError

    design(interview)
    with monkeypatch.context() as patch:
        patch.setattr("whiteboard.log.gate.ask", die)
        answer = submit(client_of(candidate), interview)
    assert answer.status_code == 422
    assert "Nothing is lost" in answer.content.decode()
    interview.refresh_from_db()
    assert interview.state == State.RUNNING
    assert submit(client_of(candidate), interview).status_code == 302


def test_what_was_drawn_while_the_submission_waited_is_in_it(interview, candidate, client_of, monkeypatch):
    from interviews import submitting
    from whiteboard import reading

    design(interview, notes={"clarify": "First."})
    read, calls = reading.read, []

    def read_and_then_draw(board, **kwargs):
        found = read(board, **kwargs)
        if not calls:
            log.seed(board, [], {"data": "Second."})
        calls.append(found.seq)
        return found

    monkeypatch.setattr(submitting.reading, "read", read_and_then_draw)
    submit(client_of(candidate), interview)
    submission = Submission.objects.get()
    assert len(calls) == 2
    assert (submission.answers["clarify"], submission.answers["data"]) == ("First.", "Second.")


def test_submitting_marks_another_running_attempt_at_the_case_as_seen(interview, candidate, client_of):
    from tests.factories.interviews import start_interview

    other, elsewhere = start_interview(candidate), start_interview(candidate, "ad-click")
    design(interview)
    submit(client_of(candidate), interview)
    for one in (interview, other, elsewhere):
        one.refresh_from_db()
    assert (interview.seen, other.seen, elsewhere.seen) == (False, True, False)
    assert other.events.filter(kind=EventKind.SPOILERS_OPENED).count() == 1


def test_a_submission_without_a_rubric_in_force_is_told_in_words(scored, candidate, client_of):
    from casestudies.models import Rubric

    Rubric.objects.update(is_current=False)
    browser = client_of(candidate)
    assert browser.get(reverse("interviews:scorecard", args=[scored.pk])).status_code == 200
    four = reverse("interviews:scorecard", args=[scored.pk]) + "?framework=four-step"
    assert "has not been read" in browser.get(four).content.decode()
    answer = browser.post(reverse("interviews:score_again", args=[scored.pk]), {"framework": "four-step"})
    assert answer.status_code == 422
    assert "no rubric for this case" in answer.content.decode()


def test_only_the_candidate_submits(full_room, interviewer, observer, stranger, client_of, client):
    design(full_room)
    assert submit(client_of(interviewer), full_room).status_code == 403
    assert submit(client_of(observer), full_room).status_code == 403
    assert submit(client_of(stranger), full_room).status_code == 404
    assert submit(client, full_room).status_code == 302
    assert not Submission.objects.exists()


def test_after_submitting_the_clock_can_no_longer_be_moved(scored, candidate, client_of):
    browser = client_of(candidate)
    phase = scored.phases.first()
    for name, data in (("pause", {}), ("resume", {}), ("advance_phase", {"running": phase.pk})):
        assert browser.post(reverse(f"interviews:{name}", args=[scored.pk]), data).status_code == 422


def test_every_stored_quotation_stands_in_the_answers_word_for_word(scored):
    submission = Submission.objects.get()
    cited = Evidence.objects.filter(kind="text")
    assert cited.exists()
    for evidence in cited:
        assert submission.answers[evidence.step][evidence.start : evidence.end] == evidence.quote


def test_every_level_above_0_has_evidence_and_every_element_is_on_the_board(scored):
    ids = {element["id"] for element in Submission.objects.get().scene["elements"]}
    for score in CriterionScore.objects.filter(level__gt=0).prefetch_related("evidence"):
        cited = list(score.evidence.all())
        assert cited, f"{score.criterion} has a level and cites nothing"
        assert all(evidence.kind == "text" or evidence.element in ids for evidence in cited)


def test_the_scorecard_quotes_words_and_names_boxes(scored, candidate, client_of):
    page = client_of(candidate).get(reverse("interviews:scorecard", args=[scored.pk])).content.decode()
    score = CriterionScore.objects.get(criterion="C09")
    quote = score.evidence.filter(kind="text").first()
    assert score.level >= 3
    assert f"<mark>{escape(quote.quote)}</mark>" in page
    assert 'data-light="' in page
    assert 'data-element="' in page
    assert "Level 1 needs:" in page


def test_communication_is_left_to_people(scored):
    assert set(CriterionScore.objects.filter(dimension="communication").values_list("level", flat=True)) == {
        None
    }


def test_the_same_design_is_read_under_another_framework_as_a_new_card(scored, candidate, client_of):
    browser = client_of(candidate)
    url = reverse("interviews:score_again", args=[scored.pk])
    answer = browser.post(url, {"framework": "four-step"})
    assert answer.url.endswith("?framework=four-step")
    assert "Waiting for a reader" in browser.get(answer.url).content.decode()
    run_jobs()
    page = browser.get(answer.url).content.decode()
    assert "Four steps" in page
    cards = {card.framework.slug: card for card in Scorecard.objects.all()}
    assert set(cards) == {"seven-step", "four-step"}
    levels = [
        dict(card.scores.values_list("criterion", "level"))
        for card in (cards["seven-step"], cards["four-step"])
    ]
    assert levels[0] == levels[1], "a framework is a view: the levels are the same"
    browser.post(url, {"framework": "four-step"})
    run_jobs()
    assert Scorecard.objects.count() == 2


def test_an_unknown_framework_is_refused(scored, candidate, client_of):
    browser = client_of(candidate)
    url = reverse("interviews:score_again", args=[scored.pk])
    assert browser.post(url, {"framework": "ten-step"}).status_code == 422
    card = reverse("interviews:scorecard", args=[scored.pk])
    assert browser.get(card, {"framework": "ten-step"}).status_code == 404
    assert Scorecard.objects.count() == 1


def test_who_may_read_the_scorecard(interview, candidate, interviewer, observer, stranger, client_of, client):
    from interviews.models import Role
    from tests.factories.interviews import seat

    seat(interview, interviewer, Role.INTERVIEWER)
    seat(interview, observer, Role.OBSERVER)
    url = reverse("interviews:scorecard", args=[interview.pk])
    assert client_of(candidate).get(url).status_code == 404, "nothing is submitted yet"
    design(interview)
    submit(client_of(candidate), interview)
    run_jobs()
    answers = {
        user: client_of(user).get(url).status_code for user in (candidate, interviewer, observer, stranger)
    }
    assert answers == {candidate: 200, interviewer: 200, observer: 403, stranger: 404}
    assert client.get(url).status_code == 404


def test_a_sample_is_open_to_everybody(scored, client):
    Interview.objects.filter(pk=scored.pk).update(is_sample=True)
    page = client.get(reverse("interviews:scorecard", args=[scored.pk]))
    assert page.status_code == 200
    assert "Sample" in page.content.decode()
    assert client.get(scored.get_absolute_url()).status_code == 302, "the room itself stays closed"
    again = client.post(reverse("interviews:score_again", args=[scored.pk]), {"framework": "four-step"})
    assert again.status_code == 403
    assert Job.objects.count() == 1


def test_a_sample_does_not_tell_what_its_case_asks_for(scored, candidate, stranger, client_of, client):
    from tests.factories.interviews import start_interview

    Interview.objects.filter(pk=scored.pk).update(is_sample=True)
    start_interview(stranger)
    url = reverse("interviews:scorecard", args=[scored.pk])
    for browser, opened in ((client, False), (client_of(stranger), False), (client_of(candidate), True)):
        page = browser.get(url).content.decode()
        for expectation in scored.case.expectations.all():
            assert (escape(expectation.statement) in page) is opened


def test_the_page_says_how_far_the_scoring_is(interview, candidate, client_of):
    browser = client_of(candidate)
    design(interview)
    submit(browser, interview)
    state = reverse("interviews:scoring_state", args=[interview.pk])
    assert "Waiting for a reader" in browser.get(state).content.decode()
    run_jobs()
    done = browser.get(state, headers={"HX-Request": "true"})
    assert (done.status_code, done.headers["HX-Redirect"]) == (
        204,
        reverse("interviews:scorecard", args=[interview.pk]),
    )
    assert Job.objects.get().state == JobState.DONE


def test_the_history_lists_submitted_interviews_at_a_constant_cost(
    library, candidate, client_of, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.interviews import start_interview

    browser = client_of(candidate)
    counts = []
    for case in ("payment-fraud", "ad-click", "payment-fraud"):
        one = start_interview(candidate, case)
        design(one)
        submit(browser, one)
        run_jobs()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = browser.get(reverse("interviews:history")).content.decode()
        counts.append(len(queries))
    assert page.count(">Replay</a>") == 3
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 12
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/").status_code == 200
    assert len(queries) <= 16
