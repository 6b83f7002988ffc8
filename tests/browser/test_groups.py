"""Two people found a group, plan an evening, and change places; each page by axe, in light and in dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings

pytestmark = pytest.mark.browser


def sound(page: Page) -> None:
    """Look at a page as axe does, and on a narrow phone."""
    assert serious_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert overflow(page) <= 0, f"{page.url} scrolls sideways at 320 px"
    page.set_viewport_size({"width": 1280, "height": 900})


def open_all(page: Page) -> None:
    for summary in page.locator("main details > summary").all():
        summary.click()


def test_two_people_plan_an_evening_and_change_places(new_person: Callable[..., Page]) -> None:
    ana = new_person(color_scheme="light", reduced_motion="reduce")
    ben = new_person(color_scheme="dark", reduced_motion="reduce")
    ana.goto("/")
    ana.get_by_role("button", name="Start a mock interview").click()
    ana.get_by_role("link", name="Groups").click()
    sound(ana)
    ana.get_by_label("Name of the group").fill("Tuesdays")
    ana.get_by_role("button", name="Make the group").click()
    ana.get_by_role("link", name="Invite and manage").first.click()
    ana.get_by_role("button", name="Invite", exact=True).click()
    open_all(ana)
    sound(ana)

    ben.goto(ana.get_by_label("Invitation link").input_value())
    expect(ben.get_by_role("heading", name="Guest invites you to Tuesdays")).to_be_visible()
    ben.get_by_role("button", name="Join as a guest").click()
    expect(ben.get_by_text("2 members")).to_be_visible()
    sound(ben)

    ana.goto(ben.url)
    ana.get_by_role("link", name="Plan a session").click()
    sound(ana)
    ana.get_by_label("Date and time").fill("2036-11-25T19:30")
    ana.get_by_label("On the clocks of").fill("Europe/Vienna")
    ana.get_by_role("button", name="Plan it and tell everybody").click()
    expect(ana.get_by_role("heading", name="Tue 25 November 2036, 18:30 (UTC)")).to_be_visible()
    expect(ana.get_by_text("You are the candidate.")).to_be_visible()
    expect(ana.get_by_text("Only its interviewers know it before.")).to_be_visible()
    open_all(ana)
    sound(ana)

    ben.goto(ana.url)
    case = ben.locator("section", has=ben.get_by_role("heading", name="Case", exact=True)).locator("strong")
    before = case.inner_text()
    open_all(ben)
    sound(ben)
    ben.get_by_role("button", name="Ask", exact=True).click()
    expect(ben.get_by_text("You have asked Guest to change roles with you.")).to_be_visible()

    ana.reload()
    ana.get_by_role("button", name="Change roles").click()
    expect(ana.get_by_text("You are an interviewer.")).to_be_visible()
    assert case.count() == 1
    ben.reload()
    expect(ben.get_by_text("You are the candidate.")).to_be_visible()
    expect(ben.get_by_text(before)).to_have_count(0)
    ben.get_by_role("button", name="I come").click()
    ben.get_by_role("link", name="Groups").first.click()
    expect(ben.get_by_text("Tuesdays · You are the candidate.")).to_be_visible()
