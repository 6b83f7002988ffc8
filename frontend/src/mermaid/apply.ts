/**
 * Brings a change of the text to the board: only what the text says otherwise than before is touched, so
 * that two people, one in the text and one with the pen, do not undo each other.
 */
import type { SceneElement } from "../sync/element";
import type { Chart, ChartEdge } from "./chart.ts";
import { Changer } from "./change.ts";
import { type Changes, diff, saysOtherwise } from "./diff.ts";
import { type Any, around, Draft, overlap, type Rect } from "./draft.ts";
import type { Point } from "./geometry.ts";
import { readGraph } from "./graph.ts";
import { arrowElement, boxElements, frameElement, labelFor, lookOf, sizeOf, type Tools } from "./make.ts";
import { arrange, framed, freeShift, mean, pulls, type Thing } from "./place.ts";
import { middleOf } from "./route.ts";
import { isName, namesOf, nodesOf } from "./write.ts";

/** A text and what on the board each of its names and arrows is. */
export interface Bound {
  chart: Chart;
  /** Name in the text → id on the board. */
  ids: Map<string, string>;
  /** The arrow on the board for each one of the chart; null when there is none. */
  arrows: (string | null)[];
}

export interface Applied {
  elements: SceneElement[];
  bound: Bound;
  created: string[];
  changed: boolean;
}

const EMPTY_GROUP = { width: 240, height: 160 };

/** Return the board after a change of the text. `center` is the middle of what is in view. */
export function apply(elements: readonly SceneElement[], base: Bound, after: Chart, tools: Tools, center: Point): Applied {
  return new Applying(new Draft(elements, tools.random), base, after, tools, center).run();
}

class Applying {
  private readonly changes: Changes;
  private readonly change: Changer;
  private readonly was = new Map<string, string>();
  private readonly ids = new Map<string, string>();
  private readonly created: string[] = [];

  constructor(
    private readonly draft: Draft,
    private readonly base: Bound,
    private readonly after: Chart,
    private readonly tools: Tools,
    private readonly center: Point,
  ) {
    this.changes = diff(base.chart, after);
    this.change = new Changer(draft, tools);
    for (const [was, now] of this.changes.kept) this.was.set(now, was);
  }

  run(): Applied {
    this.recognize();
    for (const place of this.changes.edges.removed) this.change.removeArrow(this.base.arrows[place] ?? "");
    for (const name of this.changes.removed) this.change.remove(this.base.ids.get(name) ?? "");
    for (const [now, was] of this.was) if (this.ids.has(now)) this.alter(was, now);
    for (const { id, old, holder } of this.moves()) if (old !== null && holder === null) this.change.setHolder(id, null, old);
    this.create(this.missing());
    for (const { id, old, holder } of this.moves()) this.change.setHolder(id, holder, old);
    const arrows = this.after.edges.map((edge, i) => this.arrow(edge, this.changes.edges.from[i] ?? null));
    this.keepNames();
    const bound = { chart: this.after, ids: this.ids, arrows };
    return { elements: this.ordered(arrows), bound, created: this.created, changed: this.draft.changed.size > 0 };
  }

  /** Return the scene with what is new in front, in the order of the text: boxes, then frames, then arrows. */
  private ordered(arrows: readonly (string | null)[]): SceneElement[] {
    const order = [...this.after.nodes.keys(), ...innerFirst([...this.after.groups.values()]).map(({ id }) => id)];
    const rank = new Map([...order.map((name) => this.ids.get(name)), ...arrows].map((id, place) => [id, place]));
    const of = (one: Any) => rank.get(one.type === "text" ? one.containerId : one.id) ?? rank.size;
    const all = this.draft.elements() as Any[];
    const isNew = (one: Any) => this.draft.added.has(one.id);
    const fresh = all.filter(isNew).sort((a, b) => of(a) - of(b) || Number(a.type === "text") - Number(b.type === "text"));
    return [...all.filter((one) => !isNew(one)), ...fresh];
  }

  /** Find on the board what the text had before, and still has. */
  private recognize(): void {
    for (const [now, was] of this.was) {
      const id = this.base.ids.get(was);
      if (id === undefined || !this.change.rect(id)) continue; // somebody has taken it away meanwhile
      const isFrame = this.draft.get(id)?.type === "frame";
      const isOther = isFrame ? this.after.nodes.has(now) : this.after.groups.has(now) && this.base.chart.nodes.has(was);
      if (isOther) this.change.remove(id); // a box became a group, or the other way round
      else this.ids.set(now, id);
    }
  }

