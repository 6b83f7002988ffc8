"""The main job by two roles: a guest designs and reads a scorecard, an observer watches it happen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CLARIFY = (
    "The goal is to lower fraud losses without turning good customers away: a blocked good payment costs us "
    "about 30 euro in lost margin, a missed fraud 85 euro.\n"
    "1,200 payments a second on average, 4,000 at the peak, and an answer within 150 ms at p99."
)
DATA = (
    "Labels come from chargebacks, which arrive 20 to 60 days later, so the training set ends 60 days ago; "
    "reviewed payments fill the gap within an hour.\n"
    "Only 0.2 % is fraud: we down-sample negatives 20:1 and recalibrate the scores, because otherwise the "
    "threshold would not match the cost of an error."
)

# What is drawn is collected 45 ms later; until then the page rightly says that all it knows of is saved.
COLLECTED = "() => new Promise((done) => setTimeout(done, 120))"


def start_as_guest(page: Page) -> None:
    """Start alone from the page of a case, which is shorter than the way that leads there."""
    page.goto("/cases/payment-fraud/")
    page.get_by_role("button", name=re.compile("Start alone")).click()
    page.wait_for_url("**/interviews/*/")


def invite(page: Page, friend: Page, role: str = "interviewer") -> None:
    """Let `friend` into the room that `page` shows."""
    page.get_by_role("button", name="Invite", exact=True).click()
    page.get_by_role("button", name=f"Link for an {role}").click()
    link = page.get_by_label("Invitation link").input_value()
    page.get_by_role("button", name="Close").click()
    friend.goto(link)
    friend.get_by_role("button", name="Join as a guest").click()
    friend.wait_for_url("**/interviews/*/")


def wait_until_saved(page: Page) -> None:
    """Wait until the server has all that was drawn and written here up to now."""
    page.evaluate(COLLECTED)
    expect(page.locator("save-state")).to_have_attribute("data-state", "saved")


def add_part(page: Page, name: str) -> None:
    """Put an ML part on the board by the palette."""
    filter_box = page.get_by_label("Filter parts")
    if not filter_box.is_visible():
        page.get_by_role("button", name="ML parts", exact=True).click()
    filter_box.fill(name)
    page.locator(".palette__part", has_text=name).first.click()
    page.get_by_role("button", name="Close ML parts").click()


def notes(page: Page, step: str) -> object:
    return page.locator(f'textarea[data-notes-step="{step}"]')


def test_a_guest_designs_submits_and_reads_a_scorecard_that_cites_them(
    new_person: Callable[..., Page],
) -> None:
    page = new_person()
    page.goto("/")
    page.get_by_role("button", name="Start a mock interview").click()
    page.get_by_role("link", name="Payment fraud").first.click()
    page.get_by_role("button", name=re.compile("Start alone")).click()
    page.wait_for_url("**/interviews/*/")
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    notes(page, "clarify").fill(CLARIFY)
    for part in ("Feature store", "Ranker", "Model registry"):
        add_part(page, part)
    page.get_by_role("button", name=re.compile("Next step: 2")).click()
    expect(page.locator('[aria-current="step"]')).to_contain_text("Frame")
    page.get_by_role("button", name=re.compile("Next step: 3")).click()
    expect(notes(page, "data")).to_be_visible()
    notes(page, "data").fill(DATA)
    wait_until_saved(page)

    page.reload()
    expect(notes(page, "data")).to_have_value(DATA)
    expect(notes(page, "clarify")).to_have_value(CLARIFY)
    wait_until_saved(page)

    page.get_by_role("button", name="Submit design").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit design").click()
    page.get_by_role("link", name="Skip, show the scorecard").click()
    page.wait_for_url("**/scorecard/**")
    expect(page.locator(".score-line")).to_be_visible()

    imbalance = page.locator("#C09")
    expect(imbalance.locator("mark").first).to_be_visible()
    assert imbalance.locator("mark").first.inner_text() in DATA
    expect(imbalance).to_contain_text(re.compile(r"level [1-4] of 4"))
    store = page.locator("#G02 [data-light]").first
    expect(store).to_contain_text(re.compile("feature store", re.I))
    store.click()
    expect(page.locator(".scorecard__board .is-lit")).to_have_count(1)
    expect(page.locator("#C16")).to_contain_text("Nothing in your notes earned this yet")
    expect(page.locator("#C16")).to_contain_text("Level 1 needs:")

    page.get_by_role("button", name="Four steps").click()
    expect(page.locator(".page__lead")).to_contain_text("Four steps")
    page.get_by_role("link", name="Progress").click()
    expect(page.locator("[aria-labelledby=attempts-title] .row-list li")).to_have_count(1)


def test_an_observer_sees_the_design_grow_and_cannot_touch_it(new_person: Callable[..., Page]) -> None:
    candidate, observer = new_person(), new_person()
    start_as_guest(candidate)
    invite(candidate, observer, "observer")
    expect(observer.locator("save-state")).to_have_attribute("data-state", "readonly")
    expect(notes(observer, "clarify")).to_have_attribute("readonly", "")
    expect(observer.get_by_role("button", name="Submit design")).to_have_count(0)

    notes(candidate, "clarify").fill("We serve 1,200 payments a second.")
    expect(notes(observer, "clarify")).to_have_value("We serve 1,200 payments a second.")
    candidate.get_by_role("button", name=re.compile("Next step: 2")).click()
    expect(observer.locator('[aria-current="step"]')).to_contain_text("Frame")
    candidate.get_by_role("button", name="Pause the clock").click()
    expect(observer.locator(".clock")).to_contain_text("paused")


def test_two_people_draw_on_one_board(new_person: Callable[..., Page]) -> None:
    candidate, friend = new_person(), new_person()
    start_as_guest(candidate)
    invite(candidate, friend)
    for page in (candidate, friend):
        expect(page.locator(".excalidraw canvas").first).to_be_visible()

    add_part(candidate, "Feature store")
    wait_until_saved(candidate)
    add_part(friend, "Model registry")
    wait_until_saved(friend)
    for page in (candidate, friend):
        expect(page.locator("body")).to_have_attribute("data-board-parts", "2")
