"""Pictures in what is looked back at: replay and comparison show them, each fetched once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_images import PURPLE, SEES, TEAL, drop, open_room, sees
from tests.browser.test_main_job import wait_until_saved
from tests.browser.test_versions import open_versions
from tests.factories import pictures

pytestmark = pytest.mark.browser

# As they are lit: what stayed the same is faint, what was removed less so.
TEAL_FAINT, PURPLE_REMOVED = (166, 210, 210), (179, 102, 179)
SEES_IN_DIALOG = SEES.replace('".excalidraw', '"dialog[open] .excalidraw')


def sees_there(page: Page, color: tuple[int, int, int]) -> None:
    page.wait_for_function(SEES_IN_DIALOG, arg=list(color))


def test_pictures_are_in_the_replay_and_the_comparison_and_come_once(
    new_person: Callable[..., Page],
) -> None:
    page = new_person()
    open_room(page)
    drop(page, pictures.picture((240, 160), "teal"), "kept.png", "image/png", 500, 250)
    sees(page, TEAL)
    drop(page, pictures.picture((240, 160), "purple"), "erased.png", "image/png", 400, 500)
    sees(page, PURPLE)
    expect(page.locator(".picture-notice")).to_be_hidden()
    open_versions(page)
    panel = page.get_by_role("region", name="Versions")
    panel.get_by_label("Name this moment").fill("Both pictures")
    panel.get_by_label("Name this moment").press("Enter")
    expect(panel.get_by_role("status")).to_have_text("Named “Both pictures”.")
    panel.get_by_role("button", name="Close Versions").click()
    page.locator(".excalidraw canvas.interactive").click(position={"x": 400, "y": 500})
    page.keyboard.press("Delete")
    wait_until_saved(page)

    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "/board/images/img-" in sent.url else None)
    page.reload()
    sees(page, TEAL)
    open_versions(page)
    for _ in range(2):
        panel.get_by_role("button", name="Play how this was drawn").click()
        moment = page.get_by_role("dialog").get_by_role("slider", name="Moment")
        moment.press("End")
        sees_there(page, TEAL)
        page.get_by_role("button", name="Back to the mark before").click()
        sees_there(page, PURPLE)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    panel.get_by_role("button", name="Compare “Both pictures”").click()
    for faint in (TEAL_FAINT, PURPLE_REMOVED):
        sees_there(page, faint)
    assert len(asked) == len(set(asked)) == 2, "each picture is fetched once"
