/**
 * A graph of boxes and arrows written as the text of a Mermaid flowchart, as whiteboard/mermaid.py prints
 * it on the server: the same graph gives the same text. tests/data/mermaid holds both to it.
 */
import { KINDS } from "../palette/parts.ts";
import { isRecord } from "./geometry.ts";
import { type Graph, latencyIn, MERMAID_ID } from "./graph.ts";
import { words } from "./words.ts";

export type Direction = "LR" | "TD" | "TB" | "RL" | "BT";

/** A node as far as its name and its box need it. */
export interface Named {
  id: string;
  label?: unknown;
  kind?: unknown;
  shape?: unknown;
  parent?: unknown;
  latency_ms?: unknown;
  volume?: unknown;
  mermaid_id?: unknown;
}

type Brackets = readonly [opens: string, closes: string];

/** What holds data is a cylinder, a queue a hexagon; every other kind is said by its class. */
const BRACKETS: Record<string, Brackets> = {
  client: ["([", "])"],
  source: ["([", "])"],
  service: ["(", ")"],
  monitoring: ["(", ")"],
  model: ["[[", "]]"],
  training: ["[[", "]]"],
  pipeline: ["[/", "/]"],
  store: ["[(", ")]"],
  index: ["[(", ")]"],
  cache: ["[(", ")]"],
  registry: ["[(", ")]"],
  queue: ["{{", "}}"],
};
const SAID_BY_BRACKETS = new Set(["store", "queue"]);
const FORMS: Record<string, Brackets> = { diamond: ["{", "}"], ellipse: ["((", "))"] };
const ARROWS: Record<string, string> = { both: "<-->", none: "---" };
const RESERVED = new Set([
  ...["end", "graph", "flowchart", "subgraph", "style", "default", "linkstyle", "interpolate", "classdef"],
  ...["class", "href", "click", "call", "direction", "swimlane", "_self", "_blank", "_parent", "_top", "v"],
  ...["constructor", "prototype", "__proto__"],
]);
const DEEPEST = 12;
const LONGEST_NAME = 32;
const MOST_MS = 1e9;

const ENTITIES: Record<string, string> = { '"': "quot", "<": "lt", ">": "gt", "&": "amp" };
const SPECIAL = new RegExp(
  [
    /["#<&`*\\@]|^[-+=>]|\](?=\()|%(?=%)|(?<=%)%|\$(?=\$)|(?<=\$)\$|:(?=\/\/|fa-)|(?<=www)\./,
    /(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=^[0-9])[.)](?= |$)|(?<=^[0-9]{2})[.)](?= |$)/,
    /(?<=direction) (?=TB|TD|BT|RL|LR)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);
const STYLE = /style|classDef/;
const UNSEEN = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]+/g;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
export const LATENCY = /^[0-9]+(?:[.,][0-9]+)? ?(?:[mM][sS]|[µμuU][sS]|[sS](?:[eE][cC])?)$/;
export const AMOUNT = /^[~≈<>≤≥]? ?[0-9]/;