  /** Return the names that need something new on the board. */
  private missing(): Set<string> {
    const joined = new Set(this.after.edges.flatMap(({ source, target }, i) => (this.changes.edges.from[i] === null ? [source, target] : [])));
    const names = [...this.after.groups.keys(), ...this.after.nodes.keys()].filter((name) => !this.ids.has(name));
    return new Set(
      names.filter((name) => {
        const was = this.was.get(name);
        if (was === undefined || joined.has(name)) return true;
        // Gone from the board, and not by this text: it comes back only if the text has something to say of it.
        return this.draft.get(this.base.ids.get(was)) === undefined && this.isAltered(was, name);
      }),
    );
  }

  private isAltered(was: string, now: string): boolean {
    const [old, next] = [this.base.chart.nodes.get(was), this.after.nodes.get(now)];
    if (!old || !next) return this.base.chart.groups.has(was) !== this.after.groups.has(now);
    return saysOtherwise(this.base.chart, this.after, was, now) || old.kind !== next.kind;
  }

  private alter(was: string, now: string): void {
    const id = this.ids.get(now) as string;
    const [oldNode, node] = [this.base.chart.nodes.get(was), this.after.nodes.get(now)];
    const old = oldNode ?? this.base.chart.groups.get(was);
    const next = node ?? this.after.groups.get(now);
    if (!old || !next) return;
    if (old.label !== next.label) this.change.rename(id, next.label, old.label);
    if (oldNode && node) {
      if (saysOtherwise(this.base.chart, this.after, was, now)) this.change.describe(id, node);
      if (old.kind !== next.kind) this.change.setKind(id, node);
      else if (next.kind === null && oldNode.form !== node.form) this.change.reshape(id, lookOf(node));
    } else if (old.kind !== next.kind) this.change.setKind(id, { kind: next.kind, form: "box", label: next.label });
  }

  // -- what is new ---------------------------------------------------------------------------

  private create(names: ReadonlySet<string>): void {
    const groups = [...this.after.groups.values()].filter(({ id }) => names.has(id));
    const boxes = [...this.after.nodes.values()].filter(({ id }) => names.has(id));
    const holds = (id: string) => [...this.after.nodes.values(), ...this.after.groups.values()].some(({ group }) => group === id);
    const things: Thing[] = [
      ...boxes.map((node) => ({ id: node.id, group: node.group, ...sizeOf(node, this.tools.measure) })),
      ...groups.filter(({ id }) => !holds(id)).map(({ id, group }) => ({ id, group, ...EMPTY_GROUP })),
    ];
    const places = new Map<string, Rect>();
    for (const block of this.blocks(things, names)) for (const [id, place] of this.placed(block, groups)) this.draw(id, place, places);
    for (const group of innerFirst(groups)) {
      if (this.ids.has(group.id)) continue;
      const inside = [...this.after.nodes.values(), ...this.after.groups.values()].filter((one) => one.group === group.id);
      const members = inside.flatMap(({ id }) => this.ids.get(id) ?? []);
      if (members.length) this.draw(group.id, this.frameFor(members), places);
    }
  }

  /** Return the place of a frame around these; they move together if it would go around others as well. */
  private frameFor(members: readonly string[]): Rect {
    const place = () => framed(members.flatMap((id) => this.change.rect(id) ?? []));
    const foreign = this.change.taken(null, ...members, ...this.change.within(members));
    const isCrowded = foreign.some((one) => overlap(place(), one));
    if (!isCrowded || members.some((id) => this.draft.get(id)?.type === "frame")) return place();
    const things = members.flatMap((id) => ({ id, group: null, ...(this.change.rect(id) as Rect) }));
    const names = new Map([...this.ids].map(([name, id]) => [name, id]));
    const links = this.after.edges.map((edge) => ({ ...edge, source: names.get(edge.source) ?? "", target: names.get(edge.target) ?? "" }));
    const laid = arrange(things, [], links, this.after.direction);
    const whole = framed([...laid.values()]);
    const shift = freeShift(whole, middle(place(), whole), foreign) ?? [0, 0];
    for (const [id, { x, y }] of laid) {
      const now = this.change.rect(id) as Rect;
      this.change.move(id, [x + shift[0] - now.x, y + shift[1] - now.y]);
    }
    return place();
  }

