/**
 * What somebody changed in a text: two charts compared, boxes by their names.
 *
 * A box whose name changed is found again by its label, or by standing between the same boxes; an arrow by
 * its ends, then by its words and one end. So what is on the board is renamed or rewired, not made anew.
 */
import { type Chart, type ChartEdge, isSaidSame, keyOf } from "./chart.ts";

export interface Changes {
  /** Name before → name now, of everything that is still there. */
  kept: Map<string, string>;
  added: string[];
  removed: string[];
  edges: {
    /** For each arrow of the text now: its place among those before, or null when it is new. */
    from: (number | null)[];
    removed: number[];
  };
}

export function diff(before: Chart, after: Chart): Changes {
  const kept = matchThings(before, after);
  const known = new Set(kept.values());
  const named = ({ nodes, groups }: Chart) => [...groups.keys(), ...nodes.keys()];
  const from = matchEdges(before.edges, after.edges, kept);
  const used = new Set(from);
  return {
    kept,
    added: named(after).filter((id) => !known.has(id)),
    removed: named(before).filter((id) => !kept.has(id)),
    edges: { from, removed: before.edges.flatMap((_, i) => (used.has(i) ? [] : i)) },
  };
}

function matchThings(before: Chart, after: Chart): Map<string, string> {
  const kept = new Map<string, string>();
  const rest = { before: new Set<string>(), after: new Set([...after.nodes.keys(), ...after.groups.keys()]) };
  for (const id of [...before.nodes.keys(), ...before.groups.keys()]) {
    if (rest.after.delete(id)) kept.set(id, id);
    else rest.before.add(id);
  }
  const pair = (sign: (chart: Chart, id: string, names: ReadonlyMap<string, string>) => string) => {
    const old = bySign([...rest.before], (id) => sign(before, id, kept));
    const now = bySign([...rest.after], (id) => sign(after, id, new Map([...kept.values()].map((name) => [name, name]))));
    for (const [key, id] of old) {
      const found = now.get(key);
      if (id === null || found === undefined || found === null) continue;
      kept.set(id, found);
      rest.before.delete(id);
      rest.after.delete(found);
    }
  };
  pair((chart, id) => labelOf(chart, id));
  pair((chart, id, names) => neighbours(chart, id, names));
  return kept;
}

/** Return sign → id, null where several have the same; those without a sign are left out. */
function bySign(ids: readonly string[], sign: (id: string) => string): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const id of ids) {
    const key = sign(id);
    if (key) found.set(key, found.has(key) ? null : id);
  }
  return found;
}

function labelOf({ nodes, groups }: Chart, id: string): string {
  const label = nodes.get(id)?.label ?? groups.get(id)?.label;
  return label ? `${nodes.has(id) ? "box" : "group"} ${label}` : "";
}

/** Return what a box is joined to, in names that both charts know; empty when that is nothing. */
function neighbours({ nodes, edges }: Chart, id: string, names: ReadonlyMap<string, string>): string {
  if (!nodes.has(id)) return "";
  const around = edges.flatMap(({ source, target, heads }) => {
    const other = source === id ? target : target === id ? source : undefined;
    const known = other === undefined ? undefined : names.get(other);
    return known === undefined ? [] : `${source === id ? ">" : "<"}${heads}${known}`;
  });
  return around.sort().join(" ");
}

function matchEdges(before: readonly ChartEdge[], after: readonly ChartEdge[], kept: ReadonlyMap<string, string>): (number | null)[] {
  const from: (number | null)[] = after.map(() => null);
  const old = before.map((edge) => ({ ...edge, source: kept.get(edge.source) ?? "", target: kept.get(edge.target) ?? "" }));
  const free = new Set(old.keys());
  const pass = (sign: (edge: ChartEdge) => string) => {
    const places = new Map<string, number[]>();
    for (const place of free) {
      const key = sign(old[place] as ChartEdge);
      if (key) places.set(key, [...(places.get(key) ?? []), place]);
    }
    after.forEach((edge, i) => {
      if (from[i] !== null) return;
      const key = sign(edge);
      const place = key ? places.get(key)?.shift() : undefined;
      if (place === undefined) return;
      from[i] = place;
      free.delete(place);
    });
  };
  pass(keyOf);
  pass(({ source, target }) => (source && target ? `${source} ${target}` : ""));
  pass(({ source, target, label }) => (source && target ? [source, target].sort().join(" ") + label : ""));
  pass(({ source, line }) => (source ? `${source} ${line}` : ""));
  pass(({ target, line }) => (target ? `${target} ${line}` : ""));
  pass(({ source, label }) => (source ? `${source} ${label}` : ""));
  pass(({ target, label }) => (target ? `${target} ${label}` : ""));
  return from;
}

/** Return whether a kept box reads otherwise now: its words, latency or volume. */
export function saysOtherwise(before: Chart, after: Chart, was: string, now: string): boolean {
  const [old, next] = [before.nodes.get(was), after.nodes.get(now)];
  return !old || !next || !isSaidSame(old, next);
}
