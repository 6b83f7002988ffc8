"""Who is there: somebody leaves, the clock waits in words, they come back; the host's part is handed on."""

from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse
from django.utils import timezone

from interviews import events, interviewer, lifecycle
from interviews.models import EventKind, Interview, Invitation, Participant, Role, State
from interviews.peer import presence
from interviews.peer.lobby import people_of
from tests.factories.peers import open_peer, start_peer
from tests.integration.interviews.sockets import open_socket

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=2)


@pytest.fixture
def room(library, candidate, interviewer, observer) -> Interview:
    """A running peer interview of three, who have all been there since two minutes."""
    begun = timezone.now() - LONG_AGO
    interview = open_peer(candidate, interviewer, now=begun)
    lifecycle.sit_down(interview, observer, Role.OBSERVER, begun)
    start_peer(interview, now=begun)
    Participant.objects.filter(interview=interview).update(here_at=timezone.now())
    return interview


def goes(room: Interview, user) -> None:
    """Somebody's browser was last heard of longer ago than the grace, and another one looks round."""
    past = timezone.now() - presence.GRACE - timedelta(seconds=1)
    Participant.objects.filter(interview=room, user=user).update(here_at=past)
    presence.look(room.pk, timezone.now())
    room.refresh_from_db()


def words_for(browser, room: Interview) -> str:
    page = browser.get(reverse("interviews:presence", args=[room.pk])).content.decode()
    return " ".join(page.split())


def test_while_all_are_there_nothing_is_said(room, candidate, client_of):
    assert presence.look(room.pk, timezone.now()) == 0
    assert words_for(client_of(candidate), room) == ""


def test_the_interviewer_leaves_and_the_clock_waits_in_words(
    room, candidate, interviewer, observer, client_of
):
    goes(room, interviewer)
    assert room.state == State.PAUSED
    words = words_for(client_of(candidate), room)
    assert "Your interviewer" in words
    assert "The clock is paused and your work is saved." in words
    assert "Go on without them" in words
    assert "Ivo Interviewer left." in words_for(client_of(observer), room)
    assert "<form" not in words_for(client_of(observer), room)
    presence.look(room.pk, timezone.now())
    assert room.events.filter(kind=EventKind.LEFT).count() == 1, "who left is noticed once"
    presence.arrive(room.pk, interviewer, timezone.now())
    assert room.events.filter(kind=EventKind.CAME_BACK).count() == 1
    words = words_for(client_of(candidate), room)
    assert "Everybody is back." in words
    client_of(interviewer).post(reverse("interviews:resume", args=[room.pk]))
    room.refresh_from_db()
    assert room.state == State.RUNNING
    assert words_for(client_of(candidate), room) == ""


def test_who_goes_on_without_the_interviewer_is_answered_by_the_room(room, candidate, interviewer, client_of):
    goes(room, interviewer)
    browser = client_of(candidate)
    browser.post(reverse("interviews:resume", args=[room.pk]))
    presence.look(room.pk, timezone.now())
    room.refresh_from_db()
    assert room.state == State.RUNNING, "the same absence stops the clock once"
    assert "The clock goes on; your work is saved." in words_for(browser, room)
    assert not interviewer_is_there(room)
    page = browser.post(reverse("interviews:ask", args=[room.pk]), {"question": "How many?"}, follow=True)
    assert "has your question" not in page.content.decode()


def interviewer_is_there(room: Interview) -> bool:
    return interviewer.has_interviewer(room)


def test_the_candidate_leaves_and_the_interviewer_reads_it(room, candidate, interviewer, client_of):
    goes(room, candidate)
    assert room.state == State.PAUSED
    words = words_for(client_of(interviewer), room)
    assert "Cleo Candidate left." in words
    assert "The clock is paused and everything is saved." in words


@pytest.mark.parametrize("who", ["observer", "second interviewer"])
def test_the_clock_does_not_wait_for_who_is_not_needed(room, observer, stranger, who):
    if who == "observer":
        goes(room, observer)
    else:
        lifecycle.sit_down(room, stranger, Role.INTERVIEWER, timezone.now() - LONG_AGO)
        goes(room, stranger)
    assert room.state == State.RUNNING
    assert room.events.filter(kind=EventKind.LEFT).count() == 1


def test_a_strict_clock_goes_on_and_says_so(library, candidate, interviewer, client_of):
    begun = timezone.now() - LONG_AGO
    room = start_peer(open_peer(candidate, interviewer, strict=True, now=begun), now=begun)
    Participant.objects.filter(interview=room).update(here_at=timezone.now())
    goes(room, interviewer)
    assert room.state == State.RUNNING
    words = words_for(client_of(candidate), room)
    assert "This clock is strict, so it goes on; your work is saved." in words
    assert "<form" not in words


def test_two_who_left_are_named_in_one_sentence(room, candidate, interviewer, stranger, observer, client_of):
    lifecycle.sit_down(room, stranger, Role.INTERVIEWER, timezone.now() - LONG_AGO)
    for one in (stranger, interviewer):
        goes(room, one)
    both = "Your interviewers, Ivo Interviewer and Sam Stranger, left."
    words = words_for(client_of(candidate), room)
    assert both in words
    assert words.count("The clock is paused and your work is saved.") == 1
    goes(room, candidate)
    seen = words_for(client_of(observer), room)
    assert "Cleo Candidate, Ivo Interviewer and Sam Stranger left." in seen
    assert seen.count("The clock is paused") == 1


