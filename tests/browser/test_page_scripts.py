"""Our page scripts by themselves, in pages made for them: what is hard to bring about on a real site."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

pytestmark = pytest.mark.browser

SITE = "http://mockboard.test"
SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
NOTICE = '<script type="module" src="/static/js/notice.js"></script><p id="notice" role="alert" hidden></p>'
ROOM_SCRIPT = '<script type="module" src="/static/js/room.js"></script>'
SUBMIT_SCRIPT = '<script type="module" src="/static/js/submit.js"></script>'
LISTENER = "document.body.addEventListener('clock-stale', () => { document.body.dataset.stale = '1'; })"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(color_scheme="light")
    yield context.new_page()
    context.close()


def show(page: Page, body: str, html: str = "<html>") -> list[str]:
    """Open a page with `body` and our scripts; return the list of pages opened, which goes on growing."""
    opened: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/js/"):
            route.fulfill(body=(SCRIPTS / Path(path).name).read_text(), content_type="text/javascript")
        elif path.startswith("/page"):
            opened.append(path)
            route.fulfill(body=f"<!doctype html>{html}<body>{body}</body></html>", content_type="text/html")
        else:
            route.fulfill(status=404)

    page.route(f"{SITE}/**", answer)
    page.goto(f"{SITE}/page/")
    return opened


def test_a_theme_switched_here_stays_until_the_profile_is_saved(page: Page) -> None:
    body = (
        '<script src="/static/js/theme.js"></script><button data-switch-theme>Switch</button>'
        '<form method="post" action="/page/saved/" data-forget-theme><button>Save</button></form>'
    )
    show(page, body, '<html data-theme="dark">')
    root = page.locator("html")
    page.get_by_role("button", name="Switch").click()
    expect(root).to_have_attribute("data-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/saved/")
    expect(root).to_have_attribute("data-theme", "dark")


def test_the_theme_of_the_administration_is_another_one(page: Page) -> None:
    page.add_init_script("localStorage.setItem('theme', 'auto')")
    show(page, '<script src="/static/js/theme.js"></script>', '<html data-theme="dark">')
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_clock_is_stale_once_the_socket_was_lost(page: Page) -> None:
    sockets: list[WebSocketRoute] = []
    page.route_web_socket("**/ws/room/**", lambda socket: sockets.append(socket))
    show(page, '<script type="module" src="/static/js/room-socket.js"></script>')
    page.evaluate(LISTENER)
    page.evaluate(
        """() => {
          const socket = document.createElement('room-socket');
          Object.assign(socket.dataset, { path: '/ws/room/', log: '/log/', seq: '0' });
          document.body.append(socket);
        }"""
    )
    page.wait_for_function("() => document.querySelector('room-socket').socket.readyState === 1")
    assert page.locator("body").get_attribute("data-stale") is None, "it has only just come"
    sockets[-1].close(code=1012)
    expect(page.locator("body")).to_have_attribute("data-stale", "1")


@pytest.mark.parametrize(("seconds", "stale"), [(3, False), (6, True)])
def test_the_clock_is_stale_after_some_time_out_of_sight(page: Page, seconds: int, stale: bool) -> None:
    page.route_web_socket("**/ws/room/**", lambda socket: None)
    page.clock.install()
    show(
        page,
        '<script type="module" src="/static/js/room-socket.js"></script>'
        '<room-socket data-path="/ws/room/" data-log="/log/" data-seq="0"></room-socket>',
    )
    page.evaluate(LISTENER)
    for hidden in (True, False):
        page.evaluate(
            """(hidden) => {
              Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
              document.dispatchEvent(new Event('visibilitychange'));
            }""",
            hidden,
        )
        if hidden:
            page.clock.fast_forward(seconds * 1000)
    assert (page.locator("body").get_attribute("data-stale") == "1") is stale


def test_a_submit_without_a_board_to_answer_says_so_after_ten_seconds(page: Page) -> None:
    page.clock.install()
    opened = show(
        page,
        f'{SUBMIT_SCRIPT}<div id="board"><p>The board is loading.</p></div>'
        '<form method="post" action="/page/submitted/" data-submit-design>'
        '<p data-unsaved hidden>Not saved yet.</p><button type="submit">Submit</button></form>',
    )
    button = page.get_by_role("button", name="Submit")
    button.click()
    expect(button).to_have_attribute("aria-disabled", "true")
    page.clock.run_for(9_000)
    expect(page.get_by_text("Not saved yet.")).to_be_hidden()
    page.clock.run_for(1_100)
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    assert opened == ["/page/"]


@pytest.mark.parametrize("teller", ["document.dispatchEvent", "document.body.dispatchEvent"])
def test_who_is_sent_away_reads_why_before_the_page_loads_again(page: Page, teller: str) -> None:
    page.clock.install()
    opened = show(page, f"{NOTICE}{ROOM_SCRIPT}")
    kind = "room-ended" if "body" in teller else "board:ended"
    page.evaluate(f"{teller}(new CustomEvent('{kind}', {{ detail: {{ code: 4403 }} }}))")
    expect(page.get_by_role("alert")).to_contain_text("You are not in this room any more")
    assert opened == ["/page/"]
    with page.expect_navigation():
        page.clock.run_for(2_100)
    assert opened == ["/page/", "/page/"]
