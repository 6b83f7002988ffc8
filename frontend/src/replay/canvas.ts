/** Elements of the document as the editor draws them, each restored once. */
import { FONT_FAMILY, restoreElements } from "@excalidraw/excalidraw";
import type { ExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { SceneElement } from "../sync/element";

const LONGEST_WAIT_MS = 1_500;
type Restorable = Parameters<typeof restoreElements>[0];

/** Return a function that restores elements; one it was given before is returned as it was then. */
export function restorer(): (elements: readonly SceneElement[]) => ExcalidrawElement[] {
  const known = new WeakMap<SceneElement, ExcalidrawElement | null>();
  const restored = (element: SceneElement) => {
    let found = known.get(element);
    if (found === undefined) {
      try {
        found = (restoreElements([element] as unknown as Restorable, null)[0] as ExcalidrawElement) ?? null;
      } catch (error) {
        console.warn(`Element ${element.id} cannot be shown.`, error);
        found = null;
      }
      known.set(element, found);
    }
    return found;
  };
  return (elements) => elements.map(restored).filter((element) => element !== null);
}

/**
 * Load the fonts that elements are written in, or go on without after a while. The editor keeps a picture of
 * each text from the first time it is drawn, so the fonts have to be there before.
 */
export async function fontsFor(elements: readonly SceneElement[]): Promise<void> {
  const names = new Map(Object.entries(FONT_FAMILY).map(([name, number]) => [number as number, name]));
  const families = new Set(elements.map(({ fontFamily }) => names.get(fontFamily as number)));
  const all = [...families].map((name) => name && document.fonts.load(`20px "${name}"`).catch(() => null));
  await Promise.race([Promise.all(all), new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS))]);
}
