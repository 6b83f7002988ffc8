"""Candidates score themselves before the reveal, once, and then see both side by side."""

import re

import pytest
from django.urls import reverse

from interviews import marking
from interviews.models import EventKind, Job, Role, Scorecard, Source
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from whiteboard import log

pytestmark = pytest.mark.django_db
LEVELS = {"level-C01": "4", "level-C09": "2", "level-G01": "", "level-P01": "3"}


def url(name, interview):
    return reverse(f"interviews:{name}", args=[interview.pk])


@pytest.fixture
def handed_in(candidate, client_of):
    """A submitted design that nobody has read yet."""
    room = small_room(candidate)
    log.seed(room.board, [], {"clarify": "The goal is to lower the losses by fraud."})
    client_of(candidate).post(url("submit", room))
    room.refresh_from_db()
    return room


def read_by_the_engine() -> None:
    for pk in Job.objects.values_list("pk", flat=True):
        marking.run(pk)


def test_every_criterion_is_asked_with_its_anchors_and_nothing_of_the_automatic_card(
    handed_in, candidate, client_of
):
    read_by_the_engine()
    page = client_of(candidate).get(url("self_score", handed_in)).content.decode()
    for name in ("Names the goal", "Handles imbalance", "Draws the request path", "Leads the conversation"):
        assert name in page
    assert page.count("Named for this case") == 8, "each anchor under its level and in the list"
    assert "level-P01" in page
    assert "evidence" not in page
    assert "score-line" not in page


def test_own_levels_are_kept_as_a_card_of_their_own_and_shown_with_the_gap(handed_in, candidate, client_of):
    browser = client_of(candidate)
    assert browser.post(url("self_score", handed_in), LEVELS).url == url("scorecard", handed_in)
    card = Scorecard.objects.get(source=Source.SELF)
    assert (card.author, card.reason, card.engine_version) == (candidate, "", "")
    given = {score.criterion: score.level for score in card.scores.all()}
    assert given == {"C01": 4, "C09": 2, "G01": None, "P01": 3}
    assert handed_in.events.get(kind=EventKind.SELF_SCORED).actor == candidate
    read_by_the_engine()
    page = browser.get(url("scorecard", handed_in)).content.decode()
    assert ">You</th>" in page
    assert ">Gap</th>" in page
    assert f"You gave yourself <strong>{card.total:.0f}</strong> of 100" in page
    assert "You are furthest apart in" in page
    assert "you: 4" in page
    assert "Score yourself too" not in page
    engine = Scorecard.objects.get(source=Source.ENGINE)
    scope = next(entry["level"] for entry in engine.dimensions if entry["slug"] == "scope")
    assert f"+{4 - scope:.1f}" in page


def test_it_is_said_once(handed_in, candidate, client_of):
    browser = client_of(candidate)
    browser.post(url("self_score", handed_in), LEVELS)
    again = browser.post(url("self_score", handed_in), {"level-C01": "0"})
    assert again.url == url("scorecard", handed_in)
    assert browser.get(url("self_score", handed_in)).url == url("scorecard", handed_in)
    card = Scorecard.objects.get(source=Source.SELF)
    assert card.scores.get(criterion="C01").level == 4
    assert handed_in.events.filter(kind=EventKind.SELF_SCORED).count() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [({}, "at least one"), ({"level-C01": ""}, "at least one"), ({"level-C01": "5"}, "from 0 to 4"),
     ({"level-C01": "x", "level-C09": "2"}, "from 0 to 4"), ({"level-Z99": "2"}, "at least one")],
)  # fmt: skip
def test_what_is_no_level_is_refused_in_words_and_what_was_chosen_stays(
    handed_in, candidate, client_of, given, words
):
    answer = client_of(candidate).post(url("self_score", handed_in), given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Scorecard.objects.filter(source=Source.SELF).exists()
    if given.get("level-C09"):
        assert 'name="level-C09" value="2" aria-describedby="C09-2" checked' in answer.content.decode()


def test_it_may_be_skipped_and_levels_given_afterwards_say_so(handed_in, candidate, client_of):
    browser = client_of(candidate)
    read_by_the_engine()
    card = browser.get(url("scorecard", handed_in)).content.decode()
    assert ">You</th>" not in card
    assert "Score yourself too" in card
    browser.get(url("scorecard", handed_in))
    assert handed_in.events.filter(kind=EventKind.REVEALED).count() == 1
    assert "opened the automatic card already" in browser.get(url("self_score", handed_in)).content.decode()
    browser.post(url("self_score", handed_in), LEVELS)
    assert "had been opened" in Scorecard.objects.get(source=Source.SELF).reason
    assert "had been opened" in browser.get(url("scorecard", handed_in)).content.decode()


def test_nobody_else_scores_or_sees_the_candidates_own_levels(
    handed_in, candidate, interviewer, observer, stranger, client_of, client
):
    seat(handed_in, interviewer, Role.INTERVIEWER)
    seat(handed_in, observer, Role.OBSERVER)
    for person, code in ((interviewer, 403), (observer, 403), (stranger, 404)):
        assert client_of(person).get(url("self_score", handed_in)).status_code == code
        assert client_of(person).post(url("self_score", handed_in), LEVELS).status_code == code
    assert client.post(url("self_score", handed_in), LEVELS).status_code == 302
    assert not Scorecard.objects.exists()
    client_of(candidate).post(url("self_score", handed_in), LEVELS)
    read_by_the_engine()
    page = client_of(interviewer).get(url("scorecard", handed_in)).content.decode()
    assert "gave yourself" not in page
    assert ">Gap</th>" not in page


def test_there_is_nothing_to_score_before_the_design_is_handed_in(candidate, client_of):
    room = small_room(candidate)
    assert client_of(candidate).get(url("self_score", room)).url == url("room", room)
    assert client_of(candidate).post(url("self_score", room), LEVELS).url == url("room", room)
    assert not Scorecard.objects.exists()


def test_a_total_of_some_criteria_says_so_beside_one_of_all(handed_in, candidate, client_of):
    browser = client_of(candidate)
    browser.post(url("self_score", handed_in), {"level-C01": "4"})
    read_by_the_engine()
    page = browser.get(url("scorecard", handed_in)).content.decode()
    assert "of 100 on the 1 criterion you judged; this card says" in page
    assert re.search(r"this card says \d+ on all\.", page)
