/**
 * The design in a drawing: boxes, arrows, groups and free text, as the server reads it when the design is
 * handed in (whiteboard/graph.py). tests/data/mermaid holds both to the same answers.
 */
import { KINDS } from "../palette/parts.ts";
import { type Anything, Box, boxOf, endsOf, Grid, groupsOf, isNumber, isRecord, type Point, TOUCH } from "./geometry.ts";
import { first, trimmed, words } from "./words.ts";

export interface GraphNode {
  id: string;
  label: string;
  kind: string | null;
  shape: string;
  frame: string | null;
  parent: string | null;
  x: number;
  y: number;
  latency_ms?: number;
  volume?: string;
  mermaid_id?: string;
}

export interface GraphEdge {
  id: string;
  source: string;
  target: string;
  label: string;
  heads: string;
}

export interface GraphFrame {
  id: string;
  label: string;
  parent?: string;
  mermaid_id?: string;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  frames: GraphFrame[];
  text: { id: string; text: string }[];
}

const TYPES = new Set(["rectangle", "diamond", "ellipse", "arrow", "line", "freedraw", "text", "frame", "image"]);
const BOXES = new Set(["rectangle", "diamond", "ellipse", "image"]);
const KNOWN: ReadonlySet<unknown> = new Set(KINDS);
const LONGEST_LABEL = 500;
const SNUG = 200;
const DEEPEST = 24;
const FAR = 1e7;
const LATENCY =
  /(?<![\p{L}\p{N}_.,])([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s?([mM][sS]|[µμuU][sS]|[sS](?:[eE][cC])?)(?![\p{L}\p{N}_])/u;
const IN_MS: Record<string, number> = { ms: 1, µs: 0.001, μs: 0.001, us: 0.001, s: 1000, sec: 1000 };
export const MERMAID_ID = /^[A-Za-z][A-Za-z0-9_]{0,39}(?:-[A-Za-z0-9_]{1,40}){0,3}$/;

/** Return the graph of a scene. Reads any board; what makes no sense is left out. */
export function readGraph(elements: readonly unknown[]): Graph {
  return new Reading(elements.filter(isSound).filter((element) => element.isDeleted !== true)).graph();
}

function isSound(element: unknown): element is Anything & { id: string; type: string } {
  return (
    isRecord(element) &&
    typeof element.id === "string" &&
    typeof element.type === "string" &&
    TYPES.has(element.type) &&
    ["x", "y", "width", "height"].every((name) => isNumber(element[name]) && Math.abs(element[name] as number) <= FAR)
  );
}

type Sound = Anything & { id: string; type: string };

class Reading {
  private readonly arrows: Sound[];
  private readonly boxes = new Map<string, Box>();
  private readonly frames = new Map<string, Box>();
  private readonly labels = new Map<string, string>();
  private free: Sound[] = [];
  private readonly standsFor = new Map<string, string>();

  constructor(elements: Sound[]) {
    this.arrows = elements.filter(({ type }) => type === "arrow" || type === "line");
    for (const one of elements) {
      if (BOXES.has(one.type)) this.boxes.set(one.id, boxOf(one));
      else if (one.type === "frame") {
        const frame = boxOf(one);
        frame.isGroup = true;
        frame.label = label(one.name);
        this.frames.set(one.id, frame);
      }
    }
    for (const id of this.boxes.keys()) this.frames.delete(id);
    this.placeText(elements.filter(({ type }) => type === "text"));
    this.gatherGroups();
    this.findParents();
  }

  private placeText(texts: Sound[]): void {
    const ends = new Set<unknown>();
    for (const arrow of this.arrows) {
      for (const binding of [arrow.startBinding, arrow.endBinding]) if (isRecord(binding)) ends.add(binding.elementId);
    }
    const lines = new Set(this.arrows.map(({ id }) => id));
    const withArrows: Sound[] = [];
    for (const text of texts) {
      const said = label(text.text);
      const holder = text.containerId;
      if (!said) continue;
      if (typeof holder === "string" && (this.boxes.has(holder) || lines.has(holder))) {
        const before = this.labels.get(holder);
        this.labels.set(holder, before ? first(`${before} ${said}`, LONGEST_LABEL) : said);
        this.standsFor.set(text.id, holder);
      } else if (ends.has(text.id)) withArrows.push(text);
      else this.free.push(text);
    }
    for (const [id, said] of this.labels) {
      const box = this.boxes.get(id);
      if (box) box.label = said;
    }
    const unnamed = new Grid([...this.boxes.values()].filter((box) => !box.label && box.shape !== "text"));
    for (const text of withArrows) {
      if (this.takes(unnamed, text, SNUG)) continue;
      const box = boxOf(text);
      box.label = label(text.text);
      this.boxes.set(text.id, box);
    }
    this.free = this.free.filter((text) => !this.takes(unnamed, text));
  }

  private takes(unnamed: Grid, text: Sound, room = Number.POSITIVE_INFINITY): boolean {
    const place = boxOf(text);
    const isAround = (box: Box) =>
      !box.label && box.holds(place) && box.width <= place.width + room && box.height <= place.height + room;
    const holder = least(unnamed.near(place.center).filter(isAround), (box) => box.area);
    if (!holder) return false;
    holder.label = label(text.text);
    this.standsFor.set(text.id, holder.id);
    return true;
  }

  private gatherGroups(): void {
    const members = new Map<string, Box[]>();
    for (const box of this.boxes.values()) for (const name of box.groups) put(members, name, box);
    const texts = new Map<string, Sound[]>();
    for (const text of this.free) for (const name of groupsOf(text)) put(texts, name, text);
    const taken = new Set<string>();
    for (const [name, all] of [...members].sort(([, a], [, b]) => a.length - b.length)) {
      const boxes = all.filter((box) => this.boxes.has(box.id));
      const said = (texts.get(name) ?? []).filter(({ id }) => !taken.has(id));
      if (boxes.length + said.length < 2 || !boxes.length) continue;
      const named = boxes.filter((box) => box.label);
      const title = first(
        said
          .slice(0, 20)
          .map((text) => label(text.text))
          .join(" "),
        LONGEST_LABEL,
      );
      const largest = least(boxes, (box) => -box.area) as Box;
      if (named.length === 1) {
        this.merge(boxes, (named[0] as Box).label);
        continue;
      }
      if (!named.length) this.merge(boxes, title);
      else if (!boxes.every((other) => largest.holds(other))) this.addGroup(name, boxes, title);
      else continue;
      for (const { id } of said) taken.add(id);
    }
    this.free = this.free.filter(({ id }) => !taken.has(id));
  }

  private merge(boxes: Box[], title: string): void {
    const rank = (box: Box) => [Object.keys(box.custom).length ? 1 : 0, box.label ? 1 : 0, box.area] as const;
    const whole = boxes.reduce((best, box) => (isAbove(rank(box), rank(best)) ? box : best));
    const around = extent(boxes);
    Object.assign(whole, around, { angle: 0, label: title });
    for (const box of boxes) {
      if (box === whole) continue;
      this.standsFor.set(box.id, whole.id);
      this.boxes.delete(box.id);
    }
  }

  private addGroup(name: string, boxes: Box[], title: string): void {
    if (this.boxes.has(name) || this.frames.has(name)) return;
    const { left, top, width, height } = extent(boxes);
    const group = new Box(name, "group", left, top, width, height);
    group.label = title;
    group.isGroup = true;
    const inside = new Set<string | null>();
    for (const box of boxes) {
      inside.add(box.frame !== null && this.frames.has(box.frame) ? box.frame : null);
      let outermost = box;
      for (let steps = 0; steps < DEEPEST; steps += 1) {
        const parent = outermost.parent === null ? undefined : this.boxes.get(outermost.parent);
        if (!parent) break;
        outermost = parent;
      }
      if (outermost !== group) outermost.parent = name;
    }
    const [frame] = inside;
    group.frame = inside.size === 1 ? (frame ?? null) : null;
    this.boxes.set(name, group);
  }

  private findParents(): void {
    const grid = new Grid([...this.boxes.values()].filter((box) => !box.isGroup && box.shape !== "text"));
    for (const box of this.boxes.values()) {
      if (box.parent !== null) continue;
      const around = grid.near(box.center).filter((other) => other !== box && other.area > box.area && other.holds(box));
      const holder = least(around, (other) => other.area);
      if (holder) box.parent = holder.id;
      else if (box.frame !== null && this.frames.has(box.frame)) box.parent = box.frame;
    }
    const frames = new Grid(this.frames.values());
    for (const frame of this.frames.values()) {
      const around = frames.near(frame.center).filter((other) => other.area > frame.area && other.holds(frame));
      frame.parent = least(around, (other) => other.area)?.id ?? frame.parent;
    }
    this.cutCircles();
  }

  private cutCircles(): void {
    const cleared = new Set<string>();
    for (const box of [...this.boxes.values(), ...this.frames.values()]) {
      const way = new Set<string>();
      let at: Box | undefined = box;
      while (at && !cleared.has(at.id)) {
        if (way.has(at.id)) {
          at.parent = null;
          break;
        }
        way.add(at.id);
        const parent: string = at.parent ?? "";
        at = this.boxes.get(parent) ?? this.frames.get(parent);
      }
      for (const id of way) cleared.add(id);
    }
  }

  private edges(): GraphEdge[] {
    const holders = new Set([...this.boxes.values()].flatMap(({ parent }) => parent || []));
    const grid = new Grid([...this.boxes.values(), ...this.frames.values()]);
    const edges: GraphEdge[] = [];
    for (const arrow of this.arrows) {
      const ends = endsOf(arrow);
      if (!ends || (arrow.type === "line" && arrow.polygon === true)) continue;
      const bound = [this.bound(arrow.startBinding), this.bound(arrow.endBinding)];
      const source = bound[0] ?? this.touched(grid, holders, ends[0]);
      const target = bound[1] ?? this.touched(grid, holders, ends[1]);
      if (source === null || target === null || (source === target && bound.includes(null))) continue;
      edges.push(this.edge(arrow, source, target));
    }
    return edges;
  }

  private edge(arrow: Sound, source: string, target: string): GraphEdge {
    const end = "endArrowhead" in arrow ? arrow.endArrowhead : arrow.type === "arrow" ? "arrow" : null;
    const [atStart, atEnd] = [isHead(arrow.startArrowhead), isHead(end)];
    const heads = atStart === atEnd ? (atStart ? "both" : "none") : "end";
    const [from, to] = atStart && !atEnd ? [target, source] : [source, target];
    return { id: arrow.id, source: from, target: to, label: this.labels.get(arrow.id) ?? "", heads };
  }

  private bound(binding: unknown): string | null {
    let id = isRecord(binding) ? binding.elementId : null;
    if (typeof id !== "string") return null;
    for (let steps = 0; steps < DEEPEST; steps += 1) id = this.standsFor.get(id as string) ?? id;
    return this.boxes.has(id as string) || this.frames.has(id as string) ? (id as string) : null;
  }

  private touched(grid: Grid, holders: ReadonlySet<string>, end: Point): string | null {
    let inside: Box | null = null;
    let nearest: [number, Box] | null = null;
    for (const box of grid.near(end)) {
      const away = box.distance(end);
      const isHolder = box.isGroup || holders.has(box.id);
      if (away === 0 && !isHolder && (!inside || box.area < inside.area)) inside = box;
      const edgeAway = isHolder ? box.fromBorder(end) : away;
      if (edgeAway <= TOUCH && (!nearest || edgeAway < nearest[0])) nearest = [edgeAway, box];
    }
    return inside?.id ?? nearest?.[1].id ?? null;
  }

  graph(): Graph {
    const holders = new Set([...this.boxes.values(), ...this.frames.values()].map(({ parent }) => parent));
    const framed = [...this.frames.values()].filter(({ id }) => holders.has(id));
    return {
      nodes: [...framed, ...this.boxes.values()].map((box) => this.node(box)),
      edges: this.edges(),
      frames: [...this.frames.values()].map((frame) => ({
        id: frame.id,
        label: frame.label,
        ...(frame.parent && { parent: frame.parent }),
        ...named(frame),
      })),
      text: this.free.map((text) => ({ id: text.id, text: label(text.text) })),
    };
  }

  private node(box: Box): GraphNode {
    const { kind, latencyMs, volume } = box.custom;
    const said = box.isGroup ? null : latencyIn(box.label);
    const latency = isNumber(latencyMs) && latencyMs >= 0 ? latencyMs : said;
    const amount = typeof volume === "string" ? first(trimmed(volume), 100) : "";
    return {
      id: box.id,
      label: box.label,
      kind: box.isGroup ? "group" : KNOWN.has(kind) ? (kind as string) : null,
      shape: box.shape,
      frame: box.frame !== null && this.frames.has(box.frame) ? box.frame : null,
      parent: box.parent,
      x: hundredths(box.left),
      y: hundredths(box.top),
      ...(latency !== null && { latency_ms: latency }),
      ...(amount && { volume: amount }),
      ...named(box),
    };
  }
}

/** Return the milliseconds a label speaks of ("Ranker 12 ms"), null when it names no time. */
export function latencyIn(said: string): number | null {
  const found = LATENCY.exec(said);
  if (!found) return null;
  return Number((found[1] as string).replace(",", ".")) * (IN_MS[(found[2] as string).toLowerCase()] as number);
}

const label = (text: unknown) => (typeof text === "string" ? first(words(first(text, LONGEST_LABEL * 4)), LONGEST_LABEL) : "");
const isHead = (value: unknown) => typeof value === "string" && value !== "";

function named(box: Box): { mermaid_id?: string } {
  const name = box.custom.mermaidId;
  return typeof name === "string" && MERMAID_ID.test(name) ? { mermaid_id: name } : {};
}

/** Return the first of those with the least rank. */
function least(boxes: readonly Box[], rank: (box: Box) => number): Box | undefined {
  let best: Box | undefined;
  for (const box of boxes) if (!best || rank(box) < rank(best)) best = box;
  return best;
}

function isAbove(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place >= 0 && (a[place] as number) > (b[place] as number);
}

function extent(boxes: readonly Box[]): { left: number; top: number; width: number; height: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    left = Math.min(left, box.left);
    top = Math.min(top, box.top);
    right = Math.max(right, box.left + box.width);
    bottom = Math.max(bottom, box.top + box.height);
  }
  return { left, top, width: right - left, height: bottom - top };
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const found = map.get(key);
  if (found) found.push(value);
  else map.set(key, [value]);
}

/** Round to two places as Python does: exact ties (only eighths can be one) to the even side. */
function hundredths(value: number): number {
  const isTie = Number.isInteger(value * 8) && !Number.isInteger(value * 4);
  if (!isTie) return Number(value.toFixed(2)) + 0;
  const below = Math.floor(value * 100);
  return (below % 2 === 0 ? below : below + 1) / 100;
}
