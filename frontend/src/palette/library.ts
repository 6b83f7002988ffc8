/** Writes parts as an Excalidraw library: what a drag carries, and the file that others can import. */
import { PARTS, type Part } from "./parts.ts";
import { elementsOf, FONT_SIZE, type Measure } from "./shape.ts";

/** Return the text of an `.excalidrawlib` file with these parts. */
export function libraryOf(parts: readonly Part[], measure: Measure): string {
  const items = parts.map((part) => {
    const seed = seedOf(part.slug);
    const identity = { box: part.slug, label: `${part.slug}-label`, seed };
    return {
      id: part.slug,
      status: "published",
      created: 1,
      name: part.label,
      elements: elementsOf(part, { x: 0, y: 0 }, identity, measure),
    };
  });
  return JSON.stringify({ type: "excalidrawlib", version: 2, source: "mockboard", libraryItems: items });
}

/** Return the file with all parts. There is no canvas at build time, so widths are the font's average. */
export const wholeLibrary = (): string => libraryOf(PARTS, (line) => line.length * FONT_SIZE * 0.52);

function seedOf(slug: string): number {
  let hash = 7;
  for (const character of slug) hash = (hash * 31 + character.charCodeAt(0)) % 2147483000;
  return hash;
}
