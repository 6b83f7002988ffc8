/** Finds the way of an arrow from one box to another that crosses as few others as possible. */
import { centerOf, type Rect } from "./draft.ts";
import type { Point } from "./geometry.ts";

const GAP = 5;
const ROOM = 6;
const ASIDE = 40;
const STEP = 16;
const NEAR = 12;
const MOST_WAYS = 24;
/** What a crossed box, and a shared stretch, are worth in length. */
const CROSSING = 2_000;
const ALONG = 400;

/**
 * Return the points of an arrow between two places. `others` is what it should not cross, `lines` are the
 * arrows there are, which it should not run along.
 */
export function route(from: Rect, to: Rect, others: readonly Rect[], lines: readonly (readonly Point[])[] = []): Point[] {
  if (from === to || (from.x === to.x && from.y === to.y)) return loop(from);
  const straight = [border(from, centerOf(to)), border(to, centerOf(from))];
  const cost = (way: readonly Point[]) => {
    const crossed = others.filter((one) => crosses(way, one)).length;
    const along = lines.filter((line) => runsAlong(way, line)).length;
    return crossed * CROSSING + along * ALONG + lengthOf(way) * (1 + 0.12 * (way.length - 2));
  };
  let best: { way: Point[]; cost: number } = { way: straight, cost: cost(straight) };
  const shortest = lengthOf(straight);
  if (best.cost <= shortest) return straight;
  const isClear = (bend: Point[]) => bend.every((point) => !isWithin(point, from) && !isWithin(point, to));
  for (const bend of bends(from, to, others)) {
    if (!isClear(bend)) continue;
    const way = [border(from, bend[0] as Point), ...bend, border(to, bend.at(-1) as Point)];
    if (lengthOf(way) >= best.cost) continue;
    const next = cost(way);
    if (next < best.cost) best = { way, cost: next };
  }
  return best.way;
}

/** Return the point half way along, where a label stands. */
export function middleOf(way: readonly Point[]): Point {
  const lengths = way.slice(1).map((point, i) => distance(way[i] as Point, point));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [i, length] of lengths.entries()) {
    const [a, b] = [way[i] as Point, way[i + 1] as Point];
    if (left <= length && length > 0) return [a[0] + ((b[0] - a[0]) * left) / length, a[1] + ((b[1] - a[1]) * left) / length];
    left -= length;
  }
  return way.at(-1) as Point;
}

/** Return ways with one or two corners: beside the two boxes, and in the gaps beside the others. */
function bends(from: Rect, to: Rect, others: readonly Rect[]): Point[][] {
  const [[x1, y1], [x2, y2]] = [centerOf(from), centerOf(to)];
  const near = (places: number[], middle: number) => [...new Set(places)].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).slice(0, MOST_WAYS);
  const rows = near([from, to, ...others].flatMap(({ y, height }) => [y - ASIDE, y + height + ASIDE]), (y1 + y2) / 2);
  const columns = near([from, to, ...others].flatMap(({ x, width }) => [x - ASIDE, x + width + ASIDE]), (x1 + x2) / 2);
  const beside = (place: number) => [place, place - STEP, place + STEP];
  return [
    [[x1, y2]],
    [[x2, y1]],
    ...rows.flatMap(beside).flatMap((y): Point[][] => [[[x1, y], [x2, y]], [[(x1 + x2) / 2, y]]]),
    ...columns.flatMap(beside).map((x): Point[] => [[x, y1], [x, y2]]),
  ];
}

/** A line that leaves a box and comes back to it. */
function loop({ x, y, width }: Rect): Point[] {
  return [
    [x + width * 0.35, y - GAP],
    [x + width * 0.35, y - ASIDE],
    [x + width * 0.65, y - ASIDE],
    [x + width * 0.65, y - GAP],
  ];
}

/** Return where a line from the middle of a box towards a point leaves it, a little outside. */
function border(box: Rect, [toX, toY]: Point): Point {
  const [x, y] = centerOf(box);
  const [across, down] = [toX - x, toY - y];
  const length = Math.hypot(across, down);
  if (!length) return [x, y];
  const share = Math.min(
    across ? box.width / 2 / Math.abs(across) : Number.POSITIVE_INFINITY,
    down ? box.height / 2 / Math.abs(down) : Number.POSITIVE_INFINITY,
  );
  return [x + across * share + (GAP * across) / length, y + down * share + (GAP * down) / length];
}

const isWithin = ([x, y]: Point, box: Rect) =>
  x > box.x - ROOM && x < box.x + box.width + ROOM && y > box.y - ROOM && y < box.y + box.height + ROOM;

const crosses = (way: readonly Point[], box: Rect): boolean =>
  way.slice(1).some((end, i) => isCrossed(box, way[i] as Point, end));

function isCrossed(box: Rect, start: Point, end: Point): boolean {
  let [first, last] = [0, 1];
  for (const [near, far, origin, way] of [
    [box.x - ROOM, box.x + box.width + ROOM, start[0], end[0] - start[0]],
    [box.y - ROOM, box.y + box.height + ROOM, start[1], end[1] - start[1]],
  ] as const) {
    if (way === 0) {
      if (origin <= near || origin >= far) return false;
      continue;
    }
    const [enters, leaves] = [(near - origin) / way, (far - origin) / way].sort((a, b) => a - b) as [number, number];
    first = Math.max(first, enters);
    last = Math.min(last, leaves);
  }
  return first < last;
}

/** Return whether two lines lie on each other for a while, or have their labels in one spot. */
function runsAlong(way: readonly Point[], line: readonly Point[]): boolean {
  if (distance(middleOf(way), middleOf(line)) < 2 * NEAR) return true;
  return way.slice(1).some((end, i) => line.slice(1).some((stop, j) => liesOn(way[i] as Point, end, line[j] as Point, stop)));
}

function liesOn(a: Point, b: Point, c: Point, d: Point): boolean {
  for (const [across, along] of [[0, 1], [1, 0]] as const) {
    const isFlat = Math.abs(a[across] - b[across]) < NEAR && Math.abs(c[across] - d[across]) < NEAR;
    if (!isFlat || Math.abs(a[across] - c[across]) >= NEAR) continue;
    const shared = Math.min(Math.max(a[along], b[along]), Math.max(c[along], d[along])) - Math.max(Math.min(a[along], b[along]), Math.min(c[along], d[along]));
    if (shared > 2 * NEAR) return true;
  }
  return false;
}

const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);

const lengthOf = (way: readonly Point[]) => way.slice(1).reduce((sum, point, i) => sum + distance(way[i] as Point, point), 0);
