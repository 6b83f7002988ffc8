"""A requirement changes: the board is kept, minutes run, and the scorecard says what became of the design."""

import copy
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import access, curveballs, lifecycle, marking, replaying, submitting, sweeping
from interviews.models import Event, EventKind, Interview, Job, State, Submission
from tests.integration.interviews.drawing_aid import FRAUD_BOARD, design
from whiteboard import layout, past, scene
from whiteboard.models import Update, Version

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def throw(browser, interview, **headers):
    return browser.post(reverse("interviews:curveball", args=[interview.pk]), headers=headers or HTMX)


def thrown(interview):
    return list(Event.objects.filter(interview=interview, kind=EventKind.CURVEBALL))


def began(interview, minutes_ago):
    """Let the interview have begun so long ago."""
    start = timezone.now() - timedelta(minutes=minutes_ago)
    Interview.objects.filter(pk=interview.pk).update(started_at=start)


def test_a_curveball_keeps_the_board_and_tells_what_changes(interview, candidate, client_of):
    design(interview)
    browser = client_of(candidate)
    page = throw(browser, interview).content.decode()
    change = interview.case.curveball["change"]
    assert change in page
    assert "<phase-clock" in page
    [version] = Version.objects.filter(board=interview.board)
    assert (version.name, version.seq) == ("Before the curveball", interview.board.seq)
    [event] = thrown(interview)
    assert event.payload["text"] == change
    assert 5 <= event.payload["minutes"] <= 8
    assert event.payload["board_seq"] == interview.board.seq
    assert change in browser.get(interview.get_absolute_url()).content.decode(), "it survives a refresh"


def test_a_second_click_throws_nothing_more(interview, candidate, client_of):
    browser = client_of(candidate)
    assert [throw(browser, interview).status_code for _ in range(2)] == [200, 200]
    assert len(thrown(interview)) == 1
    assert Version.objects.filter(board=interview.board).count() == 1


def test_it_is_offered_from_half_of_the_time_and_can_be_asked_for_before(interview, candidate, client_of):
    url, browser = reverse("interviews:curveball", args=[interview.pk]), client_of(candidate)
    early = browser.get(url).content.decode()
    assert "Best in the second half" in early
    assert "load delay:" in early, "the page asks again when half of the time is over"
    began(interview, 23)
    late = browser.get(url).content.decode()
    assert "Half of your time is over" in late
    assert "load delay:" not in late


def test_its_clock_stands_still_in_a_pause(interview, candidate):
    start = timezone.now()
    interview.refresh_from_db()
    ball = curveballs.Curveball("x", 6, interview.reading(start).spent, closed=False)
    lifecycle.pause(interview, actor=candidate, now=start + timedelta(minutes=1))
    interview.refresh_from_db()
    shown = ball.reading(interview.reading(start + timedelta(minutes=30)))
    assert shown.budget == 360
    assert shown.spent == pytest.approx(60, abs=1)


def test_the_clock_is_put_away_once_the_change_is_worked_in(interview, candidate, client_of):
    browser, close = client_of(candidate), reverse("interviews:close_curveball", args=[interview.pk])
    assert browser.post(close, headers=HTMX).status_code == 422
    throw(browser, interview)
    for _ in range(2):
        page = browser.post(close, headers=HTMX).content.decode()
        assert "<phase-clock" not in page
        assert interview.case.curveball["change"] in page
    assert interview.events.filter(kind=EventKind.CURVEBALL_CLOSED).count() == 1


def test_nothing_changes_while_the_clock_stands_still(interview, candidate, client_of):
    lifecycle.pause(interview, actor=candidate, now=timezone.now())
    answer = throw(client_of(candidate), interview)
    assert answer.status_code == 422
    assert "paused" in answer.content.decode()
    assert thrown(interview) == []


