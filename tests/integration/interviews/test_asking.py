"""The candidate asks; the room answers with the facts of the case, or the interviewer does."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from interviews import interviewer as talk
from interviews import lifecycle, marking
from interviews.models import Event, EventKind, Job, Role, Submission
from tests.integration.interviews.drawing_aid import FRAUD_BOARD, design

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
VOLUME = "1,200 a second on average"
DEADLINE = "150 ms at p99"


def ask(browser, interview, question, **headers):
    return browser.post(
        reverse("interviews:ask", args=[interview.pk]), {"question": question}, headers=headers or HTMX
    )


def asked(interview, kind=EventKind.ASKED):
    return list(Event.objects.filter(interview=interview, kind=kind).order_by("seq"))


def test_a_question_is_answered_in_the_interviewers_words_and_logged(interview, candidate, client_of):
    answer = ask(client_of(candidate), interview, "roughly how many transactions per sec at peak?")
    assert answer.status_code == 200
    assert VOLUME in answer.content.decode()
    [event] = asked(interview)
    assert event.payload["fact"] == "volume"
    assert event.payload["text"] == "roughly how many transactions per sec at peak?"
    assert event.payload["answer"].startswith(VOLUME)
    assert event.payload["step"] == "clarify"
    assert event.actor == candidate


def test_the_talk_is_there_after_a_refresh(interview, candidate, client_of):
    browser = client_of(candidate)
    ask(browser, interview, "What is our latency budget?")
    page = browser.get(interview.get_absolute_url()).content.decode()
    assert "What is our latency budget?" in page
    assert DEADLINE in page
    assert VOLUME not in page


def test_what_no_fact_answers_is_left_to_the_candidate(interview, candidate, client_of):
    page = ask(client_of(candidate), interview, "What colour is the logo?").content.decode()
    assert talk.LEFT_TO_YOU in page
    [event] = asked(interview)
    assert (event.payload["fact"], event.payload["answer"]) == (None, talk.LEFT_TO_YOU)


def test_two_questions_in_one_sentence_get_both_answers(interview, candidate, client_of):
    browser = client_of(candidate)
    page = ask(browser, interview, "How many payments are there and how long may a decision take?").content
    assert VOLUME in page.decode()
    assert DEADLINE in page.decode()
    page = ask(browser, interview, "Volume and latency?").content.decode()
    assert page.count("<dt>Volume and latency?</dt>") == 1, "one question, two answers"
    assert [event.payload["fact"] for event in asked(interview)] == ["volume", "deadline"] * 2


def test_the_same_fact_asked_again_is_answered_and_logged_again(interview, candidate, client_of):
    browser = client_of(candidate)
    ask(browser, interview, "What is the volume?")
    page = ask(browser, interview, "What was the volume again?").content.decode()
    assert page.count(VOLUME) == 2
    assert [event.payload["fact"] for event in asked(interview)] == ["volume", "volume"]


def test_a_form_without_scripts_comes_back_to_the_room(interview, candidate, client_of):
    answer = ask(client_of(candidate), interview, "Volume?", **{"X-Plain": "1"})
    assert (answer.status_code, answer["Location"]) == (302, interview.get_absolute_url())


@pytest.mark.parametrize("question", ["", "   ", "x" * 401, "\x00"])
def test_nothing_and_too_much_are_refused_in_words(interview, candidate, client_of, question):
    answer = ask(client_of(candidate), interview, question)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert asked(interview) == []


def test_markup_in_a_question_stays_words(interview, candidate, client_of):
    page = ask(client_of(candidate), interview, "<script>alert(1)</script> volume?").content.decode()
    assert "<script>" not in page
    assert escape("<script>alert(1)</script>") in page


def test_nobody_asks_while_the_clock_stands_still_or_after_the_end(interview, candidate, client_of):
    browser = client_of(candidate)
    lifecycle.pause(interview, actor=candidate, now=timezone.now())
    answer = ask(browser, interview, "Volume?")
    assert answer.status_code == 422
    assert "paused" in answer.content.decode()
    lifecycle.resume(interview, actor=candidate, now=timezone.now())
    design(interview)
    browser.post(reverse("interviews:submit", args=[interview.pk]))
    assert ask(browser, interview, "Volume?").status_code == 422
    assert asked(interview) == []


def test_an_interview_holds_only_so_many_questions(interview, candidate, client_of, monkeypatch):
    monkeypatch.setattr(talk, "MOST_QUESTIONS", 2)
    answers = [ask(client_of(candidate), interview, "Volume?").status_code for _ in range(3)]
    assert answers == [200, 200, 422]


# -- with an interviewer in the room --------------------------------------------------------------------


def test_with_an_interviewer_the_question_goes_to_them_and_the_fact_is_offered_to_them_alone(
    full_room, candidate, interviewer, observer, client_of
):
    page = ask(client_of(candidate), full_room, "How many payments a second?").content.decode()
    assert "The interviewer has your question." in page
    assert VOLUME not in page
    url = full_room.get_absolute_url()
    shown = {user: client_of(user).get(url).content.decode() for user in (candidate, interviewer, observer)}
    assert all("How many payments a second?" in page for page in shown.values())
    assert VOLUME in shown[interviewer]
    assert VOLUME not in shown[candidate]
    assert VOLUME not in shown[observer]
    [event] = asked(full_room)
    assert event.payload == {"fact": None, "text": "How many payments a second?", "step": "clarify"}


def answer_url(interview, number):
    return reverse("interviews:answer", args=[interview.pk, number])


def test_the_offered_fact_is_sent_with_one_click(full_room, candidate, interviewer, client_of):
    ask(client_of(candidate), full_room, "How many payments a second?")
    [question] = asked(full_room)
    page = (
        client_of(interviewer)
        .post(answer_url(full_room, question.seq), {"with_fact": "on"}, headers=HTMX)
        .content.decode()
    )
    assert "Send this answer" not in page
    [event] = asked(full_room, EventKind.ANSWERED)
    assert event.payload["question"] == question.seq
    assert event.payload["facts"] == ["volume"]
    assert event.actor == interviewer
    page = client_of(candidate).get(reverse("interviews:ask", args=[full_room.pk])).content.decode()
    assert VOLUME in page


def test_the_interviewer_answers_in_their_own_words_once(full_room, candidate, interviewer, client_of):
    ask(client_of(candidate), full_room, "How many payments a second?")
    [question] = asked(full_room)
    url, browser = answer_url(full_room, question.seq), client_of(interviewer)
    assert browser.post(url, {"words": " "}, headers=HTMX).status_code == 422
    assert browser.post(url, {"words": "About a <b>thousand</b>."}, headers=HTMX).status_code == 200
    again = browser.post(url, {"with_fact": "on"}, headers=HTMX)
    assert again.status_code == 422
    assert "answered already" in again.content.decode()
    page = client_of(candidate).get(full_room.get_absolute_url()).content.decode()
    assert escape("About a <b>thousand</b>.") in page
    [event] = asked(full_room, EventKind.ANSWERED)
    assert (event.payload["answer"], event.payload["facts"]) == ("About a <b>thousand</b>.", [])


def test_a_question_without_a_fact_has_no_fact_to_send(full_room, candidate, interviewer, client_of):
    ask(client_of(candidate), full_room, "What colour is the logo?")
    [question] = asked(full_room)
    browser = client_of(interviewer)
    assert "No fact of this case matches" in browser.get(full_room.get_absolute_url()).content.decode()
    answer = browser.post(answer_url(full_room, question.seq), {"with_fact": "on"}, headers=HTMX)
    assert answer.status_code == 422
    assert browser.post(answer_url(full_room, 9999), {"words": "Yes."}, headers=HTMX).status_code == 422


def test_only_the_candidate_asks_only_the_interviewer_answers_and_outsiders_find_nothing(
    full_room, candidate, interviewer, observer, stranger, client_of
):
    question = reverse("interviews:ask", args=[full_room.pk])
    answer = answer_url(full_room, 1)
    told = {
        user: (
            client_of(user).get(question).status_code,
            client_of(user).post(question, {"question": "Volume?"}, headers=HTMX).status_code,
            client_of(user).post(answer, {"words": "Yes."}, headers=HTMX).status_code,
        )
        for user in (candidate, interviewer, observer, stranger)
    }
    assert told == {
        candidate: (200, 200, 403),
        interviewer: (200, 403, 422),
        observer: (200, 403, 403),
        stranger: (404, 404, 404),
    }
    assert client_of(candidate).get(answer).status_code == 405


def test_everybody_in_the_room_hears_that_something_was_asked(full_room, candidate, observer, client_of):
    ask(client_of(candidate), full_room, "Volume?")
    heard = client_of(observer).get(reverse("interviews:events", args=[full_room.pk])).json()["events"]
    assert heard[-1]["type"] == "asked"
    assert set(heard[-1]) == {"seq", "type", "at"}


# -- what it counts for --------------------------------------------------------------------------------


def test_questions_are_handed_in_and_count_where_the_rubric_says_so(interview, candidate, client_of):
    browser = client_of(candidate)
    ask(browser, interview, "How many payments are there and how long may a decision take?")
    ask(browser, interview, "What colour is the logo?")
    design(
        interview, FRAUD_BOARD, {"data": "Labels come from chargebacks, which arrive 20 to 60 days later."}
    )
    browser.post(reverse("interviews:submit", args=[interview.pk]))
    submission = Submission.objects.get(interview=interview)
    assert [entry["fact"] for entry in submission.asked] == ["volume", "deadline", ""]
    assert submission.asked[0]["answer"].startswith(VOLUME)
    marking.run(Job.objects.get(kind="score").pk)
    card = submission.scorecards.get()
    sized = card.scores.get(criterion="C02")
    assert sized.level == 2
    assert {evidence.step for evidence in sized.evidence.all()} == {"asked"}
    assert card.scores.get(criterion="C03").level == 0
    page = browser.get(reverse("interviews:scorecard", args=[interview.pk])).content.decode()
    assert "Questions you asked" in page
    assert "How many payments are there" in page


def test_a_role_without_a_seat_any_more_leaves_the_room_to_answer(full_room, candidate, client_of):
    full_room.participants.filter(role=Role.INTERVIEWER).update(removed_at=timezone.now())
    assert VOLUME in ask(client_of(candidate), full_room, "Volume?").content.decode()
