/** Puts the elements of a file on a board: beside what is there, or in its place. Knows no editor. */
import { around, centerOf, type Rect, rectOf, type Any } from "../mermaid/draft.ts";
import type { Point } from "../mermaid/geometry.ts";
import { freeShift } from "../mermaid/place.ts";
import type { SceneElement } from "../sync/element";

export interface Merged {
  elements: SceneElement[];
  /** The ids of what came from the file. */
  created: string[];
}

/** Return the scene with a file's elements added near `center`, on a free place, with ids of their own. */
export function added(scene: readonly SceneElement[], incoming: readonly SceneElement[], newId: () => string, center: Point): Merged {
  const fresh = renamed(incoming, newId);
  const taken = scene.filter(({ isDeleted, type }) => !isDeleted && type !== "arrow" && type !== "line").map((one) => extent(one as Any));
  const block = around(fresh.map((one) => extent(one as Any)));
  const [x, y] = centerOf(block);
  const [dx, dy] = freeShift(block, [Math.round(center[0] - x), Math.round(center[1] - y)], taken) ?? [0, 0];
  const moved = fresh.map((one) => ({ ...one, x: (one.x as number) + dx, y: (one.y as number) + dy }));
  return { elements: [...scene, ...moved], created: moved.map(({ id }) => id) };
}

/** Return the scene with a file's elements in place of all others, which stay as deleted, for undo and for others. */
export function replaced(scene: readonly SceneElement[], incoming: readonly SceneElement[], random: () => number): Merged {
  const old = new Map(scene.map((one) => [one.id, one]));
  const next = (was: SceneElement) => ({ version: was.version + 1, versionNonce: Math.floor(random() * 2 ** 31), updated: Date.now() });
  const shown = incoming.map((one) => {
    const was = old.get(one.id);
    old.delete(one.id);
    return was ? { ...one, ...next(was), index: null } : { ...one, index: null };
  });
  const gone = [...old.values()].map((one) => (one.isDeleted ? one : { ...one, isDeleted: true, ...next(one) }));
  return { elements: [...gone, ...shown], created: shown.map(({ id }) => id) };
}

/** Return copies with new ids that hang together as the originals do. */
function renamed(elements: readonly SceneElement[], newId: () => string): SceneElement[] {
  const ids = new Map(elements.map(({ id }) => [id, newId()]));
  const groups = new Map<string, string>();
  const group = (name: string) => {
    const known = groups.get(name) ?? newId();
    groups.set(name, known);
    return known;
  };
  const of = (id: unknown) => (typeof id === "string" ? (ids.get(id) ?? null) : null);
  return (elements as readonly Any[]).map((one) => ({
    ...one,
    id: ids.get(one.id) as string,
    index: null,
    groupIds: ((one.groupIds ?? []) as string[]).map(group),
    frameId: of(one.frameId),
    ...("containerId" in one && { containerId: of(one.containerId) }),
    ...("startBinding" in one && { startBinding: bound(one.startBinding, of) }),
    ...("endBinding" in one && { endBinding: bound(one.endBinding, of) }),
    boundElements: ((one.boundElements ?? []) as { id: string; type: string }[]).flatMap(({ id, type }) => {
      const now = ids.get(id);
      return now ? { id: now, type } : [];
    }),
  }));
}

function bound(binding: { elementId: string } | null | undefined, of: (id: unknown) => string | null): object | null {
  const elementId = of(binding?.elementId);
  return elementId ? { ...binding, elementId } : null;
}

function extent(element: Any): Rect {
  const points = element.points as readonly Point[] | undefined;
  if (!points?.length) return rectOf(element);
  const [across, down] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...across), Math.min(...down)];
  return { x: element.x + left, y: element.y + top, width: Math.max(...across) - left, height: Math.max(...down) - top };
}
