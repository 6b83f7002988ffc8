"""Real processes, started as a person or a supervisor would start them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

KEY = "k3y-0f-this-test-and-n0thing-else, long enough to be one"
HTTPS = {
    "PUBLIC_ORIGINS": "https://mock.example.org",
    "ALLOWED_HOSTS": "mock.example.org",
    "SECRET_KEY": KEY,
}
REDIS = {"REDIS_URL": "redis://127.0.0.1:1/0"}


def start(*command: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project with this environment and nothing else of ours."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("makemigrations", "--check", "--dry-run"),
        ("collectstatic", "--noinput", "--dry-run", "-v0"),
        ("score",),
    ],
)
def test_commands_work_without_any_environment(command):
    done = start("manage.py", *command)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("subdomains", ["0", "1"])
def test_the_deployment_check_finds_nothing(subdomains):
    done = start(
        "manage.py", "check", "--deploy", "--fail-level", "DEBUG", HSTS_SUBDOMAINS=subdomains, **HTTPS
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("System check identified no issues")
    assert done.stderr == ""


@pytest.mark.parametrize("unsafe", ["DEBUG", "ALLOWED_HOSTS", "SECRET_KEY"])
def test_the_site_does_not_start_unsafe_under_https(unsafe):
    values = {"DEBUG": "1", "ALLOWED_HOSTS": "*", "SECRET_KEY": "secret"}
    done = start("-c", "import config.asgi", **HTTPS | REDIS | {unsafe: values[unsafe]})
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {unsafe}" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "REDIS_URL"])
def test_the_site_does_not_start_without_what_it_cannot_do_without(missing):
    environment = {name: value for name, value in (HTTPS | REDIS).items() if name != missing}
    done = start("-c", "import config.asgi", **environment)
    assert done.returncode != 0
    assert f"ImproperlyConfigured: Set {missing}" in done.stderr.splitlines()[-1]


def test_the_site_starts_on_this_machine_and_under_https():
    assert start("-c", "import config.asgi", SECRET_KEY="short", **REDIS).returncode == 0
    done = start("-c", "import config.asgi", **HTTPS | REDIS)
    assert done.returncode == 0, done.stderr
