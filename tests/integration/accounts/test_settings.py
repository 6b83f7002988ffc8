"""The settings page: profile, tokens, export, delete; and how many guests one address may make."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from interviews.models import ApiToken, Lasts, Scope

pytestmark = pytest.mark.django_db
PAGE = "/accounts/profile/"


def test_everything_is_on_one_page(candidate, client_of):
    page = client_of(candidate).get(PAGE).content.decode()
    for heading in ("Profile", "Passkeys", "API tokens", "Export everything", "Delete everything"):
        assert re.search(rf"<h2[^>]*>{heading}</h2>", page)


def test_a_guest_sees_what_applies(client):
    client.post("/accounts/guest/")
    page = client.get(PAGE).content.decode()
    assert "Keep your work" in page
    assert "Change your password" not in page
    assert "Delete everything" in page


def test_a_refused_profile_keeps_the_other_sections(candidate, client_of):
    answer = client_of(candidate).post(PAGE, {"time_zone": "Mars/Olympus", "theme": "dark"})
    assert answer.status_code == 422
    assert "API tokens" in answer.content.decode()


def test_name_zone_and_theme_are_saved(candidate, client_of):
    client_of(candidate).post(PAGE, {"display_name": "Cleo", "time_zone": "Europe/Vienna", "theme": "dark"})
    candidate.refresh_from_db()
    assert (candidate.display_name, candidate.time_zone, candidate.theme) == ("Cleo", "Europe/Vienna", "dark")


def test_a_token_is_shown_once_and_stored_hashed(candidate, client_of):
    browser = client_of(candidate)
    answer = browser.post("/accounts/tokens/", {"name": "Laptop", "scopes": [Scope.READ_CASES]})
    secret = re.search(r'value="(mb_[^"]+)"', answer.content.decode()).group(1)
    assert "no-store" in answer["Cache-Control"]
    token = ApiToken.objects.get()
    assert (token.user, token.scopes) == (candidate, ["read:cases"])
    assert ApiToken.objects.of_secret(secret) == token
    page = browser.get(PAGE).content.decode()
    assert "Laptop" in page
    assert secret not in page
    assert secret not in str(ApiToken.objects.values().get())


def test_a_token_without_scope_or_name_is_refused(candidate, client_of):
    browser = client_of(candidate)
    for given in ({"name": "x"}, {"scopes": ["read:cases"]}, {"name": "x", "scopes": ["write:everything"]}):
        assert browser.post("/accounts/tokens/", given).status_code == 422
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("lasts", "days", "said"),
    [
        ({"lasts": "30"}, 30, "works until 14 April 2026"),
        ({"lasts": "90"}, 90, "works until 13 June 2026"),
        ({"lasts": "365"}, 365, "works until 15 March 2027"),
        ({"lasts": "always"}, None, "works until you revoke it"),
        ({}, 90, "works until 13 June 2026"),
    ],
)
def test_how_long_a_token_works_is_chosen_when_it_is_made(candidate, client_of, lasts, days, said):
    browser = client_of(candidate)
    now = datetime(2026, 3, 15, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        made = browser.post("/accounts/tokens/", {"name": "Laptop", "scopes": ["read:cases"], **lasts})
        assert said.replace("works", "It works") in made.content.decode()
        token = ApiToken.objects.get()
        assert token.expires_at == (now + timedelta(days=days) if days else None)
        assert said in browser.get(PAGE).content.decode()


def test_a_time_that_is_not_offered_is_refused(candidate, client_of):
    given = {"name": "Laptop", "scopes": ["read:cases"], "lasts": "9999"}
    answer = client_of(candidate).post("/accounts/tokens/", given)
    assert answer.status_code == 422
    assert "Choose how long the token works." in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_an_expired_token_stays_in_its_owners_list_until_it_is_taken_away(candidate, stranger, client_of):
    long_ago = timezone.now() - timedelta(days=31)
    token, _ = ApiToken.objects.issue(candidate, "Old laptop", [Scope.READ_CASES], long_ago, Lasts.MONTH)
    browser, other = client_of(candidate), client_of(stranger)
    page = browser.get(PAGE).content.decode()
    assert f"expired on {token.expires_at:%-d %B %Y}" in page
    assert 'aria-label="Take away Old laptop"' in page
    assert "Old laptop" not in other.get(PAGE).content.decode()
    assert other.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
    browser.post(f"/accounts/tokens/{token.pk}/revoke/")
    assert "Old laptop" not in browser.get(PAGE).content.decode()


def test_a_token_is_revoked_by_its_owner_alone(candidate, stranger, client_of):
    client_of(candidate).post("/accounts/tokens/", {"name": "Laptop", "scopes": ["read:cases"]})
    url = f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke/"
    assert client_of(stranger).post(url).status_code == 404
    assert ApiToken.objects.get().revoked_at is None
    assert client_of(candidate).post(url).status_code == 302
    assert ApiToken.objects.get().revoked_at is not None
    assert "Laptop" not in client_of(candidate).get(PAGE).content.decode()


def test_a_script_cannot_make_guests_without_end(settings):
    cache.clear()
    settings.GUESTS_PER_HOUR = 2
    answers = [Client(REMOTE_ADDR="203.0.113.7").post("/accounts/guest/") for _ in range(3)]
    other = Client(REMOTE_ADDR="203.0.113.8").post("/accounts/guest/")
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "make an account" in answers[2].content.decode()
    assert other.status_code == 302
    assert User.objects.filter(is_guest=True).count() == 3
    cache.clear()
