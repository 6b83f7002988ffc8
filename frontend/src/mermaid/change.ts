/** Changes to what is already on the board: words, kind, what it stands in, its arrows; the rest stays as it is. */
import type { SceneElement } from "../sync/element";
import type { ChartNode } from "./chart.ts";
import { type Any, centerOf, Draft, holds, overlap, type Rect, rectOf } from "./draft.ts";
import type { Point } from "./geometry.ts";
import { bindingTo, isKind, isOwnLook, labelFor, lookOf, outerHeight, partFor, pathOf, type Tools, wordsIn } from "./make.ts";
import { GAP, freeShift } from "./place.ts";
import { middleOf, route } from "./route.ts";

const SOLID = new Set(["rectangle", "diamond", "ellipse", "image", "freedraw", "text"]);
const BOXES = new Set(["rectangle", "diamond", "ellipse"]);

export class Changer {
  constructor(
    readonly draft: Draft,
    private readonly tools: Tools,
  ) {}

  // -- words and looks -----------------------------------------------------------------------

  /** Write these words on a box, arrow, frame or text. */
  rename(id: string, label: string, before = ""): void {
    const holder = this.draft.get(id);
    if (!holder) return this.renameGroup(id, label);
    if (holder.type === "frame") return this.draft.edit(id, { name: label });
    if (holder.type === "text") return this.write(holder, holder, label);
    const text = this.draft.labelOf(id) ?? this.lyingIn(holder, before);
    if (text && label) return this.write(holder, text, label);
    if (text) {
      this.draft.remove(text.id);
      return this.draft.unbind(id, text.id);
    }
    const made = labelFor(holder, label, this.tools, this.middle(holder));
    if (!made) return;
    this.draft.add(made);
    this.draft.bind(id, { id: made.id, type: "text" });
    this.grow(id, made.height as number);
  }

  private write(holder: Any, text: Any, label: string): void {
    const isFree = text.containerId !== holder.id;
    const words = wordsIn(isFree ? { ...text, width: Math.max(text.width, 400) } : holder, text, label, this.tools.measure, this.middle(holder));
    this.draft.edit(text.id, isFree ? { ...words, x: text.x, y: text.y } : words);
    if (!isFree) this.grow(holder.id, words.height as number);
  }

  /** Make a box high enough for its label. */
  private grow(id: string, height: number): void {
    const box = this.draft.get(id);
    if (!box || !BOXES.has(box.type)) return;
    const needed = Math.ceil(outerHeight(box.type, height));
    if (needed <= Math.abs(box.height)) return;
    this.draft.edit(id, { height: needed });
    const text = this.draft.labelOf(id);
    if (text) this.draft.edit(text.id, { y: box.y + (needed - text.height) / 2 });
  }

  /** Return the free text that lies in a box and is read as its label. */
  private lyingIn(holder: Any, before: string): Any | undefined {
    const groups = new Set<string>(holder.groupIds);
    const place = rectOf(holder);
    return this.draft.alive().find(
      (one) =>
        one.type === "text" &&
        !one.containerId &&
        String(one.text).split(/\s+/).join(" ").trim() === before &&
        before !== "" &&
        (holds(place, rectOf(one), 2) || (one.groupIds as string[]).some((group) => groups.has(group))),
    );
  }

  private renameGroup(group: string, label: string): void {
    const titles = this.draft.alive().filter((one) => one.type === "text" && !one.containerId && one.groupIds?.includes(group));
    if (titles.length === 1 && label) this.write(titles[0] as Any, titles[0] as Any, label);
  }

  /** Set what a text says beside the label: latency and volume. */
  describe(id: string, { latencyMs, volume }: Pick<ChartNode, "latencyMs" | "volume">): void {
    this.draft.setData(id, { latencyMs, volume });
  }

  /** Make a box of another kind; its colours and shape follow if nobody has chosen others. */
  setKind(id: string, { kind, form, label }: Pick<ChartNode, "kind" | "form" | "label">): void {
    const box = this.draft.get(id);
    if (!box) return;
    const was = isKind(box.customData?.kind) ? box.customData.kind : null;
    const part = kind ? partFor(kind, label)?.slug : undefined;
    this.draft.setData(id, { kind, part });
    if (!BOXES.has(box.type)) return;
    const look = lookOf({ kind, form, label });
    const { type, roundness, ...colors } = look;
    if (isOwnLook(box, was)) this.draft.edit(id, colors);
    if (was === null || box.type === lookOf({ kind: was, form: "box", label }).type) this.reshape(id, { type, roundness });
  }

