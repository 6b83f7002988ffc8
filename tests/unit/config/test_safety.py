"""What must not be served, and what must stay easy."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.safety import full_origins, refuse_unsafe

KEY = "k3y-0f-this-test-and-n0thing-else, long enough to be one"
SAFE = {
    "origins": ["https://mock.example.org"],
    "debug": False,
    "allowed_hosts": ["mock.example.org"],
    "secret_key": KEY,
}
HERE = ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"]


def test_a_sound_site_may_start():
    refuse_unsafe(**SAFE)


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"debug": True}, "DEBUG"),
        ({"allowed_hosts": ["mock.example.org", "*"]}, "ALLOWED_HOSTS"),
        ({"allowed_hosts": ["*"], "debug": True}, "ALLOWED_HOSTS"),
        ({"secret_key": KEY[:49]}, "SECRET_KEY"),
        ({"secret_key": "abcd" * 20}, "SECRET_KEY"),
        ({"secret_key": "django-insecure-" + KEY}, "SECRET_KEY"),
        ({"origins": ["https://mock.example.org", "http://mock.example.org"]}, "PUBLIC_ORIGINS"),
        ({"origins": ["https://mock.example.org", "http://192.168.1.7:8000"]}, "PUBLIC_ORIGINS"),
        # One https origin is enough for all of it.
        ({"origins": ["https://mock.example.org", *HERE], "debug": True}, "DEBUG"),
    ],
)
def test_an_unsafe_site_is_refused_in_one_sentence_naming_the_setting(unsafe, named):
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_unsafe(**SAFE | unsafe)
    assert str(refusal.value).startswith(named)
    assert "\n" not in str(refusal.value)
    assert KEY not in str(refusal.value)


@pytest.mark.parametrize("key", ["x", "k" * 50, KEY])
@pytest.mark.parametrize("debug", [True, False])
def test_this_machine_alone_needs_no_care(key, debug):
    refuse_unsafe(origins=HERE, debug=debug, allowed_hosts=["127.0.0.1"], secret_key=key)


def test_this_machine_may_be_served_beside_https():
    refuse_unsafe(**SAFE | {"origins": ["https://mock.example.org", *HERE]})


def test_any_host_is_allowed_only_while_debugging_over_http():
    refuse_unsafe(origins=HERE, debug=True, allowed_hosts=["*"], secret_key="x")
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS"):
        refuse_unsafe(origins=HERE, debug=False, allowed_hosts=["*"], secret_key="x")


def test_origins_are_written_as_browsers_send_them():
    given = ["https://Mock.example.org/", " http://127.0.0.1:8000", "http://[::1]:8000", ""]
    assert full_origins(given) == ["https://mock.example.org", "http://127.0.0.1:8000", "http://[::1]:8000"]


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["", " "],
        ["mock.example.org"],
        ["//mock.example.org"],
        ["*"],
        ["null"],
        ["ws://mock.example.org"],
        ["https://"],
        ["https://mock.example.org/board"],
        ["https://mock.example.org?x=1"],
        ["https://me@mock.example.org"],
        ["https://mock.example.org:port"],
        ["https://[::1"],
        ["https://mock.example.org", "other.example.org"],
    ],
)
def test_what_is_not_an_origin_is_refused(given):
    with pytest.raises(ImproperlyConfigured, match=r"^PUBLIC_ORIGINS"):
        full_origins(given)
