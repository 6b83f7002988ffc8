"""Two people talk and see each other: off until both press, muted in words, back after a lost connection."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings
from tests.browser.test_main_job import invite, start_as_guest

pytestmark = pytest.mark.browser
PEER = "[...document.querySelector('room-call').call.peers.values()][0]"
FRAMES = """([others, before]) => {
  const videos = [...document.querySelectorAll('.call-tile:not(.is-mine, .is-listening) video')];
  const frames = Math.min(...videos.map((video) => video.getVideoPlaybackQuality().totalVideoFrames));
  return videos.length === others && frames > before + 3 && frames;
}"""


def press(page: Page, name: str) -> None:
    page.locator("room-call").get_by_role("button", name=name, exact=True).click()


def seen_frames(page: Page, before: int = 0, *, others: int = 1) -> int:
    """Wait until more frames of each of the speaking `others` were shown than `before`; return the fewest."""
    deadline = time.monotonic() + 30
    while not (frames := page.evaluate(FRAMES, [others, before])):
        assert time.monotonic() < deadline, f"no frames of all {others} others"
        page.wait_for_timeout(50)
    return int(frames)


def test_two_people_see_each_other_and_find_each_other_again(new_person: Callable[..., Page]) -> None:
    cleo = new_person()
    start_as_guest(cleo)
    expect(cleo.locator("room-call")).to_be_hidden()
    ivo = new_person()
    invite(cleo, ivo)

    ivo.evaluate("() => { window.kept = RTCPeerConnection; delete window.RTCPeerConnection; }")
    press(ivo, "Join the call")
    expect(ivo.locator("room-call")).to_contain_text("This browser has no calls")
    ivo.evaluate("() => { window.RTCPeerConnection = window.kept; }")
    press(cleo, "Join the call")
    expect(cleo.locator("room-call")).to_contain_text("The others have to press the button, too.")
    expect(ivo.locator("room-call")).to_contain_text("Guest is in the call.")
    expect(ivo.locator(".call-tile")).to_have_count(0)  # nothing comes in before the button is pressed
    press(ivo, "Join the call")
    for page in (cleo, ivo):
        expect(page.locator(".call-tile")).to_have_count(2)
        press(page, "Camera on")
    for page in (cleo, ivo):
        seen_frames(page)
    other = cleo.locator(".call-tile:not(.is-mine)")
    expect(other).to_contain_text("speaking", timeout=30_000)  # the fake microphone beeps
    press(ivo, "Mute")
    expect(other).to_contain_text("muted")
    expect(cleo.locator("[data-call-part=said]")).to_have_text("Guest is muted.")
    assert cleo.locator(".canvas").evaluate("(board) => board.clientWidth / innerWidth") >= 0.55
    press(ivo, "Unmute")
    expect(cleo.locator("[data-call-part=said]")).to_have_text("Guest is not muted any more.")
    press(ivo, "Mute")
    assert serious_findings(cleo) == []

    before = cleo.evaluate(f"{PEER}.pc.remoteDescription.sdp.match(/ice-ufrag:.*/)[0]")
    ivo.evaluate(f"{PEER}.lost()")  # what it does when the browser says that the connection has failed
    expect(ivo.locator("room-call")).to_contain_text("Connection to Guest lost. Trying again.")
    cleo.wait_for_function(
        f"(before) => {PEER}.pc.remoteDescription.sdp.match(/ice-ufrag:.*/)[0] !== before", arg=before
    )
    expect(ivo.locator("room-call")).not_to_contain_text("lost", timeout=30_000)
    for page in (cleo, ivo):
        seen_frames(page, seen_frames(page))

    ivo.reload()  # goes on by itself, muted and with the camera as they were
    expect(ivo.locator("room-call")).to_contain_text("With Guest.")
    expect(other).to_contain_text("muted")
    for page in (cleo, ivo):
        seen_frames(page)
    ivo.set_viewport_size({"width": 320, "height": 700})
    assert overflow(ivo) <= 0
    press(ivo, "Leave")
    expect(cleo.locator(".call-tile")).to_have_count(1)
    expect(cleo.locator("[data-call-part=said]")).to_have_text(re.compile("has left the call"))