  reshape(id: string, shape: { type: string; roundness: { type: number } | null }): void {
    const box = this.draft.get(id);
    if (!box || !BOXES.has(box.type) || box.type === shape.type) return;
    this.draft.edit(id, shape);
    const text = this.draft.labelOf(id);
    if (text) this.write(this.draft.get(id) as Any, text, String(text.originalText ?? text.text));
  }

  // -- taking away ---------------------------------------------------------------------------

  /** Take a box, group or frame away; what stood in it stays. Text, pictures and freehand are not ours to take. */
  remove(id: string): void {
    const thing = this.draft.get(id);
    if (!thing) return this.removeGroup(id);
    if (thing.type === "text" || thing.type === "image") return;
    if (thing.type === "frame") {
      for (const one of this.draft.alive()) if (one.frameId === id) this.draft.edit(one.id, { frameId: null });
    }
    const text = this.draft.labelOf(id);
    if (text) this.draft.remove(text.id);
    this.draft.remove(id);
    for (const arrow of this.arrowsOf(id)) {
      if (arrow.startBinding?.elementId === id) this.draft.edit(arrow.id, { startBinding: null });
      if (arrow.endBinding?.elementId === id) this.draft.edit(arrow.id, { endBinding: null });
    }
    const [group] = thing.groupIds as string[];
    const mates = group ? this.draft.alive().filter((one) => one.groupIds?.[0] === group) : [];
    if (mates.some((one) => one.type === "text" && one.containerId)) return; // a group of several parts
    for (const mate of mates) if (BOXES.has(mate.type) || mate.type === "text") this.draft.remove(mate.id);
  }

  private removeGroup(group: string): void {
    for (const one of this.draft.alive()) {
      const groups = one.groupIds as string[];
      if (groups?.includes(group)) this.draft.edit(one.id, { groupIds: groups.filter((name) => name !== group) });
    }
  }

  removeArrow(id: string): void {
    const arrow = this.draft.get(id);
    if (!arrow) return;
    const text = this.draft.labelOf(id);
    if (text) this.draft.remove(text.id);
    for (const end of [arrow.startBinding, arrow.endBinding]) if (end) this.draft.unbind(end.elementId, id);
    this.draft.remove(id);
  }

  // -- where things stand --------------------------------------------------------------------

  /** Return the place of a box, a frame, or a group of shapes. */
  rect(id: string): Rect | undefined {
    const thing = this.draft.get(id);
    if (thing) return rectOf(thing);
    const members = this.draft.alive().filter((one) => one.groupIds?.includes(id));
    if (!members.length) return undefined;
    const rects = members.map(rectOf);
    const [x, y] = [Math.min(...rects.map((one) => one.x)), Math.min(...rects.map((one) => one.y))];
    const right = Math.max(...rects.map((one) => one.x + one.width));
    const bottom = Math.max(...rects.map((one) => one.y + one.height));
    return { x, y, width: right - x, height: bottom - y };
  }

  /** Return what a new thing must not be put on. `within` and what is around it are no hindrance. */
  taken(within: string | null, ...not: string[]): Rect[] {
    const container = within ? this.rect(within) : undefined;
    const out = new Set(not);
    return this.draft
      .alive()
      .filter((one) => (SOLID.has(one.type) && !(one.type === "text" && one.containerId)) || one.type === "frame")
      .filter((one) => one.id !== within && !out.has(one.id))
      .map(rectOf)
      .filter((place) => !container || !holds(place, container));
  }

  /** Return what lies in boxes, and belongs to them: their labels, and drawings on them. */
  within(ids: readonly string[]): string[] {
    const places = ids.flatMap((id) => this.rect(id) ?? []);
    return this.draft.alive().flatMap((one) => (places.some((place) => holds(place, rectOf(one), 2)) ? one.id : []));
  }

  /** Put a box into a frame, a box or a group, or out of them all; it moves only if it has to. */
  setHolder(id: string, holder: string | null, before: string | null): void {
    const box = this.draft.get(id);
    if (!box || box.type === "frame") return;
    const frame = holder && this.draft.get(holder)?.type === "frame" ? holder : null;
    const old = before ? this.draft.get(before) : undefined;
    if (before && !old) this.editWithLabel(id, { groupIds: (box.groupIds as string[]).filter((name) => name !== before) });
    if (holder && !this.draft.get(holder)) this.editWithLabel(id, { groupIds: [...(box.groupIds as string[]), holder] });
    this.editWithLabel(id, { frameId: frame });
    const place = rectOf(box);
    const inside = holder ? this.rect(holder) : undefined;
    if (inside && !holds(inside, place) && this.draft.get(holder)) this.moveInto(id, holder as string);
    else if (!inside && old && overlap(rectOf(old), place)) {
      const shift = freeShift(place, [0, 0], this.taken(null, id));
      if (shift) this.move(id, shift);
    }
  }