def test_with_an_interviewer_the_curveball_is_theirs(
    full_room, candidate, interviewer, observer, stranger, client_of
):
    refused = throw(client_of(candidate), full_room)
    assert refused.status_code == 422
    assert "Your interviewer decides" in refused.content.decode()
    assert (
        "Change a requirement" not in client_of(candidate).get(full_room.get_absolute_url()).content.decode()
    )
    close = reverse("interviews:close_curveball", args=[full_room.pk])
    for outsider, status in ((observer, 403), (stranger, 404)):
        assert throw(client_of(outsider), full_room).status_code == status
        assert client_of(outsider).post(close, headers=HTMX).status_code == status
    assert client_of(stranger).get(reverse("interviews:curveball", args=[full_room.pk])).status_code == 404
    assert throw(client_of(interviewer), full_room).status_code == 200
    assert len(thrown(full_room)) == 1
    change = full_room.case.curveball["change"]
    for user in (candidate, interviewer, observer):
        assert change in client_of(user).get(full_room.get_absolute_url()).content.decode()


def add_a_store(interview, candidate):
    """Draw one more box and an arrow, as one more row of the log."""
    board = copy.deepcopy(FRAUD_BOARD)
    board["nodes"].append({"id": "labels", "label": "Challenge outcomes", "kind": "store", "at": [3, 1]})
    board["edges"].append({"from": "labels", "to": "train"})
    old = scene.fields_by_id(layout.elements_of(FRAUD_BOARD))
    new = scene.fields_by_id(layout.elements_of(board))
    came = {name: fields for name, fields in new.items() if name not in old}
    past.draw(interview.board, [past.Moment(timezone.now(), came, {})], author_id=candidate.pk)


def test_the_scorecard_shows_what_the_change_did_to_the_design(interview, candidate, client_of):
    design(interview)
    browser = client_of(candidate)
    throw(browser, interview)
    add_a_store(interview, candidate)
    browser.post(reverse("interviews:submit", args=[interview.pk]))
    submission = Submission.objects.get(interview=interview)
    before = submission.before_curveball
    assert before["text"] == interview.case.curveball["change"]
    assert "Challenge outcomes" not in {node["label"] for node in before["graph"]["nodes"]}
    marking.run(Job.objects.get(kind="score").pk)
    page = browser.get(reverse("interviews:scorecard", args=[interview.pk])).content.decode()
    assert "After the curveball" in page
    assert "<dt>New</dt>" in page, "the lines below say themselves what was added"
    assert "Added “Challenge outcomes” (store)." in page
    assert "Added an arrow from “Challenge outcomes” to “Training”." in page
    assert "7 boxes and 8 arrows kept" in page or "8 boxes and 8 arrows kept" in page
    assert interview.case.curveball["expects"][0] in page
    assert interview.case.curveball["keeps"][0] in page


def test_the_replay_keeps_the_board_at_the_moment_of_the_change_and_not_when_it_was_drawn(
    interview, candidate, client_of
):
    design(interview)  # the last row came long before
    Update.objects.filter(board=interview.board).update(at=interview.started_at + timedelta(minutes=1))
    began(interview, 30)
    interview.refresh_from_db()
    throw(client_of(candidate), interview)
    interview.refresh_from_db()
    submitting.submit(interview, actor=candidate, now=timezone.now())
    shown = replaying.timeline(access.watcher_or_404(candidate, interview.pk)).entries
    kept, change = [one for one in shown if "urveball" in one.label]
    assert kept.label == "Version “Before the curveball”"
    assert change.label.startswith("Curveball, ")
    assert kept.at == change.at > 29 * 60_000


def test_a_design_without_a_curveball_says_nothing_of_one(interview, candidate, client_of):
    design(interview)
    client_of(candidate).post(reverse("interviews:submit", args=[interview.pk]))
    assert Submission.objects.get(interview=interview).before_curveball is None


def test_a_difference_is_told_in_four_parts():
    def graph(*edges, names="abc"):
        nodes = [{"id": name, "label": name, "kind": None, "shape": "rectangle"} for name in names]
        return {
            "nodes": nodes,
            "edges": [
                {"id": f"{n}", "source": one[0], "target": one[1], "label": "", "heads": "end"}
                for n, one in enumerate(edges)
            ],
            "frames": [],
            "text": [],
        }

    found = curveballs.difference(graph("ab", "bc"), graph("ab", "ac", names="abcd"))
    assert (found.kept_boxes, found.kept_arrows) == (3, 1)
    assert found.added == ("Added “d”.",)
    assert found.rewired == ("The arrow from “b” to “c” now goes from “a” to “c”.",)
    assert found.removed == ()
    less = curveballs.difference(graph("ab", "bc"), graph("ab", names="ab"))
    assert set(less.removed) == {"Removed “c”.", "Removed an arrow from “b” to “c”."}
    assert curveballs.difference(graph("ab"), graph("ab")).is_same


