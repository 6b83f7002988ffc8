/** The elements that boxes, labels, arrows and frames of a text are drawn with; they look as the palette's do. */
import { KINDS, type Kind, PARTS, type Dimension } from "../palette/parts.ts";
import { COLORS, FONT_SIZE, HEIGHT, SHAPES, WIDTH } from "../palette/shape.ts";
import type { SceneElement } from "../sync/element";
import type { ChartNode } from "./chart.ts";
import { type Any, centerOf, type Rect, rectOf } from "./draft.ts";
import type { Point } from "./geometry.ts";

/** Return the width of one line of text in a font of the editor. */
export type Measure = (line: string, size: number, family: number) => number;

export interface Tools {
  measure: Measure;
  newId(): string;
  random(): number;
}

export const EXCALIFONT = 5;
const LINE_HEIGHT = 1.25;
const LABEL_SIZE = 14;
const PADDING = 5; // Excalidraw's, between a label and the outline of its box
const WIDEST = 320;
const INK = "#1e1e1e";

const TINTS: Record<Kind, Dimension> = {
  client: "scope",
  source: "data",
  queue: "data",
  store: "data",
  pipeline: "features",
  index: "features",
  model: "model",
  training: "model",
  registry: "model",
  service: "serving",
  cache: "serving",
  monitoring: "monitoring",
};

export interface Look {
  type: string;
  strokeColor: string;
  backgroundColor: string;
  roundness: { type: number } | null;
}

/** Return how a box of this kind, or of this form without a kind, is drawn. */
export function lookOf({ kind, form, label }: Pick<ChartNode, "kind" | "form" | "label">): Look {
  if (!kind) {
    const type = form === "box" ? "rectangle" : form;
    return { type, strokeColor: INK, backgroundColor: "transparent", roundness: form === "ellipse" ? null : { type: form === "box" ? 3 : 2 } };
  }
  const { stroke, fill } = COLORS[partFor(kind, label)?.tint ?? TINTS[kind]];
  const shape = SHAPES[kind];
  const type = shape === "ellipse" ? "ellipse" : "rectangle";
  return { type, strokeColor: stroke, backgroundColor: fill, roundness: shape === undefined ? { type: 3 } : null };
}

/** Return the part of the palette that is called this. */
export const partFor = (kind: Kind, label: string) =>
  PARTS.find((part) => part.kind === kind && part.label.toLowerCase() === label.toLowerCase());

/** Return whether a box is still coloured as its kind comes from the palette, or as a plain one. */
export function isOwnLook({ strokeColor, backgroundColor }: Any, kind: Kind | null): boolean {
  const looks = kind ? Object.values(COLORS).map(({ stroke, fill }) => [stroke, fill]) : [[INK, "transparent"]];
  return looks.some(([stroke, fill]) => stroke === strokeColor && fill === backgroundColor);
}

export const isKind = (value: unknown): value is Kind => (KINDS as readonly unknown[]).includes(value);

/** Return the size a box needs for its words. */
export function sizeOf(node: Pick<ChartNode, "kind" | "form" | "label">, measure: Measure): { width: number; height: number } {
  const { type } = lookOf(node);
  const widest = Math.max(0, ...node.label.split(" ").map((word) => measure(word, FONT_SIZE, EXCALIFONT)));
  const width = Math.min(WIDEST, Math.max(WIDTH, Math.ceil(outerWidth(type, widest))));
  const lines = wrapped(node.label, roomIn(type, width), (line) => measure(line, FONT_SIZE, EXCALIFONT));
  return { width, height: Math.max(HEIGHT, Math.ceil(outerHeight(type, lines.length * FONT_SIZE * LINE_HEIGHT))) };
}

/** Return a box and its label; the label is left out when there are no words. */
export function boxElements(node: ChartNode, place: Rect, tools: Tools): SceneElement[] {
  const look = lookOf(node);
  const { kind, label, latencyMs, volume } = node;
  const data = {
    ...(kind && { kind }),
    ...(kind && partFor(kind, label) && { part: partFor(kind, label)?.slug }),
    ...(latencyMs !== null && { latencyMs }),
    ...(volume !== null && { volume }),
  };
  const box = element(tools, { ...place, ...look, ...(Object.keys(data).length > 0 && { customData: data }) });
  const text = labelFor(box, label, tools);
  return text ? [{ ...box, boundElements: [{ id: text.id, type: "text" }] }, text] : [box];
}

