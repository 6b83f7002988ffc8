"""The settings as they come out of an environment."""

import runpy
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tests.unit.config.test_safety import KEY

OURS = ("DEBUG", "PORT", "ALLOWED_HOSTS", "PUBLIC_ORIGINS", "SECRET_KEY", "HSTS_SUBDOMAINS")
HTTPS = {
    "PUBLIC_ORIGINS": "https://mock.example.org",
    "ALLOWED_HOSTS": "mock.example.org",
    "SECRET_KEY": KEY,
}


@pytest.fixture
def read(monkeypatch):
    def read_settings(**environment: str) -> dict[str, Any]:
        for name in OURS:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))

    return read_settings


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": "mock.example.org, *"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": "secret"}, "SECRET_KEY"),
        ({"PUBLIC_ORIGINS": "https://mock.example.org,http://mock.example.org"}, "PUBLIC_ORIGINS"),
        ({"PUBLIC_ORIGINS": ""}, "PUBLIC_ORIGINS"),
        ({"PUBLIC_ORIGINS": "mock.example.org"}, "PUBLIC_ORIGINS"),
    ],
)
def test_unsafe_settings_do_not_load(read, unsafe, named):
    with pytest.raises(ImproperlyConfigured, match=f"^{named}"):
        read(**HTTPS | unsafe)


def test_a_trailing_slash_is_forgiven(read):
    found = read(**HTTPS | {"PUBLIC_ORIGINS": "https://mock.example.org/"})
    assert found["PUBLIC_ORIGINS"] == found["CSRF_TRUSTED_ORIGINS"] == ["https://mock.example.org"]


def test_without_an_environment_it_serves_this_machine_over_http(read):
    found = read(PORT="9000")
    assert found["PUBLIC_ORIGINS"] == ["http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000"]
    assert not found["SESSION_COOKIE_SECURE"]
    assert "SECURE_SSL_REDIRECT" not in found


@pytest.mark.parametrize(("beside", "redirects"), [("", True), (",http://127.0.0.1:8000", False)])
def test_https_anywhere_protects_cookies_and_only_https_everywhere_redirects(read, beside, redirects):
    found = read(**HTTPS | {"PUBLIC_ORIGINS": HTTPS["PUBLIC_ORIGINS"] + beside})
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert found["SECURE_SSL_REDIRECT"] is redirects


def test_other_sites_under_the_domain_are_bound_only_when_asked(read):
    found = read(**HTTPS)
    assert not found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert not found["SECURE_HSTS_PRELOAD"]
    found = read(**HTTPS, HSTS_SUBDOMAINS="1")
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert found["SECURE_HSTS_PRELOAD"]


def test_the_cookie_outlives_the_visit_so_that_the_work_can_still_be_kept():
    assert settings.SESSION_COOKIE_AGE >= (settings.GUEST_DAYS + 30) * 24 * 3600