def test_the_interview_says_that_a_change_is_being_worked_in_through_a_pause(interview, candidate, client_of):
    def state():
        interview.refresh_from_db()
        return interview.state

    throw(client_of(candidate), interview)
    assert state() == State.CURVEBALL
    lifecycle.pause(interview, actor=candidate, now=timezone.now())
    assert state() == State.PAUSED
    lifecycle.resume(interview, actor=candidate, now=timezone.now())
    assert state() == State.CURVEBALL
    client_of(candidate).post(reverse("interviews:close_curveball", args=[interview.pk]), headers=HTMX)
    assert state() == State.RUNNING
    lifecycle.pause(interview, actor=candidate, now=timezone.now())
    lifecycle.resume(interview, actor=candidate, now=timezone.now())
    assert state() == State.RUNNING


def test_a_room_left_with_a_change_being_worked_in_is_set_aside(interview, candidate, client_of):
    throw(client_of(candidate), interview)
    began(interview, 200)
    hours_ago = timezone.now() - timedelta(hours=3)
    interview.events.update(at=hours_ago)
    interview.participants.update(here_at=hours_ago)
    Update.objects.filter(board=interview.board).update(at=hours_ago)
    assert sweeping.set_aside_untouched(timezone.now()) == 1
    interview.refresh_from_db()
    assert (interview.state, interview.paused_at) == (State.PAUSED, hours_ago)
    lifecycle.come_back(interview, actor=candidate, now=timezone.now())
    interview.refresh_from_db()
    assert interview.state == State.CURVEBALL


def test_a_design_is_submitted_from_within_a_change(interview, candidate, client_of):
    design(interview)
    throw(client_of(candidate), interview)
    interview.refresh_from_db()
    submitting.submit(interview, actor=candidate, now=timezone.now())
    interview.refresh_from_db()
    assert interview.state == State.SUBMITTED


def test_an_attempt_that_goes_on_from_behind_a_change_goes_on_in_it(interview, candidate, client_of):
    design(interview)
    browser = client_of(candidate)
    throw(browser, interview)
    interview.refresh_from_db()
    submitting.submit(interview, actor=candidate, now=timezone.now())
    browser.post(reverse("interviews:retry", args=[interview.pk]))
    again = Interview.objects.get(retry_of=interview)
    assert browser.post(reverse("interviews:resume", args=[again.pk]), headers=HTMX).status_code == 200
    again.refresh_from_db()
    assert again.state == State.CURVEBALL
    assert interview.case.curveball["change"] in browser.get(again.get_absolute_url()).content.decode()
    handed_in = submitting.submit(again, actor=candidate, now=timezone.now())
    first = Submission.objects.get(interview=interview)
    assert handed_in.before_curveball["graph"] == first.before_curveball["graph"]


def test_a_strict_clock_with_fewer_minutes_left_than_the_change_takes_refuses_it(
    interview, candidate, client_of
):
    Interview.objects.filter(pk=interview.pk).update(strict=True)
    minutes, browser = interview.case.curveball["minutes"], client_of(candidate)
    words = f"A change takes {minutes} minutes, and fewer are left on this strict clock."
    url = reverse("interviews:curveball", args=[interview.pk])
    began(interview, interview.minutes - minutes - 1)
    assert words not in browser.get(url).content.decode()
    began(interview, interview.minutes - minutes + 1)
    page = browser.get(url).content.decode()
    assert words in page
    assert "Change a requirement" not in page
    refused = throw(browser, interview)
    assert (refused.status_code, words in refused.content.decode()) == (422, True)
    assert thrown(interview) == []
    Interview.objects.filter(pk=interview.pk).update(strict=False)
    assert throw(browser, interview).status_code == 200, "an easy-going clock goes on after its end"
