/**
 * Lets a text follow the board by changing as few of its lines as possible: people keep their order,
 * comments and short forms. Whoever calls this reads the result and takes the plain text if it says
 * something else than it should.
 */
import { type Chart, type ChartEdge, type ChartGroup, type ChartNode, isSameNode } from "./chart.ts";
import { diff } from "./diff.ts";
import { boxLine, edgeLine, groupLine, type Named } from "./write.ts";

/** Return a text that says `after`, made from one that says `before`; null when that takes more than a few lines. */
export function patched(text: string, before: Chart, after: Chart): string | null {
  const changes = diff(before, after);
  const groups = (chart: Chart) => [...chart.groups.values()].map(({ id, group, kind }) => `${id} ${group} ${kind}`).sort().join();
  if (groups(before) !== groups(after)) return null;
  if ([...changes.kept].some(([was, now]) => was !== now || before.nodes.get(was)?.group !== after.nodes.get(now)?.group)) return null;
  const lines = new Lines(text);
  const from = changes.edges.from.map((place) => (place === null ? undefined : before.edges[place]));
  const isAlone = (edge: ChartEdge) => before.edges.filter(({ line }) => line === edge.line).length === 1;
  for (const place of changes.edges.removed) {
    const edge = before.edges[place] as ChartEdge;
    if (!isAlone(edge)) return null;
    lines.replace(edge.line, lines.declares(edge.line) ? declarations(edge, after) : []);
  }
  after.edges.forEach((edge, i) => {
    const old = from[i];
    if (!old) lines.append(arrow(edge));
    else if (JSON.stringify({ ...old, line: 0 }) !== JSON.stringify({ ...edge, line: 0 })) {
      lines.replace(isAlone(old) ? old.line : -1, [...(lines.declares(old.line) ? declarations(old, after) : []), arrow(edge)]);
    }
  });
  for (const id of changes.removed) lines.dropBox(id);
  for (const node of after.nodes.values()) {
    const old = before.nodes.get(node.id);
    if (!old) lines.insert(node.group, boxLine(node.id, named(node)));
    else if (!isSameNode(old, node)) lines.redeclare(node.id, boxLine(node.id, named(node)));
  }
  for (const group of after.groups.values()) {
    if (before.groups.get(group.id)?.label !== group.label) lines.retitle(group);
  }
  return lines.text();
}

/** Return a chart's node in the words of the writer. */
export function named({ id, label, kind, form, latencyMs, volume }: ChartNode): Named {
  return { id, label, kind, shape: form, latency_ms: latencyMs ?? undefined, volume: volume ?? undefined };
}

const arrow = ({ source, target, label, heads }: ChartEdge) => edgeLine(source, target, label, heads);

function declarations({ source, target }: ChartEdge, { nodes }: Chart): string[] {
  return [source, target].flatMap((id) => {
    const node = nodes.get(id);
    return node ? boxLine(id, named(node)) : [];
  });
}

