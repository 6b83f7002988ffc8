"""The lobby by URL: links per role, who is ready, the start, the host; and every role that may not."""

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interviews import lifecycle
from interviews.models import EventKind, Interview, Invitation, Participant, Role, State
from tests.factories.peers import open_peer, start_peer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(name: str, interview: Interview, *more: int) -> str:
    return reverse(f"interviews:{name}", args=[interview.pk, *more])


def link_from(browser, interview, role) -> str:
    page = browser.post(url("invite", interview), {"role": role}, headers=HTMX).content.decode()
    return page.split('value="http://testserver')[1].split('"')[0]


@pytest.fixture
def room(library, candidate, interviewer, observer) -> Interview:
    """A lobby of three, hosted by the candidate."""
    interview = open_peer(candidate, interviewer)
    lifecycle.sit_down(interview, observer, Role.OBSERVER, timezone.now())
    return interview


def make(browser, sits_as: str):
    return browser.post(reverse("interviews:invite_peer"), {"case": "payment-fraud", "sits_as": sits_as})


def test_the_case_page_offers_to_start_alone_and_to_invite(library, client):
    page = client.get(reverse("casestudies:case", args=["payment-fraud"])).content.decode()
    for words in ("Start alone", "Invite a friend to interview you", "Interview a friend"):
        assert words in page


def test_a_visitor_invites_an_interviewer_and_both_come_in(library, client, interviewer, client_of):
    lobby = make(client, "candidate").url
    interview = Interview.objects.get()
    assert interview.state == State.LOBBY
    page = client.get(lobby).content.decode()
    assert "Interviewer: nobody yet." in page
    assert "Nobody has come as an interviewer yet." in page
    assert interview.case.prompt[:40] not in page, "the prompt is read when the clock runs"
    link = link_from(client, interview, "interviewer")
    assert interview.events.filter(kind=EventKind.INVITED).get().payload["role"] == "interviewer"
    friend = client_of(interviewer)
    assert "hold the answers and hints" in friend.get(link).content.decode()
    assert not Participant.objects.filter(user=interviewer).exists(), "a mail scanner's GET seats nobody"
    friend.post(link)
    assert reverse("casestudies:brief", args=["payment-fraud"]) in friend.get(lobby).content.decode()
    assert friend.get(reverse("casestudies:brief", args=["payment-fraud"])).status_code == 200
    assert client.get(reverse("casestudies:brief", args=["payment-fraud"])).status_code == 302


def test_an_interviewer_invites_the_candidate_who_comes_as_a_guest(library, interviewer, client_of, client):
    browser = client_of(interviewer)
    make(browser, "interviewer")
    interview = Interview.objects.get()
    link = link_from(browser, interview, "candidate")
    assert "you design" in client.get(link).content.decode()
    client.post(link)
    assert Participant.objects.get(role=Role.CANDIDATE).user == get_user(client)
    again = browser.post(url("invite", interview), {"role": "candidate"}, headers=HTMX)
    assert again.status_code == 422
    assert "a candidate already" in again.content.decode()


def test_a_second_person_with_the_candidates_link_is_told_that_the_seat_is_taken(
    library, interviewer, candidate, stranger, client_of
):
    browser = client_of(interviewer)
    make(browser, "interviewer")
    link = link_from(browser, Interview.objects.get(), "candidate")
    assert client_of(candidate).post(link).status_code == 302
    answer = client_of(stranger).post(link)
    assert answer.status_code == 422
    assert "its candidate already" in answer.content.decode()


def test_a_link_revoked_between_page_and_click_seats_nobody(room, candidate, stranger, client_of):
    link = link_from(client_of(candidate), room, "interviewer")
    stale = Invitation.objects.get()
    revoke = url("revoke_invitation", room, stale.pk)
    for _ in range(2):
        client_of(candidate).post(revoke)
    assert room.events.filter(kind=EventKind.REVOKED).count() == 1
    assert client_of(stranger).post(link).status_code == 410
    with pytest.raises(Exception, match="does not work any more"):
        lifecycle.join(stale, user=stranger, now=timezone.now())


