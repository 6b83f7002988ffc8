/**
 * Reads the text of a Mermaid flowchart with Mermaid's own parser, which is loaded when first needed.
 *
 * Only the parser is used: what it calls is collected here, and nothing is drawn by Mermaid, whose drawing
 * needs inline styles that the content policy refuses.
 */
import { KINDS, type Kind } from "../palette/parts.ts";
import { type Chart, type ChartEdge, type ChartNode, emptyChart, type Form, type Heads, TextProblem } from "./chart.ts";
import { checkHeader, problemOf } from "./problem.ts";
import { AMOUNT, type Direction, LATENCY, madeName, tidy } from "./write.ts";

export const LONGEST_TEXT = 200_000;
const MOST_THINGS = 1_500;

/** Read a text; throws TextProblem. */
export type Read = (text: string) => Chart;

interface Words {
  text: string;
  type: string;
}

/** The generated parser, as far as we use it; it calls `yy` for everything it finds. */
interface Grammar {
  yy: object;
  parse(text: string): unknown;
}

const SHAPES: Record<string, Form | Kind> = {
  ...{ cylinder: "store", cyl: "store", db: "store", database: "store", "lin-cyl": "store", disk: "store" },
  ...{ hexagon: "queue", hex: "queue", prepare: "queue", das: "queue", "h-cyl": "queue", "horizontal-cylinder": "queue" },
  ...{ diamond: "diamond", diam: "diamond", decision: "diamond", question: "diamond" },
  ...{ circle: "ellipse", circ: "ellipse", ellipse: "ellipse", doublecircle: "ellipse", "dbl-circ": "ellipse" },
};

let loading: Promise<Read> | undefined;

/** Return the function that reads texts, once Mermaid's parser has arrived. */
export function loadReader(): Promise<Read> {
  loading ??= load().catch((error) => {
    loading = undefined; // the next one may try again
    throw error;
  });
  return loading;
}

async function load(): Promise<Read> {
  const { default: mermaid } = await import("mermaid");
  mermaid.initialize({ startOnLoad: false });
  const diagram = await mermaid.mermaidAPI.getDiagramFromText("flowchart LR");
  const grammar = (diagram.parser as unknown as { parser: Grammar }).parser;
  return (text) => read(grammar, text);
}

function read(grammar: Grammar, text: string): Chart {
  if (text.length > LONGEST_TEXT) {
    throw new TextProblem(1, `The text is too long: a board reads up to ${LONGEST_TEXT.toLocaleString("en")} characters.`);
  }
  const lines = prepared(text);
  checkHeader(lines);
  const found = new Findings();
  grammar.yy = found.callbacks();
  try {
    grammar.parse(`${lines.join("\n")}\n`);
  } catch (error) {
    throw problemOf(error, lines);
  }
  return found.chart();
}

const HASH = /#(\w+);/g;
const [OPEN, CLOSE] = ["\ue000", "\ue001"];

/** Return the lines that say something, at their places: no comments, no settings, entities out of the way. */
function prepared(text: string): string[] {
  const blank = (part: string) => part.replace(/[^\n]/g, "");
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/^\s*---\n[\s\S]*?\n---(?=\n|$)/, blank)
    .replace(/%%\{[\s\S]*?\}%%/g, blank)
    .replace(/^[ \t]*%%.*$/gm, "")
    .replace(HASH, `${OPEN}$1${CLOSE}`)
    .split("\n");
}

const NAMED: Record<string, string> = { quot: '"', lt: "<", gt: ">", amp: "&", nbsp: " ", apos: "'" };