/** Return the Mermaid text of a graph, with a newline at its end; `names` may say what boxes are called in it. */
export function flowchart(graph: Graph, direction: Direction = "LR", names?: ReadonlyMap<string, string>): string {
  const nodes = nodesOf(graph);
  const called = names ?? namesOf(nodes.values());
  const members = membersOf(nodes);
  const lines = [`flowchart ${direction}`];
  const stack = membersIn(members, null).map((id) => ({ depth: 1, id, opens: true }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { depth, id, opens } = next;
    const node = nodes.get(id) as Named;
    const indent = "  ".repeat(depth);
    if (!opens) {
      lines.push(`${indent}end`);
      const kind = kindOf(node);
      if (kind) lines.push(`${indent}class ${called.get(id)} ${kind}`);
    } else if (!members.has(id) && node.kind !== "group") {
      lines.push(`${indent}${boxLine(called.get(id) as string, node)}`);
    } else {
      lines.push(`${indent}${groupLine(called.get(id) as string, node)}`);
      stack.push({ depth, id, opens: false });
      stack.push(...membersIn(members, id).map((one) => ({ depth: depth + 1, id: one, opens: true })));
    }
  }
  for (const { source, target, label, heads } of graph.edges) {
    const [from, to] = [called.get(source), called.get(target)];
    if (from && to) lines.push(`  ${edgeLine(heads === "start" ? to : from, heads === "start" ? from : to, label, heads)}`);
  }
  return `${lines.join("\n")}\n`;
}

export const boxLine = (name: string, node: Named): string => {
  const kind = kindOf(node);
  const [opens, closes] = (kind ? BRACKETS[kind] : FORMS[String(node.shape)]) ?? ["[", "]"];
  const said = kind && !SAID_BY_BRACKETS.has(kind) ? `:::${kind}` : "";
  return `${name}${opens}"${escaped(described(node)) || " "}"${closes}${said}`;
};

export const groupLine = (name: string, node: Named): string =>
  `subgraph ${name}["${escaped(tidy(node.label)) || " "}"]`;

export const edgeLine = (from: string, to: string, label: unknown, heads: unknown): string => {
  const line = (typeof heads === "string" && ARROWS[heads]) || "-->";
  const said = escaped(tidy(label));
  return said ? `${from} ${line}|"${said}"| ${to}` : `${from} ${line} ${to}`;
};

/** Return everything that has a line in the text by its id: boxes, groups, and frames that hold nothing. */
export function nodesOf(graph: Graph): Map<string, Named> {
  const nodes = new Map<string, Named>();
  for (const node of [...graph.nodes, ...graph.frames.map((frame) => ({ ...frame, kind: "group" }))] as unknown[]) {
    if (isRecord(node) && typeof node.id === "string" && !nodes.has(node.id)) nodes.set(node.id, node as unknown as Named);
  }
  return nodes;
}

/** Return id → name in the text: the one somebody gave, else one made from the label; no two the same. */
export function namesOf(nodes: Iterable<Named>, kept: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const given = [...nodes];
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const give = (id: string, name: unknown) => {
    if (typeof name !== "string" || names.has(id) || taken.has(name)) return;
    names.set(id, name);
    taken.add(name);
  };
  for (const { id } of given) give(id, kept.get(id));
  for (const { id, mermaid_id: name } of given) if (typeof name === "string" && isName(name)) give(id, name);
  const made = new Map<string, number>();
  for (const node of given) {
    if (names.has(node.id)) continue;
    const start = madeName(node);
    let name = start;
    while (taken.has(name)) {
      made.set(start, (made.get(start) ?? 1) + 1);
      name = `${start}_${made.get(start)}`;
    }
    give(node.id, name);
  }
  return names;
}

/** Return whether Mermaid reads this as the name of a node wherever it stands. */
export const isName = (name: string): boolean => MERMAID_ID.test(name) && !isReserved(name);
const isReserved = (name: string) => RESERVED.has((name.split("-")[0] as string).toLowerCase());

/** Return the name that a node gets from its label. */
export function madeName(node: Named): string {
  const plain = tidy(node.label).normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const slug = plain.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  const name = slug.slice(0, LONGEST_NAME).replace(/_+$/, "").toLowerCase();
  if (!name) return node.kind === "group" ? "group" : (kindOf(node) ?? "box");
  if (/^[0-9]/.test(name)) return `n${name}`;
  return isReserved(name) ? `${name}_` : name;
}

/** Return a box's label with its latency and volume behind it: "Ranker · 12 ms · 4,000/s". */
export function described({ label: said, latency_ms: latency, volume }: Named): string {
  const label = tidy(said);
  const parts: string[] = [];
  if (typeof latency === "number" && latency >= 0 && latency < MOST_MS && latencyIn(label) !== latency) {
    const thousandths = Math.floor(latency * 1000 + 0.5);
    const rest = String(thousandths % 1000).padStart(3, "0").replace(/0+$/, "");
    parts.push(`${Math.floor(thousandths / 1000)}${rest && `.${rest}`} ms`);
  }
  const amount = tidy(volume).replaceAll(" · ", ", ");
  if (amount) parts.push(AMOUNT.test(amount) && !LATENCY.test(amount) ? amount : `volume ${amount}`);
  return label || !parts.length ? [label, ...parts].join(" · ") : `· ${parts.join(" · ")}`;
}

/** Return a label that means nothing but itself, in quotes of a Mermaid text. */
export function escaped(text: string): string {
  const label = text.replaceAll("\ufb02", "fl").replaceAll("¶ß", "¶ ß");
  const places = new Set([...label.matchAll(SPECIAL)].map(({ index }) => index));
  const always = (STYLE.test(label) ? ":" : "") + (label.split("~").length > 2 ? "~" : "");
  return [...label.split("")]
    .map((letter, place) =>
      places.has(place) || always.includes(letter) ? `#${ENTITIES[letter] ?? letter.charCodeAt(0)};` : letter,
    )
    .join("");
}

/** Return a text as it can stand on one line. */
export const tidy = (text: unknown): string =>
  typeof text === "string" ? words(text.replace(LONE, "\ufffd").replace(UNSEEN, " ")) : "";

function kindOf({ kind }: Named): string | null {
  return (KINDS as readonly unknown[]).includes(kind) ? (kind as string) : null;
}

/** Return who stands in what, null for what stands free; circles are cut, depth is limited. */
function membersOf(nodes: ReadonlyMap<string, Named>): Map<string | null, string[]> {
  const holders = new Map<string, readonly [holder: string | null, depth: number]>();
  for (const id of nodes.keys()) {
    const way: string[] = [];
    let at: unknown = id;
    while (typeof at === "string" && nodes.has(at) && !holders.has(at)) {
      way.push(at);
      holders.set(at, [null, 0]);
      at = nodes.get(at)?.parent;
    }
    let parent = typeof at === "string" && nodes.has(at) && !way.includes(at) ? at : null;
    for (const one of way.reverse()) {
      if (parent !== null) {
        const [above, depth] = holders.get(parent) as readonly [string | null, number];
        holders.set(one, depth < DEEPEST ? [parent, depth + 1] : [above, depth]);
      }
      parent = one;
    }
  }
  const members = new Map<string | null, string[]>();
  for (const id of nodes.keys()) {
    const [holder] = holders.get(id) as readonly [string | null, number];
    const found = members.get(holder);
    if (found) found.push(id);
    else members.set(holder, [id]);
  }
  return members;
}

const membersIn = (members: ReadonlyMap<string | null, string[]>, id: string | null) =>
  [...(members.get(id) ?? [])].reverse();
