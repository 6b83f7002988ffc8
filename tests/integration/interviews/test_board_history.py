"""The recording of a board over HTTP: who gets it, in which pages, and for how long a browser keeps it."""

import gzip
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews.models import Interview, State
from tests.factories.casestudies import CaseStudyFactory, FrameworkFactory, StepFactory
from tests.factories.whiteboard import strokes
from whiteboard import log, recording
from whiteboard.models import Board

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def library(db):
    """The least that an interview can be started with."""
    CaseStudyFactory(slug="payment-fraud")
    StepFactory(framework=FrameworkFactory())


def draw(interview, author, count=12, name="a"):
    edits = [log.Entry(edit, author.pk) for edit in strokes(count, name=name)]
    log.append_all({interview.board_id: edits}, epochs={interview.board_id: 1})


def url_of(interview):
    return reverse("interviews:board_history", args=[interview.pk])


def end(interview, ago=LONG_AGO):
    ended = timezone.now() - ago
    Interview.objects.filter(pk=interview.pk).update(
        state=State.SUBMITTED, started_at=ended - timedelta(hours=1), ended_at=ended
    )


def test_everybody_in_the_interview_gets_the_same_recording(
    full_room, candidate, interviewer, observer, client_of
):
    draw(full_room, candidate)
    draw(full_room, interviewer, 3, "b")
    answers = [client_of(user).get(url_of(full_room)) for user in (candidate, interviewer, observer)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    head, base, rows = recording.read(answers[0].content)
    assert (head["head"], head["from"], head["next"], base) == (15, 0, None, b"")
    assert head["people"] == [
        {"name": "Cleo Candidate", "role": "candidate"},
        {"name": "Ivo Interviewer", "role": "interviewer"},
    ]
    assert [person for _, _, person, _ in rows] == [1] * 12 + [2] * 3


def test_outsiders_find_nothing(full_room, stranger, interviewer, client_of, client):
    assert client.get(url_of(full_room)).status_code == 404
    assert client_of(stranger).get(url_of(full_room)).status_code == 404
    full_room.participants.filter(user=interviewer).update(removed_at=timezone.now())
    assert client_of(interviewer).get(url_of(full_room)).status_code == 404
    assert client_of(interviewer).post(url_of(full_room)).status_code == 405


def test_who_drew_and_never_had_a_seat_stays_unnamed(interview, candidate, stranger, client_of):
    draw(interview, stranger)
    head, _, rows = recording.read(client_of(candidate).get(url_of(interview)).content)
    assert head["people"] == []
    assert {person for _, _, person, _ in rows} == {0}


def test_it_comes_in_pages(interview, candidate, client_of):
    draw(interview, candidate)
    browser, seen, after = client_of(candidate), [], 0
    while after is not None:
        head, _, rows = recording.read(browser.get(url_of(interview), {"after": after, "limit": 5}).content)
        seen += [seq for seq, *_ in rows]
        after = head["next"]
    assert seen == list(range(1, 13))
    head, _, rows = recording.read(browser.get(url_of(interview), {"after": 10**18}).content)
    assert (rows, head["next"]) == ([], None)


def test_it_can_start_near_a_row(interview, candidate, client_of):
    draw(interview, candidate, 510)
    assert log.rebuild_snapshots(Board.objects.get(pk=interview.board_id)) == 1
    head, base, rows = recording.read(client_of(candidate).get(url_of(interview), {"from": 505}).content)
    assert (head["from"], len(rows)) == (500, 10)
    assert base


@pytest.mark.parametrize("asked", [{"after": "soon"}, {"from": "-1"}, {"limit": "٣"}, {"epoch": "1" * 30}])
def test_nonsense_is_refused_in_a_sentence(interview, candidate, client_of, asked):
    answer = client_of(candidate).get(url_of(interview), asked)
    assert answer.status_code == 422
    assert "whole number" in answer.json()["error"]


def test_a_recording_of_another_epoch_is_refused(interview, candidate, client_of):
    assert client_of(candidate).get(url_of(interview), {"epoch": 1}).status_code == 200
    Board.objects.filter(pk=interview.board_id).update(epoch=2)
    answer = client_of(candidate).get(url_of(interview), {"epoch": 1})
    assert answer.status_code == 409
    assert "Reload the page" in answer.json()["error"]


def test_while_it_grows_browsers_ask_again_and_are_answered_shortly(interview, candidate, client_of):
    draw(interview, candidate)
    browser = client_of(candidate)
    first = browser.get(url_of(interview), {"epoch": 1})
    assert first["Cache-Control"] == "private, no-cache"
    again = browser.get(url_of(interview), {"epoch": 1}, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    draw(interview, candidate, 1, "b")
    grown = browser.get(url_of(interview), {"epoch": 1}, headers={"If-None-Match": first["ETag"]})
    assert grown.status_code == 200
    assert recording.read(grown.content)[0]["head"] == 13


def test_once_the_interview_is_over_browsers_keep_it(interview, candidate, client_of):
    draw(interview, candidate)
    browser = client_of(candidate)
    end(interview, ago=timedelta(seconds=5))  # a last edit may still be on its way
    assert browser.get(url_of(interview), {"epoch": 1})["Cache-Control"] == "private, no-cache"
    end(interview)
    assert "immutable" in browser.get(url_of(interview), {"epoch": 1})["Cache-Control"]
    assert browser.get(url_of(interview))["Cache-Control"] == "private, no-cache", (
        "its address names no epoch"
    )
    assert "Cookie" in browser.get(url_of(interview), {"epoch": 1})["Vary"], "for this person only"


def test_it_travels_compressed(interview, candidate, client_of):
    draw(interview, candidate, 200)
    browser = client_of(candidate)
    plain = browser.get(url_of(interview))
    small = browser.get(url_of(interview), headers={"Accept-Encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content) / 2
    same = browser.get(url_of(interview), headers={"Accept-Encoding": "gzip", "If-None-Match": small["ETag"]})
    assert same.status_code == 304


def test_it_costs_the_same_number_of_queries_however_much_was_drawn(
    full_room, candidate, interviewer, client_of, django_assert_max_num_queries
):
    browser = client_of(candidate)
    draw(full_room, candidate, 2)
    browser.get(url_of(full_room))
    for _ in range(2):
        with django_assert_max_num_queries(9):
            browser.get(url_of(full_room))
        draw(full_room, interviewer, 300, "c")
