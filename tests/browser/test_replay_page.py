"""An interview is watched again: the sample by a visitor, one's own by its candidate, who then retries."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings
from tests.browser.test_main_job import add_part, notes, start_as_guest, wait_until_saved

pytestmark = pytest.mark.browser


def clock(page: Page) -> object:
    return page.locator(".timeline__at")


def event(page: Page, words: str) -> object:
    return page.locator("#replay-events").get_by_role("button", name=words).first


def test_a_visitor_watches_the_sample_from_the_front_page(new_person: Callable[..., Page]) -> None:
    page = new_person(reduced_motion="reduce")
    page.goto("/")
    page.get_by_role("link", name="Watch the sample interview").click()
    page.wait_for_url("**/replay/")
    moment = page.get_by_role("slider", name="Moment")
    expect(clock(page)).to_have_text(re.compile(r"^0:00 / \d+:\d\d$"))
    expect(page.locator("[data-no-notes]")).to_be_visible()
    assert serious_findings(page) == []

    event(page, "3 Data").click()
    expect(event(page, "3 Data")).to_have_attribute("aria-current", "true")
    expect(moment).to_have_attribute("aria-valuetext", re.compile("in 3 Data$"))
    expect(page.locator("[data-notes-of=clarify]")).to_contain_text("1,200 payments a second")
    expect(page.locator("[data-notes-of=monitoring]")).to_be_hidden()
    at_data = clock(page).inner_text()
    page.keyboard.press("]")
    expect(clock(page)).not_to_have_text(at_data)
    page.keyboard.press("[")
    expect(clock(page)).to_have_text(at_data)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(clock(page)).to_have_text(at_data)
    page.locator(".excalidraw canvas.interactive").click()
    page.keyboard.press("End")
    expect(page.get_by_role("status")).to_contain_text("last drawn by Mara Lindqvist")
    page.keyboard.press("Home")
    expect(clock(page)).to_have_text(re.compile("^0:00"))
    page.get_by_text("16×").click()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(clock(page)).not_to_have_text(re.compile("^0:"))  # it plays, and skips what is idle
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    page.keyboard.press("Escape")

    page.set_viewport_size({"width": 320, "height": 700})
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert overflow(page) <= 0
    assert serious_findings(page) == []


def test_a_candidate_retries_from_a_moment_of_their_own_replay(new_person: Callable[..., Page]) -> None:
    page = new_person(reduced_motion="reduce")
    start_as_guest(page)
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    notes(page, "clarify").fill("1,200 payments a second, 150 ms.")
    add_part(page, "Feature store")
    wait_until_saved(page)
    page.get_by_role("button", name=re.compile("^Next step: 2 Frame")).click()
    expect(page.locator(".step-bar__step[aria-current]")).to_have_attribute("data-step", "frame")
    add_part(page, "Model registry")
    notes(page, "frame").fill("Binary classification.")
    wait_until_saved(page)
    page.get_by_role("button", name="Submit design").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit design").click()
    page.wait_for_url("**/scorecard/**")
    page.get_by_role("link", name="Replay", exact=True).click()

    page.wait_for_url("**/replay/")
    expect(page.get_by_role("slider", name="Moment")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator("[data-notes-of=frame]")).to_contain_text("Binary classification.")
    event(page, "2 Frame").click()
    expect(page.locator("[data-notes-of=frame]")).to_be_hidden()
    expect(page.locator("[data-notes-of=clarify]")).to_contain_text("1,200 payments a second")
    page.get_by_role("button", name=re.compile(r"^Retry from 0:\d\d")).click()

    page.wait_for_url(re.compile(r"/interviews/[0-9a-f-]+/$"))
    expect(page.locator(".clock")).to_contain_text("paused")
    expect(page.get_by_text("goes on from an earlier one")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-board-parts", "1")
    expect(notes(page, "clarify")).to_have_value("1,200 payments a second, 150 ms.")
    expect(page.locator(".step-bar__step[aria-current]")).to_have_attribute("data-step", "frame")
    page.get_by_role("button", name="Let the clock go on").click()
    expect(page.locator(".clock")).not_to_contain_text("paused")
    page.get_by_role("button", name="Submit design").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit design").click()
    page.wait_for_url("**/scorecard/**")
    beside = page.get_by_role("region", name="Since the attempt before")
    expect(beside).to_contain_text("Before")
    assert serious_findings(page) == []
