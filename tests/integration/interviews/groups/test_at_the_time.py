"""A session whose time has come: its room, who comes, and what happens when nobody does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from interviews import lifecycle, schedule
from interviews.groups import planning, rooms
from interviews.models import GroupSession, Interview, Participant
from tests.factories.groups import plan_session
from tests.integration.at_once import at_once

ClientOf = Callable[[User], Client]
MINUTE = timedelta(minutes=1)


def came(session: GroupSession) -> dict[str, bool | None]:
    return {one.seat.user.name.split()[0]: one.came for one in rooms.present(session, timezone.now())}


def test_the_clock_makes_the_room_once_with_everybody_in_it(session_now: GroupSession, session: GroupSession):
    for _ in range(3):
        schedule.sweep_groups()
    [interview] = Interview.objects.all()
    session_now.refresh_from_db()
    assert session_now.interview == interview
    assert (interview.mode, interview.state, interview.case_id) == ("peer", "lobby", session_now.case_id)
    assert (interview.level, interview.minutes, interview.framework.slug) == ("senior", 45, "small")
    roles = dict(interview.participants.values_list("user__display_name", "role"))
    assert roles == dict(session_now.seats.values_list("user__display_name", "role"))
    areas = interview.participants.filter(role="interviewer").values_list("areas", flat=True)
    assert sorted(map(len, areas)) == [4, 4]
    session.refresh_from_db()
    assert session.opened_at is None, "the one that is still to come"


def test_whoever_comes_first_opens_the_room_and_the_clock_finds_it_open(
    client_of: ClientOf, session_now: GroupSession, interviewer: User
):
    browser, url = client_of(interviewer), session_now.get_absolute_url()
    assertContains(browser.get(url), "Go to the room")
    answer = browser.post(f"{url}enter/")
    [interview] = Interview.objects.all()
    assert answer.url == interview.get_absolute_url()
    assert browser.get(answer.url).status_code == 200
    schedule.sweep_groups()
    assert Interview.objects.count() == 1
    assert came(session_now)["Ivo"] is True


@pytest.mark.django_db(transaction=True)
def test_four_who_come_at_once_open_one_room(session_now: GroupSession):
    def come() -> None:
        rooms.open_room(GroupSession.objects.get(pk=session_now.pk), now=timezone.now())

    at_once([come] * 4)
    assert Interview.objects.count() == 1
    assert Participant.objects.count() == 4


def test_a_member_who_is_removed_leaves_the_lobby_too(
    client_of: ClientOf, session_now: GroupSession, owner: User, observer: User
):
    room = client_of(observer).post(f"{session_now.get_absolute_url()}enter/").url
    assert client_of(observer).get(room).status_code == 200
    client_of(owner).post(f"/groups/{session_now.group_id}/members/{observer.pk}/remove/")
    assert client_of(observer).get(room).status_code == 404
    assert Participant.objects.get(user=observer).removed_at is not None


def test_nobody_comes_in_before_the_time(client_of: ClientOf, session: GroupSession, owner: User):
    url = session.get_absolute_url()
    assertNotContains(client_of(owner).get(url), "Go to the room")
    assertContains(client_of(owner).post(f"{url}enter/"), "has not begun", status_code=422)
    assert not Interview.objects.exists()


def test_who_said_no_is_not_seated_and_may_still_come(
    client_of: ClientOf, session_now: GroupSession, observer: User
):
    session_now.seats.filter(user=observer).update(answer="no")
    schedule.sweep_groups()
    assert not Participant.objects.filter(user=observer).exists()
    answer = client_of(observer).post(f"{session_now.get_absolute_url()}enter/")
    assert Participant.objects.get(user=observer).role == "observer"
    assert client_of(observer).get(answer.url).status_code == 200


def test_a_session_long_past_gets_no_room(session_now: GroupSession):
    assert rooms.open_due(session_now.starts_at + timedelta(hours=4)) == 0
    assert not Interview.objects.exists()


def test_attendance_is_said_kindly(
    client_of: ClientOf, session_now: GroupSession, owner: User, candidate: User, interviewer: User
):
    client_of(owner).post(f"{session_now.get_absolute_url()}enter/")
    Participant.objects.filter(user=interviewer).update(here_at=timezone.now())
    assert came(session_now) == {"Oda": True, "Cleo": None, "Ivo": True, "Olga": None}
    GroupSession.objects.update(starts_at=timezone.now() - timedelta(hours=5))
    page = client_of(candidate).get(f"/groups/{session_now.group_id}/sessions/")
    assertContains(page, "Oda Owner, candidate: came")
    assertContains(page, "Cleo Candidate, interviewer: could not make it")
    for word in ("missed", "absent", "streak", "no-show"):
        assertNotContains(page, word)


def test_who_did_not_come_had_no_turn(client_of: ClientOf, session_now: GroupSession, owner: User):
    schedule.sweep_groups()
    GroupSession.objects.update(starts_at=timezone.now() - timedelta(hours=5))
    following = plan_session(session_now.group, owner)
    assert following.seats.get(role="candidate").user == owner, "asked again"


@pytest.mark.parametrize("minutes", [0, 9])
def test_one_waits_ten_minutes_for_the_others(
    client_of: ClientOf, session_now: GroupSession, owner: User, minutes: int
):
    schedule.sweep_groups()
    GroupSession.objects.update(starts_at=timezone.now() - minutes * MINUTE)
    url = session_now.get_absolute_url()
    assertNotContains(client_of(owner).get(url), "Nobody has come yet")
    assertContains(client_of(owner).post(f"{url}alone/"), "too early to tell", status_code=422)


def test_when_nobody_comes_the_case_is_started_alone_and_the_session_stays(
    client_of: ClientOf, session_now: GroupSession, owner: User, observer: User
):
    schedule.sweep_groups()
    GroupSession.objects.update(starts_at=timezone.now() - 11 * MINUTE)
    url, browser = session_now.get_absolute_url(), client_of(owner)
    browser.post(f"{url}enter/")
    assertContains(
        browser.get(url), "Nobody has come yet. Start this case alone; the session stays on record."
    )
    first = browser.post(f"{url}alone/")
    again = browser.post(f"{url}alone/")
    alone = Interview.objects.get(mode="solo")
    assert first.url == again.url == alone.get_absolute_url()
    assert (alone.case_id, alone.state) == (session_now.case_id, "running")
    assert list(alone.participants.values_list("user", "role")) == [(owner.pk, "candidate")]
    session_now.refresh_from_db()
    assert session_now.interview.state == "abandoned"
    assert session_now.seats.get(user=owner).alone == alone
    late = client_of(observer).post(f"{url}enter/", follow=True)
    assert late.status_code == 200, "they see that it is over"


def test_nobody_goes_alone_when_somebody_has_come(
    client_of: ClientOf, session_now: GroupSession, owner: User, candidate: User
):
    schedule.sweep_groups()
    GroupSession.objects.update(starts_at=timezone.now() - 11 * MINUTE)
    url = session_now.get_absolute_url()
    client_of(candidate).post(f"{url}enter/")
    assertNotContains(client_of(owner).get(url), "Nobody has come yet")
    assertContains(client_of(owner).post(f"{url}alone/"), "Somebody has come", status_code=422)


def test_an_interviewer_alone_gets_a_case_they_do_not_know(session_now: GroupSession, interviewer: User):
    schedule.sweep_groups()
    session_now.refresh_from_db()
    now = session_now.starts_at + 11 * MINUTE
    alone = rooms.go_alone(session_now, user=interviewer, now=now)
    assert alone.case_id != session_now.case_id


def test_a_room_that_cannot_be_made_does_not_keep_the_others_from_opening(
    session_now: GroupSession, owner: User, monkeypatch: pytest.MonkeyPatch
):
    other = plan_session(
        session_now.group, owner, starts_at=session_now.starts_at, now=timezone.now() - timedelta(days=3)
    )
    real, broken = lifecycle.schedule_peer, session_now.case_id

    def schedule_peer(candidate: User, case: object, *args: object, **kwargs: object) -> Interview:
        if getattr(case, "pk", None) == broken:
            raise ValidationError("This framework has no steps yet.")
        return real(candidate, case, *args, **kwargs)

    monkeypatch.setattr(lifecycle, "schedule_peer", schedule_peer)
    assert rooms.open_due(timezone.now()) == 1
    other.refresh_from_db()
    assert other.interview is not None


def test_a_candidate_who_left_the_group_is_replaced_before_the_room_is_made(
    session_now: GroupSession, owner: User, candidate: User
):
    session_now.seats.filter(user=owner).delete()
    schedule.sweep_groups()
    session_now.refresh_from_db()
    assert session_now.interview is not None
    assert session_now.interview.participants.get(role="candidate").user != owner
    with pytest.raises(ValidationError, match="stays as it is"):
        planning.propose_again(session_now, by=candidate, now=timezone.now())
