"""Cases, briefs and the guide as they are read: drawings with words of a readable size, and on paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings

pytestmark = pytest.mark.browser
GUIDE = "/guide/two-stage-retrieval/"
CASE = "/cases/payment-fraud/"
WORDS = (
    "Math.min(...[...document.querySelectorAll('.drawing tspan')].map(e => e.getBoundingClientRect().height))"
)
ON_PAPER = """() => ({
    shown: [...document.querySelectorAll('.site-bar, .site-foot, button, .button, .start, .guide-turn')]
        .filter(one => one.getClientRects().length).length,
    ink: getComputedStyle(document.body).color,
    paper: getComputedStyle(document.body).backgroundColor,
})"""


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_the_words_of_a_drawing_can_be_read_on_a_laptop_and_on_a_phone(
    new_person: Callable[..., Page],
) -> None:
    page = new_person(reduced_motion="reduce")
    page.goto(GUIDE)
    assert page.evaluate(WORDS) >= 12
    found = serious_findings(page)
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0
        assert page.evaluate(WORDS) >= 12
    page.get_by_label("Larger").check()
    assert overflow(page) <= 0
    assert page.evaluate(WORDS) >= 18
    assert found == []


def test_a_case_its_brief_and_the_guide_print_without_what_belongs_to_a_screen(
    new_person: Callable[..., Page],
) -> None:
    page = new_person(color_scheme="dark", reduced_motion="reduce")
    page.goto(CASE)
    page.get_by_text("Show me anyway").click()
    page.get_by_role("button", name="Open the case").click()
    page.get_by_role("link", name="Open the brief").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment fraud: interviewer’s brief")
    assert serious_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert overflow(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    for path, sheets in ((f"{CASE}brief/", (4, 5)), (CASE, range(7, 12)), (GUIDE, (2, 3))):
        page.goto(path)
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate(ON_PAPER) == {"shown": 0, "ink": "rgb(0, 0, 0)", "paper": "rgb(255, 255, 255)"}
        page.emulate_media(media="null", color_scheme="dark")
        assert pages_of(page.pdf(prefer_css_page_size=True)) in sheets