def test_what_the_start_waits_for_is_said_to_each_in_the_second_person(
    room, candidate, interviewer, stranger, client_of
):
    def words_for(user) -> str:
        return client_of(user).get(url("lobby", room)).content.decode()

    assert "You are not ready yet." in words_for(candidate)
    assert "Cleo Candidate is not ready yet." in words_for(interviewer)
    lifecycle.sit_down(room, stranger, Role.INTERVIEWER, timezone.now())
    assert "Ivo Interviewer or Sam Stranger has to be ready." in words_for(candidate)
    assert "You or Sam Stranger have to be ready." in words_for(interviewer)


def test_both_say_they_are_ready_and_the_host_starts(room, candidate, interviewer, observer, client_of):
    mine, theirs, third = (client_of(one) for one in (candidate, interviewer, observer))
    refused = mine.post(url("begin", room), headers=HTMX)
    assert refused.status_code == 422
    assert "is not ready yet" in refused.content.decode()
    assert (
        "Ivo Interviewer is not ready yet."
        in mine.post(url("ready", room), {"ready": "on"}, headers=HTMX).content.decode()
    )
    page = theirs.post(url("ready", room), {"ready": "on"}, headers=HTMX).content.decode()
    assert "Cleo Candidate starts the clock" in page
    assert "Start the interview" not in page
    assert theirs.post(url("begin", room)).status_code == 403
    assert "Everybody is ready" in third.get(url("lobby", room)).content.decode()
    started = mine.post(url("begin", room), headers=HTMX)
    assert started["HX-Redirect"] == room.get_absolute_url()
    room.refresh_from_db()
    assert room.state == State.RUNNING
    assert theirs.get(url("lobby", room)).status_code == 302
    assert theirs.get(room.get_absolute_url()).status_code == 200


def test_who_is_not_ready_after_all_stops_the_start(room, candidate, interviewer, client_of):
    for person in (candidate, interviewer):
        client_of(person).post(url("ready", room), {"ready": "on"})
    client_of(interviewer).post(url("ready", room), {})
    assert client_of(candidate).post(url("begin", room)).status_code == 422
    assert Participant.objects.get(user=interviewer).ready_at is None


def test_nobody_writes_before_the_clock_runs(room, candidate, client_of):
    from interviews import access

    assert not access.seat_or_404(candidate, room.pk).draws
    for name in ("advance_phase", "pause", "ask", "submit"):
        client_of(candidate).post(url(name, room), {"question": "How many?", "running": 1})
    room.refresh_from_db()
    assert room.state == State.LOBBY
    assert not room.events.filter(kind__in=[EventKind.ASKED, EventKind.SUBMITTED]).exists()


def test_the_host_calls_it_off_and_the_links_die_with_it(room, candidate, stranger, client_of):
    link = link_from(client_of(candidate), room, "interviewer")
    client_of(candidate).post(url("call_off", room))
    assert "was called off" in client_of(candidate).get(room.get_absolute_url()).content.decode()
    assert client_of(stranger).post(link).status_code == 422
    assert not Participant.objects.filter(user=stranger).exists()


def test_a_removed_person_is_out_at_once_and_cannot_read_the_case(room, candidate, interviewer, client_of):
    seat = Participant.objects.get(user=interviewer)
    client_of(candidate).post(url("remove_person", room, seat.pk))
    assert room.events.filter(kind=EventKind.REMOVED).count() == 1
    browser = client_of(interviewer)
    for name in ("room", "lobby", "people", "presence", "events"):
        assert browser.get(url(name, room)).status_code == 404
    assert browser.get(reverse("casestudies:brief", args=["payment-fraud"])).status_code == 302


def test_the_host_hands_over_and_then_may_not_invite(room, candidate, interviewer, client_of):
    seat = Participant.objects.get(user=interviewer)
    client_of(candidate).post(url("hand_over", room, seat.pk))
    assert client_of(candidate).post(url("invite", room), {"role": "observer"}).status_code == 403
    made = client_of(interviewer).post(url("invite", room), {"role": "observer"})
    assert made.status_code == 200
    page = Client().get(made.context["link"]).content.decode()
    assert f"{interviewer.name} invites you" in page  # whoever made the link, not whoever made the room


