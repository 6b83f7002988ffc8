"""Founding, inviting, joining, sharing, leaving; what each of them may, and what is stored."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from interviews.groups import people, post
from interviews.models import Group, GroupInvitation, GroupMail, GroupSession, Interview, Membership
from tests.factories.groups import found_group, join_group

ClientOf = Callable[[User], Client]


def test_a_group_is_made_and_named_and_its_maker_owns_it(client_of: ClientOf, stranger: User):
    browser = client_of(stranger)
    answer = browser.post("/groups/", {"name": "  Tuesdays\r\nBcc: all  "}, follow=True)
    assertContains(answer, "Tuesdays Bcc: all")
    [membership] = Membership.objects.filter(user=stranger)
    assert (membership.standing, membership.shares) == ("owner", "nothing")
    assert membership.group.name == "Tuesdays Bcc: all"
    assertContains(browser.post("/groups/", {"name": " \r\n "}), "Give the group a name", status_code=422)
    assertContains(browser.get("/groups/"), "You own it")


def test_a_link_shows_the_group_and_only_a_post_joins(
    client_of: ClientOf, group: Group, owner: User, stranger: User
):
    shown = client_of(owner).post(f"/groups/{group.pk}/invite/", {"email": ""})
    token = shown.content.decode().split("/groups/join/")[1].split('"')[0].rstrip("/")
    assert token not in str(list(GroupInvitation.objects.values()))
    url, browser = f"/groups/join/{token}/", client_of(stranger)
    for _ in range(3):  # a mail scanner
        assertContains(browser.get(url), "Oda Owner invites you to Tuesdays")
    assert not Membership.objects.filter(user=stranger).exists()
    assert browser.get(f"/groups/{group.pk}/").status_code == 404
    assertContains(browser.post(url, follow=True), "5 members")
    assert Membership.objects.get(user=stranger).shares == "nothing"
    browser.post(url)
    assert Membership.objects.filter(user=stranger).count() == 1


@pytest.mark.parametrize("end", ["revoked", "expired", "used", "unknown"])
def test_a_link_that_has_ended_lets_nobody_in(
    client_of: ClientOf, group: Group, owner: User, stranger: User, end: str
):
    now = timezone.now()
    token = people.invite(group, by=owner, now=now)
    invitation = GroupInvitation.objects.filter(group=group).latest("pk")
    if end == "revoked":
        client_of(owner).post(f"/groups/{group.pk}/invite/{invitation.pk}/revoke/")
    changes = {"expired": {"expires_at": now}, "used": {"used_at": now}, "unknown": {"token_hash": "x"}}
    GroupInvitation.objects.filter(pk=invitation.pk).update(**changes.get(end, {}))
    browser = client_of(stranger)
    url = f"/groups/join/{token}/"
    assert (browser.get(url).status_code, browser.post(url).status_code) == (410, 410)
    assert not Membership.objects.filter(user=stranger).exists()


def test_an_invitation_by_mail_works_once_and_its_token_is_stored_nowhere(
    client_of: ClientOf, group: Group, owner: User, stranger: User, interviewer: User
):
    client_of(owner).post(f"/groups/{group.pk}/invite/", {"email": "sam@example.org"})
    stored = str(list(GroupMail.objects.values())) + str(list(GroupInvitation.objects.values()))
    post.send_waiting(timezone.now())
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["sam@example.org"], "Oda Owner invites you to Tuesdays")
    token = letter.body.split("/groups/join/")[1].split("/")[0]
    assert token not in stored + str(list(GroupMail.objects.values()))
    client_of(stranger).post(f"/groups/join/{token}/")
    assert Membership.objects.filter(user=stranger, group=group).exists()
    late = client_of(User.objects.create_user("late", email="late@example.org", password="x"))
    assert late.post(f"/groups/join/{token}/").status_code == 410


def test_a_visitor_joins_as_a_guest_and_gets_no_mail(client: Client, group: Group, owner: User):
    token = people.invite(group, by=owner, now=timezone.now())
    assertContains(client.post(f"/groups/join/{token}/", follow=True), "5 members")
    assert Membership.objects.filter(group=group, user__is_guest=True).count() == 1


def test_who_was_removed_sees_nothing_at_once_and_an_old_link_does_not_bring_them_back(
    client_of: ClientOf, group: Group, owner: User, candidate: User, session: GroupSession
):
    old = people.invite(group, by=owner, now=timezone.now())
    theirs, pages = client_of(candidate), [f"/groups/{group.pk}/", session.get_absolute_url()]
    assert [theirs.get(url).status_code for url in pages] == [200, 200]
    client_of(owner).post(f"/groups/{group.pk}/members/{candidate.pk}/remove/")
    assert [theirs.get(url).status_code for url in pages] == [404, 404]
    assertContains(theirs.post(f"/groups/join/{old}/"), "from before you left", status_code=422)
    assert not session.seats.filter(user=candidate).exists()
    join_group(group, candidate, by=owner, now=timezone.now() + timedelta(seconds=1))
    assert theirs.get(pages[0]).status_code == 200
    assert Membership.objects.filter(group=group, user=candidate).count() == 1


def test_members_leave_and_the_owner_hands_over_first(
    client_of: ClientOf, group: Group, owner: User, observer: User
):
    url, browser = f"/groups/{group.pk}/", client_of(owner)
    assertContains(browser.post(f"{url}leave/"), "Hand the group over first", status_code=422)
    assertContains(browser.post(f"{url}hand-over/", {"member": owner.pk}), "Choose a member", status_code=422)
    browser.post(f"{url}hand-over/", {"member": observer.pk})
    assert dict(group.memberships.values_list("user", "standing"))[observer.pk] == "owner"
    assert browser.get(f"{url}settings/").status_code == 403, "the former owner is a member"
    browser.post(f"{url}leave/")
    assert browser.get(url).status_code == 404
    assert client_of(observer).get(f"{url}settings/").status_code == 200


def test_deleting_a_group_keeps_the_interviews_and_tells_who_was_planning_to_come(
    client_of: ClientOf, group: Group, owner: User, session_now: GroupSession, candidate: User
):
    client_of(candidate).post(f"{session_now.get_absolute_url()}enter/")
    client_of(owner).post(f"/groups/{group.pk}/delete/")
    assert not Group.objects.exists()
    [held] = Interview.objects.all()
    assert held.participants.count() == 4
    assert client_of(candidate).get("/groups/").status_code == 200


def test_a_group_whose_owner_is_gone_passes_to_who_joined_first_and_an_empty_one_is_deleted(
    group: Group, owner: User, candidate: User, stranger: User
):
    lonely = found_group(stranger, name="Lonely")
    owner.delete()
    stranger.delete()
    assert people.mend_ownerless(timezone.now()) == 2
    assert group.memberships.get(standing="owner").user == candidate
    assert not Group.objects.filter(pk=lonely.pk).exists()


OWNERS = [
    "settings/",
    "rename/",
    "invite/",
    "delete/",
    "hand-over/",
    "invite/1/revoke/",
    "members/{}/remove/",
]
MEMBERS = ["", "leave/", "share/", "sessions/", "sessions/new/", "members/{}/"]


@pytest.mark.parametrize("path", [*OWNERS, *MEMBERS])
def test_outsiders_find_no_group_and_members_may_not_do_what_its_owner_may(
    client_of: ClientOf,
    client: Client,
    group: Group,
    candidate: User,
    observer: User,
    stranger: User,
    path: str,
):
    url = f"/groups/{group.pk}/{path.format(observer.pk)}"
    outsider, member = client_of(stranger), client_of(candidate)
    assert {outsider.get(url).status_code, outsider.post(url).status_code} <= {404, 405}
    assert client.get(url).status_code in (302, 405)
    assert client.post(url).status_code in (302, 405)
    if path in OWNERS:
        assert {member.get(url).status_code, member.post(url).status_code} <= {403, 405}
    assert set(group.memberships.values_list("standing", "removed_at")) == {("owner", None), ("member", None)}


def test_staff_are_outsiders_too(client_of: ClientOf, group: Group, stranger: User):
    User.objects.filter(pk=stranger.pk).update(is_staff=True, is_superuser=True)
    assert client_of(User.objects.get(pk=stranger.pk)).get(f"/groups/{group.pk}/").status_code == 404


def test_before_an_account_goes_its_groups_pass_on_and_those_it_was_alone_in_end(
    group: Group, owner: User, candidate: User, session: GroupSession
):
    alone = found_group(owner, name="Alone")
    people.invite(group, by=owner, now=timezone.now(), email="oda@example.org")
    people.take_leave(owner, timezone.now())
    assert group.memberships.get(standing="owner").user == candidate
    assert not Group.objects.filter(pk=alone.pk).exists()
    assert not session.seats.filter(user=owner).exists()
    assert not GroupInvitation.objects.filter(email="oda@example.org").exists()
    assert not GroupInvitation.objects.filter(created_by=owner, revoked_at=None).exists()
    owner.delete()
    assert session.group.memberships.count() == 3


def test_a_guest_who_signs_in_brings_the_groups_along(group: Group, owner: User, stranger: User):
    guest = User.objects.create_guest(timezone.now())
    join_group(group, guest, by=owner)
    both = found_group(guest, stranger, name="Both")
    people.adopt(guest, stranger)
    assert set(stranger.memberships.values_list("group__name", "standing")) == {
        ("Tuesdays", "member"),
        ("Both", "owner"),
    }
    assert not guest.memberships.exists()
    assert both.memberships.count() == 1


def test_names_are_written_as_words_and_never_as_markup(client_of: ClientOf, owner: User):
    group = found_group(owner, name="<script>alert(1)</script>")
    page = client_of(owner).get(f"/groups/{group.pk}/")
    assertNotContains(page, "<script>alert")