  /** Move a box to the nearest free place in a container, which grows if there is none. */
  private moveInto(id: string, container: string): void {
    const place = rectOf(this.draft.get(id) as Any);
    const inside = this.rect(container) as Rect;
    const [[x, y], [cx, cy]] = [centerOf(place), centerOf(inside)];
    const shift = freeShift(place, [Math.round(cx - x), Math.round(cy - y)], this.taken(container, id), inside);
    this.move(id, shift ?? this.extend(container, place));
  }

  /** Make room at the lower end of a container; return the shift that puts a block there. */
  extend(container: string, block: Rect): Point {
    const inside = this.rect(container) as Rect;
    const { width, height } = this.draft.get(container) as Any;
    this.draft.edit(container, {
      width: Math.max(width, block.width + 2 * GAP),
      height: height + block.height + 2 * GAP,
    });
    return [Math.round(inside.x + GAP - block.x), Math.round(inside.y + inside.height - block.y)];
  }

  move(id: string, [dx, dy]: Point): void {
    const box = this.draft.get(id) as Any;
    this.draft.edit(id, { x: box.x + dx, y: box.y + dy });
    const text = this.draft.labelOf(id);
    if (text) this.draft.edit(text.id, { x: text.x + dx, y: text.y + dy });
    for (const arrow of this.arrowsOf(id)) this.reroute(arrow.id);
  }

  editWithLabel(id: string, change: Record<string, unknown>): void {
    this.draft.edit(id, change);
    const text = this.draft.labelOf(id);
    if (text) this.draft.edit(text.id, change);
  }

  // -- arrows --------------------------------------------------------------------------------

  private arrowsOf(id: string): Any[] {
    return this.draft.alive().filter(({ startBinding, endBinding }) => startBinding?.elementId === id || endBinding?.elementId === id);
  }

  /** Let an arrow lead from one thing to another. */
  rewire(id: string, from: string, to: string): void {
    const arrow = this.draft.get(id);
    if (!arrow) return;
    for (const end of [arrow.startBinding, arrow.endBinding]) if (end) this.draft.unbind(end.elementId, id);
    const binding = (end: string) => (this.draft.get(end) ? bindingTo(end) : null);
    this.draft.edit(id, { startBinding: binding(from), endBinding: binding(to) });
    for (const end of [from, to]) this.draft.bind(end, { id, type: "arrow" });
    this.lay(id, from, to);
  }

  private reroute(id: string): void {
    const { startBinding, endBinding } = this.draft.get(id) as Any;
    if (startBinding && endBinding) this.lay(id, startBinding.elementId, endBinding.elementId);
  }

  /** Return the way from one thing to another, around what stands between. */
  way(from: string, to: string, id?: string): Point[] {
    const [start, end] = [this.rect(from) as Rect, this.rect(to) as Rect];
    const others = this.draft
      .alive()
      .filter((one) => BOXES.has(one.type) || one.type === "image")
      .filter((one) => one.id !== from && one.id !== to)
      .map(rectOf)
      .filter((place) => !holds(place, start, 2) && !holds(place, end, 2));
    const lines = this.draft.alive().flatMap((one) => (one.type === "arrow" && one.id !== id ? [onBoard(one)] : []));
    return route(start, end, others, lines);
  }

  private lay(id: string, from: string, to: string): void {
    if (!this.rect(from) || !this.rect(to)) return;
    const way = this.way(from, to, id);
    this.draft.edit(id, { ...pathOf(way), ...(way.length > 2 && { roundness: null }) });
    const text = this.draft.labelOf(id);
    const [x, y] = middleOf(way);
    if (text) this.draft.edit(text.id, { x: x - text.width / 2, y: y - text.height / 2 });
  }

  /** Return the middle of an arrow; undefined for what is no arrow. */
  private middle(holder: SceneElement): Point | undefined {
    return holder.type === "arrow" || holder.type === "line" ? middleOf(onBoard(holder as Any)) : undefined;
  }
}

/** Return the points of an arrow on the board. */
const onBoard = ({ x, y, points }: Any): Point[] => (points as [number, number][]).map(([px, py]) => [x + px, y + py]);
