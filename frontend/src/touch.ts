/** What fingers need that the editor does not see to. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";

const SMALL_AND_TOUCHED = "(pointer: coarse) and (width < 900px)";

/**
 * On a small screen that is touched, start with the hand: a finger then moves what is seen, and does not
 * push boxes about. The pen and all other tools are a tap away.
 */
export function startWithHand(api: ExcalidrawImperativeAPI): void {
  if (matchMedia(SMALL_AND_TOUCHED).matches) api.setActiveTool({ type: "hand" });
}

/**
 * Ignore clicks of a finger in a menu in which it was not put down. A long press opens the menu under the
 * finger; when that is lifted, some browsers take it for a click on whatever entry lies there.
 * Returns a function that lets them through again.
 */
export function ignoreStrayClicks(island: HTMLElement): () => void {
  let began: Element | null = null;
  const pressed = (event: PointerEvent) => {
    began = event.target as Element | null;
  };
  const clicked = (event: MouseEvent) => {
    const menu = (event.target as Element | null)?.closest(".popover, .context-menu");
    if (!menu || (event as PointerEvent).pointerType !== "touch" || menu.contains(began)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  island.addEventListener("pointerdown", pressed, true);
  island.addEventListener("click", clicked, true);
  return () => {
    island.removeEventListener("pointerdown", pressed, true);
    island.removeEventListener("click", clicked, true);
  };
}
