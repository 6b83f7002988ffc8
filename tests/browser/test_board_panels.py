"""The board's own panels in two browsers: list, part, people, frames; what one does, the other sees."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings
from tests.browser.test_main_job import add_part, invite, start_as_guest, wait_until_saved

pytestmark = pytest.mark.browser


def two_people(new_person: Callable[..., Page]) -> tuple[Page, Page]:
    """Return the pages of two people who may draw on one board."""
    ana, ben = new_person(reduced_motion="reduce"), new_person(reduced_motion="reduce")
    start_as_guest(ana)
    invite(ana, ben)
    for page in (ana, ben):
        expect(page.locator(".excalidraw canvas").first).to_be_visible()
        wait_until_saved(page)
        expect(page.locator(".people-list__person")).to_have_count(1)
    return ana, ben


def panel(page: Page, name: str) -> Locator:
    """Open a panel, if it is not open, and return it."""
    button = page.locator(".board-row").get_by_role("button", name=name, exact=True)
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    found = page.locator(".board-panel")
    expect(found.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(found.get_by_text("Loading…")).to_have_count(0)
    return found


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Parts").locator(".list-row__button")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_graph_is_built_by_keyboard_alone_and_somebody_else_sees_it(
    new_person: Callable[..., Page],
) -> None:
    ana, ben = two_people(new_person)
    listed = panel(ben, "List")
    ana.get_by_role("button", name="List", exact=True).focus()
    press(ana, "Enter")
    said = ana.locator(".board-panel").get_by_role("status")
    for name in ("Client app", "Ranker", "Online feature store"):
        expect(ana.get_by_label("New part")).to_be_focused()
        ana.keyboard.type(name)
        press(ana, "Enter")
        expect(said).to_contain_text(f"{name} added")
        expect(ana.get_by_label("New part")).to_have_value("")

    press(ana, "Tab", "Tab", "Tab")  # kind, add, the first part
    expect(rows(ana).first).to_be_focused()
    for target in ("Ranker", "Online"):
        press(ana, "Enter")
        while (
            ana.evaluate("document.activeElement.closest('label')?.textContent.startsWith('Connect to')")
            is not True
        ):
            press(ana, "Tab")
        ana.keyboard.type(target)
        press(ana, "Tab")
        ana.keyboard.type("asks")
        press(ana, "Enter")
        expect(said).to_contain_text(f"now leads to {target}")
        if target == "Ranker":
            rows(ana).first.focus()
            press(ana, "ArrowDown")
    expect(listed.get_by_text("3 parts, 2 arrows")).to_be_visible()
    expect(rows(ben).nth(0)).to_have_text(re.compile("Client app.*client.*leads to Ranker", re.S))
    expect(rows(ben).nth(1)).to_have_text(
        re.compile("Ranker.*model.*leads to Online feature store.*fed by Client app", re.S)
    )
    expect(rows(ben).nth(2)).to_have_text(re.compile("Online feature store.*store.*fed by Ranker", re.S))

    # Live, and without losing the place: Ben writes a name while Ana adds, and stays where he is.
    rows(ben).nth(1).click()
    name = ben.get_by_label("Name", exact=True)
    name.fill("Second-stage ranker")
    ana.get_by_label("New part").fill("Monitor")
    ana.keyboard.press("Enter")
    expect(rows(ben)).to_have_count(4)
    expect(name).to_be_focused()
    press(ben, "Enter")
    expect(rows(ana).nth(1)).to_contain_text("Second-stage ranker")
    # What somebody has open may go away under them: they are told, and the focus stays in the list.
    rows(ana).nth(1).click()
    ana.get_by_role("button", name="Delete Second-stage ranker").click()
    expect(said).to_contain_text("Second-stage ranker deleted, with its 2 arrows.")
    expect(rows(ben)).to_have_count(3)
    expect(rows(ana).nth(1)).to_be_focused()
    expect(listed.get_by_role("status")).to_contain_text("deleted by somebody else")
    expect(rows(ben).nth(1)).to_be_focused()
    press(ana, "Escape")
    expect(ana.locator(".board-panel")).to_have_count(0)
    expect(ana.get_by_role("button", name="List", exact=True)).to_be_focused()


def test_latency_and_volume_stand_on_both_boards(new_person: Callable[..., Page]) -> None:
    ana, ben = two_people(new_person)
    add_part(ana, "Ranker")
    part = panel(ana, "Part")
    latency = part.get_by_label("Latency, ms")
    latency.fill("fast")
    latency.press("Enter")
    expect(part.get_by_role("alert")).to_have_text(re.compile("Give the latency as a number"))
    latency.fill("1.5 s")
    latency.press("Enter")
    part.get_by_label("Volume").fill("5k req/s")
    part.get_by_label("Volume").press("Tab")
    for page in (ana, ben):
        expect(page.locator(".captions")).to_have_text("1500 ms · 5k req/s")
    panel(ben, "List")
    expect(rows(ben).first).to_contain_text("model · 1500 ms · 5k req/s")
    add_part(ana, "Cache")
    ana.locator(".excalidraw canvas.interactive").click(position={"x": 450, "y": 690})
    ana.keyboard.press("Control+a")
    part = panel(ana, "Part")
    expect(part.get_by_text("2 parts")).to_be_visible()
    part.get_by_label("Kind").select_option("monitoring")
    expect(rows(ben).nth(0)).to_contain_text("monitoring")
    expect(rows(ben).nth(1)).to_contain_text("monitoring")


def test_a_laser_is_seen_and_a_view_followed(new_person: Callable[..., Page]) -> None:
    ana, ben = two_people(new_person)
    add_part(ana, "Ranker")
    expect(ben.locator("body")).to_have_attribute("data-board-parts", "1")
    ana.get_by_role("button", name="Laser", exact=True).click()
    box = ana.locator(".excalidraw canvas.interactive").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    ana.mouse.move(x, y)
    ana.mouse.down()
    trail = (
        "[...document.querySelectorAll('.SVGLayer path')].some((path) => path.getAttribute('d')?.length > 40)"
    )
    for step in range(200):
        ana.mouse.move(x + step % 40 * 5, y + step % 7 * 9)
        if ben.evaluate(trail):
            break
        ben.wait_for_timeout(30)
    assert ben.evaluate(trail), "nobody sees the laser"
    ana.mouse.up()
    ana.get_by_role("button", name="Laser", exact=True).click()

    ben.get_by_role("button", name=re.compile("^Follow ")).click()
    expect(ana.locator(".people__followed")).to_contain_text("follows you")
    before = zoom_of(ben)
    ana.locator('[aria-label="Zoom out"]').click()
    ana.locator('[aria-label="Zoom out"]').click()
    expect(ben.locator(".reset-zoom-button")).not_to_have_text(before)
    ben.keyboard.press("Escape")
    expect(ana.locator(".people__followed")).to_have_count(0)
    ben.get_by_role("button", name=re.compile("^Follow ")).click()
    expect(ana.locator(".people__followed")).to_have_count(1)
    ben.mouse.move(x, y)
    ben.mouse.wheel(0, 120)
    expect(ana.locator(".people__followed")).to_have_count(0)


def zoom_of(page: Page) -> str:
    return page.locator(".reset-zoom-button").inner_text()


def test_a_frame_takes_a_part_along_on_both_boards(new_person: Callable[..., Page]) -> None:
    ana, ben = two_people(new_person)
    add_part(ana, "Ranker")
    panel(ana, "Part").get_by_label("Latency, ms").fill("12")
    ana.keyboard.press("Enter")
    expect(ben.locator(".captions span")).to_have_count(1)
    ana.keyboard.press("Escape")
    spot = ana.locator(".captions span").bounding_box()
    assert spot is not None
    x, y = spot["x"] + spot["width"] / 2, spot["y"] - 30  # the middle of the part
    ana.get_by_role("button", name="Frame", exact=True).click()
    ana.mouse.move(x - 150, y - 95)
    ana.mouse.down()
    ana.mouse.move(x + 150, y + 95, steps=6)
    ana.mouse.up()
    listed = panel(ben, "List")
    frames = listed.get_by_role("list", name="Frames").locator(".list-row__button")
    expect(frames).to_contain_text("holds Ranker")
    frames.click()
    name = listed.get_by_role("textbox", name="Name")
    name.fill("Serving")
    name.press("Enter")
    panel(ana, "List")
    expect(rows(ana).first).to_contain_text("in Serving")
    before = ben.locator(".captions span").get_attribute("style")
    ana.keyboard.press("Escape")
    ana.mouse.move(x - 150, y)  # its border
    ana.mouse.down()
    ana.mouse.move(x - 190, y + 90, steps=6)
    ana.mouse.up()
    expect(ben.locator(".captions span")).not_to_have_attribute("style", before or "")
    expect(frames).to_have_text(re.compile("Serving.*holds Ranker"))


def test_axe_finds_nothing_serious_with_any_panel_open(new_person: Callable[..., Page]) -> None:
    page = new_person(reduced_motion="reduce")
    start_as_guest(page)
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    add_part(page, "Ranker")
    wait_until_saved(page)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.reload()
        expect(page.locator("body")).to_have_attribute("data-board-parts", "1")
        for button in page.locator(".board-row [data-panel][aria-label]").all():
            name = button.get_attribute("aria-label") or ""
            opened = panel(page, name)
            if name == "List":
                rows(page).first.click()
            found += [f"{name}, {scheme}: {one}" for one in serious_findings(page)]
            if scheme == "light":
                page.set_viewport_size({"width": 320, "height": 700})
                assert overflow(page) <= 0, f"{name} is wider than a small phone"
                page.set_viewport_size({"width": 1280, "height": 900})
            opened.get_by_role("button", name=f"Close {name}").click()
    assert found == []


def test_undo_takes_back_only_what_this_person_did(new_person: Callable[..., Page]) -> None:
    """Twelve steps by two people, taking turns; both boards say the same after each."""
    people = two_people(new_person)
    ana, ben = people
    for page in people:
        panel(page, "List")

    def both_show(*parts: str) -> None:
        for page in people:
            expect(rows(page)).to_have_count(len(parts))
            for place, said in enumerate(parts):
                expect(rows(page).nth(place)).to_have_text(re.compile(f"^{said}$", re.S))

    def add(page: Page, name: str) -> None:
        page.get_by_label("New part").fill(name)
        page.keyboard.press("Enter")

    def take_back(page: Page, what: str = "Undo") -> None:
        page.locator(".board-panel").get_by_role("button", name=what, exact=True).click()

    add(ana, "Ranker")
    both_show("Ranker model")
    add(ben, "Cache")
    both_show("Ranker model", "Cache cache")
    rows(ana).first.click()
    ana.get_by_label("Volume").fill("5k req/s")
    ana.keyboard.press("Enter")
    both_show("Ranker model · 5k req/s", "Cache cache")
    rows(ben).first.click()
    ben.get_by_role("textbox", name="Name").fill("Scorer")
    ben.keyboard.press("Enter")
    both_show("Scorer model · 5k req/s", "Cache cache")
    ana.get_by_label("Connect to").select_option("Cache")
    ana.get_by_role("button", name="Connect", exact=True).click()
    linked = ("Scorer model.*leads to Cache", "Cache cache.*fed by Scorer")
    both_show(*linked)
    take_back(ben)  # the name, which is under Ana's arrow and beside her figure
    both_show("Ranker model · 5k req/s.*leads to Cache", "Cache cache.*fed by Ranker")
    take_back(ana)  # her arrow
    both_show("Ranker model · 5k req/s", "Cache cache")
    take_back(ana)  # her figure
    both_show("Ranker model", "Cache cache")
    take_back(ben, "Redo")  # his name again
    both_show("Scorer model", "Cache cache")
    take_back(ana, "Redo")
    both_show("Scorer model · 5k req/s", "Cache cache")
    take_back(ben)
    take_back(ben)  # his part
    both_show("Ranker model · 5k req/s")
    take_back(ben)
    expect(ben.locator(".board-panel").get_by_role("status")).to_have_text("There is nothing to undo.")
    both_show("Ranker model · 5k req/s")
