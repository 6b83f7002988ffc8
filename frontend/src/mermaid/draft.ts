/** A scene that is being changed: elements by id, each change a new version, nothing of the old one touched. */
import type { SceneElement } from "../sync/element";
import type { Point } from "./geometry.ts";

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Any = SceneElement & Record<string, any>;

export class Draft {
  private readonly all: Map<string, Any>;
  readonly changed = new Set<string>();
  readonly added = new Set<string>();

  constructor(
    elements: readonly SceneElement[],
    private readonly random: () => number = Math.random,
  ) {
    this.all = new Map(elements.map((element) => [element.id, element as Any]));
  }

  elements(): SceneElement[] {
    return [...this.all.values()];
  }

  /** Return the element if it is there and not deleted. */
  get(id: string | null | undefined): Any | undefined {
    const found = id ? this.all.get(id) : undefined;
    return found && !found.isDeleted ? found : undefined;
  }

  alive(): Any[] {
    return [...this.all.values()].filter(({ isDeleted }) => !isDeleted);
  }

  add(element: SceneElement): void {
    this.all.set(element.id, element as Any);
    this.changed.add(element.id);
    this.added.add(element.id);
  }

  edit(id: string, change: Record<string, unknown>): void {
    const element = this.all.get(id);
    if (!element || Object.entries(change).every(([key, value]) => isEqual(element[key], value))) return;
    this.all.set(id, {
      ...element,
      ...change,
      version: element.version + 1,
      versionNonce: Math.floor(this.random() * 2 ** 31),
      updated: Date.now(),
    } as Any);
    this.changed.add(id);
  }

  remove(id: string): void {
    this.edit(id, { isDeleted: true });
  }

  /** Set one of our own keys beside a box, or take it away. */
  setData(id: string, change: Record<string, unknown>): void {
    const before = (this.all.get(id)?.customData ?? {}) as Record<string, unknown>;
    const data = Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== null));
    if (!isEqual(before, data)) this.edit(id, { customData: data });
  }

  /** Return the text that an element holds as its label. */
  labelOf(id: string): Any | undefined {
    const bound = (this.get(id)?.boundElements ?? []) as readonly { id: string; type: string }[];
    for (const one of bound) {
      const text = one.type === "text" ? this.get(one.id) : undefined;
      if (text?.type === "text" && text.containerId === id) return text;
    }
    return this.alive().find((one) => one.type === "text" && one.containerId === id);
  }

  bind(id: string, bound: { id: string; type: string }): void {
    const before = (this.get(id)?.boundElements ?? []) as readonly { id: string }[];
    if (!before.some((one) => one.id === bound.id)) this.edit(id, { boundElements: [...before, bound] });
  }

  unbind(id: string, boundId: string): void {
    const before = (this.get(id)?.boundElements ?? []) as readonly { id: string }[];
    this.edit(id, { boundElements: before.filter((one) => one.id !== boundId) });
  }
}

export const rectOf = ({ x, y, width, height }: Any): Rect => ({
  x: x + Math.min(width, 0),
  y: y + Math.min(height, 0),
  width: Math.abs(width),
  height: Math.abs(height),
});

export const centerOf = ({ x, y, width, height }: Rect): Point => [x + width / 2, y + height / 2];

/** Return whether two places touch, or come nearer than `gap`. */
export const overlap = (a: Rect, b: Rect, gap = 0): boolean =>
  a.x < b.x + b.width + gap && a.x + a.width + gap > b.x && a.y < b.y + b.height + gap && a.y + a.height + gap > b.y;

export const holds = (outer: Rect, inner: Rect, slack = 0): boolean =>
  outer.x - slack <= inner.x &&
  outer.y - slack <= inner.y &&
  inner.x + inner.width <= outer.x + outer.width + slack &&
  inner.y + inner.height <= outer.y + outer.height + slack;

/** Return the smallest place around several. */
export function around(rects: readonly Rect[]): Rect {
  const left = Math.min(...rects.map(({ x }) => x));
  const top = Math.min(...rects.map(({ y }) => y));
  const right = Math.max(...rects.map(({ x, width }) => x + width));
  const bottom = Math.max(...rects.map(({ y, height }) => y + height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export const isEqual = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
