/** Turns a part into the elements that are drawn for it: a box and its centred label. */
import type { SceneElement } from "../sync/element";
import type { Dimension, Kind, Part } from "./parts";

/** Return the width in scene units of one line of text in the label's font. */
export type Measure = (line: string) => number;

export const FONT_SIZE = 18;
const FONT_FAMILY = 5; // Excalifont
const LINE_HEIGHT = 1.25;
export const WIDTH = 176;
export const HEIGHT = 80;
const GAP = 24;

/** The dimension colours of the light theme and a wash of each; the editor turns them for the dark theme. */
export const COLORS: Record<Dimension, { stroke: string; fill: string }> = {
  scope: { stroke: "#0b6e99", fill: "#e3f1f7" },
  data: { stroke: "#0a7f5a", fill: "#e2f3ec" },
  features: { stroke: "#5e7d0f", fill: "#eef4dd" },
  model: { stroke: "#a45a00", fill: "#fbeedd" },
  evaluation: { stroke: "#b3376b", fill: "#fae6ee" },
  serving: { stroke: "#7a4fc2", fill: "#efe8fa" },
  monitoring: { stroke: "#b23a2e", fill: "#fbe7e4" },
};

/** What holds data is round, what stands outside has sharp corners, what computes is a rounded box. */
export const SHAPES: Partial<Record<Kind, "ellipse" | "sharp">> = {
  store: "ellipse",
  index: "ellipse",
  cache: "ellipse",
  registry: "ellipse",
  client: "sharp",
  source: "sharp",
};

export interface Place {
  x: number;
  y: number;
}

export interface Identity {
  box: string;
  label: string;
  seed: number;
}

/** Return box and label of a part with the box's top left corner at `place`. */
export function elementsOf(part: Part, place: Place, identity: Identity, measure: Measure): SceneElement[] {
  const shape = SHAPES[part.kind];
  const { stroke, fill } = COLORS[part.tint];
  const room = shape === "ellipse" ? WIDTH * 0.7 : WIDTH - 16;
  const lines = wrap(part.label, room, measure);
  const width = Math.max(...lines.map(measure));
  const height = lines.length * FONT_SIZE * LINE_HEIGHT;
  const common = {
    angle: 0,
    strokeColor: stroke,
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
    version: 1,
    versionNonce: identity.seed,
    updated: 1,
  };
  return [
    {
      ...common,
      id: identity.box,
      type: shape === "ellipse" ? "ellipse" : "rectangle",
      x: place.x,
      y: place.y,
      width: WIDTH,
      height: HEIGHT,
      backgroundColor: fill,
      roundness: shape === undefined ? { type: 3 } : null,
      seed: identity.seed,
      boundElements: [{ id: identity.label, type: "text" }],
      customData: { kind: part.kind, part: part.slug },
    },
    {
      ...common,
      id: identity.label,
      type: "text",
      x: place.x + (WIDTH - width) / 2,
      y: place.y + (HEIGHT - height) / 2,
      width,
      height,
      strokeColor: "#1e1e1e",
      backgroundColor: "transparent",
      roundness: null,
      seed: identity.seed + 1,
      boundElements: [],
      text: lines.join("\n"),
      originalText: part.label,
      fontSize: FONT_SIZE,
      fontFamily: FONT_FAMILY,
      lineHeight: LINE_HEIGHT,
      textAlign: "center",
      verticalAlign: "middle",
      containerId: identity.box,
      autoResize: true,
    },
  ];
}

/** Return the label in lines that fit; a word longer than a line keeps a line of its own. */
function wrap(label: string, room: number, measure: Measure): string[] {
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && measure(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

export interface Box extends Place {
  width: number;
  height: number;
}

/** Return the place for a part nearest to `center` that touches none of `taken`. */
export function freePlace(center: Place, taken: readonly Box[]): Place {
  const start = { x: center.x - WIDTH / 2, y: center.y - HEIGHT / 2 };
  const candidates: (Place & { distance: number })[] = [];
  for (let column = -8; column <= 8; column += 1) {
    for (let line = -12; line <= 12; line += 1) {
      const x = column * (WIDTH + GAP);
      const y = line * (HEIGHT + GAP);
      candidates.push({ x: start.x + x, y: start.y + y, distance: x * x * 12 + y * y }); // panels lie left and right
    }
  }
  candidates.sort((a, b) => a.distance - b.distance);
  const free = candidates.find((place) => !taken.some((box) => overlaps(place, box)));
  return free ? { x: free.x, y: free.y } : start;
}

function overlaps(place: Place, box: Box): boolean {
  return (
    place.x < box.x + box.width + GAP / 2 &&
    place.x + WIDTH + GAP / 2 > box.x &&
    place.y < box.y + box.height + GAP / 2 &&
    place.y + HEIGHT + GAP / 2 > box.y
  );
}
