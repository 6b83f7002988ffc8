/** Boxes and arrow ends of a drawing as plane geometry, as whiteboard/geometry.py has it on the server. */

export const TOUCH = 32;
const CELL = 256;
const MOST_CELLS = 400;
const MOST_IN_CELL = 300;

export type Point = readonly [x: number, y: number];
export type Anything = Record<string, unknown>;

/** Something that can be a node: its place, its words, and what it stands in. */
export class Box {
  label = "";
  parent: string | null = null;
  isGroup = false;

  constructor(
    readonly id: string,
    readonly shape: string,
    public left: number,
    public top: number,
    public width: number,
    public height: number,
    public angle = 0,
    readonly custom: Anything = {},
    public frame: string | null = null,
    readonly groups: readonly string[] = [],
  ) {}

  get area(): number {
    return this.width * this.height;
  }

  get center(): Point {
    return [this.left + this.width / 2, this.top + this.height / 2];
  }

  /** How far outside a point lies; 0 inside. */
  distance(point: Point): number {
    const [x, y] = this.angle ? turned(point, this.center, -this.angle) : point;
    return Math.hypot(
      Math.max(this.left - x, 0, x - this.left - this.width),
      Math.max(this.top - y, 0, y - this.top - this.height),
    );
  }

  /** Whether `other` stands wholly inside. */
  holds(other: Box): boolean {
    const slack = 2;
    return (
      this.left - slack <= other.left &&
      this.top - slack <= other.top &&
      other.left + other.width <= this.left + this.width + slack &&
      other.top + other.height <= this.top + this.height + slack
    );
  }

  /** How far a point is from the outline, inside or out. */
  fromBorder(point: Point): number {
    const away = this.distance(point);
    if (away) return away;
    const [x, y] = this.angle ? turned(point, this.center, -this.angle) : point;
    return Math.min(x - this.left, this.left + this.width - x, y - this.top, this.top + this.height - y);
  }
}

/** Boxes by the cells they cover, to find those around a point without looking at all. */
export class Grid {
  private readonly cells = new Map<string, Box[]>();
  private readonly wide: Box[] = [];

  constructor(boxes: Iterable<Box>) {
    for (const box of boxes) {
      const reach = TOUCH + (box.angle ? Math.max(box.width, box.height) : 0);
      const [left, right] = [cell(box.left - reach), cell(box.left + box.width + reach)];
      const [top, bottom] = [cell(box.top - reach), cell(box.top + box.height + reach)];
      if ((right - left + 1) * (bottom - top + 1) > MOST_CELLS) {
        if (this.wide.length < MOST_IN_CELL) this.wide.push(box);
        continue;
      }
      for (let column = left; column <= right; column += 1) {
        for (let row = top; row <= bottom; row += 1) this.put(`${column}/${row}`, box);
      }
    }
  }

  /** The boxes that may contain the point or be within reach of it. */
  near([x, y]: Point): Box[] {
    return [...(this.cells.get(`${cell(x)}/${cell(y)}`) ?? []), ...this.wide];
  }

  private put(key: string, box: Box): void {
    const found = this.cells.get(key);
    if (!found) this.cells.set(key, [box]);
    else if (found.length < MOST_IN_CELL) found.push(box);
  }
}

const cell = (place: number) => Math.floor(place / CELL);

export function groupsOf(element: Anything): string[] {
  const groups = element.groupIds;
  if (!Array.isArray(groups)) return [];
  return [...new Set(groups.slice(0, 20).filter((one): one is string => typeof one === "string"))];
}

export function boxOf(element: Anything): Box {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => element[name] as number) as [
    number,
    number,
    number,
    number,
  ];
  return new Box(
    element.id as string,
    element.type as string,
    x + Math.min(width, 0),
    y + Math.min(height, 0),
    Math.abs(width),
    Math.abs(height),
    angleOf(element),
    isRecord(element.customData) ? element.customData : {},
    typeof element.frameId === "string" ? element.frameId : null,
    groupsOf(element),
  );
}

/** Where an arrow starts and ends on the board; null when its points make no sense. */
export function endsOf(arrow: Anything): [Point, Point] | null {
  const { points } = arrow;
  if (!Array.isArray(points) || points.length < 2) return null;
  const ends: Point[] = [];
  for (const point of [points[0], points.at(-1)]) {
    const [x, y] = Array.isArray(point) && point.length === 2 ? point : [];
    if (!isNumber(x, 1e9) || !isNumber(y, 1e9)) return null;
    ends.push([(arrow.x as number) + x, (arrow.y as number) + y]);
  }
  const angle = angleOf(arrow);
  const { center } = boxOf(arrow);
  const [start, end] = (angle ? ends.map((one) => turned(one, center, angle)) : ends) as [Point, Point];
  return [start, end];
}

export function turned([x, y]: Point, [aroundX, aroundY]: Point, angle: number): Point {
  const [across, down, cosine, sine] = [x - aroundX, y - aroundY, Math.cos(angle), Math.sin(angle)];
  return [aroundX + across * cosine - down * sine, aroundY + across * sine + down * cosine];
}

export function isRecord(value: unknown): value is Anything {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a finite number below `limit`. */
export function isNumber(value: unknown, limit = Number.POSITIVE_INFINITY): value is number {
  return typeof value === "number" && Number.isFinite(value) && Math.abs(value) < limit;
}

function angleOf(element: Anything): number {
  const angle = isNumber(element.angle) ? element.angle : 0;
  const whole = 2 * Math.PI;
  return Math.abs(angle) <= Math.PI ? angle : angle - whole * Math.round(angle / whole);
}
