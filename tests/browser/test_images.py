"""Pictures on the board: added, seen by others, kept through reload and lost connection, shown at the end."""

import base64
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import COLLECTED, invite, start_as_guest, wait_until_saved
from tests.factories import pictures

pytestmark = pytest.mark.browser

# Chromium's own file dialog cannot be answered by a test, an <input type=file> can.
OLD_DIALOG = "delete window.showOpenFilePicker; delete Window.prototype.showOpenFilePicker"
DROP = """([bytes, name, type, x, y]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], name, { type }));
  const { left, top } = document.querySelector(".excalidraw canvas.interactive").getBoundingClientRect();
  const place = { clientX: left + x, clientY: top + y };
  document.elementFromPoint(place.clientX, place.clientY).dispatchEvent(
    new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true, ...place }));
}"""
SEES = """([red, green, blue]) => {
  const canvas = document.querySelector(".excalidraw canvas.static");
  if (!canvas) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let seen = 0;
  for (let at = 0; at < data.length; at += 16) {
    const off = [red, green, blue].map((part, place) => Math.abs(data[at + place] - part));
    if (Math.max(...off) < 8) seen += 1;
  }
  return seen > 200;
}"""
WIDTH_OF = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image.naturalWidth;
}"""
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><script>alert(1)</script>
  <rect width="200" height="100" fill="teal"/></svg>"""
# A database of the browser lets one read only when what was to be written before is written.
STORED = """async () => {
  for (const { name } of await indexedDB.databases()) {
    const opened = await new Promise((done) => {
      indexedDB.open(name).onsuccess = ({ target }) => done(target.result);
    });
    await new Promise((done) => { opened.transaction([...opened.objectStoreNames]).oncomplete = done; });
    opened.close();
  }
}"""
TEAL, PURPLE = (0, 128, 128), (128, 0, 128)


def drop(page: Page, data: bytes, name: str, kind: str, x: int = 400, y: int = 300) -> None:
    page.evaluate(DROP, [base64.b64encode(data).decode(), name, kind, x, y])


def sees(page: Page, color: tuple[int, int, int]) -> None:
    page.wait_for_function(SEES, arg=list(color))


def wait_until_kept(page: Page) -> None:
    """Wait until the browser has stored what was drawn and written here up to now."""
    page.evaluate(COLLECTED)
    page.evaluate(STORED)


def saved_file(page: Page) -> dict:
    """Return what the board's menu saves as an .excalidraw file."""
    page.get_by_role("button", name="Board menu").click()
    with page.expect_download() as download:
        page.get_by_text("Drawing, .excalidraw").click()
    return json.loads(download.value.path().read_text())


def images_in(page: Page) -> list[dict]:
    return [element for element in saved_file(page)["elements"] if element["type"] == "image"]


def open_room(page: Page) -> str:
    page.add_init_script(OLD_DIALOG)
    start_as_guest(page)
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    wait_until_saved(page)
    return page.url