def test_who_is_seated_by_somebody_else_is_not_here_before_they_come(library, candidate, interviewer):
    now = timezone.now()
    lobby = open_peer(candidate, interviewer, now=now)  # as after a swap of seats, or by a group's rota
    presence.arrive(lobby.pk, candidate, now)
    there = {one.participant.user: one.is_here for one in people_of(lobby, now)}
    assert there == {candidate: True, interviewer: False}
    before = lobby.events.filter(kind=EventKind.JOINED).count()
    presence.arrive(lobby.pk, interviewer, now)
    presence.arrive(lobby.pk, interviewer, now + timedelta(seconds=12))
    assert all(one.is_here for one in people_of(lobby, now))
    assert lobby.events.filter(kind=EventKind.JOINED).count() == before + 1, "the others’ pages hear of it"


def test_who_joins_by_a_link_is_here_at_once(library, candidate, interviewer, client_of):
    lobby = open_peer(candidate)
    _, token = Invitation.objects.issue(lobby, Role.INTERVIEWER, candidate, timezone.now())
    client_of(interviewer).post(reverse("interviews:join", args=[token]), {"name": ""})
    there = {one.participant.user: one.is_here for one in people_of(lobby, timezone.now())}
    assert there[interviewer]
    presence.arrive(lobby.pk, interviewer, timezone.now())
    assert lobby.events.filter(kind=EventKind.JOINED).count() == 1


def test_the_clock_waits_though_somebody_who_never_came_has_a_seat(room, interviewer, stranger):
    lifecycle.sit_down(room, stranger, Role.INTERVIEWER, timezone.now() - LONG_AGO)
    goes(room, interviewer)
    assert room.state == State.PAUSED


def test_the_hosts_part_goes_to_who_is_there(room, candidate, interviewer, observer, client_of):
    goes(room, candidate)
    assert room.host == interviewer
    invite = reverse("interviews:invite", args=[room.pk])
    assert client_of(interviewer).post(invite, {"role": "observer"}).status_code == 200
    listed = reverse("interviews:people", args=[room.pk])
    shown = {
        one: client_of(one).get(listed, headers={"HX-Request": "true"}).content.decode()
        for one in (interviewer, observer)
    }
    assert "invite-dialog" in shown[interviewer]
    assert "invite-dialog" not in shown[observer]
    presence.arrive(room.pk, candidate, timezone.now())
    assert client_of(candidate).post(invite, {"role": "observer"}).status_code == 403


def test_who_comes_back_before_anybody_missed_them_is_said_to_be_back(room, candidate):
    later = timezone.now() + timedelta(minutes=2)
    presence.arrive(room.pk, candidate, later - timedelta(minutes=1))
    before = room.events.filter(kind=EventKind.CAME_BACK).count()
    presence.arrive(room.pk, candidate, later)
    presence.arrive(room.pk, candidate, later + timedelta(seconds=15))
    assert room.events.filter(kind=EventKind.CAME_BACK).count() == before + 1


def test_an_observer_never_becomes_the_host(library, candidate, interviewer, observer):
    begun = timezone.now() - LONG_AGO
    room = open_peer(candidate, interviewer, now=begun)
    lifecycle.sit_down(room, observer, Role.OBSERVER, begun)
    Participant.objects.filter(interview=room, user=observer).update(here_at=timezone.now())
    Participant.objects.filter(interview=room, user=candidate).update(here_at=begun, ready_at=begun)
    presence.look(room.pk, timezone.now())
    room.refresh_from_db()
    assert room.host == candidate
    left = Participant.objects.get(interview=room, user=candidate)
    assert left.left_at is not None
    assert left.ready_at is None, "who is not in the lobby is not ready"


def test_who_says_they_leave_is_missed_at_once(room, candidate, interviewer, client_of):
    client_of(interviewer).post(reverse("interviews:leave", args=[room.pk]))
    room.refresh_from_db()
    assert room.state == State.PAUSED
    assert "The clock is paused and your work is saved." in words_for(client_of(candidate), room)


def test_nobody_is_missed_in_an_interview_held_alone(interview, candidate):
    past = timezone.now() - LONG_AGO
    Participant.objects.filter(interview=interview).update(here_at=past, joined_at=past)
    assert presence.look(interview.pk, timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
async def test_notes_wake_and_reach_interviewers_only_and_a_beat_tells_nobody_of_them(
    library, candidate, interviewer, client_of, monkeypatch
):
    monkeypatch.setattr("interviews.consumers.RECHECK_SECONDS", 0.2)
    monkeypatch.setattr("interviews.consumers.BEAT_EVERY", 1)
    room = await database_sync_to_async(lambda: start_peer(open_peer(candidate, interviewer)))()
    path = f"/ws/interviews/{room.pk}/?after={room.seq}"
    mine = open_socket(path, await database_sync_to_async(client_of)(candidate))
    theirs = open_socket(path, await database_sync_to_async(client_of)(interviewer))
    for socket in (mine, theirs):
        assert (await socket.connect(timeout=10))[0]
    stamp = reverse("interviews:cockpit_notes", args=[room.pk])
    browser = await database_sync_to_async(client_of)(interviewer)
    await database_sync_to_async(browser.post)(stamp, {"text": "canary"})
    heard = {"type": "beat"}
    while heard["type"] == "beat":
        heard = await theirs.receive_json_from(timeout=10)
    assert heard["type"] == "note.stamped"
    assert "canary" not in str(heard)
    beats = [await mine.receive_json_from(timeout=10) for _ in range(4)]
    assert beats == [{"type": "beat", "seq": room.seq}] * 4, "not even that something was stamped"
    for socket in (mine, theirs):
        await socket.disconnect()
    assert events.is_private(EventKind.NOTE_STAMPED)
