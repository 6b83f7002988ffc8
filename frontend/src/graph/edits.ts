/**
 * What can be done to the graph without a pointer: each edit takes the scene as it is and returns the scene
 * as it then is, with the words that say what happened. Nothing here knows the editor.
 */
import { Draft, around, holds, overlap, type Any, centerOf, type Rect, rectOf } from "../mermaid/draft.ts";
import type { Point } from "../mermaid/geometry.ts";
import { readGraph, type Graph } from "../mermaid/graph.ts";
import { arrowElement, boxElements, frameElement, isOwnLook, labelFor, lookOf, outerHeight, partFor, pathOf, sizeOf, type Tools, wordsIn } from "../mermaid/make.ts";
import { middleOf, route } from "../mermaid/route.ts";
import type { Kind } from "../palette/parts.ts";
import type { SceneElement } from "../sync/element";

export type Scene = readonly SceneElement[];

export interface Edit {
  elements: SceneElement[];
  /** What to select afterwards; null for nothing, absent to leave the selection alone. */
  select?: string | null;
  said: string;
}

const GAP = 32;
const ASIDE = 112;
const FRAME_PADDING = 32;
const EMPTY_FRAME = { width: 480, height: 280 };

/** Return how the graph calls something: its label, or what it is. */
export function nameOf(graph: Graph, id: string): string {
  const node = graph.nodes.find((one) => one.id === id) ?? graph.frames.find((one) => one.id === id);
  if (node?.label) return node.label;
  return graph.frames.some((one) => one.id === id) ? "Frame without a name" : "Part without a name";
}

/** Return the scene with a new part, right of `beside` if that is given, else near `middle`. */
export function addPart(scene: Scene, name: string, kind: Kind | null, at: { beside?: string | null; middle: Point }, tools: Tools): Edit {
  const draft = new Draft(scene, tools.random);
  const node = { id: "", label: name, kind, form: "box" as const, latencyMs: null, volume: null, group: null };
  const size = sizeOf(node, tools.measure);
  const beside = draft.get(at.beside);
  const wanted = beside
    ? { x: rectOf(beside).x + rectOf(beside).width + ASIDE, y: centerOf(rectOf(beside))[1] - size.height / 2 }
    : { x: at.middle[0] - size.width / 2, y: at.middle[1] - size.height / 2 };
  const frame = draft.get(beside?.frameId);
  const place = freePlace({ ...wanted, ...size }, obstacles(draft, frame?.id));
  const drawn = boxElements(node, place, tools);
  for (const element of drawn) draft.add(frame ? ({ ...element, frameId: frame.id } as SceneElement) : element);
  if (frame) stretch(draft, frame.id);
  const id = (drawn[0] as SceneElement).id;
  return { elements: inFront(draft), select: id, said: `${name} added${kind ? `, a ${kind}` : ""}.` };
}

/** Return the scene with a part, frame or text called otherwise. */
export function rename(scene: Scene, id: string, name: string, tools: Tools): Edit {
  const draft = new Draft(scene, tools.random);
  const element = draft.get(id);
  const before = nameOf(readGraph(scene), id);
  const said = `${before} is now called ${name}.`;
  if (!element) return { elements: draft.elements(), said: "That part is not on the board any more." };
  if (element.type === "frame") draft.edit(id, { name });
  else if (element.type === "text") draft.edit(id, looseWords(element, name, tools));
  else write(draft, element, name, before, tools);
  return { elements: draft.elements(), said };
}

function write(draft: Draft, holder: Any, name: string, before: string, tools: Tools): void {
  const text = draft.labelOf(holder.id);
  if (!text) {
    const loose = draft.alive().find((one) => one.type === "text" && !one.containerId && isAbout(one, holder, before));
    if (loose) return draft.edit(loose.id, looseWords(loose, name, tools));
    const made = labelFor(holder, name, tools);
    if (!made) return;
    draft.add(made);
    draft.bind(holder.id, { id: made.id, type: "text" });
    return grow(draft, holder.id, made as Any);
  }
  draft.edit(text.id, wordsIn(holder, text, name, tools.measure));
  grow(draft, holder.id, draft.get(text.id) as Any);
}