def test_the_candidate_is_not_removed_from_a_running_interview(room, candidate, interviewer, client_of):
    client_of(candidate).post(url("hand_over", room, Participant.objects.get(user=interviewer).pk))
    start_peer(room)
    seat = Participant.objects.get(user=candidate)
    answer = client_of(interviewer).post(url("remove_person", room, seat.pk), headers=HTMX)
    assert answer.status_code == 422
    seat.refresh_from_db()
    assert seat.removed_at is None


HOST_ALONE = {"observer": 403, "interviewer": 403}
DOORS = {
    "lobby": {},
    "presence": {},
    "people": {},
    "ready": {"observer": 403},
    "begin": HOST_ALONE,
    "call_off": HOST_ALONE,
    "invite": HOST_ALONE,
    "remove_person": HOST_ALONE,
    "hand_over": HOST_ALONE,
}


def test_every_door_of_the_lobby_refuses_who_may_not(
    room, interviewer, observer, stranger, client_of, client
):
    people = {"interviewer": interviewer, "observer": observer, "stranger": stranger}
    browsers = {who: client_of(person) for who, person in people.items()}
    seat = Participant.objects.get(user=observer)
    for name, refused in DOORS.items():
        address = url(name, room, *([seat.pk] if name in ("remove_person", "hand_over") else []))
        method = "get" if name in ("lobby", "presence", "people") else "post"
        codes = {who: getattr(browser, method)(address).status_code for who, browser in browsers.items()}
        assert codes.pop("stranger") == 404, name
        for who, code in codes.items():
            assert code == refused[who] if who in refused else code in (200, 302), (name, who)
        assert getattr(client, method)(address).status_code == 302, "a visitor is asked to sign in"


def test_the_lobby_costs_the_same_however_many_are_there(
    room, candidate, stranger, client_of, django_assert_max_num_queries
):
    lifecycle.sit_down(room, stranger, Role.OBSERVER, timezone.now())
    browser = client_of(candidate)
    browser.get(room.get_absolute_url())
    with django_assert_max_num_queries(9):
        browser.get(room.get_absolute_url())


def test_a_guest_says_what_to_be_called_and_an_account_keeps_its_name(
    room, candidate, client_of, client, stranger
):
    link = link_from(client_of(candidate), room, "interviewer")
    client.post(link, {"name": "  Ana   Sand "})
    assert get_user(client).name == "Ana Sand"
    assert "Ana Sand" in client_of(candidate).get(url("lobby", room)).content.decode()
    client.post(url("call_me", room), {"name": "Anita"})
    assert "Anita" in client_of(candidate).get(url("lobby", room)).content.decode()
    assert client.post(url("call_me", room), {"name": " "}).status_code == 422
    assert client_of(candidate).post(url("call_me", room), {"name": "Zoe"}).status_code == 422
    assert client_of(stranger).post(url("call_me", room), {"name": "Zoe"}).status_code == 404


def test_a_guest_who_says_a_name_sees_it_in_the_head_of_the_page_at_once(room, candidate, client_of, client):
    client.post(link_from(client_of(candidate), room, "interviewer"))
    assert 'aria-label="G, Guest: ' in client.get(room.get_absolute_url()).content.decode()
    part = client.post(url("call_me", room), {"name": "Ana Sand"}, headers={"HX-Request": "true"})
    assert 'id="person-menu" hx-swap-oob="true"><summary class="avatar" aria-label="AS, Ana Sand: ' in (
        part.content.decode()
    )
    refused = client.post(url("call_me", room), {"name": " "}, headers={"HX-Request": "true"})
    swept = client.get(url("lobby", room), headers={"HX-Request": "true"})
    for other in (refused, swept):
        assert "person-menu" not in other.content.decode(), "an open menu stays open"


def test_today_leads_back_to_the_lobby_and_to_the_room_one_helps_in(
    room, candidate, interviewer, observer, stranger, client_of
):
    for person in (candidate, interviewer, observer):
        assert "To the lobby" in client_of(person).get("/").content.decode()
    start_peer(room)
    assert "To the room" in client_of(interviewer).get("/").content.decode()
    assert "To the room" not in client_of(candidate).get("/").content.decode(), "theirs is the first thing"
    assert "With others" not in client_of(stranger).get("/").content.decode()
