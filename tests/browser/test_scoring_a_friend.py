"""Two people after an interview: the candidate first, the interviewer alone, then all cards at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings
from tests.browser.test_main_job import notes, start_as_guest, wait_until_saved
from tests.browser.test_versions import invite

pytestmark = pytest.mark.browser


def test_levels_stay_apart_until_everybody_is_done_and_then_stand_side_by_side(
    new_person: Callable[..., Page],
) -> None:
    candidate, friend = new_person(), new_person(color_scheme="dark")
    start_as_guest(candidate)
    invite(candidate, friend)
    room = friend.url
    friend.set_viewport_size({"width": 390, "height": 800})
    friend.goto(f"{room}marks/")
    goal = friend.locator("#mark-C01")
    expect(goal).to_contain_text("Knows what success is")
    goal.locator("input[value='1']").focus()
    friend.keyboard.press("Space")
    expect(friend.locator("#marks-status")).to_contain_text("1 of 35 · Saved")
    friend.keyboard.press("ArrowDown")
    goal.get_by_label("Why, in a sentence").fill("Named who loses money, without a figure.")
    expect(friend.locator("#marks-status")).to_contain_text("Saved")
    assert overflow(friend) <= 0
    assert serious_findings(friend) == []

    notes(candidate, "clarify").fill("Fewer fraud losses, 150 ms, 1,200 payments a second.")
    wait_until_saved(candidate)
    candidate.get_by_role("button", name="Submit design").click()
    candidate.get_by_role("dialog").get_by_role("button", name="Submit design").click()
    candidate.wait_for_url("**/self-score/")
    expect(candidate.get_by_text("You go first.")).to_be_visible()
    candidate.goto(f"{room}scorecard/")
    candidate.wait_for_url("**/self-score/")
    candidate.locator("#C01").get_by_text("4", exact=True).first.click()
    candidate.get_by_role("button", name="Lock my levels").click()
    candidate.wait_for_url("**/end/")
    expect(candidate.locator("#ending")).to_contain_text("still scoring")

    friend.goto(f"{room}scorecard/")
    friend.wait_for_url("**/end/score/")
    expect(goal.get_by_label("Why, in a sentence")).to_have_value(re.compile("without a figure"))
    expect(goal.locator("input[value='2']")).to_be_checked()
    assert overflow(friend) <= 0
    friend.get_by_role("button", name="Lock my levels").click()
    expect(friend.get_by_role("alert").first).to_contain_text("Score them, or mark them as not observed")
    friend.get_by_label("What I left open, I did not observe").check()
    friend.get_by_role("button", name="Lock my levels").click()
    friend.wait_for_url("**/reveal/")
    candidate.wait_for_url("**/reveal/")  # by itself, from the waiting page
    scope = candidate.locator(".gap-row.dim-scope")
    expect(scope).to_contain_text("Gap+2.0")
    expect(scope).to_contain_text("2.0 levels higher than")
    expect(candidate.get_by_role("heading", name="Stop")).to_be_visible()
    assert serious_findings(candidate) == []
    assert overflow(friend) <= 0
    candidate.get_by_role("button", name="Swap seats and open the lobby").click()
    candidate.wait_for_url("**/interviews/*/")
    expect(candidate.get_by_role("heading", name="Who is here")).to_be_visible()
    expect(friend.get_by_text("The seats are swapped")).to_be_visible()  # by itself, while they debrief
