from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest_client(client):
    client.post(reverse("accounts:guest"))
    return client


def test_one_click_makes_a_guest_without_an_address(client):
    answer = client.post(reverse("accounts:guest"), {"next": "/progress/"})
    guest = get_user(client)
    assert answer.url == "/progress/"
    assert (guest.is_guest, guest.email, guest.has_usable_password()) == (True, "", False)


def test_a_second_click_keeps_the_same_guest(guest_client):
    before = get_user(guest_client).pk
    guest_client.post(reverse("accounts:guest"))
    assert get_user(guest_client).pk == before
    assert User.objects.count() == 1


def test_a_guest_is_not_made_by_following_a_link(client):
    assert client.get(reverse("accounts:guest")).status_code == 405
    assert not User.objects.exists()


def test_the_way_back_never_leads_to_another_site(client):
    answer = client.post(reverse("accounts:guest"), {"next": "https://evil.example/"})
    assert answer.url == reverse("casestudies:list")


def test_signing_up_turns_the_guest_into_an_account_with_the_same_row(guest_client):
    guest = get_user(guest_client)
    answer = guest_client.post(reverse("accounts:keep"), {"email": "New@Example.org", "password": PASSWORD})
    guest.refresh_from_db()
    assert answer.status_code == 302
    assert (guest.email, guest.is_guest, guest.guest_until) == ("new@example.org", False, None)
    assert guest.check_password(PASSWORD)
    assert get_user(guest_client).pk == guest.pk, "still signed in"
    guest_client.post(reverse("account_logout"))
    guest_client.post(reverse("account_login"), {"login": "new@example.org", "password": PASSWORD})
    assert get_user(guest_client).pk == guest.pk


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "taken@example.org", "password": PASSWORD}, "already an account"),
        ({"email": "TAKEN@example.org", "password": PASSWORD}, "already an account"),
        ({"email": "nonsense", "password": PASSWORD}, "valid email"),
        ({"email": "a@example.org", "password": "short"}, "at least 8"),
        ({}, "required"),
    ],
)
def test_a_wrong_sign_up_says_why_and_the_guest_stays(guest_client, data, words):
    UserFactory(email="taken@example.org")
    answer = guest_client.post(reverse("accounts:keep"), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert get_user(guest_client).is_guest


def test_a_guest_whose_visit_is_over_is_told_so_and_can_still_keep_everything(guest_client):
    guest = get_user(guest_client)
    User.objects.filter(pk=guest.pk).update(guest_until=timezone.now() - timedelta(days=1))
    answer = guest_client.get("/progress/")
    assert answer.status_code == 403
    assert "Everything you drew and wrote is still here" in answer.content.decode()
    assert guest_client.get("/cases/").status_code == 200
    kept = guest_client.post(reverse("accounts:keep"), {"email": "a@example.org", "password": PASSWORD})
    assert kept.status_code == 302
    assert guest_client.get("/progress/").status_code == 200


def test_an_account_resets_its_password_by_mail(client):
    person = UserFactory(email="cleo@example.org")
    client.post(reverse("account_reset_password"), {"email": "cleo@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get(link, follow=True)
    client.post(
        page.request["PATH_INFO"], {"password1": "another fine horse", "password2": "another fine horse"}
    )
    person.refresh_from_db()
    assert person.check_password("another fine horse")


def test_signing_up_needs_no_mail_server(client):
    answer = client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
    assert answer.status_code == 302
    assert get_user(client).email == "new@example.org"


def test_a_profile_keeps_its_time_zone_and_refuses_an_unknown_one(client_of):
    person = UserFactory()
    browser = client_of(person)
    form = {"display_name": "Ada", "time_zone": "Europe/Vienna", "theme": "dark"}
    assert browser.post(reverse("accounts:profile"), form).status_code == 302
    refused = browser.post(reverse("accounts:profile"), form | {"time_zone": "Mars/Olympus"})
    assert refused.status_code == 422
    person.refresh_from_db()
    assert (person.display_name, person.time_zone, person.theme) == ("Ada", "Europe/Vienna", "dark")


def test_anonymous_visitors_are_sent_to_sign_in(client):
    for name in ("accounts:keep", "accounts:profile"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))
