"""People in one room, each in a browser of their own: two, three and four, each seeing what is theirs."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_calls import press, seen_frames
from tests.browser.test_every_page_is_accessible import serious_findings
from tests.browser.test_main_job import add_part, notes, start_as_guest, wait_until_saved
from tests.browser.test_the_interviewer import ask

pytestmark = pytest.mark.browser
# Which way the lines of a page go, and which devices it could ask for.
SENT = """() => {
  const peers = [...document.querySelector('room-call').call.peers.values()];
  const lines = peers.flatMap(({ pc }) => pc.getTransceivers());
  const devices = ['camera', 'microphone'].filter((name) => document.featurePolicy.allowsFeature(name));
  return { directions: [...new Set(lines.map(({ currentDirection }) => currentDirection))], devices };
}"""


def test_a_friend_is_invited_and_interviews_from_the_cockpit(new_person: Callable[..., Page]) -> None:
    candidate, friend = new_person(), new_person(color_scheme="dark")
    candidate.goto("/cases/payment-fraud/")
    candidate.get_by_role("button", name="Invite a friend to interview you").click()
    candidate.get_by_role("button", name="Link for an interviewer").click()
    expect(candidate.locator('[data-check="socket"]')).to_contain_text("The board answers")
    friend.goto(candidate.get_by_label("Invitation link").input_value())
    friend.get_by_label("Your name").fill("Ivo")
    friend.get_by_role("button", name="Join as a guest").dblclick()
    expect(candidate.locator("#together")).to_contain_text("Ivo")
    expect(candidate.locator("#together .people__name", has_text="Ivo")).to_have_count(1)
    assert serious_findings(candidate) == []
    # The answer to one's own click is late, and holds what was so before the other's: nothing is missed.
    late: list[Callable[[], None]] = []

    def hold(route: Route) -> None:
        answer = route.fetch()
        late.append(lambda: route.fulfill(response=answer))

    candidate.route("**/ready/", hold)
    candidate.get_by_role("button", name="I am ready").click()
    expect(friend.locator("#together")).to_contain_text("Candidate, host · here · ready")
    friend.get_by_role("button", name="I am ready").click()
    friend.get_by_text("starts the clock.").last.wait_for()
    candidate.wait_for_timeout(300)  # by then the candidate's page has heard of it
    for let_in in late:
        let_in()
    candidate.get_by_role("button", name="Start the interview").click()

    cockpit = friend.get_by_label("Interviewer cockpit")
    expect(cockpit).to_contain_text("Now · 1 Clarify")
    ask(candidate, "What does a false positive cost?")
    friend.get_by_role("button", name="Send this answer").click()
    expect(candidate.locator("#asked")).to_contain_text("A missed fraud costs us $110")
    friend.get_by_role("button", name="Give the nudge for scope").click()
    expect(candidate.locator("#hints .is-given")).to_have_count(1)
    friend.locator("h1").click()
    friend.keyboard.press("n")
    expect(friend.locator("#stamp[data-fresh] input[name=text]")).to_be_focused()
    friend.keyboard.type("Asked for the cost before drawing.")
    friend.keyboard.press("Enter")
    cockpit.get_by_text("Notes", exact=True).click()
    expect(cockpit.locator(".stamps textarea")).to_have_value("Asked for the cost before drawing.")
    assert serious_findings(friend) == []
    expect(candidate.locator("body")).not_to_contain_text("before drawing")

    notes(candidate, "clarify").fill("1,200 payments a second, 150 ms.")
    wait_until_saved(candidate)
    expect(friend.locator('[data-notes-step="clarify"]')).to_have_value(re.compile("1,200 payments"))
    candidate.get_by_role("button", name="Submit design").first.click()
    candidate.get_by_role("dialog").get_by_role("button", name="Submit design").click()
    candidate.wait_for_url(re.compile("/interviews/[^/]+/.+"))
    friend.wait_for_url(re.compile("/interviews/[^/]+/.+"))


def comes_in(page: Page, name: str, role: str, *, invited_by: Page, shown: str) -> str:
    """Invite a guest, have them come by the new link, which is not the one `shown`, and return it."""
    link = invited_by.get_by_label("Invitation link")
    invited_by.get_by_role("button", name=f"Link for an {role}").click()
    expect(link).not_to_have_value(shown)
    address = link.input_value()
    page.goto(address)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join as a guest").click()
    return address


def test_two_interviewers_and_an_observer_see_what_is_theirs(new_person: Callable[..., Page]) -> None:
    candidate, ivo, ida, olga = (new_person() for _ in range(4))
    candidate.goto("/cases/payment-fraud/")
    candidate.get_by_role("button", name="Invite a friend to interview you").click()
    shown = ""
    for page, name, role in (
        (ivo, "Ivo", "interviewer"),
        (ida, "Ida", "interviewer"),
        (olga, "Olga", "observer"),
    ):
        shown = comes_in(page, name, role, invited_by=candidate, shown=shown)
        expect(candidate.locator("#together")).to_contain_text(name)
    for page in (ivo, ida, candidate):
        page.get_by_role("button", name="I am ready").click()
    candidate.get_by_role("button", name="Start the interview").click()
    everybody = (candidate, ivo, ida, olga)
    for page in everybody:
        expect(page.locator(".excalidraw canvas").first).to_be_visible()
    add_part(candidate, "Ranker")
    for page, cockpits in ((candidate, 0), (ivo, 1), (ida, 1), (olga, 0)):
        expect(page.locator("body")).to_have_attribute("data-board-parts", "1")
        expect(page.get_by_label("Interviewer cockpit")).to_have_count(cockpits)

    ivo.locator("#stamp-text").fill("For Ivo alone.")
    ivo.get_by_role("button", name="Stamp").click()
    for page, own in ((ivo, 1), (ida, 0)):
        page.get_by_label("Interviewer cockpit").get_by_text("Notes", exact=True).click()
        expect(page.locator(".stamps textarea")).to_have_count(own)
    speakers = (candidate, ivo, ida)
    for page in speakers:
        press(page, "Join the call")
        press(page, "Camera on")
    press(olga, "Listen to the call")
    for page in speakers:
        seen_frames(page, others=2)
        expect(page.locator(".call-tile", has_text="Olga")).to_contain_text("is listening")
        expect(page.locator("call-words")).to_contain_text("Olga is listening.")
    seen_frames(olga, others=3)
    assert olga.evaluate(SENT) == {"directions": ["recvonly"], "devices": []}
    press(olga, "Leave")
    for page in speakers:
        expect(page.locator(".call-tile")).to_have_count(3)

    notes(candidate, "clarify").fill("1,200 payments a second, 150 ms.")
    wait_until_saved(candidate)
    candidate.get_by_role("button", name="Submit design").first.click()
    candidate.get_by_role("dialog").get_by_role("button", name="Submit design").click()
    for page in (ivo, ida):
        expect(page.get_by_role("heading", name="Score this design, alone")).to_be_visible()
    expect(olga.locator("body")).to_contain_text("The design was submitted")
    for page in (candidate, ida, olga):
        assert "For Ivo alone" not in page.content()


def test_an_observer_comes_to_a_room_that_is_live_and_is_gone_when_removed(
    new_person: Callable[..., Page],
) -> None:
    candidate, friend, watcher = (new_person() for _ in range(3))
    start_as_guest(candidate)
    candidate.get_by_role("button", name="Invite", exact=True).click()
    shown = ""
    for page, name, role in ((friend, "Ivo", "interviewer"), (watcher, "Olga", "observer")):
        shown = comes_in(page, name, role, invited_by=candidate, shown=shown)
        expect(page.locator(".excalidraw canvas").first).to_be_visible()
    candidate.get_by_role("button", name="Close").click()
    add_part(candidate, "Ranker")
    for page in (friend, watcher):
        expect(page.locator("body")).to_have_attribute("data-board-parts", "1")
    expect(watcher.get_by_role("button", name="Submit design")).to_have_count(0)
    for page, name in (
        (candidate, "Join the call"),
        (friend, "Join the call"),
        (watcher, "Listen to the call"),
    ):
        press(page, name)
    for page in (candidate, friend, watcher):
        expect(page.locator(".call-tile")).to_have_count(3)
    olga = candidate.locator("#people li", has_text="Olga")
    olga.locator("summary").click()
    olga.get_by_role("button", name="Remove").click()
    expect(watcher.get_by_text("There is no such interview, or you are not in it.")).to_be_visible(
        timeout=15_000
    )
    expect(candidate.locator("#people")).not_to_contain_text("Olga")
    expect(friend.locator("#people")).not_to_contain_text("Olga")
    for page in (candidate, friend):  # whose rights end is out of the call, and the others stay in it
        expect(page.locator(".call-tile")).to_have_count(2)
        expect(page.locator("call-words")).not_to_contain_text("Olga is listening")
