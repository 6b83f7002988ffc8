import { describe, expect, test } from "vitest";
import { wholeLibrary } from "../src/palette/library";
import { KINDS, matching, PARTS } from "../src/palette/parts";
import { elementsOf, freePlace, HEIGHT, WIDTH } from "../src/palette/shape";
import { isSendable } from "../src/sync/guard";

interface Boxed {
  customData: unknown;
}

const measure = (line: string) => line.length * 9;
const identity = { box: "box", label: "label", seed: 1 };

describe("the table of parts", () => {
  test("has at least thirty parts, each with its own slug and label", () => {
    expect(PARTS.length).toBeGreaterThanOrEqual(30);
    expect(new Set(PARTS.map((part) => part.slug)).size).toBe(PARTS.length);
    expect(new Set(PARTS.map((part) => part.label)).size).toBe(PARTS.length);
  });

  test("uses every kind, and no other", () => {
    expect(new Set(PARTS.map((part) => part.kind))).toEqual(new Set(KINDS));
  });

  test.each([
    ["stream", "event-stream"],
    ["kafka", "event-stream"],
    ["STORE online", "feature-store-online"],
    ["rag", "vector-db"],
    ["monitoring", "drift-detector"],
  ])("%s finds %s", (query, slug) => expect(matching(query).map((part) => part.slug)).toContain(slug));

  test("nothing is found for nonsense, everything for nothing", () => {
    expect(matching("xyzzy")).toEqual([]);
    expect(matching("  ")).toEqual(PARTS);
  });
});

describe("what a part draws", () => {
  test.each(PARTS.map((part) => [part.slug, part] as const))("%s: a box with its bound, centred label", (_, part) => {
    const [box, label] = elementsOf(part, { x: 10, y: 20 }, identity, measure);
    expect(box).toMatchObject({ customData: { kind: part.kind, part: part.slug }, x: 10, y: 20 });
    expect(box?.boundElements).toEqual([{ id: "label", type: "text" }]);
    expect(label).toMatchObject({ type: "text", containerId: "box", originalText: part.label });
    expect(isSendable(box as never) && isSendable(label as never)).toBe(true);
    const { x, width, height } = label as unknown as { x: number; width: number; height: number };
    expect(x + width / 2).toBeCloseTo(10 + WIDTH / 2);
    expect(width).toBeLessThanOrEqual(WIDTH);
    expect(height).toBeLessThanOrEqual(HEIGHT);
  });

  test("parts land beside each other, the first in the middle", () => {
    const taken: { x: number; y: number; width: number; height: number }[] = [];
    for (let i = 0; i < 40; i += 1) {
      const place = freePlace({ x: 500, y: 300 }, taken);
      const hit = taken.some(
        (box) => Math.abs(box.x - place.x) < WIDTH && Math.abs(box.y - place.y) < HEIGHT,
      );
      expect(hit).toBe(false);
      taken.push({ ...place, width: WIDTH, height: HEIGHT });
    }
    expect(taken[0]).toMatchObject({ x: 500 - WIDTH / 2, y: 300 - HEIGHT / 2 });
  });

  test("the library file holds them all", () => {
    const library = JSON.parse(wholeLibrary());
    expect(library).toMatchObject({ type: "excalidrawlib", version: 2 });
    expect(library.libraryItems.map((item: { name: string }) => item.name)).toEqual(PARTS.map((part) => part.label));
    const elements = library.libraryItems.flatMap((item: { elements: { id: string }[] }) => item.elements);
    expect(new Set(elements.map(({ id }: { id: string }) => id)).size).toBe(2 * PARTS.length);
    expect(elements.every(isSendable)).toBe(true);
    const kinds = elements.filter((_: unknown, at: number) => at % 2 === 0).map((box: Boxed) => box.customData);
    expect(kinds).toEqual(PARTS.map(({ kind, slug }) => ({ kind, part: slug })));
  });
});
