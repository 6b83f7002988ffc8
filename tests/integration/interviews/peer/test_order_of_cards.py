"""Between people scorecards open in an order that the server keeps: self, each alone, then all at once."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from interviews import access, lifecycle
from interviews.models import EventKind, Interview, Participant, Role, Scorecard, Source, Submission
from interviews.peer import stamps
from interviews.scored_by_people import Mark, write
from interviews.submitting import submit
from tests.factories.interviews import seat

pytestmark = pytest.mark.django_db
SELF = {"level-C01": "4", "level-C09": "2", "level-P01": "3"}
ALONE = {
    "level-C01": "1", "why-C01": "canary-reason", "level-C09": "3", "level-G01": "none", "level-P01": "2",
    "lock": "yes",
}  # fmt: skip
DOORS = ("scorecard", "scorecard_pdf", "scoring_state", "reveal", "beside_reference")


def url(name, interview):
    return reverse(f"interviews:{name}", args=[interview.pk])


def opened(interview) -> bool:
    return Interview.objects.get(pk=interview.pk).cards_opened_at is not None


def shut(browser, interview) -> bool:
    """Whether every door to a scorecard refuses this person, or leads to what comes first."""
    codes = {name: browser.get(url(name, interview)).status_code for name in DOORS}
    assert browser.post(url("score_again", interview), {"framework": "small"}).status_code == 403
    return codes == {"scorecard": 302, "reveal": 302, "scorecard_pdf": 403, "scoring_state": 403,
                     "beside_reference": 403}  # fmt: skip


@pytest.fixture
def room(handed_in: Submission) -> Interview:
    return handed_in.interview


@pytest.fixture
def with_two(room, second_interviewer):
    seat(room, second_interviewer, Role.INTERVIEWER)
    return room


def test_each_is_led_to_their_own_part_first(room, candidate, interviewer, client_of):
    for person, first in ((candidate, "self_score"), (interviewer, "score")):
        browser = client_of(person)
        assert browser.get(url("room", room)).url == url("ending", room)
        assert browser.get(url("scorecard", room)).url == url("ending", room)
        assert browser.get(url("ending", room)).url == url(first, room)
        assert browser.get(url(first, room)).status_code == 200


def test_in_the_right_order_all_cards_open_with_the_last_one(
    read_by_the_engine, room, candidate, interviewer, client_of
):
    theirs, his = client_of(candidate), client_of(interviewer)
    assert shut(theirs, room)
    theirs.post(url("self_score", room), SELF)
    assert shut(theirs, room), "own levels open nobody else's card"
    assert shut(his, room)
    waiting = theirs.get(url("ending", room)).content.decode()
    assert "once Ivo Interviewer is done too" in waiting
    assert not opened(room)
    assert his.post(url("score", room), ALONE).url == url("ending", room)
    assert opened(room)
    for browser in (theirs, his):
        assert browser.get(url("ending", room)).url == url("reveal", room)
        page = browser.get(url("reveal", room)).content.decode()
        assert "canary-reason" in page
        assert browser.get(url("scorecard", room)).status_code == 200
    kinds = [event.kind for event in room.events.order_by("seq")][-4:]
    assert kinds == [EventKind.HANDED_IN, EventKind.HANDED_IN, EventKind.CARDS_OPENED, EventKind.REVEALED]


@pytest.mark.parametrize("order", list(permutations(["candidate", "interviewer", "second"]))[::2])
def test_whoever_goes_when_nothing_opens_before_all_are_done(
    with_two, candidate, interviewer, second_interviewer, client_of, order
):
    room = with_two
    Submission.objects.update(at=timezone.now() - timedelta(minutes=20))  # nobody waits for the candidate
    people = {"candidate": candidate, "interviewer": interviewer, "second": second_interviewer}
    browsers = {name: client_of(person) for name, person in people.items()}
    for count, name in enumerate(order, 1):
        assert not opened(room)
        assert all(shut(browser, room) for browser in browsers.values())
        door, given = ("self_score", SELF) if name == "candidate" else ("score", ALONE)
        assert browsers[name].post(url(door, room), given).status_code == 302
        assert opened(room) == (count == 3)
    for browser in browsers.values():
        assert browser.get(url("reveal", room)).status_code == 200


def test_whoever_scores_alone_has_their_own_notes_beside_the_design_and_the_hints_they_gave(
    peer_room, candidate, interviewer, second_interviewer, client_of
):
    ida = lifecycle.sit_down(peer_room, second_interviewer, Role.INTERVIEWER, timezone.now()).user
    mine, theirs = (access.seat_of(one, peer_room.pk) for one in (interviewer, ida))
    stamps.stamp(mine, text="Asks about load at once.", now=timezone.now())
    stamps.stamp(theirs, text="Never names a label.", now=timezone.now())
    submission = submit(peer_room, actor=candidate, now=timezone.now())
    Submission.objects.filter(pk=submission.pk).update(hints=[{"dimension": "scope", "rung": 2}])
    page = client_of(interviewer).get(url("score", peer_room)).content.decode()
    assert "Asks about load at once." in page
    assert "Never names a label." not in page
    assert "Scope: up to the pointer" in page


def test_the_candidate_comes_first_for_a_quarter_of_an_hour(room, candidate, interviewer, client_of):
    browser = client_of(interviewer)
    Submission.objects.update(at=timezone.now())
    refused = browser.post(url("score", room), ALONE)
    assert (refused.status_code, "gives their own levels first" in refused.content.decode()) == (422, True)
    assert not Scorecard.objects.filter(source=Source.PERSON).exists()
    assert "canary-reason" in browser.get(url("score", room)).content.decode(), "kept as a draft"
    Submission.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert browser.post(url("score", room), ALONE).status_code == 302
    assert Scorecard.objects.filter(source=Source.PERSON).count() == 1


def test_what_is_left_open_is_named_and_counted_as_not_observed_only_when_said(
    room, candidate, interviewer, client_of
):
    client_of(candidate).post(url("self_score", room), {"skip": "yes"})
    browser = client_of(interviewer)
    refused = browser.post(url("score", room), {"level-C01": "2", "lock": "yes"})
    assert refused.status_code == 422
    assert "Data, Serving and Communication have criteria without a level" in refused.content.decode()
    none = browser.post(url("score", room), {"level-C01": "none", "lock": "yes", "rest": "yes"})
    assert "at least one" in none.content.decode()
    browser.post(url("score", room), {"level-C01": "2", "lock": "yes", "rest": "yes"})
    card = Scorecard.objects.get(source=Source.PERSON)
    assert {one.criterion: one.level for one in card.scores.all()} == {
        "C01": 2, "C09": None, "G01": None, "P01": None,
    }  # fmt: skip


def test_a_locked_card_is_locked(room, candidate, interviewer, client_of):
    client_of(candidate).post(url("self_score", room), SELF)
    browser = client_of(interviewer)
    browser.post(url("score", room), ALONE)
    for name in ("score", "live_marks"):
        browser.post(url(name, room), {"level-C01": "4", "lock": "yes"})
    browser.post(url("waive", room))
    client_of(candidate).post(url("self_score", room), {"level-C01": "0"})
    levels = {card.source: card.scores.get(criterion="C01").level for card in Scorecard.objects.all()}
    assert (levels["person"], levels["self"]) == (1, 4)
    own = Participant.objects.get(user=interviewer)
    assert own.waived_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.filter(pk=own.pk).update(waived_at=timezone.now())


def test_the_table_holds_one_locked_card_per_interviewer_and_submission(handed_in, interviewer):
    from interviews import card_requests

    rubric = card_requests.current_rubric(handed_in, handed_in.interview.framework)
    given = {"source": Source.PERSON, "author": interviewer, "now": timezone.now()}
    write(handed_in, rubric, {"C01": Mark(1)}, **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(handed_in, rubric, {"C01": Mark(2)}, **given)


def test_skipping_and_waiving_are_said_and_final(room, candidate, interviewer, client_of):
    theirs, his = client_of(candidate), client_of(interviewer)
    assert theirs.post(url("self_score", room), {}).status_code == 422, "empty is not skipped"
    theirs.post(url("self_score", room), {"skip": "yes"})
    theirs.post(url("self_score", room), SELF)
    assert not Scorecard.objects.filter(source=Source.SELF).exists()
    assert shut(theirs, room)
    his.post(url("waive", room))
    assert opened(room)
    assert his.post(url("score", room), ALONE).url == url("ending", room)
    assert not Scorecard.objects.filter(source=Source.PERSON).exists()
    assert his.get(url("reveal", room)).status_code == 200
    assert his.post(url("waive", room)).status_code == 422


def test_after_a_day_it_opens_without_who_is_missing_and_late_levels_are_added(
    room, candidate, interviewer, client_of
):
    theirs, his = client_of(candidate), client_of(interviewer)
    assert theirs.post(url("open_cards", room)).status_code == 422, "own levels first"
    theirs.post(url("self_score", room), SELF)
    Submission.objects.update(at=timezone.now() - timedelta(hours=23))
    refused = theirs.post(url("open_cards", room))
    assert "Ivo Interviewer may still give levels" in refused.content.decode()
    assert "Open the scorecards" not in theirs.get(url("ending", room)).content.decode()
    Submission.objects.update(at=timezone.now() - timedelta(hours=25))
    assert "Open the scorecards" in theirs.get(url("ending", room)).content.decode()
    theirs.post(url("open_cards", room))
    assert "Ivo Interviewer had not scored" in theirs.get(url("reveal", room)).content.decode()
    assert shut(his, room), "who is late still scores alone"
    his.post(url("score", room), ALONE)
    page = theirs.get(url("reveal", room)).content.decode()
    assert "canary-reason" in page
    assert "Given after the scorecards had been opened." in page
    assert his.get(url("reveal", room)).status_code == 200


def test_after_a_day_an_interviewer_opens_without_the_candidate(room, candidate, interviewer, client_of):
    Submission.objects.update(at=timezone.now() - timedelta(hours=25))
    his = client_of(interviewer)
    assert his.post(url("open_cards", room)).status_code == 422
    his.post(url("score", room), ALONE)
    assert shut(his, room)
    his.post(url("open_cards", room))
    assert his.get(url("reveal", room)).status_code == 200
    assert client_of(candidate).get(url("self_score", room)).url == url("ending", room)
    assert client_of(candidate).get(url("reveal", room)).status_code == 200


def test_an_interviewer_who_is_removed_is_not_waited_for(room, candidate, interviewer, client_of):
    theirs = client_of(candidate)
    theirs.post(url("self_score", room), SELF)
    Participant.objects.filter(user=interviewer).update(removed_at=timezone.now())
    assert client_of(interviewer).get(url("ending", room)).status_code == 404
    assert "can be opened now" in theirs.get(url("ending", room)).content.decode()
    assert theirs.post(url("open_cards", room)).status_code == 302
    assert theirs.get(url("reveal", room)).status_code == 200


def test_the_wrong_role_and_outsiders_are_refused_at_every_door(
    room, candidate, interviewer, observer, stranger, client_of, client
):
    gets = {"ending": (200, 200), "score": (403, 200), "reveal": (200, 200)}
    posts = {"score": (403, 200), "waive": (403, 200), "open_cards": (200, 200), "rate": (403, 403),
             "swap": (403, 403)}  # fmt: skip
    for method, doors in (("get", gets), ("post", posts)):
        for name, (own, his) in doors.items():
            door = url(name, room)
            assert getattr(client_of(stranger), method)(door).status_code == 404, name
            assert getattr(client_of(observer), method)(door).status_code == 403, name
            assert getattr(client, method)(door).status_code == 302, name
            for person, wanted in ((candidate, own), (interviewer, his)):
                if wanted == 403:
                    assert getattr(client_of(person), method)(door).status_code == 403, name
    assert not Scorecard.objects.exclude(source=Source.ENGINE).exists()


def test_a_peer_interview_that_no_interviewer_came_to_is_scored_like_one_alone(
    peer_room, candidate, client_of
):
    Participant.objects.filter(role=Role.INTERVIEWER).delete()
    browser = client_of(candidate)
    browser.post(url("submit", peer_room))
    assert opened(peer_room)
    assert browser.get(url("scorecard", peer_room)).status_code == 200