  private draw(name: string, place: Rect, places: Map<string, Rect>): void {
    const node = this.after.nodes.get(name);
    const made = node ? boxElements(node, place, this.tools) : [frameElement(place, this.after.groups.get(name)?.label ?? "", this.tools)];
    for (const element of made) this.draft.add(element);
    const [{ id }] = made as [SceneElement];
    places.set(name, place);
    this.ids.set(name, id);
    this.created.push(id);
  }

  /** Split new things into blocks that are laid out as one: joined by arrows or groups, in the same old holder. */
  private blocks(things: readonly Thing[], names: ReadonlySet<string>): Thing[][] {
    const block = new Map(things.map((thing) => [thing.id, new Set([thing])]));
    const join = (a: string | undefined, b: string | undefined) => {
      const [one, other] = [block.get(a ?? ""), block.get(b ?? "")];
      if (!one || !other || one === other) return;
      for (const thing of other) block.set(thing.id, one.add(thing));
    };
    const firstIn = new Map<string, string>();
    for (const { id } of things) {
      for (let group = this.groupOf(id); group !== null && names.has(group); group = this.groupOf(group)) {
        if (!firstIn.has(group)) firstIn.set(group, id);
        join(firstIn.get(group), id);
      }
    }
    const outer = (id: string) => this.holder(firstIn.get(id) ?? id, names);
    for (const { source, target } of this.after.edges) {
      if (outer(source) === outer(target)) join(firstIn.get(source) ?? source, firstIn.get(target) ?? target);
    }
    return [...new Set(block.values())].map((all) => [...all]);
  }

  private groupOf(name: string): string | null {
    return (this.after.nodes.get(name) ?? this.after.groups.get(name))?.group ?? null;
  }

  /** Return the group around a thing that was on the board before. */
  private holder(name: string, names: ReadonlySet<string>): string | null {
    let group = this.groupOf(name);
    while (group !== null && names.has(group)) group = this.groupOf(group);
    return group;
  }

  /** Return where the things of a block go on the board. */
  private placed(block: readonly Thing[], groups: readonly { id: string; group: string | null }[]): Map<string, Rect> {
    const { edges, direction } = this.after;
    const inBlock = new Set(block.map(({ id }) => id));
    const around_ = groups.filter(({ id }) => this.isAround(id, inBlock));
    const laid = arrange(block, around_, edges, direction);
    const there = (name: string) => this.change.rect(this.ids.get(name) ?? "");
    const names = new Set([...inBlock, ...groups.map(({ id }) => id)]);
    const holder = this.ids.get(this.holder((block[0] as Thing).id, names) ?? "") ?? null;
    const frame = holder ? this.change.rect(holder) : undefined;
    const rects = [...laid.values()];
    const whole = around_.length ? framed([framed(rects)]) : around(rects);
    const kin = around_.flatMap(({ id }) => [...this.after.nodes.values()].filter(({ group }) => group === id).flatMap((node) => there(node.id) ?? []));
    const wanted = mean(pulls(laid, edges, there, direction)) ?? this.beside(kin, whole) ?? middle(frame ?? { x: this.center[0], y: this.center[1], width: 0, height: 0 }, whole);
    const shift = freeShift(whole, wanted, this.change.taken(holder), frame) ?? (holder ? this.change.extend(holder, whole) : wanted);
    return new Map([...laid].map(([id, place]) => [id, { ...place, x: place.x + shift[0], y: place.y + shift[1] }]));
  }

  private isAround(group: string, inBlock: ReadonlySet<string>): boolean {
    for (const id of inBlock) for (let at = this.groupOf(id); at !== null; at = this.groupOf(at)) if (at === group) return true;
    return false;
  }

  /** Return the shift that puts a block below boxes that it will share a frame with. */
  private beside(kin: readonly Rect[], block: Rect): Point | undefined {
    if (!kin.length) return undefined;
    const { x, y, height } = around(kin);
    return [x - block.x, y + height + 2 * 24 - block.y];
  }