const isAbout = (text: Any, holder: Any, words: string) =>
  text.text.split(/\s+/).join(" ").trim() === words &&
  (holds(rectOf(holder), rectOf(text), 2) || holder.groupIds?.some((group: string) => text.groupIds?.includes(group)));

/** Make a box as high as its label needs, downwards, and keep the label in its middle. */
function grow(draft: Draft, id: string, text: Any): void {
  const box = draft.get(id) as Any;
  const height = Math.ceil(outerHeight(box.type, text.height));
  if (height > box.height) draft.edit(id, { height });
  draft.edit(text.id, { y: centerOf(rectOf(draft.get(id) as Any))[1] - text.height / 2 });
  if (height > box.height) rerouteAll(draft, id);
}

/** Return the words of a text that stands by itself, its left edge where it was. */
function looseWords(text: Any, name: string, { measure }: Tools): Record<string, unknown> {
  const height = text.fontSize * (text.lineHeight ?? 1.25);
  return { text: name, originalText: name, width: measure(name, text.fontSize, text.fontFamily), height };
}

/** Return the scene with an arrow from one part to another. */
export function connect(scene: Scene, from: string, to: string, label: string, tools: Tools): Edit {
  const draft = new Draft(scene, tools.random);
  const graph = readGraph(scene);
  const ends = [draft.get(from), draft.get(to)];
  if (!ends[0] || !ends[1]) return { elements: draft.elements(), said: "One of them is not on the board any more." };
  const way = wayBetween(draft, from, to);
  const arrow = arrowElement(way, { source: from, target: to }, "end", tools);
  const text = labelFor(arrow, label, tools, middleOf(way));
  draft.add(text ? { ...arrow, boundElements: [{ id: text.id, type: "text" }] } : arrow);
  if (text) draft.add(text);
  for (const id of new Set([from, to])) draft.bind(id, { id: arrow.id, type: "arrow" });
  const said = `${nameOf(graph, from)} now leads to ${nameOf(graph, to)}${label ? `: ${label}` : ""}.`;
  return { elements: draft.elements(), said };
}

/** Return the scene without one arrow and its words. */
export function disconnect(scene: Scene, arrow: string): Edit {
  const draft = new Draft(scene);
  const graph = readGraph(scene);
  const edge = graph.edges.find(({ id }) => id === arrow);
  removeArrow(draft, arrow);
  const said = edge ? `${nameOf(graph, edge.source)} no longer leads to ${nameOf(graph, edge.target)}.` : "The arrow is gone.";
  return { elements: draft.elements(), said };
}

function removeArrow(draft: Draft, id: string): void {
  const label = draft.labelOf(id);
  if (label) draft.remove(label.id);
  for (const one of draft.alive()) {
    if (one.boundElements?.some((bound: { id: string }) => bound.id === id)) draft.unbind(one.id, id);
  }
  draft.remove(id);
}

/** Return the scene without a part, the arrows at it, and the shapes that draw it together with others. */
export function remove(scene: Scene, id: string): Edit {
  const draft = new Draft(scene);
  const graph = readGraph(scene);
  const element = draft.get(id);
  const name = nameOf(graph, id);
  if (!element) return { elements: draft.elements(), select: null, said: `${name} is not on the board any more.` };
  const arrows = graph.edges.filter(({ source, target }) => source === id || target === id);
  for (const arrow of arrows) removeArrow(draft, arrow.id);
  const label = draft.labelOf(id);
  if (label) draft.remove(label.id);
  if (element.type === "frame") {
    for (const one of draft.alive()) if (one.frameId === id) draft.edit(one.id, { frameId: null });
  } else {
    const parts = new Set(graph.nodes.map((node) => node.id));
    const groups = new Set<string>(element.groupIds ?? []);
    for (const one of draft.alive()) {
      if (one.type !== "arrow" && !parts.has(one.id) && one.groupIds?.some((group: string) => groups.has(group))) draft.remove(one.id);
    }
  }
  draft.remove(id);
  const also = arrows.length ? `, with ${arrows.length === 1 ? "its arrow" : `its ${arrows.length} arrows`}` : "";
  const kept = element.type === "frame" ? " What stood in it is still there." : "";
  return { elements: draft.elements(), select: null, said: `${name} deleted${also}.${kept}` };
}

