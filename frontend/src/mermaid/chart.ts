/** What a Mermaid flowchart says: boxes by their names in the text, groups, arrows. */
import type { Kind } from "../palette/parts.ts";
import type { Direction } from "./write.ts";

/** What a box without a kind looks like. */
export type Form = "box" | "diamond" | "ellipse";
export type Heads = "end" | "both" | "none";

export interface ChartNode {
  id: string;
  label: string;
  kind: Kind | null;
  form: Form;
  latencyMs: number | null;
  volume: string | null;
  group: string | null;
}

export interface ChartGroup {
  id: string;
  label: string;
  kind: Kind | null;
  group: string | null;
}

export interface ChartEdge {
  source: string;
  target: string;
  label: string;
  heads: Heads;
  /** The line of the text that says it, the first being 1. */
  line: number;
}

export interface Chart {
  direction: Direction;
  nodes: Map<string, ChartNode>;
  groups: Map<string, ChartGroup>;
  edges: ChartEdge[];
}

/** Why a text cannot be read, as a sentence, and where. */
export class TextProblem extends Error {
  override readonly name = "TextProblem";

  constructor(
    readonly line: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

export const emptyChart = (direction: Direction = "LR"): Chart => ({
  direction,
  nodes: new Map(),
  groups: new Map(),
  edges: [],
});

/** Return whether two texts mean the same, whatever the order and look of their lines. */
export function isSameChart(a: Chart, b: Chart): boolean {
  return (
    a.nodes.size === b.nodes.size &&
    a.groups.size === b.groups.size &&
    a.edges.length === b.edges.length &&
    [...a.nodes].every(([id, node]) => isSameNode(node, b.nodes.get(id))) &&
    [...a.groups].every(([id, group]) => isSameGroup(group, b.groups.get(id))) &&
    a.edges.map(keyOf).sort().join("\n") === b.edges.map(keyOf).sort().join("\n")
  );
}

export const keyOf = ({ source, target, label, heads }: ChartEdge): string =>
  JSON.stringify([source, target, label, heads]);

export function isSameNode(a: ChartNode, b: ChartNode | undefined): boolean {
  return b !== undefined && isSaidSame(a, b) && a.kind === b.kind && a.group === b.group && (a.kind !== null || a.form === b.form);
}

export const isSaidSame = (a: ChartNode, b: ChartNode): boolean =>
  a.label === b.label && a.latencyMs === b.latencyMs && a.volume === b.volume;

const isSameGroup = (a: ChartGroup, b: ChartGroup | undefined): boolean =>
  b !== undefined && a.label === b.label && a.kind === b.kind && a.group === b.group;
