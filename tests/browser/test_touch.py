"""The board under fingers and a pen, on a phone: the hand moves what is seen, pen and tools draw."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.test_images import TEAL, open_room, saved_file, sees
from tests.factories import pictures

pytestmark = pytest.mark.browser
# While a shape is drawn, the editor's own buttons take no touches.
IS_FREE = """() => getComputedStyle(document.querySelector(".excalidraw-container"))
  .getPropertyValue("--ui-pointerEvents") !== "none\""""
GRABS = """() => getComputedStyle(document.querySelector(".excalidraw canvas.interactive"))
  .cursor === "grab\""""
Point = tuple[float, float]


class Fingers:
    """Touches and pen strokes as the screen would report them."""

    def __init__(self, page: Page) -> None:
        self.page, self.screen = page, page.context.new_cdp_session(page)

    def touch(self, kind: str, *points: Point) -> None:
        down = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        self.screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": down})

    def move(self, *paths: tuple[Point, Point], steps: int = 10) -> None:
        """Put a finger down at the start of each path, move all to their ends, and lift them."""
        for count in range(len(paths)):
            self.touch("touchStart", *(start for start, _ in paths[: count + 1]))
        for step in range(1, steps + 1):
            self.touch("touchMove", *(between(start, end, step / steps) for start, end in paths))
            self.page.wait_for_timeout(20)
        # A finger that is lifted in full swing lets Chromium take the next tap for the end of the swing.
        for _ in range(3):
            self.page.wait_for_timeout(60)
            self.touch("touchMove", *(end for _, end in paths))
        self.touch("touchEnd")

    def pen(self, start: Point, end: Point, steps: int = 10) -> None:
        self._pen("mousePressed", start)
        for step in range(1, steps + 1):
            self._pen("mouseMoved", between(start, end, step / steps))
        self._pen("mouseReleased", end)

    def _pen(self, kind: str, place: Point) -> None:
        said: dict[str, Any] = {"type": kind, "x": place[0], "y": place[1], "pointerType": "pen"}
        said |= {"button": "left", "buttons": 1, "clickCount": 1, "force": 0.5}
        session: CDPSession = self.screen
        session.send("Input.dispatchMouseEvent", said)


def between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def on_a_phone(new_person: Callable[..., Page]) -> Page:
    """Return a room on a phone."""
    page = new_person(has_touch=True, is_mobile=True)
    page.set_viewport_size({"width": 390, "height": 844})
    open_room(page)
    return page


def strokes(page: Page) -> list[dict]:
    return [element for element in saved_file(page)["elements"] if element["type"] == "freedraw"]


def choose(page: Page, tool: str) -> None:
    button = page.locator(f'[data-testid="toolbar-{tool}"]')
    page.wait_for_function(IS_FREE)
    button.tap(force=True)
    if tool != "image":  # it hands over to the hand or the arrow at once
        expect(button).to_be_checked()


def test_fingers_move_the_board_and_draw_where_they_are(new_person: Callable[..., Page]) -> None:
    page = on_a_phone(new_person)
    fingers = Fingers(page)
    choose(page, "freedraw")
    fingers.move(((100, 400), (200, 400)))
    page.wait_for_function(IS_FREE)
    page.locator('[data-testid="toolbar-hand"]').or_(page.get_by_label("Hand")).first.tap(force=True)
    page.wait_for_function(GRABS)
    fingers.move(((200, 500), (260, 560)))
    fingers.move(((180, 500), (140, 500)), ((220, 500), (260, 500)))
    assert page.evaluate("[visualViewport.scale, scrollX, scrollY]") == [1, 0, 0], (
        "the board zoomed, not the page"
    )

    for tab in ("notes", "board"):
        page.locator(f'[name="room-tab"][value="{tab}"]').tap(force=True)
    choose(page, "freedraw")
    fingers.move(((100, 400), (200, 400)))
    first, second = strokes(page)
    assert round(first["width"]) == 100
    assert round(second["width"]) == 33, "three times as near"
    assert second["x"] - first["x"] == pytest.approx(27, abs=4)
    assert second["y"] - first["y"] == pytest.approx(7, abs=4)


def test_a_phone_starts_with_the_hand_opens_the_menu_by_a_long_press_and_knows_a_palm_from_a_pen(
    new_person: Callable[..., Page],
) -> None:
    page = on_a_phone(new_person)
    fingers = Fingers(page)
    fingers.move(((100, 400), (200, 500)))
    assert saved_file(page)["elements"] == []

    choose(page, "selection")
    fingers.touch("touchStart", (200, 600))
    expect(page.locator(".context-menu")).to_be_visible()
    fingers.touch("touchEnd")
    page.wait_for_timeout(200)
    expect(page.locator(".context-menu")).to_be_visible()
    page.locator(".context-menu").get_by_text("Select all").tap()
    expect(page.locator(".context-menu")).to_have_count(0)

    with page.expect_file_chooser() as chooser:
        choose(page, "image")
    photo = pictures.picture((300, 200), "teal", "JPEG", quality=95)
    chooser.value.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo})
    sees(page, TEAL)

    choose(page, "freedraw")
    fingers.pen((100, 400), (200, 500))
    fingers.move(((100, 600), (200, 600)))
    [drawn] = strokes(page)
    assert round(drawn["height"]) == 100
