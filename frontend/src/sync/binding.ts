/**
 * Keeps a scene and the `elements` map of a Y.Doc equal, in both directions.
 *
 * For each element a shadow remembers what scene and document last agreed on. What differs between
 * shadow and scene was done here and is written, property by property; what differs between shadow and
 * document was done elsewhere and is shown. Local edits are always written before remote ones are shown,
 * so neither side is ever overwritten by a stale copy of itself.
 */
import * as Y from "yjs";
import { changedKeys, type Flat, flatten, isSpeck, readFlat, type SceneElement, unflatten } from "./element";
import { isAwaited, isDrawable, isIndex, isSendable } from "./guard";

/** The editor, as far as the binding needs it. */
export interface Scene {
  /** False while the editor loads or goes away: its scene is empty then, which is not somebody's edit. */
  ready(): boolean;
  /** Everything in the scene, what is deleted included. */
  elements(): readonly SceneElement[];
  /** Show these elements; nothing of it may land in this person's undo history. */
  show(elements: SceneElement[]): void;
  /** Fill in what an element lacks; may leave out elements it cannot make sense of. */
  restore(elements: SceneElement[]): readonly SceneElement[];
  /** Ids whose elements this person has in hand right now: being drawn, resized or typed in. */
  inHand(): ReadonlySet<string>;
  /** The freehand stroke being drawn right now. */
  stroke(): string | null;
  /** Take out elements that a shared board cannot hold, and say so. */
  refuse(ids: string[]): void;
}

const FLUSH_MS = 45;
const SHOW_MS = 16;
/** A freehand stroke is sent whole each time, so its cost grows with the square of the sendings. */
const STROKE_MS = 400;
const RETRY_MS = 200;
const MOST_ELEMENTS = 5_000;
/** Keeps one transaction's update well below the server's limits on size and nested values. */
const TRANSACTION_CHARACTERS = 40_000;

export class Binding {
  private readonly elements: Y.Map<Y.Map<unknown>>;
  private readonly shadow = new Map<string, Flat>();
  /** What the scene held at the last look: id → `version/nonce`. */
  private readonly seen = new Map<string, string>();
  private readonly dirty = new Set<string>();
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private showTimer: ReturnType<typeof setTimeout> | undefined;
  private strokeTimer: ReturnType<typeof setTimeout> | undefined;
  private strokeSentAt = 0;

  constructor(
    private readonly doc: Y.Doc,
    private readonly scene: Scene,
    public writable: boolean,
  ) {
    this.elements = doc.getMap("elements");
    this.elements.observeDeep(this.documentChanged);
    for (const id of this.elements.keys()) this.dirty.add(id);
    this.show();
  }

  /** Let go of the document; what is not flushed by now is not written. */
  stop(): void {
    this.elements.unobserveDeep(this.documentChanged);
    clearTimeout(this.flushTimer);
    clearTimeout(this.showTimer);
    clearTimeout(this.strokeTimer);
  }

  /** Call on every change of the scene; the work is done once for all changes of 45 ms. */
  sceneChanged(): void {
    this.flushTimer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Write what this person has done to the document, `whole` with a stroke that is still being drawn. */
  flush(whole = false): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    if (!this.scene.ready()) return;
    const elements = this.scene.elements();
    const writes: [id: string, keys: string[], flat: Flat][] = [];
    const refused: string[] = [];
    const present = new Set<string>();
    for (const element of elements) {
      present.add(element.id);
      const stamp = stampOf(element);
      if (this.seen.get(element.id) === stamp) continue;
      const before = this.shadow.get(element.id);
      if (!before && (element.isDeleted || isSpeck(element) || isAwaited(element))) continue;
      if (!whole && element.id === this.scene.stroke() && this.strokeWaits()) continue;
      this.seen.set(element.id, stamp);
      const flat = flatten(element);
      const outgoing = unflatten(element.id, flat, element.version);
      const full = this.elements.size + writes.length >= MOST_ELEMENTS;
      if (!before && (full || !isSendable(outgoing))) {
        refused.push(element.id);
        continue;
      }
      if (before && !isDrawable(outgoing)) continue; // a slip of the editor: keep what the others have
      const keys = changedKeys(before, flat);
      if (keys.length) writes.push([element.id, keys, flat]);
    }
    for (const id of this.seen.keys()) {
      if (present.has(id)) continue;
      // Opening or dropping a file replaces the scene without tombstones; others still have the element.
      this.seen.delete(id);
      const before = this.shadow.get(id);
      if (before && before.isDeleted !== true) writes.push([id, ["isDeleted"], { ...before, isDeleted: true }]);
    }
    if (this.writable) this.write(writes);
    if (refused.length) this.scene.refuse(refused);
  }

