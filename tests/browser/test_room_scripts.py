"""The room's page scripts alone: where the focus goes on, what is kept, what a dialog says offline."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_page_scripts import SUBMIT_SCRIPT, show

pytestmark = pytest.mark.browser

ASK_SCRIPT = '<script type="module" src="/static/js/ask.js"></script>'
COCKPIT_SCRIPT = '<script type="module" src="/static/js/cockpit.js"></script>'
FOCUS_SCRIPT = '<script type="module" src="/static/js/keep-focus.js"></script>'
SWAPPED = """html => {
  const target = document.getElementById("asked");
  target.innerHTML = html;
  const detail = { target, elt: target };
  target.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true, detail }));
}"""
SETTLED = "document.body.dispatchEvent(new CustomEvent('htmx:afterSettle', { bubbles: true }))"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(color_scheme="light")
    yield context.new_page()
    context.close()


def swapped(page: Page, part: str, html: str) -> None:
    page.evaluate(
        "([part, html]) => { document.getElementById(part).innerHTML = html; }",
        [part, html],
    )
    page.evaluate(SETTLED)


def test_who_works_by_keyboard_keeps_their_place_when_a_part_of_the_room_changes(page: Page) -> None:
    parts = "".join(
        f'<div id="{name}"><button>Go</button><button>Show {name}</button></div>'
        for name in ("hints", "next-step")
    )
    show(page, f'{FOCUS_SCRIPT}{parts}<h2 id="notes-title" tabindex="-1">Notes</h2><p>Beside it</p>')
    page.get_by_role("button", name="Show hints").focus()
    swapped(page, "hints", "<button>Go</button><button>Show more</button>")
    expect(page.get_by_role("button", name="Show more")).to_be_focused()
    swapped(page, "hints", "<p>All were given.</p>")
    expect(page.locator("#hints")).to_be_focused()
    page.get_by_role("button", name="Show next-step").focus()
    swapped(page, "next-step", "<button>Again</button>")
    expect(page.locator("#notes-title")).to_be_focused()
    page.get_by_role("button", name="Again").click()
    page.get_by_text("Beside it").click()
    swapped(page, "next-step", "<button>Another</button>")
    expect(page.locator("body")).to_be_focused()


def test_a_question_that_was_refused_stays_in_its_field(page: Page) -> None:
    show(page, f'{ASK_SCRIPT}<form data-ask><input id="ask-question" aria-label="Ask"></form>')
    field = page.get_by_label("Ask")
    field.fill("How many a second?")
    answered = (
        "status => document.querySelector('form').dispatchEvent(new CustomEvent('htmx:afterRequest', "
        "{ bubbles: true, detail: { successful: true, xhr: { status } } }))"
    )
    page.evaluate(answered, 422)
    expect(field).to_have_value("How many a second?")
    page.evaluate(answered, 200)
    expect(field).to_have_value("")


def test_a_question_that_comes_while_the_interviewer_looks_elsewhere_is_said_and_counted(page: Page) -> None:
    count = "<b data-waiting hidden><span></span><span></span></b>"
    panel = '<section id="cockpit"><div id="pane" hidden><div id="asked"></div></div></section>'
    heard = '<p role="status" id="ask-status"></p>'
    show(page, f"{ASK_SCRIPT}{COCKPIT_SCRIPT}<p id='tab'>Run sheet{count}</p>{panel}{heard}")
    page.evaluate("document.addEventListener('notice', (event) => { document.title = event.detail; })")

    def comes(html: str) -> None:
        page.evaluate(SWAPPED, html)
        page.evaluate(SETTLED)

    waits = '<dd class="asked__waits">Waits</dd><dd class="asked__answer"><form></form></dd>'
    comes(f"<dl><div><dt>How many a second?</dt>{waits}</div></dl>")
    expect(page.locator("#tab")).to_have_text("Run sheet1 question waits")
    expect(page.locator("#ask-status")).to_have_text("A question: How many a second?")
    expect(page).to_have_title("The candidate asks something. It waits on your run sheet.")
    comes("<dl><div><dt>How many a second?</dt><dd>1,200.</dd></div></dl>")
    expect(page.locator("#tab b")).to_be_hidden()
    page.locator("#pane").evaluate("pane => { pane.hidden = false; document.title = 'quiet'; }")
    comes(f"<dl><div><dt>One?</dt><dd>1,200.</dd></div><div><dt>Two?</dt>{waits}</div></dl>")
    expect(page.locator("#ask-status")).to_have_text("A question: Two?")
    expect(page).to_have_title("quiet")


def test_the_submit_dialog_says_that_it_is_offline_and_goes_on_once_the_work_is_saved(page: Page) -> None:
    show(
        page,
        f'{SUBMIT_SCRIPT}<dialog id="submit-dialog"><div role="status">Looking at what is there…</div>'
        "<form data-submit-design><p data-unsaved>Not saved yet.</p></form></dialog>",
    )
    page.evaluate(
        "() => { document.getElementById('submit-dialog').showModal(); "
        "document.body.addEventListener('submit-asked', () => { document.body.dataset.asked = '1'; }); "
        "document.querySelector('[role=status]').dispatchEvent(new CustomEvent('htmx:sendError', "
        "{ bubbles: true })); }"
    )
    expect(page.get_by_role("status")).to_contain_text("could not be looked up just now")
    saved = "document.dispatchEvent(new CustomEvent('board:status', { detail: { state: 'saved' } }))"
    page.evaluate(saved)
    expect(page.get_by_text("Not saved yet.")).to_be_hidden()
    expect(page.locator("body")).to_have_attribute("data-asked", "1")


def test_a_board_that_is_not_all_saved_is_not_kept_as_it_was_before_a_change(page: Page) -> None:
    show(
        page,
        f'{ASK_SCRIPT}<div id="board"><i></i></div><form data-flush-first><button>Change</button></form>',
    )
    told = page.evaluate(
        """async () => {
          const told = { sent: 0, said: [] };
          document.addEventListener("notice", (event) => told.said.push(event.detail));
          for (const all of [false, true]) {
            document.addEventListener("board:flush", (event) => event.detail.resolve(all), { once: true });
            document.querySelector("form").dispatchEvent(new CustomEvent("htmx:confirm", {
              bubbles: true, cancelable: true, detail: { issueRequest: () => { told.sent += 1; } },
            }));
            await new Promise((resolve) => setTimeout(resolve));
            told.said.push(told.sent);
          }
          return told.said;
        }"""
    )
    assert told[1:] == [0, 1]
    assert "nothing has changed" in told[0]


WORDS = "".join(f'<span data-call-part="{part}"></span>' for part in ("words", "lost", "trouble", "said"))
# A connection by a relay that is not there, after as long as one may take; and what is said of it.
UNREACHED = """async () => {
  const { Peer } = await import('/static/js/call-peer.js');
  const configuration = { iceTransportPolicy: 'relay' };
  const rest = { direction: 'sendrecv', tracks: {}, send: () => {}, changed: () => {}, waits: 0 };
  const peer = new Peer({ name: 'Ivo', configuration, ...rest });
  peer.mend();
  const call = { lost: () => (peer.state === 'lost' ? [peer] : []), configuration: () => configuration };
  const others = [{ name: 'Ivo' }, { name: 'Olga', listens: true }];
  document.querySelector('call-words').show(others, { call });
  peer.become('connected');
  peer.lost();
  const once = document.querySelector('call-words').missing(call);
  peer.close();
  return once;
}"""


def test_who_is_not_reached_is_named_and_so_is_a_relay_that_does_not_answer(page: Page) -> None:
    show(
        page,
        f'<script type="module" src="/static/js/call-words.js"></script><call-words>{WORDS}</call-words>',
    )
    assert page.evaluate(UNREACHED) == "Connection to Ivo lost. Trying again."
    expect(page.locator("[data-call-part=words]")).to_have_text("With Ivo. Olga is listening.")
    expect(page.locator("[data-call-part=lost]")).to_have_text(
        "No connection to Ivo yet. Trying again. The relay of this site does not answer."
    )


LATER = """async () => {
  const { Tiles } = await import('/static/js/call-tiles.js');
  HTMLMediaElement.prototype.setSinkId = async function (id) { this.dataset.through = id; };
  const tiles = new Tiles(document.querySelector('ul'), () => {}, 'headset');
  tiles.show([{ id: 'a', name: 'Ivo', role: 'interviewer' }]);
  const [there] = document.querySelectorAll('audio');
  tiles.speakThrough('desk');
  const more = [{ id: 'b', name: 'Olga', listens: true }, { id: 'c', name: 'Cleo', mine: true }];
  tiles.show([{ id: 'a', name: 'Ivo' }, ...more]);
  const found = [...document.querySelectorAll('audio')].map(({ dataset }) => dataset.through);
  const words = [...document.querySelectorAll('li p')].map(({ innerText }) => innerText);
  return [found, words, document.querySelector('audio') === there];
}"""


def test_a_chosen_loudspeaker_is_for_those_who_come_later_too(page: Page) -> None:
    show(page, "<ul></ul>")
    through, words, kept = page.evaluate(LATER)
    assert (through, kept) == (["desk", "desk"], True)
    assert words == ["Ivo muted", "Olga is listening", "You muted"]
