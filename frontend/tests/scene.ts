/** A scene in memory that behaves as the editor does, and two documents that hear each other. */
import * as Y from "yjs";
import { Binding, type Scene } from "../src/sync/binding";
import type { SceneElement } from "../src/sync/element";
import { flatten } from "../src/sync/element";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
let made = 0;

/** Return a rectangle, or what `over` makes of it. */
export function element(over: Partial<SceneElement> & Record<string, unknown> = {}): SceneElement {
  made += 1;
  return {
    id: `e${made}`,
    type: "rectangle",
    x: 0,
    y: 0,
    width: 100,
    height: 50,
    angle: 0,
    strokeColor: "#1e1e1e",
    backgroundColor: "transparent",
    fillStyle: "solid",
    strokeWidth: 2,
    strokeStyle: "solid",
    roughness: 1,
    opacity: 100,
    seed: made,
    groupIds: [],
    frameId: null,
    index: `b${DIGITS[Math.floor(made / 62) % 62]}${DIGITS[made % 62]}`,
    roundness: null,
    boundElements: [],
    isDeleted: false,
    link: null,
    locked: false,
    version: 1,
    versionNonce: made,
    updated: made,
    ...over,
  };
}

export const arrow = (over: Record<string, unknown> = {}): SceneElement =>
  element({
    type: "arrow",
    points: [
      [0, 0],
      [80, 10],
    ],
    startBinding: null,
    endBinding: null,
    startArrowhead: null,
    endArrowhead: "arrow",
    ...over,
  });

/** The editor's side: elements change in place of their old selves, with a new version each time. */
export class MemoryScene implements Scene {
  all: SceneElement[] = [];
  loaded = true;
  hand = new Set<string>();
  drawing: string | null = null;
  refused: string[] = [];
  shows = 0;

  ready = () => this.loaded;
  elements = () => this.all;
  restore = (elements: SceneElement[]) => elements;
  inHand = () => this.hand;
  stroke = () => this.drawing;
  show(elements: SceneElement[]): void {
    this.shows += 1;
    this.all = elements;
  }
  refuse(ids: string[]): void {
    this.refused.push(...ids);
    this.all = this.all.filter(({ id }) => !ids.includes(id));
  }

  add(...elements: SceneElement[]): void {
    this.all = [...this.all, ...elements];
  }

  edit(id: string, change: Record<string, unknown>): void {
    this.all = this.all.map((one) =>
      one.id === id ? { ...one, ...change, version: one.version + 1, versionNonce: Math.random() } : one,
    );
  }

  get(id: string): SceneElement {
    const found = this.all.find((one) => one.id === id);
    if (!found) throw new Error(`no element ${id}`);
    return found;
  }

  /** What is visible, in the words of the document, so that two scenes can be compared. */
  picture(): Record<string, unknown> {
    const visible = this.all.filter(({ isDeleted }) => !isDeleted);
    return Object.fromEntries(visible.map((one) => [one.id, flatten(one)]).sort());
  }
}

export class Person {
  readonly doc = new Y.Doc();
  readonly scene = new MemoryScene();
  readonly binding: Binding;
  readonly sent: Uint8Array[] = [];

  constructor(writable = true) {
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "remote") this.sent.push(update);
    });
    this.binding = new Binding(this.doc, this.scene, writable);
  }

  /** Say what was done since the last time. */
  take(): Uint8Array[] {
    this.binding.flush(true);
    return this.sent.splice(0);
  }

  hear(updates: Uint8Array[]): void {
    for (const update of updates) Y.applyUpdate(this.doc, update, "remote");
  }
}
