/**
 * Two versions in one drawing: what differs is outlined and named, the rest is faint.
 *
 * Each mark has its own line as well as its own colour: added solid, changed dashed, moved and removed
 * dotted. The word stands beside it, so that nothing rests on colour alone.
 */
import { type Flat, type SceneElement, unflatten } from "../sync/element";
import { isDrawable } from "../sync/guard";
import type { Comparison, Marks } from "./server";

export type Mark = keyof Marks;

export const LOOKS: Record<Mark, { color: string; line: "solid" | "dashed" | "dotted"; word: string; sign: string }> = {
  added: { color: "#0a7f5a", line: "solid", word: "added", sign: "+" },
  changed: { color: "#2456d6", line: "dashed", word: "changed", sign: "~" },
  removed: { color: "#b3261e", line: "dotted", word: "removed", sign: "−" },
  moved: { color: "#5f5c55", line: "dotted", word: "moved", sign: "→" },
};

const FAINT = 35;
const AWAY = 8;
const SIZE = 14;
const WIDE = 8.4;
const HAND = 5; // Excalifont, in which boards are drawn
const LINES = new Set(["arrow", "line"]);

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Return the drawing, back to front: what there is now, what was removed, and the marks over both. */
export function litElements(told: Comparison): SceneElement[] {
  const marks = new Map<string, Mark>();
  for (const mark of Object.keys(LOOKS) as Mark[]) for (const id of told.marks[mark]) marks.set(id, mark);
  const now = elementsOf(told.after);
  const gone = elementsOf(told.before).filter(({ id }) => !told.after[id] || told.after[id].isDeleted === true);
  const drawn = [...now, ...gone];
  const there = new Map(drawn.map((element) => [element.id, element]));
  const markOf = (element: SceneElement): Mark | undefined => {
    const holder = element.type === "text" ? element.containerId : null;
    return marks.get(element.id) ?? (typeof holder === "string" && there.has(holder) ? marks.get(holder) : undefined);
  };
  const lit = drawn.map((element) => look(element, markOf(element)));
  const over = drawn.flatMap((element) => {
    const mark = marks.get(element.id);
    return mark ? signsOf(element, mark) : [];
  });
  return [...lit, ...over];
}

/** Return the elements that a line of the list is about, with their labels, as they lie in the drawing. */
export function aboutIn(drawing: readonly SceneElement[], ids: readonly string[]): SceneElement[] {
  const wanted = new Set(ids);
  return drawing.filter(({ id, containerId }) => wanted.has(id) || wanted.has(containerId as string));
}

function elementsOf(fields: Record<string, Flat>): SceneElement[] {
  const found = Object.entries(fields)
    .filter(([, flat]) => flat.isDeleted !== true)
    .map(([id, flat]) => unflatten(id, flat, 1))
    .filter(isDrawable);
  const order = (a: SceneElement, b: SceneElement) => ((a.index ?? "") < (b.index ?? "") ? -1 : 1);
  return found.sort(order).map((element) => ({ ...element, index: null }));
}

function look(element: SceneElement, mark: Mark | undefined): SceneElement {
  if (!mark || mark === "moved") return { ...element, opacity: mark ? 100 : FAINT };
  const { color, line } = LOOKS[mark];
  if (LINES.has(element.type)) return { ...element, opacity: 100, strokeColor: color, strokeStyle: line, strokeWidth: 3 };
  return { ...element, opacity: mark === "removed" ? 60 : 100 };
}

function signsOf(element: SceneElement, mark: Mark): SceneElement[] {
  const box = boxOf(element);
  const { sign, word, color, line } = LOOKS[mark];
  const said = `${sign} ${word}`;
  const base = {
    ...{ strokeColor: color, backgroundColor: "transparent", fillStyle: "solid", strokeStyle: line, roughness: 0 },
    ...{ opacity: 100, groupIds: [], frameId: null, roundness: null, seed: 1, isDeleted: false, boundElements: [] },
    ...{ link: null, locked: true, index: null, angle: 0, version: 1, versionNonce: 1 },
  };
  const wide = said.length * WIDE;
  // A frame has its own name above its left corner.
  const left = element.type === "frame" ? box.x + box.width - wide : box.x - AWAY;
  const place = LINES.has(element.type) ? middleOf(element) : { x: left, y: box.y - AWAY - SIZE * 1.4 };
  const text = {
    ...{ ...base, id: `${mark}-word-${element.id}`, type: "text", strokeStyle: "solid", strokeWidth: 1 },
    ...{ ...place, width: wide, height: SIZE * 1.25, text: said, originalText: said, fontSize: SIZE },
    ...{ fontFamily: HAND, lineHeight: 1.25, autoResize: true, textAlign: "left", verticalAlign: "top", containerId: null },
  };
  if (LINES.has(element.type)) return [text as SceneElement];
  const around = {
    ...{ ...base, id: `${mark}-box-${element.id}`, type: "rectangle", strokeWidth: mark === "moved" ? 1 : 3 },
    ...{ x: box.x - AWAY, y: box.y - AWAY, width: box.width + 2 * AWAY, height: box.height + 2 * AWAY },
  };
  return [around as SceneElement, text as SceneElement];
}

/** Return the upright box around an element, however it is turned. */
function boxOf(element: SceneElement): Box {
  const { x, y, width, height, angle } = element as SceneElement & Box & { angle: number };
  const [sin, cos] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))];
  const [wide, high] = [width * cos + height * sin, width * sin + height * cos];
  return { x: x + (width - wide) / 2, y: y + (height - high) / 2, width: wide, height: high };
}

/** Return where the word of an arrow stands: beside its middle. */
function middleOf(element: SceneElement): { x: number; y: number } {
  const { x, y, points } = element as SceneElement & Box & { points: [number, number][] };
  const [a, b] = [points[(points.length - 1) >> 1], points[points.length >> 1]];
  if (!a || !b) return { x, y };
  return { x: x + (a[0] + b[0]) / 2 + AWAY, y: y + (a[1] + b[1]) / 2 + AWAY / 2 };
}
