"""Attempts of a case beside each other, and progress on paper: the candidate's own, and open ones only."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import progress_report
from interviews.models import Event, EventKind, Interview, Mode, Role, Scorecard
from tests.factories.interviews import seat
from tests.integration.interviews.practice.conftest import GOAL, read_by_the_engine
from whiteboard import layout, log

pytestmark = pytest.mark.django_db
BOARD = {
    "groups": [],
    "nodes": [
        {"id": "shop", "label": "Checkout", "kind": "client", "at": [0, 0]},
        {"id": "risk", "label": "Risk service", "kind": "service", "at": [1, 0]},
    ],
    "edges": [{"from": "shop", "to": "risk"}],
}
BETTER = GOAL[:-1] + ": a missed fraud costs 85 euro, a blocked good payment 30 euro."


@pytest.fixture
def again(attempt, candidate):
    """A second attempt of the same case, with more in it."""
    from interviews import lifecycle, submitting

    room = lifecycle.start_solo(
        candidate, attempt.case, attempt.framework, level="senior", minutes=45, now=timezone.now()
    )
    log.seed(room.board, layout.elements_of(BOARD), {"clarify": BETTER})
    room.board.refresh_from_db()
    submitting.submit(room, actor=candidate, now=timezone.now())
    read_by_the_engine()
    return Interview.objects.get(pk=room.pk)


def url(case):
    return reverse("practice:compare", args=[case.slug])


def test_the_last_two_stand_beside_each_other_with_the_difference(attempt, again, candidate, client_of):
    page = client_of(candidate).get(url(attempt.case)).content.decode()
    first, last = (Scorecard.objects.get(submission__interview=one) for one in (attempt, again))
    assert f"▲ +{round(last.total) - round(first.total)}" in page
    assert f"{first.total_low:.0f}–{first.total_high:.0f}" in page
    assert page.index(reverse("interviews:scorecard", args=[attempt.pk])) < page.index(
        reverse("interviews:scorecard", args=[again.pk])
    )
    assert "Names the goal" in page
    assert "Risk service" in page
    assert "Nothing was drawn." in page
    assert "New since the first" in page
    kinds = Event.objects.filter(kind=EventKind.REVEALED, actor=candidate)
    assert {one.interview_id for one in kinds} == {attempt.pk, again.pk}


def test_one_attempt_waits_for_a_second_and_none_is_no_page(attempt, candidate, stranger, client_of):
    assert "Scorecard of the first" in client_of(candidate).get(url(attempt.case)).content.decode()
    assert client_of(stranger).get(url(attempt.case)).status_code == 404


def test_others_attempts_are_never_among_them(
    attempt, again, interviewer, observer, stranger, candidate, client_of, client
):
    seat(again, interviewer, Role.INTERVIEWER)
    seat(again, observer, Role.OBSERVER)
    for person in (interviewer, observer, stranger):
        answer = client_of(person).get(url(attempt.case), {"attempt": [attempt.pk, again.pk]})
        assert answer.status_code == 404
    assert client.get(url(attempt.case)).status_code == 302
    strange = client_of(candidate).get(
        url(attempt.case), {"attempt": ["x", "00000000-0000-0000-0000-000000000000"]}
    )
    assert strange.status_code == 200


def test_a_peer_attempt_waits_until_its_scorecards_open(attempt, again, candidate, client_of):
    Interview.objects.filter(pk=again.pk).update(mode=Mode.PEER)
    page = client_of(candidate).get(url(attempt.case), {"attempt": [attempt.pk, again.pk]}).content.decode()
    assert str(again.pk) not in page
    shown = json.dumps(progress_report.content(candidate, timezone.now()))
    assert len(json.loads(shown)["attempts"]) == 1


def test_its_queries_do_not_grow_with_the_history(
    attempt, again, candidate, client_of, django_assert_max_num_queries
):
    browser = client_of(candidate)
    browser.get(url(attempt.case))
    with django_assert_max_num_queries(16):
        browser.get(url(attempt.case))


def test_progress_on_paper_says_levels_attempts_and_what_to_practise(attempt, again, candidate, client_of):
    said = progress_report.content(candidate, timezone.now())
    assert [one["title"] for one in said["attempts"]] == [attempt.case.title] * 2
    assert said["dimensions"][0]["levels"][0] < said["dimensions"][0]["levels"][1]
    assert {one["mean"] for one in said["dimensions"]} == {"–"}, "fewer than three attempts make no mean"
    assert "Handles imbalance" in json.dumps(said["practise"])
    answer = client_of(candidate).get(reverse("practice:progress_pdf"))
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]


def test_a_person_without_attempts_gets_a_page_that_says_so(stranger, client_of, client):
    assert client_of(stranger).get(reverse("practice:progress_pdf")).content.startswith(b"%PDF-")
    assert client.get(reverse("practice:progress_pdf")).status_code == 302
    stranger.display_name = '#read("/etc/passwd") *x* $y$ <z>'
    said = progress_report.content(stranger, timezone.now())
    assert progress_report.pdf(said).startswith(b"%PDF-")


def test_attempts_of_one_day_are_told_apart(attempt, again, candidate, client_of):
    browser = client_of(candidate)
    day = (timezone.localtime() - timedelta(days=3)).replace(hour=12, minute=5)
    Interview.objects.filter(pk=attempt.pk).update(started_at=day - timedelta(hours=2))
    Interview.objects.filter(pk=again.pk).update(started_at=day)
    names = [one.when for one in browser.get(url(attempt.case)).context["attempts"]]
    assert [name[-5:] for name in names] == [f"{day - timedelta(hours=2):%H:%M}", f"{day:%H:%M}"]
    Interview.objects.update(started_at=day)
    names = [one.when for one in browser.get(url(attempt.case)).context["attempts"]]
    assert [name[-8:] for name in names] == [", 1 of 2", ", 2 of 2"]
    Interview.objects.filter(pk=attempt.pk).update(started_at=day - timedelta(days=1))
    page = browser.get(url(attempt.case))
    names = [one.when for one in page.context["attempts"]]
    assert not any(":" in name for name in names), "days are enough"
    assert all(page.content.decode().count(f">{name}<") >= 3 for name in names)


def test_the_report_says_over_how_many_attempts_a_level_is(attempt, again, candidate):
    said = progress_report.content(candidate, timezone.now())
    assert {one["over"] for one in said["practise"]} == {"over the last 2"}
    assert progress_report.pdf(said).startswith(b"%PDF")
