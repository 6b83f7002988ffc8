"""The mail server out of EMAIL_URL."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.mail import SMTP, mail_settings, sender
from tests.unit.config.test_settings import read as read  # the fixture


@pytest.mark.parametrize(
    ("address", "port", "is_tls", "becomes_tls"),
    [
        ("smtp://relay.local", 25, False, False),
        ("smtp+tls://relay.local", 587, False, True),
        ("smtp+tls://relay.local:2525", 2525, False, True),
        ("smtps://relay.local", 465, True, False),
        ("smtp+ssl://relay.local", 465, True, False),
    ],
)
def test_an_address_names_the_way_in(address, port, is_tls, becomes_tls):
    found = mail_settings(address)
    assert (found["EMAIL_BACKEND"], found["EMAIL_HOST"]) == (SMTP, "relay.local")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (
        port,
        is_tls,
        becomes_tls,
    )


def test_a_password_may_have_any_character_percent_encoded():
    found = mail_settings("smtp+tls://ana%40example.org:a+b%2Fc%20%23%3A@relay.local:587")
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("ana@example.org", "a+b/c #:")


@pytest.mark.parametrize(
    "address", ["relay.local", "mailto://relay.local", "smtp://", "smtp://ana:a/b@relay.local", "smtp://a:b#c@d",
                "smtp://relay.local:many", "smtp+tls://[relay.local"],
)  # fmt: skip
def test_an_address_that_names_no_server_is_refused_in_words_without_its_password(read, address):
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL") as refused:
        read(EMAIL_URL=address)
    assert "a/b" not in str(refused.value)


def test_without_a_mail_server_mails_are_written_to_the_log(read):
    for nothing in ({}, {"EMAIL_URL": ""}):
        found = read(**nothing)
        assert found["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
        assert (found["SENDS_MAIL"], found["ACCOUNT_EMAIL_VERIFICATION"]) == (False, "none")
    found = read(EMAIL_URL="smtp+tls://relay.local")
    assert (found["SENDS_MAIL"], found["ACCOUNT_EMAIL_VERIFICATION"]) == (True, "optional")
    assert found["EMAIL_TIMEOUT"] == 10, "a server that hangs holds up nobody for long"


@pytest.mark.parametrize(
    ("given", "user", "comes_from"),
    [
        ("Board <board@example.org>", "ana@example.org", "Board <board@example.org>"),
        ("", "ana@example.org", "Mockboard <ana@example.org>"),
        ("", "apikey", "Mockboard <mockboard@localhost>"),
    ],
)
def test_mails_come_from_who_was_named_or_whoever_signs_in_to_the_server(given, user, comes_from):
    assert sender(given, {"EMAIL_HOST_USER": user}) == comes_from
