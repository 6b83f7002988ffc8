"""Passkeys: added, named and removed by whose they are, after a password; a second way in, no second lock."""

import json
import re
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from interviews import tasks
from interviews.belongings import erasing, exporting, requests
from interviews.belongings.registry import OF_LIBRARIES
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.passkeys import HOST, Device

pytestmark = pytest.mark.django_db
ADD, SIGN_IN, SETTINGS = "/accounts/passkeys/add/", "/accounts/passkeys/sign-in/", "/accounts/profile/"
CONFIRM = "/accounts/reauthenticate/"


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def person() -> User:
    return UserFactory()


def browser(person: User | None = None, host: str = HOST) -> Client:
    made = Client(SERVER_NAME=host)
    if person is not None:
        made.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return made


def confirmed(person: User) -> Client:
    made = browser(person)
    assert made.post(CONFIRM, {"password": PASSWORD, "next": SETTINGS}).headers["Location"] == SETTINGS
    return made


def options(page: str) -> dict[str, Any]:
    return json.loads(re.search(r'id="passkey-options"[^>]*>(.*?)</script>', page).group(1))


def sign_in(visitor: Client, device: Device, person: User, **more: str) -> Any:
    asked = visitor.get(SIGN_IN).json()
    return visitor.post(SIGN_IN, {"credential": json.dumps(device.used(asked, person)), **more})


def words(visitor: Client, path: str) -> str:
    return visitor.get(path).content.decode()


def whose(visitor: Client) -> str | None:
    return visitor.session.get("_auth_user_id")


def test_one_is_added_after_the_password_and_signs_in(person):
    own, device = browser(person), Device()
    answer = own.get(ADD)
    assert unquote(answer.headers["Location"]) == f"{CONFIRM}?next={ADD}"
    assert "enter your password" in words(own, answer.headers["Location"])
    assert own.post(CONFIRM, {"password": "wrong", "next": ADD}).status_code == 200
    assert own.get(ADD).status_code == 302
    assert own.post(CONFIRM, {"password": PASSWORD, "next": ADD}).headers["Location"] == ADD
    asked = options(words(own, ADD))
    choice = asked["publicKey"]["authenticatorSelection"]
    assert (choice["residentKey"], choice["userVerification"]) == ("required", "required")
    added = own.post(ADD, {"name": "Laptop", "credential": json.dumps(device.made(asked))})
    assert added.headers["Location"] == f"{SETTINGS}#passkeys"
    page = words(own, SETTINGS)
    assert "Your passkey is added" in page
    assert "never used" in page

    visitor = browser()
    assert sign_in(visitor, device, person, next="/progress/").headers["Location"] == "/progress/"
    assert whose(visitor) == str(person.pk)
    assert "last used on" in words(visitor, SETTINGS)


def test_one_that_does_not_fit_is_refused_in_words(person):
    own = confirmed(person)
    weak = Device()
    weak.verifies = False
    fits = json.dumps(Device().made(options(words(own, ADD))))
    for sent in (
        "",
        "{}",
        "[]",
        "5",
        '{"response": 3}',
        json.dumps(weak.made(options(words(own, ADD)))),
        fits,
    ):
        answer = own.post(ADD, {"name": "x", "credential": sent})  # the last signs what is asked no more
        assert answer.status_code == 422, sent
    assert not Authenticator.objects.exists()


def test_signing_in_with_what_does_not_fit_is_refused_in_words(person):
    Device().kept_by(person)
    other, stolen = UserFactory(), Device(origin="https://evil.example")
    stolen.kept_by(other)
    visitor = browser()
    for sent in (
        "",
        "{}",
        "[]",
        "5",
        '{"response": {"userHandle": null}}',
        '{"response": {"userHandle": 7}}',
    ):
        visitor.get(SIGN_IN)
        assert visitor.post(SIGN_IN, {"credential": sent}).headers["Location"] == "/accounts/login/"
    assert "This passkey was not accepted" in words(visitor, "/accounts/login/")
    for device, named in ((Device(), person), (stolen, other), (Device(), other)):
        assert "/accounts/login/" in sign_in(visitor, device, named, next="/progress/").headers["Location"]
    assert whose(visitor) is None


def test_an_answer_signs_in_once(person):
    device, visitor = Device(), browser()
    device.kept_by(person)
    sent = {"credential": json.dumps(device.used(visitor.get(SIGN_IN).json(), person))}
    assert "/login/" not in visitor.post(SIGN_IN, sent).headers["Location"]
    again = browser()
    again.get(SIGN_IN)
    again.post(SIGN_IN, sent)
    assert whose(again) is None


