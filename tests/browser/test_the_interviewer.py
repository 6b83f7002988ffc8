"""The room as an interviewer: questions are answered, what is missing is asked for, a requirement changes."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings
from tests.browser.test_main_job import add_part, notes, start_as_guest, wait_until_saved
from tests.browser.test_versions import invite

pytestmark = pytest.mark.browser
QUESTION = "Ask a clarifying question"


def ask(page: Page, question: str) -> None:
    page.get_by_label(QUESTION).fill(question)
    page.get_by_label(QUESTION).press("Enter")


def test_alone_the_room_answers_asks_back_and_changes_a_requirement(new_person: Callable[..., Page]) -> None:
    page = new_person()
    start_as_guest(page)
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.get_by_label(QUESTION)).to_be_focused()
    page.keyboard.type("how many paymants are there and how fast must a decision be?")
    page.keyboard.press("Enter")
    talk = page.get_by_role("region", name="Questions and answers")
    expect(talk).to_contain_text("1,200 a second on average")
    expect(talk).to_contain_text("150 ms at p99")
    expect(page.get_by_label(QUESTION)).to_have_value("")
    expect(page.get_by_label(QUESTION)).to_be_focused()
    ask(page, "What colour is the logo?")
    expect(page.locator("#ask-status")).to_contain_text("The interviewer leaves that to you")

    notes(page, "clarify").fill("1,200 payments a second, 150 ms.")
    wait_until_saved(page)
    page.get_by_role("button", name=re.compile("Next step: 2")).click()
    question = page.locator("[data-follow-up]")
    expect(question).to_be_visible()
    expect(talk).to_contain_text("What colour is the logo?")
    question.get_by_role("button", name="Go to these notes").click()
    expect(notes(page, "clarify")).to_be_focused()
    question.get_by_role("button", name="Answered").click()
    expect(question).to_have_count(0)

    add_part(page, "Ranker")
    expect(page.locator("body")).to_have_attribute("data-board-parts", "1")  # it waits for its font
    page.get_by_role("button", name="Change a requirement").click()
    expect(page.locator("[data-thrown]")).to_contain_text("Reviewers go on strike")
    expect(page.get_by_role("timer", name="Time left for this change")).to_contain_text("5:5")
    page.reload()
    expect(page.locator("[data-thrown]")).to_contain_text("Reviewers go on strike")
    expect(talk).to_contain_text("1,200 a second on average")
    add_part(page, "Feature store")
    wait_until_saved(page)
    page.get_by_role("button", name="Submit design").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit design").click()
    page.get_by_role("link", name="Skip, show the scorecard").click()
    page.wait_for_url("**/scorecard/**")
    after = page.get_by_role("region", name="After the curveball")
    expect(after).to_contain_text("1 box and 0 arrows kept")
    expect(after).to_contain_text(re.compile("Added “.*feature store", re.I))
    expect(page.get_by_text("Questions you asked")).to_be_visible()


def test_with_an_interviewer_the_question_goes_to_them(new_person: Callable[..., Page]) -> None:
    candidate, friend = new_person(), new_person(color_scheme="dark")
    start_as_guest(candidate)
    invite(candidate, friend)
    ask(candidate, "What does a false positive cost?")
    expect(candidate.locator("#asked")).to_contain_text("The interviewer has your question.")
    expect(friend.locator("#asked")).to_contain_text("A missed fraud costs us $110")
    expect(friend.locator("#asked")).to_contain_text("Only you see this")
    friend.get_by_label("In your own words").fill("About twelve dollars.")
    ask(candidate, "Is there a model today?")
    expect(friend.get_by_label("In your own words")).to_have_count(2)
    expect(friend.get_by_label("In your own words").first).to_have_value("About twelve dollars.")
    assert serious_findings(friend) == []
    friend.get_by_role("button", name="Send my words").first.click()
    expect(candidate.locator("#asked")).to_contain_text("About twelve dollars.")
    expect(candidate.locator("#asked")).not_to_contain_text("$110")
    friend.get_by_role("button", name="Send this answer").click()
    expect(candidate.locator("#asked")).to_contain_text("120 hand-written rules")
    expect(candidate.get_by_role("button", name="Change a requirement")).to_have_count(0)
    friend.get_by_role("button", name="Change a requirement").click()
    expect(candidate.locator("[data-thrown]")).to_contain_text("Reviewers go on strike")
    assert serious_findings(candidate) == []
    candidate.set_viewport_size({"width": 320, "height": 700})
    assert overflow(candidate) <= 0