const HEADER = /^\s*subgraph\b\s*("?)([^"[\s(]*)/;
const END = /^\s*end\s*;?\s*$/;
const ARROW = /--|==|-\.|~~~|<-/;
const quoted = (id: string) => id.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Lines that keep their numbers while they change. */
class Lines {
  private readonly lines: (string | string[])[];

  constructor(text: string) {
    this.lines = text.replace(/\r\n?/g, "\n").split("\n");
  }

  text(): string {
    return this.lines.flat().join("\n");
  }

  /** Whether a line says more of its boxes than their names. */
  declares(line: number): boolean {
    return /[[({>]|:::|@\{/.test(this.at(line).replace(/\|[^|]*\|/g, "").replace(/[<x]?[-=.]+[>x]/g, ""));
  }

  replace(line: number, by: string[]): void {
    if (line < 1 || line > this.lines.length) return;
    const indent = /^\s*/.exec(this.at(line))?.[0] ?? "";
    this.lines[line - 1] = by.map((one) => indent + one);
  }

  append(line: string): void {
    let last = this.lines.length - 1;
    while (last > 0 && this.lines[last] === "") last -= 1;
    this.after(last, `  ${line}`);
  }

  /** Put a line at the end of a group, or before the arrows where the other boxes stand. */
  insert(group: string | null, line: string): void {
    if (group !== null) {
      const end = this.endOf(group);
      if (end < 0) return;
      const indent = /^\s*/.exec(this.at(end + 1))?.[0] ?? "";
      this.after(end - 1, `${indent}  ${line}`);
      return;
    }
    const first = this.lines.findIndex((one, i) => i > 0 && typeof one === "string" && ARROW.test(one) && !/^\s*%%/.test(one));
    if (first > 0 && this.depthAt(first) === 0) this.after(first - 1, `  ${line}`);
    else this.append(line);
  }

  /** Take away lines that only say what a box is. */
  dropBox(id: string): void {
    const alone = new RegExp(`^\\s*${quoted(id)}(?![\\w-])`);
    this.lines.forEach((line, i) => {
      if (typeof line === "string" && alone.test(line) && !ARROW.test(withoutWords(line))) this.lines[i] = [];
    });
  }

  /** Write what a box is where it is said now; where only its name stands, say it there. */
  redeclare(id: string, by: string): void {
    const name = quoted(id);
    const said = new RegExp(`(^|[\\s&;|>])${name}\\s*(\\[\\[|\\[\\(|\\[/|\\[\\\\|\\[|\\(\\(\\(|\\(\\(|\\(\\[|\\(|\\{\\{|\\{|>)\\s*("[^"]*"|[^"\\])}|]*)\\s*[\\])}/\\\\]+(:::[\\w-]+)?`);
    for (const [i, line] of this.lines.entries()) {
      if (typeof line !== "string" || /^\s*(%%|subgraph|class|style|click|linkStyle)\b/.test(line)) continue;
      const found = said.exec(line);
      if (!found) continue;
      this.lines[i] = `${line.slice(0, found.index)}${found[1]}${by}${line.slice(found.index + found[0].length)}`;
      return;
    }
    const bare = new RegExp(`(^|[\\s&;|>])${name}(:::[\\w-]+)?(?![\\w-])`);
    const first = this.lines.findIndex((line, i) => i > 0 && typeof line === "string" && bare.test(withoutWords(line)) && !/^\s*(%%|subgraph)/.test(line));
    if (first < 0) return;
    const indent = /^\s*/.exec(this.at(first + 1))?.[0] ?? "";
    this.lines[first] = [`${indent}${by}`, this.at(first + 1)];
  }

  retitle({ id, label }: ChartGroup): void {
    const line = this.lines.findIndex((one) => typeof one === "string" && HEADER.exec(one)?.[2] === id);
    if (line >= 0) this.replace(line + 1, [groupLine(id, { id, label })]);
  }

  private at(line: number): string {
    const found = this.lines[line - 1];
    return typeof found === "string" ? found : (found?.at(-1) ?? "");
  }

  private after(place: number, line: string): void {
    this.lines[place] = [this.lines[place] as string | string[]].flat().concat(line);
  }

  private endOf(group: string): number {
    const open: string[] = [];
    for (const [i, line] of this.lines.entries()) {
      const text = [line].flat()[0] ?? "";
      const header = HEADER.exec(text);
      if (header) open.push(header[2] as string);
      else if (END.test(text) && open.pop() === group) return i;
    }
    return -1;
  }

  private depthAt(place: number): number {
    const above = this.lines.slice(0, place).map((line) => [line].flat()[0] ?? "");
    return above.filter((line) => HEADER.test(line)).length - above.filter((line) => END.test(line)).length;
  }
}

const withoutWords = (line: string) => line.replace(/"[^"]*"/g, '""');