/** Return the scene with the kind of these parts set; those still coloured as their kind change their colour. */
export function setKind(scene: Scene, ids: readonly string[], kind: Kind | null): Edit {
  const draft = new Draft(scene);
  const graph = readGraph(scene);
  for (const id of ids) {
    const element = draft.get(id);
    if (!element) continue;
    const label = graph.nodes.find((node) => node.id === id)?.label ?? "";
    const was = (element.customData?.kind ?? null) as Kind | null;
    const { strokeColor, backgroundColor } = lookOf({ kind, label, form: "box" });
    if (element.type !== "text" && isOwnLook(element, was)) draft.edit(id, { strokeColor, backgroundColor });
    draft.setData(id, { kind, part: kind ? partFor(kind, label)?.slug : null });
  }
  return { elements: draft.elements(), said: `${namesOf(graph, ids)}: ${kind ?? "no kind"}.` };
}

/** Return the scene with latency or volume of these parts set, or taken away when null. */
export function setFigure(scene: Scene, ids: readonly string[], figure: { latencyMs: number | null } | { volume: string | null }): Edit {
  const draft = new Draft(scene);
  for (const id of ids) if (draft.get(id)) draft.setData(id, figure);
  const what = "latencyMs" in figure
    ? figure.latencyMs === null ? "no latency" : `${figure.latencyMs} ms`
    : figure.volume === null ? "no volume" : figure.volume;
  return { elements: draft.elements(), said: `${namesOf(readGraph(scene), ids)}: ${what}.` };
}

const namesOf = (graph: Graph, ids: readonly string[]) => (ids.length === 1 ? nameOf(graph, ids[0] as string) : `${ids.length} parts`);

/** Return the scene with an empty frame. */
export function addFrame(scene: Scene, name: string, middle: Point, tools: Tools): Edit {
  const draft = new Draft(scene, tools.random);
  const wanted = { x: middle[0] - EMPTY_FRAME.width / 2, y: middle[1] - EMPTY_FRAME.height / 2, ...EMPTY_FRAME };
  const frame = frameElement(freePlace(wanted, obstacles(draft)), name, tools);
  draft.add(frame);
  return { elements: draft.elements(), select: frame.id, said: `Frame ${name} added.` };
}

/** Return the scene with a part moved to a free place in a frame, or out of the one it stands in. */
export function moveInto(scene: Scene, id: string, frameId: string | null): Edit {
  const draft = new Draft(scene);
  const graph = readGraph(scene);
  const element = draft.get(id);
  const frame = draft.get(frameId);
  if (!element || (frameId && !frame)) return { elements: draft.elements(), said: "That is not on the board any more." };
  const from = draft.get(element.frameId);
  const box = rectOf(element);
  const wanted = frame
    ? { ...box, x: frame.x + FRAME_PADDING, y: frame.y + FRAME_PADDING }
    : { ...box, x: from ? from.x + from.width + GAP : box.x };
  const others = obstacles(draft, frameId, id);
  const place = freePlace(wanted, frame ? others.filter((one) => overlap(one, rectOf(frame))) : others);
  shift(draft, id, frameId, place.x - box.x, place.y - box.y);
  if (frameId) stretch(draft, frameId);
  rerouteAll(draft, id);
  const said = frameId
    ? `${nameOf(graph, id)} now stands in ${nameOf(graph, frameId)}.`
    : `${nameOf(graph, id)} stands in no frame now.`;
  return { elements: inFront(draft), select: id, said };
}

/** Move a part with its label and the shapes it is drawn together with. */
function shift(draft: Draft, id: string, frameId: string | null, x: number, y: number): void {
  const element = draft.get(id) as Any;
  const groups = new Set<string>(element.groupIds ?? []);
  for (const one of draft.alive()) {
    const together = one.id === id || one.containerId === id || one.groupIds?.some((group: string) => groups.has(group));
    if (together) draft.edit(one.id, { x: one.x + x, y: one.y + y, frameId });
  }
}

