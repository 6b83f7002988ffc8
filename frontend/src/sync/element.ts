/**
 * How a drawn element lies in the Y.Doc (docs: the schema of the board).
 *
 * Root map `elements`: id → Y.Map with one key per property, except that what belongs together
 * travels together: `geom` (place, size, points, bindings) and `text` are atomic values, so that two
 * people's edits never mix into a shape neither drew; and each member of `boundElements` has its own
 * key `b/<id>`, so that two arrows bound at once are both kept. What each client keeps for itself
 * (version, versionNonce, updated) is never here.
 */
import * as Y from "yjs";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };

/** An element as the editor holds it. */
export interface SceneElement {
  readonly id: string;
  readonly type: string;
  readonly isDeleted: boolean;
  readonly version: number;
  readonly versionNonce: number;
  readonly index?: string | null;
  readonly [property: string]: unknown;
}

/** An element as it lies in the Y.Doc: the keys and values of its map. */
export type Flat = Record<string, Json>;

const GEOM = new Set([
  "x",
  "y",
  "width",
  "height",
  "angle",
  "points",
  "pressures",
  "startBinding",
  "endBinding",
  "fixedSegments",
  "startIsSpecial",
  "endIsSpecial",
]);
const TEXT = new Set(["text", "originalText", "fontSize", "fontFamily", "lineHeight", "autoResize"]);
/** Every other property that travels. What is not named here (leftovers of old files) stays behind. */
const PLAIN = new Set([
  ...["type", "index", "isDeleted", "locked", "groupIds", "frameId", "link", "customData", "seed", "name"],
  ...["strokeColor", "backgroundColor", "fillStyle", "strokeWidth", "strokeStyle", "roughness", "opacity"],
  ...["roundness", "startArrowhead", "endArrowhead", "elbowed", "polygon", "simulatePressure"],
  ...["textAlign", "verticalAlign", "containerId", "fileId", "status", "scale", "crop"],
]);
const BOUND = "b/";

const LARGEST_CUSTOM_DATA = 1_500;
const OUR_DATA = ["kind", "part", "latencyMs", "volume", "mermaidId"];
const LINK = /^https?:\/\/[^\s<>"'`\\]+$/i;

export const MOST_POINTS = 5000;

/** Return the keys and values an element has in the Y.Doc. Pure: equal elements give equal results. */
export function flatten(element: SceneElement): Flat {
  const flat: Flat = {};
  const geom: { [key: string]: Json } = {};
  const text: { [key: string]: Json } = {};
  const freehand = element.type === "freedraw";
  for (const [key, value] of Object.entries(element)) {
    if (value === undefined) continue;
    if (GEOM.has(key)) geom[key] = freehand ? thin(key, value) : tidy(key, value);
    else if (TEXT.has(key) && element.type === "text") text[key] = copy(value);
    else if (PLAIN.has(key)) flat[key] = tidy(key, value);
  }
  flat.geom = geom;
  if (element.type === "text") flat.text = text;
  for (const bound of (element.boundElements as { id: string; type: string }[] | null) ?? []) {
    flat[BOUND + bound.id] = bound.type;
  }
  return flat;
}

/** Return an element from its keys and values; its version is `version`, everything else is shared. */
export function unflatten(id: string, flat: Flat, version: number): SceneElement {
  const element: Record<string, unknown> = { id };
  const bound: { id: string; type: Json }[] = [];
  for (const [key, value] of Object.entries(flat)) {
    if (key.startsWith(BOUND)) bound.push({ id: key.slice(BOUND.length), type: value });
    else if (key === "geom" || key === "text") continue;
    else if (PLAIN.has(key)) element[key] = copy(value);
  }
  for (const group of [flat.geom, flat.text]) {
    if (group && typeof group === "object" && !Array.isArray(group)) Object.assign(element, copy(group));
  }
  bound.sort((a, b) => (a.id < b.id ? -1 : 1));
  element.boundElements = bound;
  element.isDeleted = flat.isDeleted === true;
  element.version = version;
  element.versionNonce = Math.floor(Math.random() * 2 ** 31);
  element.updated = Date.now();
  if (element.points) element.lastCommittedPoint = null;
  element.id = id;
  return element as unknown as SceneElement;
}

/** Return what lies in an element's map. */
export function readFlat(map: Y.Map<unknown>): Flat {
  const flat: Flat = {};
  for (const [key, value] of map.entries()) {
    if (!(value instanceof Y.AbstractType)) flat[key] = value as Json;
  }
  return flat;
}

/** Return the keys whose values differ; a key missing on one side differs. */
export function changedKeys(before: Flat | undefined, after: Flat): string[] {
  if (!before) return Object.keys(after);
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !same(before[key], after[key]));
}

/** Return whether two values say the same. Keys may come in another order after a trip to the server. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, i) => same(value, b[i]));
  }
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

/** Return whether an element is too small to see: one that a click made and the editor will take away. */
export function isSpeck(element: SceneElement): boolean {
  if (element.type === "text") return !element.text;
  if (Array.isArray(element.points)) return element.points.length < 2;
  return element.width === 0 && element.height === 0;
}

function copy<T>(value: T): Json {
  return (typeof value === "object" && value !== null ? JSON.parse(JSON.stringify(value)) : value) as Json;
}

/** Return a property with nothing in it but what the server lets through. */
function tidy(key: string, value: unknown): Json {
  if (key === "link") return typeof value === "string" && LINK.test(value) ? value : null;
  if (key === "startBinding" || key === "endBinding") return only(value, ["elementId", "focus", "gap", "fixedPoint"]);
  if (key === "roundness") return only(value, ["type", "value"]);
  if (key === "customData" && JSON.stringify(value).length > LARGEST_CUSTOM_DATA) return only(value, OUR_DATA);
  return copy(value);
}

function only(value: unknown, keys: string[]): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return copy(value);
  return copy(Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key))));
}

/**
 * Return the points or pressures of a freehand stroke as 32-bit numbers (half the bytes; the
 * difference is far below a pixel), and every second one of a stroke with too many.
 */
function thin(key: string, value: unknown): Json {
  if (!Array.isArray(value) || (key !== "points" && key !== "pressures")) return copy(value);
  const round = (entry: unknown): unknown => (Array.isArray(entry) ? entry.map(round) : Math.fround(entry as number));
  return halved(value).map(round) as Json;
}

function halved<T>(values: readonly T[]): readonly T[] {
  let kept = values;
  while (kept.length > MOST_POINTS) {
    const last = kept.length - 1;
    kept = kept.filter((_, i) => i % 2 === 0 || i === last);
  }
  return kept;
}
