"""Leaving a step alone brings one question on what it lacks most; it is answered in the notes, or skipped."""

import html
import json

import pytest
import yaml
from django.urls import reverse
from django.utils import timezone

from casestudies.pack import DEFAULT_CONTENT
from interviews import events, follow_ups, interviewer, lifecycle, tasks
from interviews.models import Event, EventKind, Role
from tests.factories.interviews import seat
from tests.integration.interviews.drawing_aid import NOTES, design
from tests.unit.interviews.scoring.stub_model import chat, stub

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def leave(interview, candidate, times=1):
    """Go on to the next step, let the worker choose, and return what it asked."""
    found = None
    for _ in range(times):
        phase = interview.running_phase()
        lifecycle.advance_phase(interview, running=phase, actor=candidate, now=timezone.now())
        found = follow_ups.choose(interview.pk, phase.pk, now=timezone.now())
    return found


def url_of(interview):
    return reverse("interviews:follow_up", args=[interview.pk])


def follow_up_events(interview):
    kinds = (EventKind.FOLLOW_UP, EventKind.FOLLOW_UP_CLOSED)
    return list(Event.objects.filter(interview=interview, kind__in=kinds).order_by("seq"))


def test_an_empty_step_brings_the_question_of_its_heaviest_criterion(interview, candidate, client_of):
    event = leave(interview, candidate)
    step = interview.framework.steps.get(slug="clarify")
    weights = {one.code: one.weight for one in step.criteria.filter(source="text")}
    asked = interview.case.follow_ups.get(key=event.payload["follow_up"])
    assert weights[asked.criterion.code] == max(weights.values())
    assert (event.payload["text"], event.payload["step"]) == (asked.ask, "clarify")
    page = client_of(candidate).get(interview.get_absolute_url()).content.decode()
    assert asked.ask in page
    assert "answer in your notes" in page


def test_what_the_notes_speak_of_is_not_asked_for(interview, candidate):
    design(interview, notes=NOTES)
    event = leave(interview, candidate)
    assert event is None or event.payload["criterion"] not in ("C01", "C02")


def test_a_fact_that_was_asked_for_is_not_asked_back(interview, candidate):
    for question in ("What does a mistake cost?", "What is the volume?"):
        interviewer.ask(interview, question=question, actor=candidate, now=timezone.now())
    event = leave(interview, candidate)
    assert event is None or event.payload["criterion"] not in ("C01", "C02")


def test_there_are_never_two_questions_at_once(interview, candidate, client_of):
    first = leave(interview, candidate)
    assert leave(interview, candidate, times=2) is None
    client_of(candidate).post(url_of(interview), {"follow_up": first.payload["follow_up"]}, headers=HTMX)
    second = leave(interview, candidate)
    assert second.payload["follow_up"] != first.payload["follow_up"]
    assert len([one for one in follow_up_events(interview) if one.kind == EventKind.FOLLOW_UP]) == 2


@pytest.mark.parametrize(("extra", "skipped"), [({}, False), ({"skip": "on"}, True)])
def test_a_question_is_answered_or_skipped_once(interview, candidate, client_of, extra, skipped):
    key = leave(interview, candidate).payload["follow_up"]
    browser = client_of(candidate)
    for _ in range(2):
        answer = browser.post(url_of(interview), {"follow_up": key} | extra, headers=HTMX)
        assert answer.status_code == 200
        assert "data-follow-up" not in answer.content.decode()
    [closed] = [one for one in follow_up_events(interview) if one.kind == EventKind.FOLLOW_UP_CLOSED]
    assert closed.payload == {"follow_up": key, "skipped": skipped, "step": "clarify"}


def test_the_worker_asks_once_however_often_it_is_told(interview, candidate):
    phase = interview.running_phase()
    lifecycle.advance_phase(interview, running=phase, actor=candidate, now=timezone.now())
    for _ in range(3):
        tasks.choose_follow_up(str(interview.pk), phase.pk)
    assert len(follow_up_events(interview)) == 1


