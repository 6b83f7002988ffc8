"""A moment is named, compared, played and put back, while somebody else watches."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import add_part, invite, notes, start_as_guest, wait_until_saved

pytestmark = pytest.mark.browser


def open_versions(page: Page) -> None:
    page.locator(".board-row").get_by_role("button", name="Versions").click()


def has_parts(page: Page, count: int) -> None:
    expect(page.locator("body")).to_have_attribute("data-board-parts", str(count))


def test_a_version_is_named_compared_played_and_put_back_while_somebody_watches(
    new_person: Callable[..., Page],
) -> None:
    candidate, friend = new_person(), new_person()
    start_as_guest(candidate)
    invite(candidate, friend)
    expect(candidate.locator(".excalidraw canvas").first).to_be_visible()
    notes(candidate, "clarify").fill("1,200 payments a second.")
    add_part(candidate, "Feature store")
    open_versions(candidate)
    panel = candidate.get_by_role("region", name="Versions")
    panel.get_by_role("button", name="Name it").click()
    expect(panel.get_by_role("status")).to_contain_text("Give this moment a name")
    panel.get_by_label("Name this moment").fill("First draft")
    panel.get_by_label("Name this moment").press("Enter")
    expect(panel.get_by_role("status")).to_have_text("Named “First draft”.")
    panel.get_by_role("button", name="Close Versions").click()
    add_part(candidate, "Model registry")
    add_part(candidate, "Ranker")
    wait_until_saved(candidate)
    has_parts(friend, 3)

    open_versions(candidate)
    panel.get_by_role("button", name="Compare “First draft”").click()
    compared = candidate.get_by_role("dialog", name="Compare versions")
    expect(compared.get_by_role("button", name="Added “Model registry” (registry).")).to_be_visible()
    expect(compared.get_by_role("list", name="Marks on the board")).to_contain_text("+ added 2")
    candidate.keyboard.press("Escape")
    expect(compared).to_have_count(0)
    expect(panel.get_by_role("button", name="Compare “First draft”")).to_be_focused()

    panel.get_by_role("button", name="Restore “First draft”").click()
    panel.get_by_role("button", name="Restore", exact=True).click()
    expect(panel.get_by_role("status")).to_contain_text("The board is as in “First draft” again")
    has_parts(candidate, 1)
    has_parts(friend, 1)
    expect(notes(friend, "clarify")).to_have_value("1,200 payments a second.")
    candidate.locator(".excalidraw").get_by_role("button", name="Undo").click()
    has_parts(friend, 3)

    open_versions(friend)
    theirs = friend.get_by_role("region", name="Versions")
    expect(theirs.get_by_role("button", name="Restore “First draft”")).to_be_visible()
    expect(theirs.get_by_role("button", name="Delete “First draft”")).to_have_count(0)
    theirs.get_by_role("button", name="Play how this was drawn").click()
    played = friend.get_by_role("dialog", name="How this was drawn")
    moment = played.get_by_role("slider", name="Moment")
    moment.press("End")
    expect(played.get_by_role("status")).to_contain_text("6 elements, last drawn by Guest")
    played.get_by_role("checkbox", name="Notes").check()
    expect(played.get_by_text("1,200 payments a second.")).to_be_visible()
    moment.press("Home")
    expect(played.get_by_role("status")).to_contain_text("0 elements")
    played.get_by_label("Speed").select_option("16×")
    played.get_by_role("button", name="Play", exact=True).click()
    expect(played.get_by_role("button", name="Pause", exact=True)).to_have_count(0)  # it came to the end
    expect(moment).to_have_attribute("aria-valuetext", re.compile(r"^(.+) of \1$"))
    played.get_by_role("button", name="Back to the mark before").click()
    expect(played.get_by_role("status")).to_contain_text("2 elements")
    played.get_by_role("button", name="Name this moment").click()
    played.get_by_label("Name of this moment").fill("Ivo’s favourite")
    played.get_by_role("button", name="Keep").click()
    expect(played.get_by_role("status")).to_contain_text("Named “Ivo’s favourite”.")
    friend.keyboard.press("Escape")
    expect(theirs.get_by_text("Ivo’s favourite", exact=True)).to_be_visible()