def test_a_picture_is_seen_by_the_other_after_a_reload_and_on_the_scorecard(
    new_person: Callable[..., Page],
) -> None:
    candidate, observer = new_person(), new_person()
    open_room(candidate)
    invite(candidate, observer, "observer")
    expect(observer.locator(".excalidraw canvas").first).to_be_visible()
    with candidate.expect_file_chooser() as chooser:
        candidate.locator('[data-testid="toolbar-image"]').click(force=True)
    photo = pictures.picture((300, 200), "teal", "JPEG", quality=95)
    chooser.value.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(candidate.get_by_text("Click to place the image")).to_be_visible()
    candidate.locator(".excalidraw canvas.interactive").click(position={"x": 360, "y": 380})
    for page in (candidate, observer):
        sees(page, TEAL)
    wait_until_saved(candidate)
    for page in (candidate, observer):
        page.reload()
        sees(page, TEAL)
    wait_until_saved(candidate)

    drop(candidate, pictures.film("WEBP"), "film.webp", "image/webp")
    expect(candidate.locator(".Toast")).to_contain_text("Animated pictures cannot be on a board")
    drop(candidate, b"no picture", "photo.png", "image/png")
    expect(candidate.locator(".Toast")).to_contain_text("not a picture that can be opened")
    expect(candidate.get_by_role("dialog")).to_have_count(0)
    [kept] = images_in(candidate)
    assert re.fullmatch("img-[0-9a-f]{36}", kept["fileId"])

    candidate.get_by_role("button", name="Submit design").click()
    candidate.get_by_role("dialog").get_by_role("button", name="Submit design").click()
    candidate.get_by_role("link", name="Skip, show the scorecard").click()
    candidate.locator(".score-line").wait_for(timeout=60_000)
    shown = candidate.locator(f'.scorecard__board image[href*="{kept["fileId"]}"]')
    expect(shown).to_have_count(1)
    address = shown.get_attribute("href")
    assert candidate.evaluate(WIDTH_OF, address) == 300

    expect(observer.locator("save-state")).to_have_attribute("data-state", "readonly")
    observer.reload()
    sees(observer, TEAL)
    expect(observer.locator('[data-testid="toolbar-image"]')).to_have_count(0)


def test_what_is_added_without_a_connection_survives_the_tab_and_comes_with_files(
    new_person: Callable[..., Page],
) -> None:
    page = new_person()
    room = open_room(page)
    page.context.set_offline(True)
    drop(page, pictures.picture((240, 160), "purple"), "photo.png", "image/png")
    sees(page, PURPLE)
    expect(page.get_by_text("1 picture kept here")).to_be_visible()
    wait_until_kept(page)
    page.close()
    page.context.set_offline(False)

    page = page.context.new_page()
    page.goto(room)
    sees(page, PURPLE)
    wait_until_saved(page)
    expect(page.locator(".picture-notice")).to_be_hidden()
    page.reload()
    sees(page, PURPLE)
    file = saved_file(page)
    assert [data["mimeType"] for data in file["files"].values()] == ["image/png"]

    other = new_person()
    open_room(other)
    address = "data:image/svg+xml;base64," + base64.b64encode(SVG.encode()).decode()
    photo = next(element for element in file["elements"] if element["type"] == "image")
    drawn = photo | {
        "id": "vector",
        "fileId": "0123456789abcdef0123456789abcdef01234567",
        "y": photo["y"] + 200,
    }
    file["elements"].append(drawn)
    file["files"][drawn["fileId"]] = {
        "id": drawn["fileId"],
        "mimeType": "image/svg+xml",
        "dataURL": address,
        "created": 1,
    }
    drop(other, json.dumps(file).encode(), "board.excalidraw", "application/vnd.excalidraw+json")
    sees(other, PURPLE)
    sees(other, TEAL)
    wait_until_saved(other)
    other.reload()
    sees(other, PURPLE)
    sees(other, TEAL)
    kinds = {data["mimeType"] for data in saved_file(other)["files"].values()}
    assert kinds == {"image/png"}, "what came as an SVG is pixels now"


def test_the_palette_is_a_library_that_excalidraw_opens_and_parts_keep_their_kind(
    new_person: Callable[..., Page],
) -> None:
    page = new_person()
    open_room(page)
    page.get_by_role("button", name="ML parts", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as library").click()
    assert download.value.suggested_filename == "ml-parts.excalidrawlib"
    library = download.value.path().read_bytes()
    assert len(json.loads(library)["libraryItems"]) >= 30
    page.get_by_role("button", name="Close ML parts").click()
    # The editor reads it by its own loadLibraryFromBlob, and opens its own library.
    drop(page, library, "ml-parts.excalidrawlib", "application/vnd.excalidrawlib+json")
    items = page.locator(".library-unit__dragger")
    expect(items.nth(29)).to_be_visible()
    items.first.click()
    wait_until_saved(page)
    [box] = [element for element in saved_file(page)["elements"] if element["type"] == "rectangle"]
    assert box["customData"] == {"kind": "client", "part": "client-app"}
