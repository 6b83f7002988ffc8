"""Who has to sign in first goes on afterwards where they were: on a page, never on a part of one."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
ROOM_ID = "00000000-0000-4000-8000-000000000001"
ROOM = f"/interviews/{ROOM_ID}/"
SUBMIT = reverse("interviews:submit", args=[ROOM_ID])
PHASE_BAR = reverse("interviews:phase_bar", args=[ROOM_ID])
SIGN_IN = reverse("account_login")
OTHER_SITES = [
    "https://evil.example/room/",
    f"{SITE}//evil.example/",
    "//evil.example/",
    "javascript:alert(1)",
    "",
]


def next_of(url: str) -> str | None:
    """Return where a sign-in page leads afterwards."""
    assert urlsplit(url).path == SIGN_IN
    return parse_qs(urlsplit(url).query).get("next", [None])[0]


def ask_as_htmx(client, method: str, url: str, page: str):
    return getattr(client, method)(url, headers={"HX-Request": "true", "HX-Current-URL": page})


@pytest.mark.parametrize(
    ("method", "url"), [("get", PHASE_BAR), ("post", reverse("interviews:pause", args=[ROOM_ID]))]
)
def test_a_part_of_a_page_asked_for_after_the_session_sends_the_whole_page_to_sign_in(client, method, url):
    answer = ask_as_htmx(client, method, url, f"{SITE}{ROOM}?tab=notes&more=1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert next_of(answer.headers["HX-Redirect"]) == f"{ROOM}?tab=notes&more=1"


@pytest.mark.parametrize("page", OTHER_SITES)
def test_a_part_asked_for_from_elsewhere_leads_nowhere_afterwards(client, page):
    answer = ask_as_htmx(client, "get", PHASE_BAR, page)
    assert answer.status_code == 204
    assert next_of(answer.headers["HX-Redirect"]) is None


def test_a_page_asked_for_leads_back_to_itself(client):
    answer = client.get(ROOM, headers={"Referer": f"{SITE}/cases/"})
    assert answer.status_code == 302
    assert next_of(answer.url) == ROOM


def test_signing_in_after_a_form_leads_to_the_page_with_the_form(client):
    refused = client.post(SUBMIT, headers={"Referer": f"{SITE}{ROOM}"})
    assert refused.status_code == 302
    assert next_of(refused.url) == ROOM
    person = UserFactory()
    signed_in = client.post(
        SIGN_IN, {"login": person.email, "password": PASSWORD, "next": next_of(refused.url)}
    )
    assert get_user(client) == person
    assert signed_in.url == ROOM


@pytest.mark.parametrize("page", OTHER_SITES)
def test_a_form_from_elsewhere_leads_nowhere_afterwards(client, page):
    assert next_of(client.post(SUBMIT, headers={"Referer": page}).url) is None


def test_other_redirects_stay_as_they_are(client):
    answer = ask_as_htmx(client, "post", reverse("accounts:guest"), f"{SITE}/cases/")
    assert (answer.status_code, answer.url) == (302, reverse("casestudies:list"))


@pytest.fixture
def late_guest(client) -> Client:
    """A browser whose guest visit is over."""
    client.post(reverse("accounts:guest"))
    User.objects.update(guest_until=timezone.now() - timedelta(days=1))
    return client


def test_a_guest_whose_visit_is_over_goes_on_with_the_page_as_it_was_asked_for(late_guest):
    page = late_guest.get("/progress/?page=2&q=a+b")
    assert page.context["keep_url"] == f"{reverse('accounts:keep')}?next=/progress/%3Fpage%3D2%26q%3Da%2Bb"
    kept = late_guest.post(page.context["keep_url"], {"email": "a@example.org", "password": PASSWORD})
    assert kept.url == "/progress/?page=2&q=a+b"


@pytest.mark.parametrize(
    ("headers", "query"), [({}, ""), ({"Referer": f"{SITE}{ROOM}"}, f"?next={ROOM}")], ids=["unknown", "room"]
)
def test_a_guest_whose_visit_is_over_is_not_led_to_an_address_for_forms_only(late_guest, headers, query):
    answer = late_guest.post(SUBMIT, headers=headers)
    assert answer.status_code == 403
    assert answer.context["keep_url"] == f"{reverse('accounts:keep')}{query}"


def test_a_form_of_another_session_is_refused_in_plain_words():
    answer = Client(enforce_csrf_checks=True).post(reverse("accounts:guest"))
    assert answer.status_code == 403
    assert "This page is out of date" in answer.content.decode()
    assert "CSRF" not in answer.content.decode()
    assert not User.objects.exists()