  // -- holders, arrows, names ----------------------------------------------------------------

  /** Return which boxes are to stand in something else, by their ids on the board. */
  private moves(): { id: string; holder: string | null; old: string | null }[] {
    return [...this.after.nodes.values()].flatMap(({ id: name, group }) => {
      const [id, was] = [this.ids.get(name), this.was.get(name)];
      if (id === undefined) return [];
      const before = was === undefined || this.created.includes(id) ? null : (this.base.chart.nodes.get(was)?.group ?? null);
      const old = before === null ? null : (this.base.ids.get(before) ?? null);
      const holder = group === null ? null : (this.ids.get(group) ?? null);
      return old === holder ? [] : [{ id, holder, old }];
    });
  }

  private arrow(edge: ChartEdge, from: number | null): string | null {
    const [source, target] = [this.ids.get(edge.source), this.ids.get(edge.target)];
    if (source === undefined || target === undefined) return null;
    const id = from === null ? undefined : this.base.arrows[from];
    const old = from === null ? undefined : this.base.chart.edges[from];
    const arrow = this.draft.get(id);
    if (from !== null && (!arrow || !old)) return null; // taken away on the board meanwhile
    if (!arrow || !old) return this.newArrow(edge, source, target);
    if (old.heads !== edge.heads) this.setHeads(arrow.id, edge.heads);
    const [wasSource, wasTarget] = [this.base.ids.get(old.source), this.base.ids.get(old.target)];
    if (wasSource !== source || wasTarget !== target) {
      const isTurned = Boolean(arrow.startArrowhead) && !arrow.endArrowhead;
      this.change.rewire(arrow.id, isTurned ? target : source, isTurned ? source : target);
    }
    if (old.label !== edge.label) this.change.rename(arrow.id, edge.label);
    return arrow.id;
  }

  private setHeads(id: string, heads: string): void {
    const { startArrowhead: start, endArrowhead: end, type } = this.draft.get(id) as Any;
    const ends = {
      both: { startArrowhead: start ?? "arrow", endArrowhead: end ?? "arrow" },
      none: { startArrowhead: null, endArrowhead: null },
      end: { startArrowhead: null, endArrowhead: end ?? "arrow" },
    }[heads];
    this.draft.edit(id, { ...ends, type: heads === "none" ? type : "arrow" });
  }

  private newArrow(edge: ChartEdge, source: string, target: string): string {
    const way = this.change.way(source, target);
    const made = arrowElement(way, { source, target }, edge.heads, this.tools);
    const isThere = (id: string) => this.draft.get(id) !== undefined;
    const arrow = { ...made, ...(!isThere(source) && { startBinding: null }), ...(!isThere(target) && { endBinding: null }) };
    const text = labelFor(arrow, edge.label, this.tools, middleOf(way));
    this.draft.add({ ...arrow, boundElements: text ? [{ id: text.id, type: "text" }] : [] });
    if (text) this.draft.add(text);
    for (const end of [source, target]) this.draft.bind(end, { id: made.id, type: "arrow" });
    this.created.push(made.id);
    return made.id;
  }

  /** Note the names that the labels alone would not give, so that everybody's text has them. */
  private keepNames(): void {
    for (let round = 0; round < 3; round += 1) {
      const names = namesOf(nodesOf(readGraph(this.draft.elements())).values());
      const wrong = [...this.ids].filter(([name, id]) => this.draft.get(id) && isName(name) && names.get(id) !== undefined && names.get(id) !== name);
      if (!wrong.length) return;
      for (const [name, id] of wrong) this.draft.setData(id, { mermaidId: name });
    }
  }
}

const middle = (of: Rect, block: Rect): Point => [
  Math.round(of.x + of.width / 2 - block.x - block.width / 2),
  Math.round(of.y + of.height / 2 - block.y - block.height / 2),
];

/** Return groups so that each comes after those that stand in it. */
function innerFirst<T extends { id: string; group: string | null }>(groups: readonly T[]): T[] {
  const by = new Map(groups.map((group) => [group.id, group]));
  const depth = ({ group }: { group: string | null }): number => {
    const outer = group === null ? undefined : by.get(group);
    return outer ? depth(outer) + 1 : 0;
  };
  return [...groups].sort((a, b) => depth(b) - depth(a));
}
