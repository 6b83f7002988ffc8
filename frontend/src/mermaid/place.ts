/** Finds places for new boxes: laid out among themselves, near what they are joined to, on nothing. */
import { layout } from "dagre-d3-es/src/dagre/index.js";
import { Graph } from "dagre-d3-es/src/graphlib/index.js";
import { around, centerOf, overlap, type Rect } from "./draft.ts";
import type { Point } from "./geometry.ts";
import type { Direction } from "./write.ts";

export const ALONG = 112; // between a box and the one after it
const ASIDE = 56;
export const GAP = 24;
const STEP = 32;
const RINGS = 60;
export const FRAME_PADDING = 26;
export const FRAME_HEAD = 12;

export interface Thing {
  id: string;
  width: number;
  height: number;
  /** The new group it stands in. */
  group: string | null;
}

export interface Link {
  source: string;
  target: string;
  label: string;
}

interface Holder {
  id: string;
  group: string | null;
}

/** Return places for things: in ranks along the direction, groups together, the most compact of a few ways. */
export function arrange(things: readonly Thing[], groups: readonly Holder[], links: readonly Link[], direction: Direction): Map<string, Rect> {
  const ways = [ranked(things, groups, links, direction)];
  if (groups.length) {
    const across = direction === "LR" || direction === "RL" ? "TB" : "LR";
    for (const outer of [direction, across] as const) ways.push(nested(null, things, groups, links, direction, outer));
  }
  return ways.reduce((best, way) => (sprawl(way, links) < sprawl(best, links) ? way : best));
}

/** Return how far one has to look: the size of the whole on a wide screen, and how long its arrows are. */
function sprawl(places: ReadonlyMap<string, Rect>, links: readonly Link[]): number {
  const { width, height } = around([...places.values()]);
  const lengths = links.flatMap(({ source, target }) => {
    const [from, to] = [places.get(source), places.get(target)];
    if (!from || !to) return [];
    const [[x1, y1], [x2, y2]] = [centerOf(from), centerOf(to)];
    return Math.hypot(x2 - x1, y2 - y1);
  });
  const mean = lengths.reduce((sum, length) => sum + length, 0) / (lengths.length || 1);
  return Math.max(width / 1.6, height) + mean;
}

/** Lay out each group by itself, then the groups and boxes of the next level as if each were one box. */
function nested(
  holder: string | null,
  things: readonly Thing[],
  groups: readonly Holder[],
  links: readonly Link[],
  direction: Direction,
  outer: Direction,
): Map<string, Rect> {
  const known = new Set(groups.map(({ id }) => id));
  const isIn = ({ group }: { group: string | null }) => (group !== null && known.has(group) ? group : null) === holder;
  const inner = new Map(groups.filter(isIn).map(({ id }) => [id, nested(id, things, groups, links, direction, direction)]));
  const here: Thing[] = things.filter(isIn).map((thing) => ({ ...thing, group: null }));
  const places = new Map<string, Rect>();
  const within = new Map<string, string>(here.map(({ id }) => [id, id]));
  const frames = new Map<string, Rect>();
  for (const [id, rects] of inner) {
    if (!rects.size) continue;
    const frame = framed([...rects.values()]);
    frames.set(id, frame);
    here.push({ id, width: frame.width, height: frame.height, group: null });
    for (const one of [id, ...rects.keys()]) within.set(one, id);
  }
  const between = links.flatMap((link) => {
    const [source, target] = [within.get(link.source), within.get(link.target)];
    return source !== undefined && target !== undefined && source !== target ? { ...link, source, target } : [];
  });
  for (const [id, place] of ranked(here, [], between, outer)) {
    const frame = frames.get(id);
    if (!frame) places.set(id, place);
    else for (const [one, rect] of inner.get(id) ?? []) places.set(one, { ...rect, x: rect.x + place.x - frame.x, y: rect.y + place.y - frame.y });
  }
  return places;
}