  private strokeWaits(): boolean {
    const wait = this.strokeSentAt + STROKE_MS - Date.now();
    if (wait > 0) {
      this.strokeTimer ??= setTimeout(() => {
        this.strokeTimer = undefined;
        this.flush();
      }, wait);
      return true;
    }
    this.strokeSentAt = Date.now();
    return false;
  }

  private write(writes: [id: string, keys: string[], flat: Flat][]): void {
    let rest = writes;
    while (rest.length) {
      const batch: typeof writes = [];
      let size = 0;
      for (const write of rest) {
        size += JSON.stringify(write[2]).length;
        if (batch.length && size > TRANSACTION_CHARACTERS) break;
        batch.push(write);
      }
      rest = rest.slice(batch.length);
      this.doc.transact(() => batch.forEach((write) => this.writeOne(...write)), this);
    }
  }

  private writeOne(id: string, keys: string[], flat: Flat): void {
    let map = this.elements.get(id);
    if (!(map instanceof Y.Map)) {
      map = new Y.Map();
      this.elements.set(id, map);
      keys = Object.keys(flat);
    }
    for (const key of keys) {
      if (key in flat) map.set(key, flat[key]);
      else map.delete(key);
    }
    this.shadow.set(id, flat);
  }

  private readonly documentChanged = (events: Y.YEvent<Y.AbstractType<unknown>>[], by: Y.Transaction): void => {
    if (by.origin === this) return;
    for (const event of events) {
      if (event.target === this.elements) for (const id of event.keys.keys()) this.dirty.add(id);
      else this.dirty.add(String(event.path[0]));
    }
    this.showTimer ??= setTimeout(() => this.show(), SHOW_MS);
  };

  /** Show in the scene what others have done. */
  private show(): void {
    clearTimeout(this.showTimer);
    this.showTimer = undefined;
    if (!this.dirty.size) return;
    if (!this.scene.ready()) {
      this.showTimer = setTimeout(() => this.show(), RETRY_MS);
      return;
    }
    this.flush();
    const inHand = this.scene.inHand();
    const local = new Map(this.scene.elements().map((element) => [element.id, element]));
    const changed = new Map<string, SceneElement>();
    for (const id of [...this.dirty]) {
      if (inHand.has(id)) continue; // changing it under the hand would break the gesture
      this.dirty.delete(id);
      const element = this.changedBy(id, local.get(id));
      if (element) changed.set(id, element);
    }
    if (this.dirty.size) this.showTimer = setTimeout(() => this.show(), RETRY_MS);
    if (!changed.size) return;
    const shown = inOrder(local, changed);
    for (const element of changed.values()) this.seen.set(element.id, stampOf(element));
    this.scene.show(shown);
    // The editor may have had to mend an index that two people had taken at once; the mend is an edit.
    this.sceneChanged();
  }

  /** Return the element as others have changed it, or null if there is nothing to show. */
  private changedBy(id: string, local: SceneElement | undefined): SceneElement | null {
    const map = this.elements.get(id);
    const before = this.shadow.get(id);
    if (!(map instanceof Y.Map)) {
      if (!local || local.isDeleted) return null;
      return { ...local, isDeleted: true, version: local.version + 1 };
    }
    const flat = readFlat(map);
    if (before && !changedKeys(before, flat).length) return null;
    const element = unflatten(id, flat, (local?.version ?? 0) + 1);
    if (!isDrawable(element)) return null;
    this.shadow.set(id, flat);
    if (element.isDeleted) return local ? { ...local, ...element } : null;
    const sound = isIndex(element.index) ? element : { ...element, index: null };
    try {
      return this.scene.restore([sound])[0] ?? null;
    } catch (error) {
      console.warn(`Element ${id} cannot be shown.`, error);
      return null;
    }
  }
}

const stampOf = (element: SceneElement) => `${element.version}/${element.versionNonce}`;

/** Return the scene with `changed` in it, ordered by index if an index is new. */
function inOrder(local: Map<string, SceneElement>, changed: Map<string, SceneElement>): SceneElement[] {
  let moved = false;
  const shown = [...local.values()].map((element) => {
    const next = changed.get(element.id);
    if (next && next.index !== element.index) moved = true;
    return next ?? element;
  });
  for (const element of changed.values()) {
    if (local.has(element.id)) continue;
    shown.push(element);
    moved = true;
  }
  if (!moved) return shown;
  const rank = (element: SceneElement) => element.index ?? "~";
  return shown.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : a.id < b.id ? -1 : 1));
}
