"""Named versions over HTTP: who names, renames, deletes and looks, and what two of them differ in."""

from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews.models import Interview, State
from interviews.versions import MOST_VERSIONS
from tests.factories.casestudies import CaseStudyFactory, FrameworkFactory, StepFactory
from whiteboard import layout, log, recording
from whiteboard.gate import GateDiedError
from whiteboard.models import Board, Update, Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(db):
    """The least that an interview can be started with."""
    CaseStudyFactory(slug="payment-fraud")
    StepFactory(framework=FrameworkFactory())


def versions_url(interview):
    return reverse("interviews:board_versions", args=[interview.pk])


def version_url(interview, number):
    return reverse("interviews:board_version", args=[interview.pk, number])


def compare_url(interview):
    return reverse("interviews:compare_versions", args=[interview.pk])


def design(*names):
    return {
        "groups": [],
        "nodes": [
            {"id": name, "label": name.title(), "kind": "service", "at": [place, 0]}
            for place, name in enumerate(names)
        ],
        "edges": [{"from": a, "to": b} for a, b in pairwise(names)],
    }


def draw(interview, *names):
    """Seed boxes in a row on the board; ids are the names, so what is there already is drawn over."""
    return log.seed(Board.objects.get(pk=interview.board_id), layout.elements_of(design(*names)))


def end(interview):
    now = timezone.now()
    Interview.objects.filter(pk=interview.pk).update(
        state=State.SUBMITTED, started_at=interview.started_at or now, ended_at=now
    )


def name(browser, interview, words="First draft", **more):
    return browser.post(versions_url(interview), {"name": words, **more})


def test_who_draws_names_the_moment_and_everybody_reads_its_name(
    full_room, candidate, interviewer, observer, client_of
):
    draw(full_room, "app", "ranker")
    made = name(client_of(candidate), full_room, "  First \n draft ")
    assert made.status_code == 201
    row = Update.objects.get(board=full_room.board_id, seq=1)
    expected = {
        "name": "First draft",
        "seq": 1,
        "at": recording.milliseconds(row.at),
        "who": "Cleo Candidate",
    }
    assert expected.items() <= made.json()["version"].items()
    assert name(client_of(interviewer), full_room, "Ivo’s").status_code == 201
    for user, mine, may_name in (
        (candidate, [False, True], True),
        (interviewer, [True, False], True),
        (observer, [False, False], False),
    ):
        told = client_of(user).get(versions_url(full_room)).json()
        assert [one["name"] for one in told["versions"]] == ["Ivo’s", "First draft"]
        assert [one["mine"] for one in told["versions"]] == mine
        assert told["may_name"] is may_name


def test_a_moment_of_the_past_can_be_named(interview, candidate, client_of):
    for names in (("app",), ("app", "ranker"), ("app", "cache")):
        draw(interview, *names)
    browser = client_of(candidate)
    assert name(browser, interview, "Middle", seq=2).json()["version"]["seq"] == 2
    assert name(browser, interview, "Later than the last", seq=99).json()["version"]["seq"] == 3
    assert name(browser, interview, "Blank", seq=0).json()["version"]["seq"] == 0
    assert name(browser, interview, "Odd", seq=-1).status_code == 422


def test_a_name_is_neither_blank_nor_long(interview, candidate, client_of):
    browser = client_of(candidate)
    for words in ("", "  \n\t ", "\u3000"):
        refused = name(browser, interview, words)
        assert refused.status_code == 422
        assert refused.json()["error"].startswith("Give this moment a name")
    assert "at most 80" in name(browser, interview, "x" * 81).json()["error"]
    assert name(browser, interview, "x" * 80).status_code == 201
    assert name(browser, interview, "a\x00b").status_code == 422


def test_a_board_holds_a_hundred_versions(interview, candidate, client_of):
    Version.objects.bulk_create(
        Version(board_id=interview.board_id, name=f"v{n}", seq=0, author=candidate)
        for n in range(MOST_VERSIONS)
    )
    browser = client_of(candidate)
    refused = name(browser, interview)
    assert refused.status_code == 422
    assert "Delete one of yours first" in refused.json()["error"]
    assert browser.delete(version_url(interview, Version.objects.first().pk)).status_code == 204
    assert name(browser, interview).status_code == 201


