"""Scripts in every word of a board, and nonsense the gate lets stand: the page shows them and lives on."""

import json
import random
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import ClientConnection, connect

from bench.mutations import PLACE, nonsense
from bench.payloads import payloads
from bench.updates import MAP, TEXT, Part, setting
from tests.browser.test_main_job import add_part, notes, start_as_guest, wait_until_saved
from whiteboard import protocol

pytestmark = pytest.mark.browser


class Stranger:
    """A second socket of somebody who may write, without a page that would hold anything back."""

    def __init__(self, page: Page) -> None:
        config = json.loads(page.locator("#board-config").text_content() or "{}")
        site = "/".join(page.url.split("/")[:3])
        self.address = f"ws{site.removeprefix('http')}{config['socketPath']}"
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
        self.headers = {"Cookie": cookies, "Origin": site}

    def send(self, updates: Iterable[bytes]) -> tuple[int, int]:
        """Send edits one after another and return how many were kept and how many refused."""
        kept = refused = 0
        left = list(reversed(list(updates)))
        while left:
            with connect(self.address, additional_headers=self.headers, max_size=None) as socket:
                socket.send(protocol.step_1(b"\x00"))
                while left:
                    socket.send(protocol.update(left.pop()))
                    if not self._is_kept(socket):
                        refused += 1  # and the socket is closed
                        break
                    kept += 1
        return kept, refused

    def _is_kept(self, socket: ClientConnection) -> bool:
        while True:
            frame = socket.recv(timeout=60)
            if frame[0] in (protocol.Kind.ACK, protocol.Kind.REJECT):
                return bool(frame[0] == protocol.Kind.ACK)


def scripts() -> Iterable[bytes]:
    """Yield edits that put each script where words belong: canvas, frames, what scoring reads, links."""
    base = {"isDeleted": False, "angle": 0}
    for n, payload in enumerate(payloads()):
        at = {**PLACE, "x": 130.0 * (n % 12), "y": 60.0 * (n // 12)}
        words = {
            "text": payload,
            "originalText": payload,
            "fontSize": 16,
            "fontFamily": 5,
            "lineHeight": 1.25,
        }
        text = {
            **base,
            "type": "text",
            "geom": at,
            "text": words,
            "textAlign": "left",
            "verticalAlign": "top",
        }
        frame = {**base, "type": "frame", "geom": {**at, "x": at["x"] - 4000}, "name": payload}
        box = {
            **base,
            "type": "rectangle",
            "geom": {**at, "y": at["y"] + 2000},
            "strokeColor": payload,
            "backgroundColor": payload,
            "customData": {"kind": "model", "part": payload, "volume": payload},
            "groupIds": [payload],
        }
        shapes = [
            text,
            box,
            *([frame] if n % 3 == 0 else []),
            *([{**box, "link": payload}] if n % 9 == 0 else []),
        ]
        for k, fields in enumerate(shapes):
            yield setting(50_000 + 10 * n + k, "elements", {f"x{n}-{k}": Part(MAP, fields)})
    yield setting(9, "notes", {"clarify": Part(TEXT, text="\n".join(payloads()))})
    yield setting(
        10,
        "elements",
        {"frame": Part(MAP, {"type": "iframe", "geom": PLACE, "link": "https://evil.example"})},
    )


def watch(page: Page) -> list[str]:
    """Return a list that fills with every dialog a script opens and every frame that appears."""
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.on("frameattached", lambda frame: seen.append(f"a frame: {frame.url}"))
    return seen


def test_scripts_in_every_word_of_a_board_stay_words(new_person: Callable[..., Page]) -> None:
    page = new_person()
    start_as_guest(page)
    seen = watch(page)
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    wait_until_saved(page)
    kept, refused = Stranger(page).send(scripts())
    assert kept > 2 * len(payloads())  # texts, names of frames, colours
    assert refused > 10  # links that are none, and the iframe
    expect(notes(page, "clarify")).to_have_value("\n".join(payloads()).replace("\r", ""))
    add_part(page, "Ranker")
    page.locator(".board-row").get_by_role("button", name="List").click()
    expect(page.get_by_role("region", name="List")).to_contain_text("<script>alert(1)</script>")
    page.reload()
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    wait_until_saved(page)
    page.get_by_role("button", name="Submit design").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit design").click()
    page.get_by_role("link", name="Skip, show the scorecard").click()
    page.wait_for_url("**/scorecard/**")
    expect(page.locator(".score-line")).to_be_visible(timeout=60_000)
    assert (
        page.evaluate("document.querySelectorAll('iframe, object, embed, [onerror], [onload]').length") == 0
    )
    assert seen == []


def test_nonsense_that_may_stand_on_a_board_does_not_end_a_page(new_person: Callable[..., Page]) -> None:
    page = new_person()
    start_as_guest(page)
    seen = watch(page)
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    wait_until_saved(page)
    dice = random.Random(6)
    kept, _ = Stranger(page).send(nonsense(dice) for _ in range(250))
    assert kept > 20
    add_part(page, "Ranker")
    wait_until_saved(page)
    page.reload()
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    add_part(page, "Feature store")
    wait_until_saved(page)
    assert seen == []
