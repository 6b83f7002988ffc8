"""What axe finds serious on a page, at desktop and phone width, in light and in dark."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.test_main_job import start_as_guest

pytestmark = pytest.mark.browser
AXE = Path(__file__).resolve().parent.parent.parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PUBLIC = [
    "/",
    "/cases/",
    "/cases/payment-fraud/",
    "/cases/frameworks/",
    "/accounts/login/",
    "/accounts/signup/",
    "/nothing/",
]


def serious_findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical on the page as it stands."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url}: {one['id']}: {node['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages(new_person: Callable[..., Page], scheme: str) -> None:
    page = new_person(color_scheme=scheme, reduced_motion="reduce")
    found: list[str] = []
    for path in PUBLIC:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        found += serious_findings(page)
        page.set_viewport_size({"width": 320, "height": 700})
        assert overflow(page) <= 0, f"{path} scrolls sideways at 320 px"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/")
    page.get_by_role("link", name="Read a sample scorecard").click()
    page.locator(".score-line").wait_for()
    found += serious_findings(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert overflow(page) <= 0
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_room(new_person: Callable[..., Page], scheme: str) -> None:
    page = new_person(color_scheme=scheme, reduced_motion="reduce")
    start_as_guest(page)
    page.locator(".excalidraw canvas").first.wait_for()
    assert serious_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert overflow(page) <= 0
    page.goto("/")
    assert serious_findings(page) == []
    for address in ("/progress/", "/progress/ask/?metric=over&by=step"):  # a sample's charts; nothing to ask
        page.goto(address)
        assert serious_findings(page) == []
        assert overflow(page) <= 0
