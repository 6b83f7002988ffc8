"""A candidate drills a step, shares the replay with somebody, who watches it, until the link is closed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings
from tests.browser.test_main_job import add_part, notes, start_as_guest, wait_until_saved
from tests.browser.test_replay_page import event, submit

pytestmark = pytest.mark.browser


def fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    assert overflow(page) <= 0, page.url
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_step_is_drilled_and_a_replay_shared_and_closed(new_person: Callable[..., Page]) -> None:
    page = new_person(reduced_motion="reduce")
    start_as_guest(page)
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    notes(page, "clarify").fill("1,200 payments a second, 150 ms.")
    add_part(page, "Feature store")
    wait_until_saved(page)
    submit(page)
    scorecard = page.url

    page.get_by_role("link", name=re.compile("^Practise this")).first.click()
    page.get_by_role("button", name="Start the drill").click()
    page.get_by_label(re.compile("^Your notes")).fill(
        "The goal is to lower fraud losses: a miss costs 85 euro."
    )
    expect(page.locator("#saved")).to_have_text("Saved")
    assert serious_findings(page) == []
    page.get_by_role("button", name="Hand in and read").click()
    expect(page.get_by_role("region", name="Levels then and now")).to_be_visible()
    assert serious_findings(page) == []
    fits_a_phone(page)

    page.goto(scorecard)
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_role("link", name="Replay", exact=True).click()
    page.get_by_label("My notes").check()
    assert serious_findings(page) == []
    fits_a_phone(page)
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link", exact=True).input_value()

    friend = new_person(reduced_motion="reduce")
    friend.goto(link)
    expect(friend.get_by_role("slider", name="Moment")).to_be_visible()
    event(friend, "Design submitted").click()
    expect(friend.locator("[data-notes-of=clarify]")).to_contain_text("1,200 payments a second")
    assert serious_findings(friend) == []

    page.get_by_role("button", name=re.compile("^Revoke the link")).click()
    expect(page.get_by_text(re.compile("opened 1 time,"))).to_be_visible()
    friend.reload()
    expect(friend.get_by_role("heading", name="This link is closed")).to_be_visible()
