"""No page of an account fails because the mail server does, and what somebody is owed comes later."""

from smtplib import SMTPRecipientsRefused
from uuid import uuid4

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from interviews.models import GroupMail
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.mail_server import BACKEND, Line

pytestmark = pytest.mark.django_db


@pytest.fixture(
    params=[ConnectionRefusedError(), TimeoutError(), SMTPRecipientsRefused({"a": (450, b"later")})]
)
def away(request, settings):
    settings.EMAIL_BACKEND = BACKEND
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    settings.SENDS_MAIL = True
    Line.up()
    Line.away = request.param


def owed() -> list[str]:
    return [key.split(":")[1] for key in GroupMail.objects.values_list("key", flat=True)]


def test_a_new_password_is_asked_for(away, client):
    person = UserFactory(email="cleo@example.org")
    for email in ("Cleo@example.org", "nobody@example.org"):
        answer = client.post(reverse("account_reset_password"), {"email": email})
        assert answer.url == reverse("account_reset_password_done")
    assert owed() == ["reset"]
    assert GroupMail.objects.get().user == person


def test_an_account_is_made(away, client):
    email = f"{uuid4().hex}@example.org"  # each address may be asked to be confirmed once in three minutes
    answer = client.post(reverse("account_signup"), {"email": email, "password1": PASSWORD})
    assert answer.status_code == 302
    assert get_user(client).email == email
    assert owed() == ["confirm"]


def test_a_guest_keeps_their_work(away, client):
    client.post(reverse("accounts:guest"))
    answer = client.post(reverse("accounts:keep"), {"email": "new@example.org", "password": PASSWORD})
    assert answer.status_code == 302
    assert owed() == ["confirm"]


def test_an_address_is_confirmed_by_the_link_in_the_mail(client, settings):
    settings.EMAIL_BACKEND = BACKEND
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    settings.SENDS_MAIL = True
    Line.up()
    client.post(reverse("accounts:guest"))
    client.post(reverse("accounts:keep"), {"email": "new@example.org", "password": PASSWORD})
    [letter] = Line.taken
    link = next(word for word in letter.body.split() if "/confirm-email/" in word)
    path = link.removeprefix("http://testserver")
    assert "new@example.org yours?" in client.get(path).content.decode()
    assert not get_user(client).emailaddress_set.get().verified, "a mail scanner that follows it says nothing"
    assert client.post(path).status_code == 302
    assert get_user(client).emailaddress_set.get().verified
    assert "This link is used up" in client.get(path).content.decode()
