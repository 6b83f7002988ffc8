/** Puts the board back to what it was, as an edit like any other: nothing is taken out of the log. */
import { type Flat, flatten, same, type SceneElement, unflatten } from "../sync/element";
import { isDrawable, isIndex } from "../sync/guard";

export interface Restored {
  /** The whole scene, deleted elements included. */
  elements: SceneElement[];
  /** How many elements are not what they were before. */
  changed: number;
}

/**
 * Return the scene that shows `wanted` and nothing else.
 *
 * Elements that are as wanted stay the objects they are. What is not wanted is deleted as by hand, and
 * what was erased since comes back under its id, so that arrows and labels belong where they did.
 */
export function restored(current: readonly SceneElement[], wanted: Readonly<Record<string, Flat>>): Restored {
  const here = new Map(current.map((element) => [element.id, element]));
  const elements: SceneElement[] = [];
  let changed = 0;
  for (const [id, flat] of Object.entries(wanted)) {
    if (flat.isDeleted === true) continue;
    const now = here.get(id);
    const then = unflatten(id, flat, (now?.version ?? 0) + 1);
    if (!isDrawable(then)) continue;
    here.delete(id);
    if (now && same(flatten(now), flatten(then))) elements.push(now);
    else {
      elements.push(isIndex(then.index) ? then : { ...then, index: null });
      changed += 1;
    }
  }
  for (const element of here.values()) {
    if (element.isDeleted) elements.push(element);
    else {
      elements.push({ ...element, isDeleted: true, version: element.version + 1, versionNonce: nonce() });
      changed += 1;
    }
  }
  return { elements: elements.sort(byIndex), changed };
}

const nonce = () => Math.floor(Math.random() * 2 ** 31);

const byIndex = (a: SceneElement, b: SceneElement) => {
  const [one, other] = [a.index ?? "~", b.index ?? "~"];
  if (one !== other) return one < other ? -1 : 1;
  return a.id < b.id ? -1 : 1;
};
