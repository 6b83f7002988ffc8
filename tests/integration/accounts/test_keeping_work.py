"""A guest becomes an account, also where the address is long, or taken in the same moment."""

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

KEEP = reverse("accounts:keep")
DOMAIN = ".".join(["d" * 60] * 3) + ".example"


@pytest.fixture
def guest_client(client):
    client.post(reverse("accounts:guest"))
    return client


def keep(browser, email: str):
    return browser.post(KEEP, {"email": email, "password": PASSWORD})


def test_addresses_that_begin_alike_make_two_accounts(guest_client, client_of):
    # Alike in more characters than a username has; a username cut from them would be the same.
    assert keep(guest_client, f"{'a' * 40}@{DOMAIN}").status_code == 302
    other = client_of(User.objects.create_guest(get_user(guest_client).date_joined))
    assert keep(other, f"{'a' * 40}@{DOMAIN}s").status_code == 302
    assert User.objects.filter(is_guest=False).count() == 2


def test_an_address_that_is_somebodys_username_can_be_kept(guest_client):
    UserFactory(username="ada@example.org", email="")
    assert keep(guest_client, "ada@example.org").status_code == 302
    assert get_user(guest_client).name == "ada"


def test_an_address_longer_than_any_mailbox_is_refused(guest_client):
    answer = keep(guest_client, f"{'a' * 60}@{DOMAIN.replace('.example', '.' + 'e' * 20 + '.example')}")
    assert answer.status_code == 422
    assert "at most 254 characters" in answer.content.decode()
    assert get_user(guest_client).is_guest


def test_an_address_taken_while_the_form_was_read_is_refused_like_any_taken_one(guest_client, monkeypatch):
    keep_as_it_is = User.keep

    def keep_too_late(person: User, email: str, password: str) -> None:
        UserFactory(email=email.upper())
        keep_as_it_is(person, email, password)

    monkeypatch.setattr(User, "keep", keep_too_late)
    answer = keep(guest_client, "rival@example.org")
    assert answer.status_code == 422
    assert "already an account" in answer.content.decode()
    assert "guest" in answer.context["user"].username
    assert answer.context["user"].is_guest, "the page is a guest's again"
    guest = get_user(guest_client)
    assert (guest.is_guest, guest.email, guest.has_usable_password()) == (True, "", False)


def test_the_profile_page_lets_go_of_a_theme_switched_in_this_browser(client_of):
    page = client_of(UserFactory(theme="dark")).get(reverse("accounts:profile")).content.decode()
    assert '<html lang="en" data-theme="dark">' in page
    assert "data-forget-theme" in page