def test_who_is_not_active_stays_out(person):
    device, visitor = Device(), browser()
    device.kept_by(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    sign_in(visitor, device, person)
    assert whose(visitor) is None


def test_the_password_alone_still_signs_in(person):
    Device().kept_by(person)
    visitor = browser()
    visitor.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert whose(visitor) == str(person.pk)


def test_a_guest_is_told_to_keep_their_work_first():
    guest = browser()
    guest.post("/accounts/guest/")
    assert "first, then add one" in words(guest, SETTINGS)
    for answer in (guest.get(ADD), guest.post(ADD, {"name": "x", "credential": "{}"})):
        assert answer.status_code == 403
        assert "Keep your work first" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_a_guest_who_signs_in_with_one_takes_their_work_along(person, settings):
    settings.GUEST_ADOPTERS = ["tests.integration.accounts.test_passkeys.adopted"]
    device, guest = Device(), browser()
    device.kept_by(person)
    guest.post("/accounts/guest/")
    sign_in(guest, device, person)
    assert whose(guest) == str(person.pk)
    assert ADOPTED.pop() == person


ADOPTED: list[User] = []


def adopted(guest: User, account: User) -> None:
    assert guest.is_guest
    ADOPTED.append(account)


def test_names_change_and_passkeys_go_for_their_person_alone(person):
    passkey = Device().kept_by(person)
    change, remove = (reverse(f"passkeys:{name}", args=[passkey.pk]) for name in ("change", "remove"))
    stranger = confirmed(UserFactory())
    for answer in (stranger.get(change), stranger.post(change, {"name": "Mine"}), stranger.post(remove)):
        assert answer.status_code == 404
    hasty = browser(person)
    for answer in (hasty.get(change), hasty.post(change, {"name": "x"}), hasty.post(remove)):
        assert answer.headers["Location"].startswith(CONFIRM)
    assert "/accounts/login/" in browser().post(remove).headers["Location"]
    assert Authenticator.objects.get().wrap().name == "Laptop"

    own = confirmed(person)
    assert "Laptop" in words(own, change)
    assert own.post(change, {"name": ""}).status_code == 422
    own.post(change, {"name": "Phone"})
    assert "Phone" in words(own, SETTINGS)
    assert own.get(remove).status_code == 405
    own.post(remove)
    assert not Authenticator.objects.exists()
    assert "Your password keeps working" in words(own, SETTINGS)


def test_a_passkey_confirms_too(person):
    device, own = Device(), browser(person)
    device.kept_by(person)
    assert "Use a passkey" in words(own, CONFIRM)
    page = reverse("mfa_reauthenticate_webauthn") + f"?next={ADD}"
    wrong = {"credential": json.dumps(Device().used(options(words(own, page)), person)), "next": ADD}
    assert own.post(page, wrong).headers["Location"] == page
    assert "This passkey was not accepted" in words(own, page)
    right = {"credential": json.dumps(device.used(options(words(own, page)), person)), "next": ADD}
    assert own.post(page, right).headers["Location"] == ADD
    assert own.get(ADD).status_code == 200


@pytest.mark.parametrize(
    ("host", "secure", "works"),
    [
        ("localhost", False, True),
        ("127.0.0.1", True, False),
        ("[::1]", True, False),
        ("mock.example", True, True),
        ("mock.example", False, False),
    ],
)
def test_where_they_cannot_work_settings_say_so_and_nothing_offers_them(
    person, settings, host: str, secure: bool, works: bool
):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "mock.example"]
    own = browser(person, host)
    for path in ("/accounts/login/", SETTINGS):
        page = own.get(path, secure=secure).content.decode()
        if path == SETTINGS:
            assert ("Passkeys do not work at this address" in page) is not works
        assert ("with a passkey</button>" in page or "Add a passkey" in page) is works


def test_they_are_exported_without_keys_and_erased_with_the_account(person):
    Device().kept_by(person, "Laptop")
    [row] = exporting.rows_of(OF_LIBRARIES["mfa.Authenticator"], person)
    assert row["name"] == "Laptop"
    assert set(row) == {"id", "user_id", "type", "created_at", "last_used_at", "name"}
    export = requests.ask(person, now=timezone.now())
    tasks.run_job(export.job_id)
    export.refresh_from_db()
    assert export.ready_at
    erasing.erase(person, now=timezone.now())
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "path", ["", "authenticate/", "totp/activate/", "recovery-codes/", "webauthn/signup/"]
)
def test_other_second_factors_have_no_address(person, path: str):
    assert browser(person).get(f"/accounts/2fa/{path}").status_code == 404