/** Return a new label in the middle of a box or arrow, or null when there is nothing to say. */
export function labelFor(holder: SceneElement, label: string, tools: Tools, middle?: Point): SceneElement | null {
  if (!label) return null;
  const size = holder.type === "arrow" ? LABEL_SIZE : FONT_SIZE;
  const text = element(tools, {
    type: "text",
    x: 0,
    y: 0,
    width: 0,
    height: 0,
    strokeColor: INK,
    backgroundColor: "transparent",
    roundness: null,
    frameId: holder.frameId ?? null,
    groupIds: holder.groupIds ?? [],
    fontSize: size,
    fontFamily: EXCALIFONT,
    lineHeight: LINE_HEIGHT,
    textAlign: "center",
    verticalAlign: "middle",
    containerId: holder.id,
    autoResize: true,
  }) as Any;
  return { ...text, ...wordsIn(holder as Any, text, label, tools.measure, middle) } as SceneElement;
}

/** Return the properties of a label that hold these words, set in lines and centred in its holder. */
export function wordsIn(holder: Any, text: Any, label: string, measure: Measure, middle?: Point): Record<string, unknown> {
  const { fontSize: size, fontFamily: family } = text;
  const room = holder.type === "arrow" ? 160 : roomIn(holder.type, Math.abs(holder.width));
  const lines = wrapped(label, room, (line) => measure(line, size, family));
  const width = Math.max(...lines.map((line) => measure(line, size, family)));
  const height = lines.length * size * (text.lineHeight ?? LINE_HEIGHT);
  const [x, y] = middle ?? centerOf(rectOf(holder));
  return { text: lines.join("\n"), originalText: label, width, height, x: x - width / 2, y: y - height / 2 };
}

/** Return the height that a box must have for a label. */
export const outerHeight = (type: string, height: number): number =>
  type === "ellipse" ? ((height + 2 * PADDING) / Math.SQRT2) * 2 : type === "diamond" ? 2 * (height + 2 * PADDING) : height + 2 * PADDING;

const outerWidth = (type: string, width: number): number => outerHeight(type, width) + 2;

const roomIn = (type: string, width: number): number =>
  Math.max(40, (type === "ellipse" ? (width / 2) * Math.SQRT2 : type === "diamond" ? width / 2 : width) - 2 * PADDING);

/** Return a text in lines that fit; a word longer than a line is broken. */
export function wrapped(label: string, room: number, measure: (line: string) => number): string[] {
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (!lines.length || measure(longer) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
    while (measure(lines.at(-1) as string) > room && (lines.at(-1) as string).length > 1) {
      const last = Array.from(lines.pop() as string);
      let fits = last.length - 1;
      while (fits > 1 && measure(last.slice(0, fits).join("")) > room) fits -= 1;
      lines.push(last.slice(0, fits).join(""), last.slice(fits).join(""));
    }
  }
  return lines;
}

export function arrowElement(points: readonly Point[], ends: { source: string; target: string }, heads: string, tools: Tools): SceneElement {
  return element(tools, {
    type: "arrow",
    ...pathOf(points),
    strokeColor: INK,
    backgroundColor: "transparent",
    roundness: points.length > 2 ? null : { type: 2 }, // a curve through a bend would swing out over boxes
    startBinding: bindingTo(ends.source),
    endBinding: bindingTo(ends.target),
    startArrowhead: heads === "both" ? "arrow" : null,
    endArrowhead: heads === "none" ? null : "arrow",
    elbowed: false,
    lastCommittedPoint: null,
  });
}

export const bindingTo = (id: string) => ({ elementId: id, focus: 0, gap: 5 });

/** Return place and points of a line that runs through these points of the board. */
export function pathOf(points: readonly Point[]): Rect & { points: [number, number][] } {
  const [x, y] = points[0] as Point;
  const own = points.map(([px, py]): [number, number] => [round(px - x), round(py - y)]);
  const [across, down] = [own.map(([px]) => px), own.map(([, py]) => py)];
  const size = (all: number[]) => Math.max(...all) - Math.min(...all);
  return { x: round(x), y: round(y), width: size(across), height: size(down), points: own };
}

export const frameElement = (place: Rect, name: string, tools: Tools): SceneElement =>
  element(tools, { type: "frame", ...place, name, strokeColor: "#bbb", backgroundColor: "transparent", roundness: null, roughness: 0 });

function element(tools: Tools, over: Record<string, unknown>): SceneElement {
  return {
    id: tools.newId(),
    angle: 0,
    fillStyle: "solid",
    strokeWidth: 2,
    strokeStyle: "solid",
    roughness: 1,
    opacity: 100,
    groupIds: [],
    frameId: null,
    index: null,
    isDeleted: false,
    link: null,
    locked: false,
    boundElements: [],
    seed: Math.floor(tools.random() * 2 ** 31),
    version: 1,
    versionNonce: Math.floor(tools.random() * 2 ** 31),
    updated: Date.now(),
    ...over,
  } as unknown as SceneElement;
}

const round = (value: number) => Math.round(value * 100) / 100;
