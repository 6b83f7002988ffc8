"""A real server, a real worker and a real Chromium; each test gets browsers of its own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MANIFEST = ROOT / "static" / "board" / "manifest.json"
PATIENCE = 15_000  # milliseconds; four browsers on two busy cores take their time to draw


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave browser stories out in so many words where there is no browser; in CI that is a failure."""
    lacking = "no Chromium is installed" if CHROMIUM is None else ""
    if not lacking and not MANIFEST.exists():
        lacking = "the front end is not built (./run assets)"
    if not lacking or os.environ.get("MOCKBOARD_REQUIRE_BROWSER"):
        return
    for item in items:
        if Path(item.fspath).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.skipif(True, reason=lacking))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, timeout=300
    )


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """Make a database for the browsers' site, outside pytest's own, and return its address."""
    settings_of = settings.DATABASES["default"]
    login = ":".join(part for part in (settings_of["USER"], settings_of["PASSWORD"]) if part)
    server = f"postgres://{login}@{settings_of['HOST']}:{settings_of['PORT']}"
    name = f"browser_{os.getpid()}"
    with psycopg.connect(f"{server}/{settings_of['NAME']}", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/{settings_of['NAME']}", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def queue(request: pytest.FixtureRequest) -> str:
    """Return the address of a Redis database that is this process's own: no site does another's jobs."""
    if not os.environ.get("REDIS_URL"):
        pytest.fail("Browser stories need REDIS_URL; `./run test browser` sets it.")
    address = urlsplit(os.environ["REDIS_URL"])
    worker = getattr(request.config, "workerinput", {"workerid": "gw0"})["workerid"]
    number = int(address.path.strip("/") or 0) + 8 * int(worker.removeprefix("gw"))
    return address._replace(path=f"/{number % 16}").geturl()


@pytest.fixture(scope="session")
def site(database: str, queue: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a site with uvicorn and a worker, as `./run` would, and return its address."""
    port, logs = free_port(), tmp_path_factory.mktemp("site")
    environment = os.environ | {
        "DATABASE_URL": database,
        "REDIS_URL": queue,
        "SECRET_KEY": "only for browser stories",
        "PORT": str(port),
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    for name in ("PYTEST_CURRENT_TEST", "DEBUG"):
        environment.pop(name, None)
    for command in (
        ["collectstatic", "--noinput", "-v0"],
        ["migrate", "-v0"],
        ["load_content", "-v0"],
        ["seed_demo", "--if-empty", "-v0"],
    ):
        manage(environment, *command)
    web = ["-m", "config.web", "--port", str(port)]
    worker = ["-m", "celery", "-A", "config", "worker", "-P", "threads", "-c", "2", "-l", "WARNING"]
    processes = []
    with contextlib.ExitStack() as stack:
        for name, command in (("web", web), ("worker", worker)):
            log = stack.enter_context((logs / f"{name}.log").open("wb"))
            processes.append(
                subprocess.Popen(
                    [sys.executable, *command],
                    cwd=ROOT,
                    env=environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )
        address = f"http://127.0.0.1:{port}"
        try:
            deadline = time.monotonic() + 60
            while not answers(f"{address}/healthz"):
                if time.monotonic() > deadline or processes[0].poll() is not None:
                    pytest.fail(f"The site did not start:\n{(logs / 'web.log').read_text()[-2000:]}")
                time.sleep(0.2)
            yield address
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser with a camera that shows a clock, a microphone that beeps, and somebody who allows both."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def new_person(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page for another person: own cookies, own window.

    Errors of scripts, refused requests to other hosts and policy violations fail the test at its end.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def arrive(host: str = "127.0.0.1", **options: object) -> Page:
        home = site.replace("127.0.0.1", host)
        context = chromium.new_context(base_url=home, viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None,
        )
        page.on(
            "request",
            lambda sent: (
                None
                if sent.url.startswith((home, "ws://127.0.0.1", "data:", "blob:"))
                else wrong.append(sent.url)
            ),
        )
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert wrong == []