/** Make a frame large enough for what stands in it. */
function stretch(draft: Draft, id: string): void {
  const frame = rectOf(draft.get(id) as Any);
  const members = draft.alive().filter((one) => one.frameId === id && one.type !== "arrow").map((one) => {
    const { x, y, width, height } = rectOf(one);
    return { x: x - FRAME_PADDING, y: y - FRAME_PADDING, width: width + 2 * FRAME_PADDING, height: height + 2 * FRAME_PADDING };
  });
  const outer = around([frame, ...members]);
  if (!holds(frame, outer)) draft.edit(id, { ...outer });
}

/** Lay the arrows at a part anew, after it has moved or grown. */
function rerouteAll(draft: Draft, id: string): void {
  for (const arrow of draft.alive()) {
    if (arrow.type !== "arrow" || arrow.elbowed) continue;
    const ends = [arrow.startBinding?.elementId, arrow.endBinding?.elementId];
    if (!ends.includes(id) || !draft.get(ends[0]) || !draft.get(ends[1])) continue;
    const way = wayBetween(draft, ends[0], ends[1]);
    draft.edit(arrow.id, { ...pathOf(way), angle: 0 });
    const label = draft.labelOf(arrow.id);
    const [x, y] = middleOf(way);
    if (label) draft.edit(label.id, { x: x - label.width / 2, y: y - label.height / 2 });
  }
}

function wayBetween(draft: Draft, from: string, to: string): Point[] {
  const [source, target] = [rectOf(draft.get(from) as Any), rectOf(draft.get(to) as Any)];
  const others = obstacles(draft, null, from, to).filter((one) => !holds(one, source) && !holds(one, target));
  const back = draft.alive().some((one) => one.startBinding?.elementId === to && one.endBinding?.elementId === from);
  // An arrow the other way lies on the straight line already: what is between counts as crossed.
  const middle = around([source, target]);
  const [x, y] = centerOf(middle);
  return route(source, target, back ? [...others, { x: x - 1, y: y - 1, width: 2, height: 2 }] : others);
}

/** Return the places that are taken: boxes, texts, pictures and strokes; frames too, but `inside` and its own around. */
function obstacles(draft: Draft, inside?: string | null, ...except: string[]): Rect[] {
  return draft
    .alive()
    .filter((one) => !["arrow", "line"].includes(one.type) && !one.containerId && !except.includes(one.id) && one.id !== inside)
    .filter((one) => one.type !== "frame" || !except.some((id) => draft.get(id)?.frameId === one.id))
    .map(rectOf);
}

/** Return the nearest place of this size that keeps clear of all others, looking right, then below. */
function freePlace(wanted: Rect, taken: readonly Rect[]): Rect {
  const candidates: (Rect & { away: number })[] = [];
  for (let column = -8; column <= 12; column += 1) {
    for (let line = -10; line <= 16; line += 1) {
      const [x, y] = [(column * (wanted.width + GAP)) / 2, (line * (wanted.height + GAP)) / 2];
      candidates.push({ ...wanted, x: wanted.x + x, y: wanted.y + y, away: Math.hypot(x, y * 1.5) + (x < 0 || y < 0 ? 200 : 0) });
    }
  }
  candidates.sort((a, b) => a.away - b.away);
  const { x, y } = candidates.find((place) => !taken.some((one) => overlap(place, one, GAP))) ?? below(wanted, taken);
  return { ...wanted, x, y };
}

function below(wanted: Rect, taken: readonly Rect[]): Rect {
  const all = around([...taken]);
  return { ...wanted, x: all.x, y: all.y + all.height + GAP };
}

/** The editor wants a frame behind its members in the list of elements. */
function inFront(draft: Draft): SceneElement[] {
  const all = draft.elements();
  const fresh = all.filter((one) => !one.index && one.frameId);
  if (!fresh.length) return all;
  const rest = all.filter((one) => !fresh.includes(one));
  return rest.flatMap((one) => (one.type === "frame" ? [...fresh.filter(({ frameId }) => frameId === one.id), one] : one));
}