function ranked(things: readonly Thing[], groups: readonly Holder[], links: readonly Link[], direction: Direction): Map<string, Rect> {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: direction === "TD" ? "TB" : direction, nodesep: ASIDE, ranksep: ALONG, edgesep: ASIDE / 2 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of groups) graph.setNode(id, {});
  for (const { id, width, height } of things) graph.setNode(id, { width, height });
  const known = new Set(groups.map(({ id }) => id));
  for (const { id, group } of [...groups, ...things]) if (group !== null && known.has(group)) graph.setParent(id, group);
  const leaf = (id: string): string | undefined => {
    // An arrow to a group is laid out as one to the first box in it: the layout knows no other.
    let at: string | undefined = id;
    while (at !== undefined && known.has(at)) at = (graph.children(at) as string[])[0];
    return at;
  };
  links.forEach(({ source, target, label }, i) => {
    const [from, to] = [leaf(source), leaf(target)];
    if (from === undefined || to === undefined || from === to || !graph.hasNode(from) || !graph.hasNode(to)) return;
    const weight = graph.parent(from) === graph.parent(to) ? 3 : 1;
    graph.setEdge(from, to, { weight, width: Math.min(160, label.length * 7), height: label ? 20 : 0, labelpos: "c" }, String(i));
  });
  layout(graph, {});
  return new Map(
    things.map(({ id, width, height }) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height }];
    }),
  );
}

/** Return where one of these boxes wants to stand for each arrow to what is already there: the shifts. */
export function pulls(placed: ReadonlyMap<string, Rect>, links: readonly Link[], there: (id: string) => Rect | undefined, direction: Direction): Point[] {
  const turned = direction === "RL" || direction === "BT" ? -1 : 1;
  const flat = direction === "LR" || direction === "RL";
  return links.flatMap(({ source, target }): Point[] => {
    const isAfter = placed.has(target);
    const [own, other] = [placed.get(isAfter ? target : source), there(isAfter ? source : target)];
    if (!own || !other) return [];
    const way = (isAfter ? 1 : -1) * turned;
    const [[ox, oy], [x, y]] = [centerOf(own), centerOf(other)];
    const along = flat ? (own.width + other.width) / 2 + ALONG : (own.height + other.height) / 2 + ALONG * 0.7;
    return [flat ? [x + way * along - ox, y - oy] : [x - ox, y + way * along - oy]];
  });
}

export function mean(points: readonly Point[]): Point | undefined {
  if (!points.length) return undefined;
  const sum = (pick: (point: Point) => number) => points.reduce((all, point) => all + pick(point), 0) / points.length;
  return [Math.round(sum(([x]) => x)), Math.round(sum(([, y]) => y))];
}

/** Return the shift nearest to `wanted` that puts a block on none of `taken`, within a place if one is given. */
export function freeShift(block: Rect, wanted: Point, taken: readonly Rect[], within?: Rect): Point | undefined {
  const isFree = ([x, y]: Point) => {
    const moved = { ...block, x: block.x + x, y: block.y + y };
    if (within && !isInside(within, moved)) return false;
    return !taken.some((one) => overlap(moved, one, GAP));
  };
  for (const candidate of spiral(wanted)) if (isFree(candidate)) return candidate;
  if (within) return undefined;
  const all = around([block, ...taken]);
  return [wanted[0], all.y + all.height + GAP - block.y];
}

const isInside = (outer: Rect, inner: Rect) =>
  inner.x >= outer.x + GAP / 2 &&
  inner.y >= outer.y + GAP / 2 &&
  inner.x + inner.width <= outer.x + outer.width - GAP / 2 &&
  inner.y + inner.height <= outer.y + outer.height - GAP / 2;

/** The places around one, nearest rings first, beside it before above and below. */
function* spiral([x, y]: Point): Generator<Point> {
  yield [x, y];
  for (let ring = 1; ring <= RINGS; ring += 1) {
    const away = ring * STEP;
    for (let side = 0; side <= ring; side += 1) {
      const along = side * STEP;
      for (const [dx, dy] of [[along, away], [-along, away], [along, -away], [-along, -away], [away, along], [away, -along], [-away, along], [-away, -along]] as const) {
        yield [x + dx, y + dy];
      }
    }
  }
}

/** Return the place of a frame around these. */
export function framed(rects: readonly Rect[]): Rect {
  const { x, y, width, height } = around(rects);
  return {
    x: x - FRAME_PADDING,
    y: y - FRAME_PADDING - FRAME_HEAD,
    width: width + 2 * FRAME_PADDING,
    height: height + 2 * FRAME_PADDING + FRAME_HEAD,
  };
}
