"""No level and no word of an interviewer, and nothing automatic, reaches anybody before the cards open."""

import json
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse
from django.utils import timezone

from casestudies.models import CaseStudy
from interviews import earlier_attempt, history, retrying
from interviews.access import NotYetOpen, may_see_scores, seat_of, submission_or_404, watcher_or_404
from interviews.belongings import reading_own, record
from interviews.models import Interview, Role, Scorecard, Source, Submission
from tests.factories.interviews import seat
from tests.integration.interviews.sockets import open_socket

pytestmark = pytest.mark.django_db
WHY = "canary-marmalade"
SELF = {"level-C01": "4", "level-C09": "2", "level-P01": "3"}
ALONE = {
    "level-C01": "1", "why-C01": WHY, "level-C09": "3", "level-G01": "none", "level-P01": "2", "lock": "yes",
}  # fmt: skip


def url(name, interview):
    return reverse(f"interviews:{name}", args=[interview.pk])


@pytest.fixture
def locked_by_one(read_by_the_engine, interviewer, second_interviewer, client_of):
    """Ivo's card is locked, the automatic one is there; the candidate and Ida have given nothing yet."""
    room = read_by_the_engine.interview
    Submission.objects.update(at=timezone.now() - timedelta(minutes=20))
    seat(room, second_interviewer, Role.INTERVIEWER)
    client_of(interviewer).post(url("score", room), ALONE)
    assert Scorecard.objects.filter(source=Source.PERSON).count() == 1
    # What the engine says of the design, as something that can be looked for.
    card = Scorecard.objects.get(source=Source.ENGINE)
    card.total = 41.7
    card.report["criteria"][0]["rationale"] = "canary-engine"
    card.save()
    return room


def everything_served(browser, room) -> str:
    """Return all that a person gets of a room, page by page, with redirects followed."""
    doors = [url(name, room) for name in (
        "room", "ending", "scorecard", "scorecard_pdf", "scoring_state", "reveal", "replay", "events",
        "self_score", "score", "live_marks", "beside_reference", "people", "board_history", "board_versions",
    )]  # fmt: skip
    doors += [reverse("home"), reverse("interviews:history"), reverse("casestudies:list")]
    return " ".join(
        answer.content.decode("utf-8", "replace")
        for answer in (browser.get(door, follow=True) for door in doors)
        if not answer.streaming
    )


@pytest.mark.parametrize("person", ["candidate", "second_interviewer", "observer"])
def test_pages_paper_and_json_hold_no_word_of_another_card(locked_by_one, person, request, client_of):
    someone = request.getfixturevalue(person)
    browser = client_of(someone)
    if person == "candidate":
        browser.post(url("self_score", locked_by_one), SELF)
    served = everything_served(browser, locked_by_one)
    for canary in (WHY, "canary-engine", "41.7", ">42<"):
        assert canary not in served
    with pytest.raises(Exception) as refused:
        submission_or_404(someone, locked_by_one.pk)
    assert isinstance(refused.value, NotYetOpen) == (person != "observer")
    assert not may_see_scores(someone, locked_by_one.pk)
    assert not watcher_or_404(someone, locked_by_one.pk).sees_scores


def test_who_has_locked_still_sees_only_that_it_is_locked(locked_by_one, interviewer, client_of):
    served = everything_served(client_of(interviewer), locked_by_one)
    assert "canary-engine" not in served
    assert "levels locked" in served


def test_the_log_that_sockets_read_says_that_something_happened_and_not_what(
    locked_by_one, candidate, client_of
):
    events = json.loads(client_of(candidate).get(url("events", locked_by_one)).content)["events"]
    assert {"handed.in", "submitted"} <= {event["type"] for event in events}
    assert all(set(event) == {"seq", "type", "at"} for event in events)
    seen = client_of(candidate).get(url("events", locked_by_one)).content.decode()
    assert WHY not in seen


def test_the_record_that_is_exported_and_read_by_programs_has_the_own_card_alone(
    locked_by_one, candidate, client_of
):
    client_of(candidate).post(url("self_score", locked_by_one), SELF)
    kept = record.record_of(locked_by_one)
    assert [card["source"] for card in kept["scorecards"]] == ["self"]
    assert WHY not in repr(kept)
    assert "canary-engine" not in repr(kept)
    reading_own.note(seat_of(candidate, locked_by_one.pk))
    assert not locked_by_one.events.filter(kind="revealed").exists()


def test_lists_and_the_library_show_the_result_once_it_is_open(locked_by_one, candidate):
    room = locked_by_one
    assert history.results_for(candidate) == {}
    assert history.engine_cards([room]) == {}
    assert not Interview.objects.with_open_cards().filter(pk=room.pk).exists()
    Interview.objects.filter(pk=room.pk).update(cards_opened_at=timezone.now())
    assert history.results_for(candidate)[room.case_id]["total"] == 42
    room.refresh_from_db()
    assert history.engine_cards([room])[room.pk].total == 41.7
    assert Interview.objects.with_open_cards().filter(pk=room.pk).exists()


def test_a_new_attempt_neither_compares_with_nor_copies_what_is_closed(locked_by_one, candidate, client_of):
    room = locked_by_one
    answer = client_of(candidate).post(url("retry", room))
    assert (answer.status_code, "open together" in answer.content.decode()) == (422, True)
    Interview.objects.filter(pk=room.pk).update(cards_opened_at=timezone.now())
    again = retrying.retry(seat_of(candidate, room.pk), at=None, now=timezone.now())
    card = Scorecard.objects.get(source=Source.ENGINE)
    assert earlier_attempt.beside_before(candidate, again, card) is not None
    Interview.objects.filter(pk=room.pk).update(cards_opened_at=None)
    assert earlier_attempt.beside_before(candidate, again, card) is None


@pytest.mark.django_db(transaction=True)
async def test_the_socket_tells_the_candidate_nothing_of_levels(
    locked_by_one, candidate, second_interviewer, client_of
):
    browser, ida = [await database_sync_to_async(client_of)(one) for one in (candidate, second_interviewer)]
    socket = open_socket(f"/ws/interviews/{locked_by_one.pk}/?after=0", browser)
    await socket.connect()
    for name in ("live_marks", "score"):
        await database_sync_to_async(ida.post)(url(name, locked_by_one), ALONE)
    heard: list[str] = []
    while sum("handed.in" in one for one in heard) < 2:
        heard.append(await socket.receive_from(timeout=20))
    assert all(set(json.loads(one)) <= {"seq", "type", "at"} for one in heard)
    assert WHY not in " ".join(heard)
    await socket.disconnect()


def test_the_case_itself_stays_open_to_its_candidate(locked_by_one, candidate, client_of):
    """What a submission opens is the case; what waits for the reveal is what people think of the design."""
    case = CaseStudy.objects.get(pk=locked_by_one.case_id)
    assert client_of(candidate).get(reverse("casestudies:case", args=[case.slug])).status_code == 200
