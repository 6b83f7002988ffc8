/** A board in memory for the tests of the Mermaid panel, and the tools to draw on it. */
import type { Tools } from "../src/mermaid/make";
import type { Board } from "../src/mermaid/link";
import { type Graph, readGraph } from "../src/mermaid/graph";
import type { SceneElement } from "../src/sync/element";

/** Return a random function with a memory, so that a failing case can be run again (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function toolsOf(seed = 1): Tools {
  const random = seeded(seed);
  let made = 0;
  return { measure: (line, size) => line.length * size * 0.52, newId: () => `made-${seed}-${++made}`, random };
}

export class MemoryBoard implements Board {
  all: SceneElement[] = [];
  steps = 0;

  elements = () => this.all;
  center = () => [0, 0] as const;
  replace(elements: SceneElement[]): void {
    this.all = elements;
    this.steps += 1;
  }

  alive(): SceneElement[] {
    return this.all.filter(({ isDeleted }) => !isDeleted);
  }

  graph(): Graph {
    return readGraph(this.all);
  }

  /** What the drawing says, in words: boxes and arrows by their labels. */
  says(): string[] {
    const { nodes, edges } = this.graph();
    const label = new Map(nodes.map((node) => [node.id, node.label || node.id]));
    const boxes = nodes.map(({ label: own, kind, parent }) => `${own}${kind ? ` (${kind})` : ""}${parent ? ` in ${label.get(parent)}` : ""}`);
    const arrows = edges.map(({ source, target, label: said, heads }) => `${label.get(source)} ${heads === "both" ? "<->" : heads === "none" ? "-" : "->"} ${label.get(target)}${said && `: ${said}`}`);
    return [...boxes, ...arrows].sort();
  }

  named(label: string): SceneElement {
    const found = this.graph().nodes.find((node) => node.label === label);
    const element = this.all.find(({ id }) => id === found?.id);
    if (!element) throw new Error(`nothing is called ${label}: ${this.says().join(", ")}`);
    return element;
  }

  edit(id: string, change: Record<string, unknown>): void {
    this.all = this.all.map((one) => (one.id === id ? { ...one, ...change, version: one.version + 1, versionNonce: one.versionNonce + 1 } : one));
  }

  /** Write other words on a box, as a hand would. */
  relabel(box: string, label: string): void {
    const text = this.alive().find((one) => one.type === "text" && one.containerId === box);
    if (text) this.edit(text.id, { text: label, originalText: label });
  }
}