def test_leaving_a_step_by_its_button_wakes_the_worker(
    interview, candidate, client_of, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(tasks.choose_follow_up, "apply_async", lambda arguments, **_: sent.append(arguments))
    phase = interview.running_phase()
    with django_capture_on_commit_callbacks(execute=True):
        client_of(candidate).post(
            reverse("interviews:advance_phase", args=[interview.pk]), {"running": phase.pk}, headers=HTMX
        )
    assert sent == [(str(interview.pk), phase.pk)]


def test_with_an_interviewer_in_the_room_the_room_asks_nothing(interview, candidate, interviewer):
    seat(interview, interviewer, Role.INTERVIEWER)
    assert leave(interview, candidate) is None


def test_after_the_end_nothing_is_asked_or_shown(interview, candidate, client_of):
    key = leave(interview, candidate).payload["follow_up"]
    phase = interview.running_phase()
    design(interview)
    client_of(candidate).post(reverse("interviews:submit", args=[interview.pk]))
    assert follow_ups.choose(interview.pk, phase.pk, now=timezone.now()) is None
    answer = client_of(candidate).post(url_of(interview), {"follow_up": key}, headers=HTMX)
    assert answer.status_code == 422


def test_follow_ups_are_for_the_two_who_talk(
    interview, candidate, interviewer, observer, stranger, client_of
):
    text = leave(interview, candidate).payload["text"]
    seat(interview, interviewer, Role.INTERVIEWER)
    seat(interview, observer, Role.OBSERVER)
    url = url_of(interview)
    told = {
        user: (client_of(user).get(url).status_code, client_of(user).post(url, headers=HTMX).status_code)
        for user in (candidate, interviewer, observer, stranger)
    }
    assert told == {
        candidate: (200, 200),
        interviewer: (200, 403),
        observer: (403, 403),
        stranger: (404, 404),
    }
    assert text not in client_of(observer).get(interview.get_absolute_url()).content.decode()
    heard = client_of(observer).get(reverse("interviews:events", args=[interview.pk])).json()["events"]
    assert "follow.up" not in [event["type"] for event in heard]


def test_the_second_reader_may_word_it_and_the_choice_stays_ours(interview, candidate, client_of, settings):
    settings.LLM_MODEL = "stub-1"

    def in_other_words(request):
        asked = request["messages"][0]["content"].split("The question: ")[1].splitlines()[0]
        return chat(json.dumps({"question": f"In your case, {asked[0].lower()}{asked[1:]}"}))

    with stub(in_other_words) as (settings.LLM_BASE_URL, _):
        event = leave(interview, candidate)
    row = interview.case.follow_ups.get(key=event.payload["follow_up"])
    assert event.payload["text"] == f"In your case, {row.ask[0].lower()}{row.ask[1:]}"
    assert (event.payload["criterion"], event.payload["worded_by"]) == (row.criterion.code, "stub-1")
    assert event.payload["text"] in html.unescape(
        client_of(candidate).get(url_of(interview)).content.decode()
    )


@pytest.mark.parametrize(
    "answer", [(503, {}, b""), chat('{"question": "Did you know that the answer is yes?"}')]
)
def test_words_of_no_use_leave_it_in_ours(interview, candidate, settings, answer):
    settings.LLM_MODEL = "stub-1"
    with stub(lambda request: answer) as (settings.LLM_BASE_URL, _):
        event = leave(interview, candidate)
    assert event.payload["text"] == interview.case.follow_ups.get(key=event.payload["follow_up"]).ask
    assert "worded_by" not in event.payload


def test_a_criterion_that_the_case_asks_nothing_about_gets_the_question_for_any_case(interview, candidate):
    step = interview.framework.steps.get(slug="clarify")
    weights = {one.code: one.weight for one in step.criteria.filter(source="text")}
    heaviest = [code for code, weight in weights.items() if weight == max(weights.values())]
    interview.case.follow_ups.filter(criterion__code__in=heaviest).delete()
    event = leave(interview, candidate)
    general = follow_ups.general_question(event.payload["criterion"])
    assert event.payload["criterion"] in heaviest, (
        "a lighter one with a question of its own does not go first"
    )
    assert (event.payload["follow_up"], event.payload["text"]) == (general.key, general.ask)


def test_of_two_that_weigh_the_same_the_one_of_the_case_goes_first_and_none_comes_twice(interview):
    mine = interview.case.follow_ups.select_related("criterion").order_by("position").first()
    lacking = [("C20", 2.0), (mine.criterion.code, 2.0)]
    interview.case.follow_ups.filter(criterion__code="C20").delete()
    assert follow_ups.most_wanted(interview, lacking).key == mine.key
    assert follow_ups.most_wanted(interview, [("C20", 2.0), (mine.criterion.code, 1.5)]).key == "general-C20"
    said = {"follow_up": "general-C20", "text": "…"}
    events.record(interview, EventKind.FOLLOW_UP, actor=None, now=timezone.now(), payload=said)
    assert follow_ups.most_wanted(interview, [("C20", 2.0)]) is None
    assert follow_ups.most_wanted(interview, [("X99", 2.0)]) is None


def test_every_criterion_that_is_read_from_words_has_a_question_for_any_case():
    bank = yaml.safe_load((DEFAULT_CONTENT / "bank" / "criteria.yaml").read_text(encoding="utf-8"))
    for row in bank:
        if row["source"] == "text":
            ask = follow_ups.general_question(row["code"]).ask
            assert ask.endswith("?")
            assert len(ask) <= 120
