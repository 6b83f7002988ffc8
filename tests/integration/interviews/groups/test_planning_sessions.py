"""Sessions as members plan them: time, turns, case, answers, swaps; each wrong role is refused."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from casestudies.models import CaseStudy
from interviews.groups import choosing
from interviews.models import Group, GroupSession, Membership, Reveal
from tests.factories.groups import found_group, plan_session
from tests.factories.rooms import small_framework, small_room

ClientOf = Callable[[User], Client]


def roles_in(session: GroupSession) -> dict[str, str]:
    return {name.split()[0]: role for name, role in session.seats.values_list("user__display_name", "role")}


def form(at: str = "2036-11-25T19:30", zone: str = "Europe/Vienna", **more: object) -> dict[str, object]:
    small_framework()
    return {
        "at": at, "zone": zone, "framework": "small", "level": "mid", "minutes": 45, "most_interviewers": 2,
        **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at", "zone", "utc"),
    [
        ("2036-11-25T19:30", "Europe/Vienna", datetime(2036, 11, 25, 18, 30, tzinfo=UTC)),
        ("2036-07-25T19:30", "America/New_York", datetime(2036, 7, 25, 23, 30, tzinfo=UTC)),
        # The clocks of the planner's own zone are not asked, though they skip this hour there.
        ("2036-03-30T02:30", "UTC", datetime(2036, 3, 30, 2, 30, tzinfo=UTC)),
    ],
)
def test_a_time_on_the_wall_of_a_place_is_kept_in_utc_with_the_place(
    client_of: ClientOf, group: Group, owner: User, at: str, zone: str, utc: datetime
):
    answer = client_of(owner).post(f"/groups/{group.pk}/sessions/new/", form(at, zone), follow=True)
    [session] = GroupSession.objects.all()
    assert (session.starts_at, session.time_zone, session.created_by) == (utc, zone, owner)
    assertContains(answer, "(Europe/Vienna)")  # the reader's
    assert f"Planned for {utc.astimezone():%a}" in answer.content.decode() or zone in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"at": "2036-03-30T02:30"}, "the clocks go forward over it"),
        ({"at": "2020-01-01T10:00"}, "still to come"),
        ({"at": "9999-12-31T23:59"}, "of this century"),
        ({"at": "tomorrow"}, "Write date and time as"),
        ({"zone": "Vienna"}, "Write a time zone by its name"),
        ({"zone": "../../etc/passwd"}, "Write a time zone by its name"),
        ({"weeks": 13}, "From 1 to 12 weeks"),
    ],
)
def test_what_cannot_be_planned_is_said_beside_its_field(
    client_of: ClientOf, group: Group, owner: User, changes: dict[str, object], says: str
):
    answer = client_of(owner).post(f"/groups/{group.pk}/sessions/new/", form(**changes))
    assertContains(answer, says, status_code=422)
    assert not GroupSession.objects.exists()


def test_a_series_stays_at_its_hour_and_everybody_is_candidate_in_turn(
    client_of: ClientOf, group: Group, owner: User
):
    client_of(owner).post(f"/groups/{group.pk}/sessions/new/", form("2036-10-14T19:30", weeks=5))
    made = list(GroupSession.objects.order_by("starts_at"))
    assert [f"{each.starts_at:%H:%M}" for each in made] == ["17:30", "17:30", "18:30", "18:30", "18:30"]
    candidates = [each.seats.get(role="candidate").user.name.split()[0] for each in made]
    assert candidates == ["Oda", "Cleo", "Ivo", "Olga", "Oda"]
    assert len({each.case_id for each in made}) == 5, "nobody is asked what they are to interview on"
    assert len({each.series for each in made}) == 1


def test_the_rota_gives_the_turns_and_splits_the_areas(session: GroupSession):
    assert roles_in(session) == {
        "Oda": "candidate", "Cleo": "interviewer", "Ivo": "interviewer", "Olga": "observer",
    }  # fmt: skip
    halves = [
        set(areas) for areas in session.seats.filter(role="interviewer").values_list("areas", flat=True)
    ]
    assert len(halves[0] | halves[1]) == 8
    assert not halves[0] & halves[1]


def test_the_case_is_one_the_candidate_has_not_met(group: Group, owner: User, candidate: User):
    revealed, interviewed, avoided, *_ = CaseStudy.objects.order_by("pk")
    held = small_room(owner).case  # a seventh case
    Reveal.objects.create(user=owner, case=revealed, at=timezone.now())
    earlier = plan_session(group, candidate)
    earlier.seats.update(role="observer")
    earlier.seats.filter(user=owner).update(role="interviewer")
    GroupSession.objects.filter(pk=earlier.pk).update(case=interviewed)
    met = {revealed.pk, interviewed.pk, held.pk}
    assert choosing.met_by(owner) == met
    for _ in range(12):
        assert choosing.case_for(owner, session=None, avoid={avoided.pk}) not in met | {avoided.pk}
    everything = set(CaseStudy.objects.values_list("pk", flat=True))
    assert choosing.case_for(owner, session=None, avoid=everything - met) in met, "rather that than none"


def test_nobody_reads_in_one_plan_what_they_are_asked_in_another(
    client_of: ClientOf, group: Group, owner: User, candidate: User, stranger: User
):
    first = plan_session(group, candidate)  # Oda is the candidate
    pair = found_group(stranger, owner, name="Pair")
    for _ in range(6):  # of six cases, so one of them would be it
        second = plan_session(pair, stranger)
        second.seats.filter(user=owner).update(role="observer")
        second.seats.filter(user=stranger).update(role="observer")
        GroupSession.objects.filter(pk=second.pk).update(case=first.case)
        roles = {f"role-{stranger.pk}": "candidate", f"role-{owner.pk}": "interviewer"}
        client_of(stranger).post(f"{second.get_absolute_url()}rota/", roles)
        second.refresh_from_db()
        assert second.case_id != first.case_id
        second.delete()


def test_nobody_but_the_interviewers_finds_the_case_on_any_page_before_it_begins(
    client_of: ClientOf,
    session: GroupSession,
    owner: User,
    candidate: User,
    interviewer: User,
    observer: User,
):
    case = session.case
    assert case is not None
    pages = [
        session.get_absolute_url(),
        f"/groups/{session.group_id}/sessions/{session.pk}.ics",
        f"/groups/{session.group_id}/",
        f"/groups/{session.group_id}/sessions/",
        f"/groups/{session.group_id}/sessions/new/",
        "/groups/",
        "/",
    ]
    for person in (owner, observer):
        for url in pages[:-1]:
            body = client_of(person).get(url).content.decode()
            assert "Secret case" not in re.sub(r'href="/cases/[^"]*"', "", body), (person.name, url)
            assert case.slug not in body
    for person in (candidate, interviewer):
        assertContains(client_of(person).get(pages[0]), case.title)


def test_once_it_has_begun_everybody_with_a_seat_is_told_the_case(
    client_of: ClientOf, session_now: GroupSession, owner: User, observer: User, stranger: User
):
    for person in (owner, observer):
        page = client_of(person).get(session_now.get_absolute_url())
        assertContains(page, "Secret case")
    Membership.objects.create(group=session_now.group, user=stranger, joined_at=timezone.now())
    assertNotContains(client_of(stranger).get(session_now.get_absolute_url()), "Secret case")


def test_an_interviewer_takes_another_case_and_nobody_else_may(
    client_of: ClientOf, session: GroupSession, owner: User, candidate: User, observer: User
):
    url, before = f"{session.get_absolute_url()}case/", session.case_id
    assert [client_of(one).post(url).status_code for one in (owner, observer)] == [403, 403]
    page = client_of(candidate).post(url, {"kind": "", "difficulty": ""}, follow=True)
    session.refresh_from_db()
    assert session.case_id != before
    assertContains(page, session.case.title)
    assert session.sequence == 0, "calendars have nothing to hear of"
    assertContains(client_of(candidate).post(url, {"kind": "no"}), "of the list", status_code=422)


def test_an_interviewer_reads_the_brief_and_it_is_remembered(
    client_of: ClientOf, session: GroupSession, owner: User, candidate: User
):
    url = f"{session.get_absolute_url()}brief/"
    assert client_of(owner).post(url).status_code == 403
    assert not Reveal.objects.exists()
    answer = client_of(candidate).post(url)
    assert answer.url == f"/cases/{session.case.slug}/brief/"
    assert client_of(candidate).get(answer.url).status_code == 200
    assert Reveal.objects.get().user == candidate


def test_who_becomes_the_candidate_gets_a_case_they_do_not_know(
    client_of: ClientOf, session: GroupSession, owner: User, candidate: User
):
    for _ in range(4):  # each time the two change places, and each time the interviewer knows the case
        session.refresh_from_db()
        before = session.case_id
        seats = dict(session.seats.values_list("user", "role"))
        roles = {f"role-{user}": role for user, role in seats.items()}
        swapped = {
            f"role-{owner.pk}": seats[candidate.pk],
            f"role-{candidate.pk}": seats[owner.pk],
        }
        client_of(owner).post(f"{session.get_absolute_url()}rota/", roles | swapped)
        session.refresh_from_db()
        assert session.case_id != before
    assert session.sequence == 4


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (["candidate", "candidate", "observer", "observer"], "exactly one candidate"),
        (["observer"] * 4, "exactly one candidate"),
        (["candidate", "interviewer", "interviewer", "interviewer"], "at most two interviewers"),
    ],
)
def test_a_rota_by_hand_has_one_candidate_and_at_most_two_interviewers(
    client_of: ClientOf, session: GroupSession, owner: User, wanted: list[str], says: str
):
    people = session.seats.order_by("pk").values_list("user", flat=True)
    data = {f"role-{user}": role for user, role in zip(people, wanted, strict=True)}
    before = roles_in(session)
    assertContains(client_of(owner).post(f"{session.get_absolute_url()}rota/", data), says, status_code=422)
    assert roles_in(session) == before


def test_a_candidate_who_cannot_come_is_replaced_and_the_case_with_them(
    client_of: ClientOf, session: GroupSession, owner: User
):
    before = session.case_id
    page = client_of(owner).post(f"{session.get_absolute_url()}answer/", {"answer": "no"}, follow=True)
    session.refresh_from_db()
    assert roles_in(session) == {
        "Oda": "observer", "Cleo": "interviewer", "Ivo": "interviewer", "Olga": "candidate",
    }  # fmt: skip
    assert session.case_id != before
    assert session.seats.get(user=owner).answer == "no"
    assertContains(page, "Cannot come")
    assert client_of(owner).post(f"{session.get_absolute_url()}answer/", {"answer": "x"}).status_code == 422


def test_roles_are_swapped_when_the_other_one_agrees(
    client_of: ClientOf, session: GroupSession, owner: User, observer: User, interviewer: User
):
    url, olga = f"{session.get_absolute_url()}swap/", client_of(observer)
    olga.post(url, {"other": owner.pk})
    wish = session.swaps.get()
    assert roles_in(session)["Olga"] == "observer", "asking changes nothing"
    assertContains(
        client_of(interviewer).post(f"{url}{wish.pk}/", {"agrees": "yes"}), "taken back", status_code=422
    )
    assertContains(
        client_of(owner).get(session.get_absolute_url()), "Olga Observer would like to change roles"
    )
    client_of(owner).post(f"{url}{wish.pk}/", {"agrees": "yes"})
    assert roles_in(session)["Olga"] == "candidate"
    assert roles_in(session)["Oda"] == "observer"
    assertContains(
        client_of(owner).post(f"{url}{wish.pk}/", {"agrees": "yes"}), "taken back", status_code=422
    )
    assert roles_in(session)["Olga"] == "candidate", "a second yes changes nothing back"
    assertContains(olga.post(url, {"other": observer.pk}), "Choose somebody", status_code=422)


def test_moving_a_session_asks_everybody_anew(client_of: ClientOf, session: GroupSession, candidate: User):
    session.seats.update(answer="yes")
    client_of(candidate).post(f"{session.get_absolute_url()}change/", form())
    session.refresh_from_db()
    assert session.starts_at == datetime(2036, 11, 25, 18, 30, tzinfo=UTC)
    assert session.sequence == 1
    assert set(session.seats.exclude(user=candidate).values_list("answer", flat=True)) == {""}
    client_of(candidate).post(f"{session.get_absolute_url()}change/", form())
    session.refresh_from_db()
    assert session.sequence == 1, "the same again is no change"


def test_what_was_called_off_or_has_begun_is_planned_no_more(
    client_of: ClientOf, session: GroupSession, session_now: GroupSession, owner: User
):
    browser = client_of(owner)
    browser.post(f"{session.get_absolute_url()}cancel/")
    session.refresh_from_db()
    assert session.cancelled_at is not None
    assertContains(browser.get(session.get_absolute_url()), "This session was called off")
    for each in (session, session_now):
        for act in ("cancel/", "propose/", "answer/"):
            answer = browser.post(f"{each.get_absolute_url()}{act}", {"answer": "yes"})
            assertContains(answer, "its plan stays as it is", status_code=422)


def test_a_newcomer_gets_a_seat_and_who_leaves_gives_theirs_up(
    client_of: ClientOf, session: GroupSession, owner: User, candidate: User
):
    client_of(owner).post(f"/groups/{session.group_id}/members/{candidate.pk}/remove/")
    assert roles_in(session) == {"Oda": "candidate", "Ivo": "interviewer", "Olga": "interviewer"}


PLANNERS = ["change/", "cancel/", "rota/", "propose/"]
ACTS = ["enter/", "alone/", "answer/", "case/", "brief/", "swap/", "swap/1/", "", *PLANNERS]


@pytest.mark.parametrize("act", ACTS)
def test_outsiders_find_no_session_and_members_do_not_plan_what_others_planned(
    client_of: ClientOf, client: Client, session: GroupSession, observer: User, stranger: User, act: str
):
    url, outsider = session.get_absolute_url() + act, client_of(stranger)
    assert {outsider.get(url).status_code, outsider.post(url).status_code} <= {404, 405}
    assert client.post(url).status_code in (302, 405)
    if act in PLANNERS:
        assert client_of(observer).post(url).status_code == 403
    # Nor through another group of one's own.
    mine = client_of(stranger).post("/groups/", {"name": "Mine"}, follow=True).redirect_chain[-1][0]
    elsewhere = url.replace(f"/groups/{session.group_id}/", mine)
    assert {outsider.get(elsewhere).status_code, outsider.post(elsewhere).status_code} <= {404, 405}
    session.refresh_from_db()
    assert (session.cancelled_at, session.sequence) == (None, 0)


def test_pages_take_as_many_queries_for_three_sessions_as_for_twelve(
    client_of: ClientOf, group: Group, owner: User, django_assert_num_queries: Callable[..., object]
):
    browser, counts = client_of(owner), []
    for weeks in (3, 9):
        plan_session(group, owner, weeks=weeks, starts_at=timezone.now() + timedelta(days=weeks))
        for url in ("/groups/", f"/groups/{group.pk}/"):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                browser.get(url)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 14


def test_a_group_of_two_hundred_is_shown_by_the_page_in_as_many_queries_as_one_of_four(
    client_of: ClientOf, group: Group, owner: User
):
    browser, counts = client_of(owner), []
    for people in (0, 196):
        more = User.objects.bulk_create(User(username=f"more-{number}") for number in range(people))
        Membership.objects.bulk_create(
            Membership(group=group, user=one, shares="scorecards", joined_at=timezone.now()) for one in more
        )
        Membership.objects.filter(group=group).update(shares="scorecards")
        with CaptureQueriesContext(connection) as seen:
            page = browser.get(f"/groups/{group.pk}/").content.decode()
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14
    assert "200 members." in page
    assert page.count('class="row-list__title member"') == 40
    assert "Page 1 of 5" in page
    assert "Page 5 of 5" in browser.get(f"/groups/{group.pk}/?page=99").content.decode()


def test_answers_and_roles_are_taken_in_place_and_without_scripts_too(
    client_of: ClientOf, session: GroupSession, owner: User, candidate: User
):
    at, browser = session.get_absolute_url(), client_of(owner)
    htmx = {"HX-Request": "true"}
    part = browser.post(f"{at}answer/", {"answer": "maybe"}, headers=htmx)
    assertContains(part, 'id="session"')
    assertContains(part, 'value="maybe" aria-pressed="true"')
    assertNotContains(part, "<html")
    assert browser.post(f"{at}answer/", {"answer": "yes"}).url == at
    refused = browser.post(f"{at}answer/", {"answer": "x"}, headers=htmx)
    assertContains(refused, "Choose one of the three answers.", status_code=422)
    assertNotContains(refused, "<html", status_code=422)

    roles = {f"role-{seat.user_id}": seat.role for seat in session.seats.all()}
    roles |= {f"role-{owner.pk}": "interviewer", f"role-{candidate.pk}": "candidate"}
    part = browser.post(f"{at}rota/", roles, headers=htmx)
    assertContains(part, "The roles are as you gave them.")
    assertContains(part, '<details class="group-form" open><summary>Give the roles by hand')
    assert roles_in(session)["Cleo"] == "candidate"
    nobody = dict.fromkeys(roles, "observer")
    assertContains(browser.post(f"{at}rota/", nobody), "open><summary>Give the roles", status_code=422)
