"""A server that goes away while people draw: what the page says, what it keeps, how soon it is back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import ROOT, answers, free_port
from tests.browser.test_main_job import add_part, notes, start_as_guest, wait_until_saved

pytestmark = pytest.mark.browser


class Server:
    """A web server of its own on the database of the other stories, to be killed."""

    def __init__(self, database: str, queue: str, log: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.environment = os.environ | {
            "DATABASE_URL": database,
            "REDIS_URL": queue,
            "SECRET_KEY": "only for browser stories",
            "PORT": str(self.port),
            "DEBUG": "1",  # serves the scripts from where they lie
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self.environment.pop("PYTEST_CURRENT_TEST", None)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--port", str(self.port), "--ws-max-size", "262144", "--log-level", "warning"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "config.asgi:application", *options],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 60
        while not answers(f"{self.address}/healthz"):
            if time.monotonic() > deadline or self.process.poll() is not None:
                pytest.fail(f"The server did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def stop(self, how: signal.Signals) -> None:
        """End it, by SIGKILL as a power cut would."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None


@pytest.fixture(scope="module")
def server(
    site: str, database: str, queue: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    found = Server(database, queue, tmp_path_factory.mktemp("killed") / "web.log")
    found.start()
    yield found
    found.stop(signal.SIGKILL)


@pytest.fixture
def context(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    if server.process is None:
        server.start()  # an earlier story ended while it was away
    made = chromium.new_context(base_url=server.address, viewport={"width": 1280, "height": 900})
    made.set_default_timeout(20_000)
    yield made
    made.close()


def shows(page: Page, state: str, words: str) -> None:
    """Wait until the line in the room's footer says this."""
    line = page.locator("save-state")
    expect(line).to_have_attribute("data-state", state, timeout=20_000)
    expect(line).to_contain_text(words)


def test_what_is_drawn_without_a_server_is_there_after_the_tab_was_closed(
    context: BrowserContext, server: Server
) -> None:
    page = context.new_page()
    start_as_guest(page)
    room = page.url
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    add_part(page, "Ranker")
    wait_until_saved(page)
    watching = context.new_page()  # the same person in a second tab, which stays open all the while
    watching.goto(room)
    expect(watching.locator("body")).to_have_attribute("data-board-parts", "1")

    server.stop(signal.SIGKILL)
    shows(watching, "reconnecting", "Reconnecting")
    add_part(page, "Cache")
    shows(page, "offline", "Offline, kept here")
    notes(page, "clarify").fill("Written in a tunnel.")
    page.close(run_before_unload=True)

    server.start()
    shows(watching, "saved", "Saved")  # by itself
    page = context.new_page()
    page.goto(room)
    expect(notes(page, "clarify")).to_have_value("Written in a tunnel.")
    wait_until_saved(page)
    for tab in (page, watching):
        expect(tab.locator("body")).to_have_attribute("data-board-parts", "2")
    expect(notes(watching, "clarify")).to_have_value("Written in a tunnel.")

    # A restart as an update does it: nothing is drawn, nothing is lost, and nobody reloads anything.
    server.stop(signal.SIGTERM)
    shows(page, "reconnecting", "Reconnecting")
    server.start()
    for tab in (page, watching):
        shows(tab, "saved", "Saved")
    add_part(page, "Monitor")
    expect(watching.locator("body")).to_have_attribute("data-board-parts", "3")


def test_a_browser_that_stores_nothing_says_so_and_still_draws(
    context: BrowserContext, server: Server
) -> None:
    context.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { value: { open() { throw new Error('no') } } })"
    )
    page = context.new_page()
    start_as_guest(page)
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    wait_until_saved(page)
    server.stop(signal.SIGKILL)
    shows(page, "reconnecting", "Reconnecting")
    add_part(page, "Ranker")
    shows(page, "offline", "keep this tab open")
    server.start()
    shows(page, "saved", "Saved")
    expect(page.locator("save-state")).not_to_contain_text("keep this tab open")