function decoded({ text, type }: Words): string {
  const plain = type === "markdown" ? text.replace(/\*\*|__|`/g, "") : text.replace(/^`([\s\S]*)`$/, "$1");
  const shown = plain
    .replace(/<br\s*\/?>|\\n/gi, " ")
    .replace(/\bfa[bklrs]?:fa-[\w-]+/g, " ")
    .replace(/\ue000(\w+)\ue001/g, (whole, name: string) => {
      const code = /^\d+$/.test(name) ? Number(name) : /^x[0-9a-f]+$/i.test(name) ? Number.parseInt(name.slice(1), 16) : null;
      if (code !== null) return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
      return NAMED[name] ?? whole.replace(OPEN, "#").replace(CLOSE, ";");
    });
  return tidy(shown);
}

/** Take the latency and the volume off the end of a label: "Ranker · 12 ms · 4,000/s". */
export function undescribed(said: string): Pick<ChartNode, "label" | "latencyMs" | "volume"> {
  const parts = said.startsWith("· ") ? ["", ...said.slice(2).split(" · ")] : said.split(" · ");
  let latencyMs: number | null = null;
  let volume: string | null = null;
  while (parts.length > 1) {
    const part = parts.at(-1) as string;
    const amount = /^volume (.+)$/.exec(part)?.[1] ?? (AMOUNT.test(part) && !LATENCY.test(part) ? part : null);
    if (amount !== null && volume === null && latencyMs === null) volume = amount;
    else if (LATENCY.test(part) && latencyMs === null) latencyMs = milliseconds(part);
    else break;
    parts.pop();
  }
  return { label: parts.join(" · "), latencyMs, volume };
}

function milliseconds(said: string): number {
  const amount = Number.parseFloat(said.replace(",", "."));
  const each = /m?s(ec)?$/i.exec(said)?.[0].toLowerCase().startsWith("ms") ? 1 : /[µμu]s$/i.test(said) ? 0.001 : 1000;
  return Math.round(amount * each * 1e6) / 1e6;
}

interface Vertex {
  words?: Words;
  shape?: string;
}

/** What the parser has called so far. */
class Findings {
  private direction: Direction = "TB";
  private readonly vertices = new Map<string, Vertex>();
  private readonly groups = new Map<string, { title: Words; members: string[]; isNamed: boolean }>();
  private readonly classes = new Map<string, Kind>();
  private readonly edges: ChartEdge[] = [];
  private readonly edgeIds = new Set<string>();

  /** Return the functions that the generated parser calls; it copies them, so they must be its own. */
  callbacks(): Record<string, unknown> {
    const ignored = () => undefined;
    const all: Record<string, unknown> = { lex: { firstGraph: () => true } };
    for (const name of ["addClass", "setAccDescription", "setAccTitle", "setClickEvent", "setLink", "setTooltip"]) all[name] = ignored;
    for (const name of ["updateLink", "updateLinkInterpolate"]) all[name] = ignored;
    const findings = this;
    return {
      ...all,
      setDirection: (said: string) => {
        const way = said.trim();
        this.direction = way === "<" ? "RL" : way === "^" ? "BT" : way === ">" ? "LR" : way === "v" ? "TB" : (way as Direction);
      },
      setClass: (ids: string, name: string) => this.setClass(ids, name),
      addVertex: (...call: unknown[]) => this.addVertex(call),
      destructLink: (end: string, start?: string) => ({ type: headsOf(end, start ?? end) }),
      addLink(this: { lexer?: { yylloc?: { first_line: number } } }, from: string[], to: string[], link: Link) {
        findings.addLink(from, to, link, this.lexer?.yylloc?.first_line ?? 0);
      },
      addSubGraph: (id: Words | undefined, list: unknown[], title: Words | undefined) => this.addGroup(id, list, title),
    };
  }

  private setClass(ids: string, name: string): void {
    const kind = KINDS.find((one) => one === name.trim());
    if (kind) for (const id of ids.split(",")) this.classes.set(id.trim(), kind);
  }

  private addVertex([name, words, shape, , , , , more]: unknown[]): void {
    const id = String(name).trim();
    if (!id || this.edgeIds.has(id)) return;
    const vertex = this.vertices.get(id) ?? {};
    this.vertices.set(id, vertex);
    if (words) vertex.words = words as Words;
    if (typeof shape === "string") vertex.shape = shape;
    if (typeof more !== "string") return;
    const said = /(?:^|[\s,{])label\s*:\s*(?:"([^"]*)"|'([^']*)'|([^,\n}]+))/.exec(more);
    if (said) vertex.words = { text: said[1] ?? said[2] ?? said[3] ?? "", type: "text" };
    vertex.shape = /(?:^|[\s,{])shape\s*:\s*["']?([\w-]+)/.exec(more)?.[1] ?? vertex.shape;
  }

  private addLink(from: string[], to: string[], link: Link, line: number): void {
    if (link.id) this.edgeIds.add(link.id.replace(/@$/, ""));
    if (link.type === "hidden") return;
    const label = link.text ? decoded(link.text) : "";
    const turned = link.type === "start";
    const heads: Heads = link.type === "start" ? "end" : link.type;
    for (const one of from) {
      for (const other of to) {
        const [source, target] = turned ? [other, one] : [one, other];
        this.edges.push({ source, target, label, heads, line });
      }
    }
  }

  private addGroup(named: Words | undefined, list: unknown[], title: Words | undefined): string {
    const given = named?.text.trim() ?? "";
    const isNamed = given !== "" && !(named === title && /\s/.test(given));
    const words = title ?? named ?? { text: "", type: "text" };
    let id = isNamed ? given : madeName({ id: "", kind: "group", label: decoded(words) });
    for (let count = 2; !isNamed && this.groups.has(id); count += 1) id = `${id.replace(/_\d+$/, "")}_${count}`;
    const members = list.flat().flatMap((one) => (typeof one === "string" && one.trim() ? one.trim() : []));
    this.groups.set(id, { title: words, members, isNamed });
    return id;
  }

  chart(): Chart {
    const chart = emptyChart(this.direction);
    const holders = this.holders();
    for (const [id, { title }] of this.groups) {
      const kind = this.classes.get(id) ?? null;
      chart.groups.set(id, { id, label: decoded(title), kind, group: holders.get(id) ?? null });
    }
    for (const [id, { words, shape = "" }] of this.vertices) {
      if (this.groups.has(id)) continue;
      const looks = Object.hasOwn(SHAPES, shape) ? (SHAPES[shape] as Form | Kind) : "box";
      const meant = KINDS.find((kind) => kind === looks) ?? null;
      const kind = this.classes.get(id) ?? meant;
      const form = meant ? "box" : (looks as Form);
      const said = undescribed(words ? decoded(words) : id);
      chart.nodes.set(id, { id, ...said, kind, form, group: holders.get(id) ?? null });
    }
    chart.edges = this.edges.filter(({ source, target }) => [source, target].every((id) => chart.nodes.has(id) || chart.groups.has(id)));
    const things = chart.nodes.size + chart.groups.size + chart.edges.length;
    if (things > MOST_THINGS) {
      throw new TextProblem(1, `The text has ${things.toLocaleString("en")} boxes and arrows. A board reads up to ${MOST_THINGS.toLocaleString("en")} at once.`);
    }
    return chart;
  }

  /** Return who stands in which group: the first that mentions it, the inner before the outer. */
  private holders(): Map<string, string> {
    const holders = new Map<string, string>();
    for (const [id, { members }] of this.groups) {
      for (const member of members) {
        if (member === id || holders.has(member) || this.isWithin(id, member, holders)) continue;
        holders.set(member, id);
      }
    }
    return holders;
  }

  private isWithin(id: string, outer: string, holders: ReadonlyMap<string, string>): boolean {
    for (let at: string | undefined = id; at !== undefined; at = holders.get(at)) if (at === outer) return true;
    return false;
  }
}

interface Link {
  type: Heads | "start" | "hidden";
  text?: Words;
  id?: string;
}

function headsOf(end: string, start: string): Link["type"] {
  const [first, last] = [start.trim(), end.trim()];
  if (first.startsWith("~")) return "hidden";
  const [atStart, atEnd] = [/^[xo<]/.test(first), /[xo>]$/.test(last)];
  return atStart && atEnd ? "both" : atStart ? "start" : atEnd ? "end" : "none";
}
