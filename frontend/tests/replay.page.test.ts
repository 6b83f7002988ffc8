/** The page of a replay: the clock's time, its keys, and what follows the moment shown. */
// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Held, onClock, stepAt, timedByClock } from "../src/history/config";
import { type Moves, pressed } from "../src/history/keys";
import { Outside } from "../src/history/outside";
import type { Player } from "../src/replay/player";
import type { Recording } from "../src/replay/recording";

const MINUTE = 60_000;
const held: Held = { start: 100 * MINUTE, end: 140 * MINUTE, pauses: [[110 * MINUTE, 115 * MINUTE], [130 * MINUTE, 131 * MINUTE]] };
const steps = [
  { slug: "clarify", position: 1, short: "Clarify", dimension: "scope", from: 0, to: 10 * MINUTE },
  { slug: "data", position: 3, short: "Data", dimension: "data", from: 10 * MINUTE, to: 34 * MINUTE },
];

describe("the time of the clock", () => {
  it("stands still in pauses, as on the server", () => {
    const seen = [90, 100, 105, 110, 112, 115, 120, 130.5, 140, 900].map((wall) => onClock(held, wall * MINUTE) / MINUTE);
    expect(seen).toEqual([0, 0, 5, 10, 10, 10, 15, 25, 34, 34]);
  });

  it("keeps the order of rows and their contents", () => {
    const rows = [104, 111, 114, 120].map((wall, i) => ({ seq: i + 1, at: wall * MINUTE, person: null, update: new Uint8Array([i]) }));
    const recording: Recording = { epoch: 1, head: 4, from: 0, base: new Uint8Array(), people: [], rows };
    const timed = timedByClock(recording, held).rows;
    expect(timed.map(({ at }) => at / MINUTE)).toEqual([4, 10, 10, 15]);
    expect(timed.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it("is in the later of two steps where they meet", () => {
    expect([0, 9 * MINUTE, 10 * MINUTE, 34 * MINUTE].map((at) => stepAt(steps, at)?.slug)).toEqual(["clarify", "clarify", "data", "data"]);
  });
});

describe("keys", () => {
  const moves = (): Moves => ({ toggle: vi.fn(), step: vi.fn(), event: vi.fn(), toEnd: vi.fn(), faster: vi.fn() });
  const press = (key: string, on: Element = document.body, options: KeyboardEventInit = {}) => {
    const made = moves();
    let was = false;
    const hear = (event: Event) => (was = pressed(event as KeyboardEvent, made));
    document.addEventListener("keydown", hear);
    on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...options }));
    document.removeEventListener("keydown", hear);
    return { was, made };
  };
  const element = (html: string) => {
    document.body.innerHTML = html;
    return document.body.firstElementChild as Element;
  };

  it("play, step, jump and change the speed", () => {
    expect(press(" ").made.toggle).toHaveBeenCalledOnce();
    expect(press("ArrowRight").made.step).toHaveBeenCalledWith(5_000);
    expect(press("ArrowLeft", document.body, { shiftKey: true }).made.step).toHaveBeenCalledWith(-30_000);
    expect(press("]").made.event).toHaveBeenCalledWith(1);
    expect(press("[").made.event).toHaveBeenCalledWith(-1);
    expect(press("End").made.toEnd).toHaveBeenCalledWith(1);
    expect(press(">").made.faster).toHaveBeenCalledWith(1);
    expect(press("x").was).toBe(false);
  });

  it("leave alone who writes, chooses, presses a button, or means the browser", () => {
    expect(press("[", element("<textarea></textarea>")).was).toBe(false);
    expect(press("ArrowRight", element('<input type="radio">')).was).toBe(false);
    expect(press("ArrowRight", element('<input type="range">')).was).toBe(true);
    expect(press(" ", element("<button></button>")).was).toBe(false);
    expect(press("k", element("<button></button>")).was).toBe(true);
    expect(press("ArrowLeft", document.body, { altKey: true }).was).toBe(false);
    expect(press("[", element("<dialog open></dialog>")).was).toBe(false);
  });
});

describe("the page around the player", () => {
  beforeEach(() => {
    document.body.innerHTML = `
      <span data-replay-clock></span><input type="hidden" data-replay-moment>
      <div data-replay-notes>
        <section data-notes-of="clarify"><p>in the end</p></section><section data-notes-of="data"><p>in the end</p></section>
        <p data-no-notes hidden></p></div>
      <ol id="replay-events"><li><button data-replay-at="0"></button></li><li><button data-replay-at="60000"></button></li></ol>`;
  });
  afterEach(() => {
    document.body.innerHTML = "";
  });
  const shown = (at: number, row: number, notes: Record<string, string> = {}) => ({ at, row, notes: new Map(Object.entries(notes)) }) as unknown as Player;
  const find = (selector: string) => document.querySelector<HTMLElement>(selector) as HTMLElement;

  it("shows the moment's time, notes and event", () => {
    const outside = new Outside(document);
    outside.follow(shown(0, 0), steps);
    expect(find("[data-no-notes]").hidden).toBe(false);
    expect(find("[data-notes-of=clarify]").hidden).toBe(true);
    expect(find("[data-replay-at='60000']").className).toBe("is-later");
    outside.follow(shown(11 * MINUTE + 0.7, 2, { data: "Labels come late." }), steps);
    expect(find("[data-replay-clock]").textContent).toBe("11:00");
    expect(find("[data-replay-moment]")).toHaveProperty("value", String(11 * MINUTE));
    expect(find("[data-notes-of=data] p").textContent).toBe("Labels come late.");
    expect(find("[data-notes-of=data]").getAttribute("aria-current")).toBe("step");
    expect(find("[data-no-notes]").hidden).toBe(true);
    expect([...document.querySelectorAll("[aria-current=true]")].map((one) => one.getAttribute("data-replay-at"))).toEqual(["60000"]);
  });

  it("shows bold words bold, and nothing of the notes as markup", () => {
    new Outside(document).follow(shown(0, 1, { clarify: "**Goal.** Lose <b>little</b> money ** and more" }), steps);
    expect(find("[data-notes-of=clarify] p").innerHTML).toBe("<strong>Goal.</strong> Lose &lt;b&gt;little&lt;/b&gt; money ** and more");
  });

  it("jumps to an event that is chosen, until it is told to stop", () => {
    const jump = vi.fn();
    const stop = new Outside(document).onJump(jump);
    find("[data-replay-at='60000']").click();
    expect(jump).toHaveBeenCalledWith(60_000);
    stop();
    find("[data-replay-at='60000']").click();
    expect(jump).toHaveBeenCalledOnce();
  });
});
