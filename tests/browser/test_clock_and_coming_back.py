"""The clock as people see it: a wrong wall clock, a strict end, a laptop opened the next day; the notes."""

import re
from collections.abc import Callable

import psycopg
import pytest
from celery import Celery
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings
from tests.browser.test_main_job import notes, start_as_guest, wait_until_saved

pytestmark = pytest.mark.browser
BEGUN = [("interviews_interview", "started_at", "id"), ("interviews_phase", "started_at", "interview_id")]
SIGNS = [("interviews_event", "at", "interview_id"), ("interviews_participant", "here_at", "interview_id")]
AN_HOUR_AHEAD = "const now = Date.now.bind(Date); Date.now = () => now() + 3600e3;"
PICTURE = """(area) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(8)], "a.png", { type: "image/png" }));
  const how = { clipboardData: carried, bubbles: true, cancelable: true };
  area.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def room_of(page: Page) -> str:
    return page.url.rstrip("/").split("/")[-1]


def shift(database: str, page: Page, seconds: float, *, signs: bool = True) -> None:
    """Have the page's interview begin so much earlier; with `signs` its people left so much earlier, too."""
    earlier = f"- interval '{seconds} seconds'"
    with psycopg.connect(database, autocommit=True) as connection:
        for table, column, key in BEGUN + (SIGNS if signs else []):
            connection.execute(
                f"UPDATE {table} SET {column} = {column} {earlier} WHERE {key} = %s", [room_of(page)]
            )
        if not signs:
            return
        connection.execute(
            f"UPDATE whiteboard_update u SET at = u.at {earlier} FROM interviews_interview i "
            "WHERE i.board_id = u.board_id AND i.id = %s",
            [room_of(page)],
        )


def left(page: Page) -> int:
    """Return the seconds that the clock shows."""
    minutes, seconds = page.locator(".clock [data-figure]").inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def assert_sound(page: Page) -> None:
    """The page has nothing axe finds serious, and fits a narrow phone."""
    assert serious_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert overflow(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_clock_is_the_servers_though_the_computers_is_an_hour_off(
    new_person: Callable[..., Page], database: str
) -> None:
    page = new_person()
    page.add_init_script(AN_HOUR_AHEAD)
    start_as_guest(page)
    expect(page.locator(".clock")).to_contain_text("left")
    assert 40 * 60 < left(page) <= 45 * 60
    said = page.locator("#clock-announcement")
    expect(said).to_have_text("")
    clock = page.locator(".clock phase-clock")
    clock.evaluate("(clock) => { clock.dataset.spent = 35 * 60; }")  # time passes
    expect(said).to_have_text("10 minutes left.")
    clock.evaluate("(clock) => { clock.dataset.spent = 44 * 60; }")
    expect(said).to_have_text("One minute left.")
    shift(database, page, 36 * 60, signs=False)
    page.reload()
    expect(page.locator(".clock.is-amber")).to_be_visible()
    assert 5 * 60 < left(page) <= 9 * 60
    expect(said).to_have_text("")  # heard once, and not again after a reload
    page.get_by_role("button", name="+5 minutes for Clarify").click()
    expect(page.locator(".clock")).to_have_attribute("aria-label", "Time left of 50 minutes")
    assert 10 * 60 < left(page) <= 14 * 60


def test_a_strict_interview_is_handed_in_at_its_end_and_says_so(
    new_person: Callable[..., Page], database: str, queue: str
) -> None:
    page = new_person()
    page.goto("/")
    page.get_by_role("button", name="Start a mock interview").click()
    page.get_by_role("link", name="Payment fraud").first.click()
    page.get_by_label("Strict").check()
    page.get_by_role("button", name=re.compile("Start alone")).click()
    page.wait_for_url("**/interviews/*/")
    expect(page.get_by_role("button", name="Pause the clock for everyone")).to_have_count(0)
    notes(page, "clarify").fill("The goal is to lower the losses by fraud.")
    wait_until_saved(page)
    shift(database, page, left(page) - 2)
    page.reload()
    expect(page.locator("#clock-announcement")).to_have_text(re.compile("Time is up"), timeout=30_000)
    expect(notes(page, "clarify")).to_have_attribute("readonly", "")
    # What beat does every two seconds under `./run`; the site of these stories has a worker, and no beat.
    Celery(broker=queue).send_task("interviews.schedule.sweep_clocks")
    page.wait_for_url("**/self-score/", timeout=30_000)
    assert_sound(page)
    page.locator("#C01").get_by_text("3", exact=True).first.click()
    page.get_by_role("button", name=re.compile("Keep my levels")).click()
    page.wait_for_url("**/scorecard/**")
    expect(page.get_by_role("columnheader", name="Gap")).to_be_visible()
    expect(page.locator("#C01")).to_contain_text("you: 3")


def test_who_closed_the_laptop_goes_on_the_next_day_where_they_were(
    new_person: Callable[..., Page], database: str
) -> None:
    page = new_person()
    start_as_guest(page)
    notes(page, "clarify").fill("1,200 payments a second")
    wait_until_saved(page)
    shift(database, page, 14 * 3600)
    page.dispatch_event("body", "clock-stale")  # as the page does when it wakes up
    page.get_by_role("heading", name="Welcome back to Payment fraud").wait_for()
    assert_sound(page)
    page.get_by_role("link", name="Submit").click()
    expect(page.locator("main")).to_contain_text("No notes for: 2 Frame, 3 Data")
    assert_sound(page)
    page.get_by_role("link", name="Back to Payment fraud").click()
    page.get_by_role("button", name=re.compile("Go on with 4[34]:")).click()
    expect(notes(page, "clarify")).to_have_value("1,200 payments a second")
    assert 40 * 60 < left(page) <= 45 * 60
    page.get_by_role("button", name="Stop here").click()
    page.get_by_role("button", name="Abandon the interview").click()
    expect(page.locator("#next-step")).to_contain_text("was abandoned")
    expect(notes(page, "clarify")).to_have_attribute("readonly", "")


def test_notes_are_written_by_shortcut_and_read_as_markdown_in_the_other_tab(
    new_person: Callable[..., Page],
) -> None:
    page = new_person()
    start_as_guest(page)
    other = page.context.new_page()
    other.goto(page.url)
    area = notes(page, "clarify")
    expect(area).to_be_editable()
    area.fill("lower losses\nkeep p99")
    area.press("Control+a")
    area.press("Control+Shift+8")
    expect(area).to_have_value("- lower losses\n- keep p99")
    expect(page.locator("[data-words]")).to_have_text("4 words")
    other.get_by_role("button", name="Preview").click()
    shown = other.get_by_role("region", name="Preview of these notes")
    expect(shown.get_by_role("listitem")).to_have_count(2)
    area.evaluate("(area) => area.setSelectionRange(2, 7)")
    area.press("Control+b")
    expect(shown.locator("strong")).to_have_text("lower")
    assert serious_findings(other) == []
    area.evaluate(PICTURE)
    expect(page.locator("#notice")).to_contain_text("Notes hold words only")
    area.press("Alt+PageDown")
    expect(notes(page, "frame")).to_be_focused()