def test_an_observer_looks_and_changes_nothing(full_room, candidate, observer, client_of):
    number = name(client_of(candidate), full_room).json()["version"]["id"]
    browser = client_of(observer)
    assert browser.get(version_url(full_room, number)).status_code == 200
    assert browser.get(compare_url(full_room), {"from": number}).status_code == 200
    for answer in (
        name(browser, full_room),
        browser.post(version_url(full_room, number), {"name": "Mine now"}),
        browser.delete(version_url(full_room, number)),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"] == "Only the candidate or the interviewer can do this."
    assert Version.objects.get().name == "First draft"


def test_outsiders_find_nothing(full_room, candidate, interviewer, stranger, client_of, client):
    number = name(client_of(candidate), full_room).json()["version"]["id"]
    full_room.participants.filter(user=interviewer).update(removed_at=timezone.now())
    for browser in (client, client_of(stranger), client_of(interviewer)):
        for url in (versions_url(full_room), version_url(full_room, number), compare_url(full_room)):
            assert browser.get(url).status_code == 404
        assert name(browser, full_room).status_code == 404
        assert browser.post(version_url(full_room, number), {"name": "x"}).status_code == 404
        assert browser.delete(version_url(full_room, number)).status_code == 404
    assert Version.objects.count() == 1


def test_only_who_named_it_renames_and_deletes_it(full_room, candidate, interviewer, client_of):
    mine, theirs = client_of(candidate), client_of(interviewer)
    number = name(mine, full_room).json()["version"]["id"]
    for answer in (
        theirs.post(version_url(full_room, number), {"name": "Other"}),
        theirs.delete(version_url(full_room, number)),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"] == "Only who named this moment can rename or delete it."
    renamed = mine.post(version_url(full_room, number), {"name": "Before the curveball"})
    assert renamed.json()["version"]["name"] == "Before the curveball"
    assert mine.post(version_url(full_room, number), {"name": " "}).status_code == 422
    assert Version.objects.get().name == "Before the curveball"
    assert mine.delete(version_url(full_room, number)).status_code == 204
    gone = mine.delete(version_url(full_room, number))
    assert gone.status_code == 404
    assert "deleted it meanwhile" in gone.json()["error"]


def test_after_the_end_versions_are_read_and_compared_and_stay_as_they_are(
    full_room, candidate, observer, client_of
):
    draw(full_room, "app")
    browser = client_of(candidate)
    number = name(browser, full_room).json()["version"]["id"]
    end(full_room)
    for answer in (
        name(browser, full_room, "Too late"),
        browser.post(version_url(full_room, number), {"name": "Too late"}),
        browser.delete(version_url(full_room, number)),
    ):
        assert answer.status_code == 422
        assert "has ended" in answer.json()["error"]
    for user in (candidate, observer):
        told = client_of(user).get(versions_url(full_room)).json()
        assert ([one["name"] for one in told["versions"]], told["may_name"]) == (["First draft"], False)
        assert client_of(user).get(compare_url(full_room), {"from": number}).status_code == 200


def test_a_version_holds_what_stood_there_then(interview, candidate, client_of):
    draw(interview, "app")
    browser = client_of(candidate)
    number = name(browser, interview).json()["version"]["id"]
    draw(interview, "app", "ranker")
    told = browser.get(version_url(interview, number)).json()
    assert set(told["elements"]) == {one["id"] for one in layout.elements_of(design("app"))}
    assert told["elements"]["app"]["geom"]["width"] > 0
    assert told["version"]["name"] == "First draft"


def test_another_boards_version_is_not_found_here(interview, candidate, client_of):
    other = Version.objects.create(board=Board.objects.create(), name="Elsewhere", seq=0)
    browser = client_of(candidate)
    assert browser.get(version_url(interview, other.pk)).status_code == 404
    assert browser.get(compare_url(interview), {"from": other.pk}).status_code == 404
    assert browser.delete(version_url(interview, other.pk)).status_code == 404


def test_two_versions_differ_in_words_and_in_marks(interview, candidate, client_of):
    browser = client_of(candidate)
    draw(interview, "app", "ranker")
    first = name(browser, interview).json()["version"]["id"]
    draw(interview, "app", "ranker", "cache")
    second = name(browser, interview, "Second").json()["version"]["id"]
    told = browser.get(compare_url(interview), {"from": first, "to": second}).json()
    assert [line["text"] for line in told["lines"]] == [
        "Added “Cache” (service).",
        "Added an arrow from “Ranker” to “Cache”.",
    ]
    assert "cache" in told["marks"]["added"]
    assert told["marks"]["removed"] == []
    assert set(told["before"]) < set(told["after"])
    back = browser.get(compare_url(interview), {"from": "now", "to": first}).json()
    assert [line["mark"] for line in back["lines"]] == ["removed", "removed"]
    same = browser.get(compare_url(interview), {"from": second, "to": "now"}).json()
    assert same["lines"] == []
    assert browser.get(compare_url(interview), {"from": "then"}).status_code == 422


def test_a_past_that_cannot_be_read_just_now_is_said_so(interview, candidate, client_of, monkeypatch):
    number = name(client_of(candidate), interview).json()["version"]["id"]

    def dies(*_: object, **__: object) -> None:
        raise GateDiedError

    monkeypatch.setattr("whiteboard.gate.ask", dies)
    answer = client_of(candidate).get(version_url(interview, number))
    assert answer.status_code == 503
    assert "try again" in answer.json()["error"]


def test_a_request_from_another_site_is_refused(interview, candidate, client_of):
    browser = client_of(candidate)
    browser.handler.enforce_csrf_checks = True
    assert name(browser, interview).status_code == 403
    assert not Version.objects.exists()


def test_listing_and_comparing_cost_the_same_however_much_there_is(
    interview, candidate, client_of, django_assert_max_num_queries
):
    browser = client_of(candidate)
    number = name(browser, interview).json()["version"]["id"]
    for _ in range(2):
        with django_assert_max_num_queries(6):
            browser.get(versions_url(interview))
        with django_assert_max_num_queries(9):
            browser.get(compare_url(interview), {"from": number, "to": "now"})
        draw(interview, *(f"box{n}" for n in range(30)))
        Version.objects.bulk_create(
            Version(board_id=interview.board_id, name=f"v{n}", seq=1, author=candidate) for n in range(60)
        )


def test_a_person_who_left_for_good_leaves_the_name_behind(full_room, candidate, interviewer, client_of):
    name(client_of(interviewer), full_room, "Ivo’s")
    interviewer.delete()
    [told] = client_of(candidate).get(versions_url(full_room)).json()["versions"]
    assert (told["name"], told["who"], told["mine"]) == ("Ivo’s", "", False)
