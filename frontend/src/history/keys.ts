/** What keys do on the page of a replay, wherever the focus is, except where they write or choose something. */

export interface Moves {
  toggle(): void;
  /** Go so many milliseconds on, or back. */
  step(by: number): void;
  event(direction: -1 | 1): void;
  toEnd(direction: -1 | 1): void;
  faster(direction: -1 | 1): void;
}

const STEP_MS = 5_000;
const LEAP_MS = 30_000;
const WRITES = "input:not([type=range], [type=radio], [type=checkbox]), select, textarea, [contenteditable]";

/** Return whether a key was for the replay; then it has done it. */
export function pressed(event: KeyboardEvent, moves: Moves): boolean {
  const target = event.target as Element;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (target.closest?.(WRITES) || target.closest?.("dialog[open]")) return false;
  const chooses = target.closest?.("[type=radio]"); // arrows choose among these
  switch (event.key) {
    case " ":
      if (target.closest?.("button, a, summary, [type=checkbox]")) return false;
      moves.toggle();
      return true;
    case "k":
      moves.toggle();
      return true;
    case "ArrowLeft":
    case "ArrowRight": {
      if (chooses) return false;
      const size = event.shiftKey ? LEAP_MS : STEP_MS;
      moves.step(event.key === "ArrowLeft" ? -size : size);
      return true;
    }
    case "[":
    case "]":
      moves.event(event.key === "[" ? -1 : 1);
      return true;
    case "Home":
    case "End":
      moves.toEnd(event.key === "Home" ? -1 : 1);
      return true;
    case "<":
    case ">":
      moves.faster(event.key === "<" ? -1 : 1);
      return true;
    default:
      return false;
  }
}
