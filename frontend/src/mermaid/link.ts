/**
 * Joins a text and a board, both ways. A change of the text is brought to the board; what happens on the
 * board reaches the text unless somebody is typing something that the board does not have yet.
 */
import type { SceneElement } from "../sync/element";
import { apply, type Bound } from "./apply.ts";
import { type Chart, emptyChart, isSameChart, keyOf, TextProblem } from "./chart.ts";
import { diff } from "./diff.ts";
import type { Point } from "./geometry.ts";
import { type Graph, readGraph } from "./graph.ts";
import type { Tools } from "./make.ts";
import type { Read } from "./parse.ts";
import { patched } from "./patch.ts";
import { flowchart, namesOf, nodesOf } from "./write.ts";

/** The board, as far as a text needs it. */
export interface Board {
  elements(): readonly SceneElement[];
  /** Put these in place of all elements, as one step that this person can undo. */
  replace(elements: SceneElement[], created: readonly string[]): void;
  /** The middle of what is in view. */
  center(): Point;
}

export type Outcome =
  | { is: "same" }
  | { is: "applied" }
  | { is: "problem"; problem: TextProblem }
  /** So many boxes would go that it may be a slip; say it again with `sure` to do it. */
  | { is: "question"; going: number; of: number };

const FEW = 3;

export class MermaidLink {
  /** The text that the board was last equal to. */
  text = "";
  /** What the board looked like when it was last taken in. */
  private look = "";
  private bound: Bound = { chart: emptyChart(), ids: new Map(), arrows: [] };

  constructor(
    private readonly read: Read,
    private readonly board: Board,
    private readonly tools: Tools,
  ) {
    this.follow();
  }

  /** Bring a text to the board. */
  write(text: string, sure = false): Outcome {
    let chart: Chart;
    try {
      chart = this.read(text);
    } catch (error) {
      if (error instanceof TextProblem) return { is: "problem", problem: error };
      throw error;
    }
    if (isSameChart(chart, this.bound.chart) && chart.direction === this.bound.chart.direction) {
      const arrows = this.arrowsOf(chart, this.bound.chart, this.bound.arrows);
      this.keep(text, { ...this.bound, chart, arrows });
      return { is: "same" };
    }
    const going = diff(this.bound.chart, chart).removed.filter((name) => this.bound.ids.has(name)).length;
    const of = this.bound.ids.size;
    if (!sure && going > FEW && going * 2 > of) return { is: "question", going, of };
    const { elements, bound, created, changed } = apply(this.board.elements(), this.bound, chart, this.tools, this.board.center());
    this.keep(text, bound);
    if (changed) this.board.replace(elements, created);
    return { is: "applied" };
  }

  /**
   * Take in what has happened on the board; return the text that says so, or null if it says so already.
   *
   * `take` is given the new text first: if it answers false, because somebody is typing in the lines that
   * would change, all stays as it is, and it can be tried again.
   */
  follow(take: (text: string) => boolean = () => true): string | null {
    const graph = told(readGraph(this.board.elements()));
    const look = JSON.stringify([graph.nodes.map((node) => ({ ...node, x: 0, y: 0 })), graph.edges, graph.frames]);
    if (look === this.look && this.text) return null;
    const kept = new Map([...this.bound.ids].map(([name, id]) => [id, name]));
    const names = namesOf(nodesOf(graph).values(), kept);
    const plain = flowchart(graph, this.bound.chart.direction, names);
    const chart = this.read(plain);
    const ids = new Map([...names].map(([id, name]) => [name, id]));
    const arrows = graph.edges.map(({ id }) => id);
    if (this.text && isSameChart(chart, this.bound.chart)) {
      this.bound = { chart: this.bound.chart, ids, arrows: this.arrowsOf(this.bound.chart, chart, arrows) };
      this.look = look;
      return null;
    }
    const text = this.nextText(plain, chart);
    if (!take(text)) return null;
    const said = this.read(text);
    this.keep(text, { chart: said, ids, arrows: this.arrowsOf(said, chart, arrows) });
    this.look = look;
    return text;
  }

  /** Return the first of these texts that says what the board says: few lines changed, then notes kept, then plain. */
  private nextText(plain: string, chart: Chart): string {
    if (!this.text) return plain;
    const isRight = (text: string | null): text is string => {
      if (text === null) return false;
      try {
        return isSameChart(this.read(text), chart);
      } catch {
        return false;
      }
    };
    const few = patched(this.text, this.bound.chart, chart);
    if (isRight(few)) return few;
    const noted = withNotes(plain, this.text);
    return isRight(noted) ? noted : plain;
  }

  private keep(text: string, bound: Bound): void {
    this.text = text;
    this.bound = bound;
    this.look = "";
  }

  /** Return the arrows of a chart in its order, from those of another that says the same. */
  private arrowsOf(chart: Chart, other: Chart, arrows: readonly (string | null)[]): (string | null)[] {
    const found = new Map<string, (string | null)[]>();
    other.edges.forEach((edge, i) => {
      const key = keyOf(edge);
      found.set(key, [...(found.get(key) ?? []), arrows[i] ?? null]);
    });
    return chart.edges.map((edge) => found.get(keyOf(edge))?.shift() ?? null);
  }
}

/** Return a text that adds to a board, and never takes anything away. */
export function addChart(elements: readonly SceneElement[], chart: Chart, tools: Tools, center: Point): { elements: SceneElement[]; created: string[] } {
  return apply(elements, { chart: emptyChart(chart.direction), ids: new Map(), arrows: [] }, chart, tools, center);
}

/** Return the graph without pictures that nothing leads to: they are not for a text. */
function told(graph: Graph): Graph {
  const joined = new Set(graph.edges.flatMap(({ source, target }) => [source, target]));
  const isTold = ({ id, shape, label }: { id: string; shape: string; label: string }) => shape !== "image" || label !== "" || joined.has(id);
  return { ...graph, nodes: graph.nodes.filter(isTold) };
}

/** Return a plain text with the comments and styles of another. */
function withNotes(plain: string, old: string): string {
  const [header, ...rest] = plain.trimEnd().split("\n");
  const lines = old.split("\n");
  const comments = lines.filter((line) => /^\s*%%(?!\{)/.test(line));
  const styles = lines.filter((line) => /^\s*(classDef|style|linkStyle|click)\b/.test(line));
  return [header, ...comments, ...rest, ...styles, ""].join("\n");
}
