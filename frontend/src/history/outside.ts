/**
 * The page around the player: its list of events, its notes, and the moment that a retry starts from.
 *
 * The server wrote them, so that they are there without a script. They follow what is shown by their
 * attributes: data-replay-at (jump there), data-replay-clock, data-replay-moment, data-notes-of (a step).
 */
import type { Player } from "../replay/player";
import { clockTime } from "../replay/time";
import { type Step, stepAt } from "./config";

export class Outside {
  private readonly events: { at: number; button: HTMLElement }[];
  private readonly clocks: NodeListOf<HTMLElement>;
  private readonly moments: NodeListOf<HTMLInputElement>;
  private readonly notes: NodeListOf<HTMLElement>;
  private row = -1;
  private step: string | undefined;
  private current: HTMLElement | undefined;

  constructor(private readonly page: Document) {
    const buttons = [...page.querySelectorAll<HTMLElement>("[data-replay-at]")];
    this.events = buttons.map((button) => ({ at: Number(button.dataset.replayAt), button }));
    this.clocks = page.querySelectorAll("[data-replay-clock]");
    this.moments = page.querySelectorAll("[data-replay-moment]");
    this.notes = page.querySelectorAll("[data-notes-of]");
  }

  /** Call `jump` when somebody chooses an event; returns how to stop that. */
  onJump(jump: (at: number) => void): () => void {
    const chosen = (event: MouseEvent) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-replay-at]");
      if (!button) return;
      jump(Number(button.dataset.replayAt));
      if (event.detail > 0) button.blur(); // chosen by pointer: the space bar plays again
    };
    this.page.addEventListener("click", chosen);
    return () => this.page.removeEventListener("click", chosen);
  }

  /** Show the moment that the player shows. */
  follow(player: Player, steps: readonly Step[]): void {
    const { at } = player;
    for (const clock of this.clocks) setText(clock, clockTime(at));
    for (const moment of this.moments) moment.value = String(Math.floor(at));
    this.markEvents(at);
    const step = stepAt(steps, at)?.slug;
    if (player.row === this.row && step === this.step) return;
    [this.row, this.step] = [player.row, step];
    this.showNotes(player.notes);
  }

  private markEvents(at: number): void {
    const current = this.events.findLast((event) => event.at <= at)?.button;
    for (const event of this.events) event.button.classList.toggle("is-later", event.at > at);
    if (current === this.current) return;
    this.current?.removeAttribute("aria-current");
    current?.setAttribute("aria-current", "true");
    this.current = current;
    if (current) bringInto(current.closest<HTMLElement>("#replay-events"), current);
  }

  private showNotes(notes: Map<string, string>): void {
    let written = false;
    for (const section of this.notes) {
      const { notesOf = "" } = section.dataset;
      const text = notes.get(notesOf) ?? "";
      const paragraph = section.querySelector("p");
      if (paragraph) write(paragraph, text);
      section.hidden = !text.trim();
      written ||= !section.hidden;
      if (notesOf === this.step) section.setAttribute("aria-current", "step");
      else section.removeAttribute("aria-current");
      if (notesOf === this.step && !section.hidden) bringInto(section.closest<HTMLElement>("[data-replay-notes]"), section);
    }
    const none = this.page.querySelector<HTMLElement>("[data-no-notes]");
    if (none) none.hidden = written;
  }
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Write notes with what is **bold** in them; all else of their Markdown is read well as it is. */
function write(paragraph: HTMLElement, text: string): void {
  if (paragraph.dataset.text === text) return;
  paragraph.dataset.text = text;
  const pieces = text.split(/\*\*(\S(?:.*?\S)?)\*\*/);
  paragraph.replaceChildren(
    ...pieces.map((piece, i) => {
      if (i % 2 === 0) return piece;
      const bold = document.createElement("strong");
      bold.textContent = piece;
      return bold;
    }),
  );
}

/** Scroll a list, and nothing around it, until one of its parts is in sight. */
function bringInto(list: HTMLElement | null, part: HTMLElement): void {
  if (!list) return;
  const [outer, inner] = [list.getBoundingClientRect(), part.getBoundingClientRect()];
  if (inner.top < outer.top || inner.height > outer.height) list.scrollTop += inner.top - outer.top - 8;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom + 8;
}
