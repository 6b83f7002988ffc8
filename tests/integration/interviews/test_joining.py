from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from interviews.models import EventKind, Interview, Invitation, Participant, Role, State
from tests.factories.accounts import PASSWORD
from tests.factories.interviews import seat, start_interview

pytestmark = pytest.mark.django_db


def invite_link(browser, interview, role) -> str:
    answer = browser.post(
        reverse("interviews:invite", args=[interview.pk]), {"role": role}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    return page.split('value="http://testserver')[1].split('"')[0]


def test_a_guest_joins_by_link_in_the_role_it_was_made_for(interview, candidate, client_of, client):
    link = invite_link(client_of(candidate), interview, "observer")
    assert "invites you" in client.get(link).content.decode()
    assert not get_user(client).is_authenticated, "a mail scanner that follows the link takes no seat"
    assert client.post(link).url == f"/interviews/{interview.pk}/"
    seat = Participant.objects.get(user=get_user(client))
    assert seat.role == Role.OBSERVER
    assert interview.events.filter(kind=EventKind.JOINED).count() == 1
    assert client.get(f"/interviews/{interview.pk}/").status_code == 200


def test_the_token_itself_is_not_stored(interview, candidate, client_of):
    link = invite_link(client_of(candidate), interview, "interviewer")
    token = link.rstrip("/").rsplit("/", 1)[1]
    stored = Invitation.objects.get()
    assert token not in str(stored.__dict__)
    assert len(stored.token_hash) == 64


def test_joining_twice_keeps_one_seat(interview, candidate, interviewer, client_of):
    link = invite_link(client_of(candidate), interview, "interviewer")
    browser = client_of(interviewer)
    for _ in range(2):
        assert browser.post(link).status_code == 302
    assert Participant.objects.filter(user=interviewer).count() == 1


def test_the_candidate_who_opens_an_own_link_stays_candidate(interview, candidate, client_of):
    browser = client_of(candidate)
    assert browser.post(invite_link(browser, interview, "observer")).status_code == 302
    assert Participant.objects.get(user=candidate).role == Role.CANDIDATE


@pytest.mark.parametrize("closing", ["expired", "revoked", "unknown"])
def test_a_closed_link_says_so_and_seats_nobody(interview, candidate, interviewer, client_of, closing):
    link = invite_link(client_of(candidate), interview, "interviewer")
    if closing == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif closing == "revoked":
        client_of(candidate).post(
            reverse("interviews:revoke_invitation", args=[interview.pk, Invitation.objects.get().pk])
        )
    else:
        link = reverse("interviews:join", args=["not-a-token"])
    answer = client_of(interviewer).post(link)
    assert answer.status_code == 410
    assert "does not work any more" in answer.content.decode()
    assert not Participant.objects.filter(user=interviewer).exists()


def test_nobody_comes_in_after_the_end(interview, candidate, interviewer, client_of):
    link = invite_link(client_of(candidate), interview, "interviewer")
    now = timezone.now()
    Interview.objects.filter(pk=interview.pk).update(state=State.SUBMITTED, ended_at=now)
    answer = client_of(interviewer).post(link)
    assert answer.status_code == 422
    assert "already ended" in answer.content.decode()


def test_a_removed_person_does_not_come_back_by_the_same_link(interview, candidate, interviewer, client_of):
    link = invite_link(client_of(candidate), interview, "interviewer")
    browser = client_of(interviewer)
    browser.post(link)
    Participant.objects.filter(user=interviewer).update(removed_at=timezone.now())
    assert browser.get(f"/interviews/{interview.pk}/").status_code == 404
    assert browser.post(link).status_code == 422


def test_only_the_candidate_invites(full_room, interviewer, observer, stranger, client_of, client):
    url = reverse("interviews:invite", args=[full_room.pk])
    assert client_of(interviewer).post(url, {"role": "observer"}).status_code == 403
    assert client_of(observer).post(url, {"role": "observer"}).status_code == 403
    assert client_of(stranger).post(url, {"role": "observer"}).status_code == 404
    assert client.post(url, {"role": "observer"}).status_code == 302
    assert not Invitation.objects.exists()


def test_nobody_can_be_invited_as_candidate(interview, candidate, client_of):
    answer = client_of(candidate).post(
        reverse("interviews:invite", args=[interview.pk]), {"role": "candidate"}
    )
    assert answer.status_code == 422
    assert "interviewer or an observer" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_guest_who_signs_in_finds_the_guest_work_in_the_account(library, client, candidate):
    client.post(reverse("interviews:start"), {"case": "payment-fraud"})
    interview = Interview.objects.get()
    client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})
    assert get_user(client) == candidate
    assert Participant.objects.get(interview=interview).user == candidate
    assert client.get(f"/interviews/{interview.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("of_guest", "of_account", "kept"),
    [
        (Role.CANDIDATE, Role.OBSERVER, Role.CANDIDATE),
        (Role.CANDIDATE, Role.INTERVIEWER, Role.CANDIDATE),
        (Role.OBSERVER, Role.CANDIDATE, Role.CANDIDATE),
        (Role.OBSERVER, Role.INTERVIEWER, Role.INTERVIEWER),
    ],
)
def test_who_sat_there_as_guest_and_as_account_keeps_the_candidates_seat(
    library, client, interviewer, candidate, of_guest, of_account, kept
):
    client.post(reverse("accounts:guest"))
    guest = get_user(client)
    designer = next(
        (one for one, role in ((guest, of_guest), (interviewer, of_account)) if role == "candidate"),
        candidate,
    )
    interview = start_interview(designer)
    for person, role in ((guest, of_guest), (interviewer, of_account)):
        if role != Role.CANDIDATE:
            seat(interview, person, role)
    client.post(reverse("account_login"), {"login": interviewer.email, "password": PASSWORD})
    assert get_user(client) == interviewer
    assert Participant.objects.get(interview=interview, user=interviewer).role == kept
    assert interview.participants.filter(role=Role.CANDIDATE).count() == 1
