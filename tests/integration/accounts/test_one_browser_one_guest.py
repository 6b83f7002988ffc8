"""A browser that sends the form to come in twice, without scripts to keep it from it, is one guest."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from interviews.models import EventKind, Interview, Invitation, Participant, Role
from tests.factories.rooms import small_room
from tests.integration.at_once import at_once


def invited(candidate: User) -> tuple[Interview, str]:
    room = small_room(candidate)
    _, token = Invitation.objects.issue(room, Role.INTERVIEWER, candidate, timezone.now())
    return room, reverse("interviews:join", args=[token])


def visitor(page: str) -> tuple[Client, dict[str, str]]:
    """Return a browser without an account that has a page with a form open, and what the form sends."""
    browser = Client(enforce_csrf_checks=True)
    shown = browser.get(page)
    return browser, {"csrfmiddlewaretoken": str(shown.context["csrf_token"]), "name": "Gina"}


def twin(browser: Client) -> Client:
    """Return the same browser as it was: its second click knows nothing of the answer to the first."""
    other = Client(enforce_csrf_checks=True)
    other.cookies = browser.cookies.copy()
    return other


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_guest_on_one_seat(candidate):
    room, link = invited(candidate)
    browser, form = visitor(link)
    clicks = [twin(browser) for _ in range(4)]
    answers = at_once([partial(one.post, link, form) for one in clicks])
    seen = [
        (answer.status_code, answer.url, get_user(one).pk)
        for one, answer in zip(clicks, answers, strict=True)
    ]
    guest = User.objects.get(is_guest=True)
    assert guest.name == "Gina"
    assert seen == [(302, room.get_absolute_url(), guest.pk)] * len(clicks), "whichever cookie it keeps"
    assert Participant.objects.filter(interview=room, role=Role.INTERVIEWER).count() == 1
    assert room.events.filter(kind=EventKind.JOINED).count() == 1


@pytest.mark.django_db
def test_two_browsers_are_two_guests(candidate):
    _, link = invited(candidate)
    for browser, form in (visitor(link), visitor(link)):
        assert browser.post(link, form).status_code == 302
    assert User.objects.filter(is_guest=True).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("since", ["a minute", "kept"])
def test_a_click_long_after_is_nobody_elses_account(candidate, since):
    _, link = invited(candidate)
    browser, form = visitor(link)
    stale = twin(browser)
    browser.post(link, form)
    first = get_user(browser)
    if since == "kept":
        first.keep("gina@example.org", "correct horse battery")
    else:
        User.objects.filter(pk=first.pk).update(date_joined=timezone.now() - timedelta(minutes=1))
    assert stale.post(link, form).status_code == 302
    assert get_user(stale).pk not in (None, first.pk)


@pytest.mark.django_db
def test_a_click_after_the_first_was_answered_leads_to_the_page_as_it_is_now(candidate):
    room, link = invited(candidate)
    browser, form = visitor(link)
    browser.post(link, form)
    late = browser.post(link, form, headers={"Referer": f"http://testserver{link}"})
    assert late.status_code == 403
    assert f'href="{link}">Open the page again' in late.content.decode()
    assert browser.get(link).url == room.get_absolute_url(), "who is in already"
