/** What the list does to the drawing, without an editor: every edit by its outcome in the graph and on the plane. */
import { describe, expect, test } from "vitest";
import { addFrame, addPart, connect, disconnect, type Edit, moveInto, nameOf, remove, rename, setFigure, setKind } from "../src/graph/edits";
import { readGraph } from "../src/mermaid/graph";
import type { Tools } from "../src/mermaid/make";
import { isSendable } from "../src/sync/guard";
import type { SceneElement } from "../src/sync/element";
import { arrow, element } from "./scene";

let made = 0;
const tools: Tools = { measure: (line, size) => line.length * size * 0.5, newId: () => `n${(made += 1)}`, random: () => 0.5 };
const middle = [0, 0] as const;

/** A board that edits are carried out on, one after the other. */
class Board {
  elements: SceneElement[];
  said = "";
  constructor(...elements: SceneElement[]) {
    this.elements = elements;
  }
  do(edit: Edit): string {
    for (const before of this.elements) {
      const after = edit.elements.find(({ id }) => id === before.id) as SceneElement;
      expect(after, "nothing leaves the scene without a tombstone").toBeDefined();
      if (after !== before) expect(after.version).toBeGreaterThan(before.version);
    }
    this.elements = edit.elements;
    this.said = edit.said;
    expect(this.elements.filter((one) => !isSendable(one))).toEqual([]);
    return edit.select ?? "";
  }
  add(name: string, kind: Parameters<typeof addPart>[2] = null, beside: string | null = null): string {
    return this.do(addPart(this.elements, name, kind, { beside, middle }, tools));
  }
  get graph() {
    return readGraph(this.elements);
  }
  get(id: string): Record<string, any> {
    return this.elements.find((one) => one.id === id) as Record<string, any>;
  }
  boxes() {
    return this.elements.filter((one) => !one.isDeleted && ["rectangle", "ellipse", "frame"].includes(one.type)) as any[];
  }
}

const touch = (a: any, b: any) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test("parts are added beside each other and never on top of anything", () => {
  const board = new Board(element({ id: "old", x: -50, y: -50, width: 400, height: 300 }));
  let last: string | null = null;
  for (let i = 0; i < 30; i += 1) last = board.add(`Part ${i}`, "service", i % 5 ? last : null);
  const boxes = board.boxes();
  expect(boxes).toHaveLength(31);
  for (const a of boxes) for (const b of boxes) if (a !== b) expect(touch(a, b)).toBe(false);
  expect(board.said).toBe("Part 29 added, a service.");
});

test("three parts and two arrows make the graph that was said", () => {
  const board = new Board();
  const client = board.add("Client app", "client");
  const ranker = board.add("Ranker", "model", client);
  const store = board.add("Feature store", "store", ranker);
  board.do(connect(board.elements, client, ranker, "request", tools));
  expect(board.said).toBe("Client app now leads to Ranker: request.");
  board.do(connect(board.elements, ranker, store, "", tools));
  const { nodes, edges } = board.graph;
  expect(nodes.map(({ label, kind }) => [label, kind])).toEqual([["Client app", "client"], ["Ranker", "model"], ["Feature store", "store"]]);
  expect(edges.map(({ source, target, label, heads }) => [source, target, label, heads])).toEqual([
    [client, ranker, "request", "end"],
    [ranker, store, "", "end"],
  ]);
  for (const id of [client, ranker]) expect(board.get(id).boundElements.filter((one: any) => one.type === "arrow").length).toBeGreaterThan(0);
});

test("an arrow keeps clear of a box that stands between, and of one that runs the other way", () => {
  const board = new Board();
  const a = board.add("A");
  const b = board.add("B", null, a);
  const c = board.add("C", null, b);
  board.do(connect(board.elements, a, c, "", tools));
  board.do(connect(board.elements, c, a, "", tools));
  const ways = board.elements.filter(({ type }) => type === "arrow").map(({ points }) => (points as unknown[]).length);
  expect(Math.min(...ways)).toBeGreaterThan(2);
});

describe("a part", () => {
  test("is renamed, and grows when the name needs more room, its arrows with it", () => {
    const board = new Board();
    const a = board.add("A");
    const b = board.add("B", null, a);
    board.do(connect(board.elements, a, b, "", tools));
    const before = board.get(a).height;
    const long = "Ranker of the second stage that weighs price and quality and everything else that anybody has ever asked about";
    board.do(rename(board.elements, a, long, tools));
    expect(nameOf(board.graph, a)).toBe(long);
    expect(board.get(a).height).toBeGreaterThan(before);
    expect(board.graph.edges).toHaveLength(1);
  });

  test("that has its name as loose text in it keeps that text", () => {
    const text = element({ id: "t", type: "text", x: 10, y: 10, width: 50, height: 20, text: "Old", originalText: "Old", fontSize: 16, fontFamily: 5, lineHeight: 1.25, containerId: null });
    const board = new Board(element({ id: "box", width: 200, height: 100 }), text);
    board.do(rename(board.elements, "box", "New", tools));
    expect(board.get("t").text).toBe("New");
    expect(board.graph.nodes.map(({ label }) => label)).toEqual(["New"]);
  });

  test("without a name gets a label", () => {
    const board = new Board(element({ id: "box", width: 200, height: 100 }));
    expect(nameOf(board.graph, "box")).toBe("Part without a name");
    board.do(rename(board.elements, "box", "Cache", tools));
    expect(board.graph.nodes[0]?.label).toBe("Cache");
    expect(board.get("box").boundElements).toHaveLength(1);
  });

  test("is deleted with its label and its arrows, by tombstones", () => {
    const board = new Board();
    const a = board.add("A");
    const b = board.add("B", null, a);
    board.do(connect(board.elements, a, b, "x", tools));
    board.do(connect(board.elements, b, a, "y", tools));
    board.do(remove(board.elements, a));
    expect(board.said).toBe("A deleted, with its 2 arrows.");
    expect(board.elements.filter(({ isDeleted }) => !isDeleted)).toHaveLength(2);
    expect(board.get(b).boundElements.filter((one: any) => one.type === "arrow")).toEqual([]);
    board.do(remove(board.elements, a));
    expect(board.said).toContain("not on the board any more");
  });

  test("drawn together of several shapes is deleted whole", () => {
    const group = { groupIds: ["g"] };
    const board = new Board(element({ id: "big", width: 100, height: 100, ...group }), element({ id: "lid", width: 100, height: 20, ...group }));
    const [node] = board.graph.nodes;
    board.do(remove(board.elements, node?.id as string));
    expect(board.graph.nodes).toEqual([]);
  });

  test("changes colour with its kind, unless somebody has chosen a colour", () => {
    const board = new Board();
    const own = board.add("Cache", "cache");
    const chosen = board.add("Queue", "queue", own);
    board.do({ elements: board.elements.map((one) => (one.id === chosen ? ({ ...one, strokeColor: "#123456", version: one.version + 1 } as SceneElement) : one)), said: "" });
    const was = board.get(own).strokeColor;
    board.do(setKind(board.elements, [own, chosen], "monitoring"));
    expect(board.said).toBe("2 parts: monitoring.");
    expect(board.get(own).strokeColor).not.toBe(was);
    expect(board.get(chosen).strokeColor).toBe("#123456");
    expect(board.get(own).customData).toEqual({ kind: "monitoring" });
    board.do(setKind(board.elements, [own], null));
    expect(board.graph.nodes.find(({ id }) => id === own)?.kind).toBe(null);
  });

  test("carries figures until they are taken away", () => {
    const board = new Board();
    const id = board.add("Ranker", "model");
    board.do(setFigure(board.elements, [id], { latencyMs: 12 }));
    board.do(setFigure(board.elements, [id], { volume: "5k req/s" }));
    expect(board.graph.nodes[0]).toMatchObject({ latency_ms: 12, volume: "5k req/s" });
    board.do(setFigure(board.elements, [id], { latencyMs: null }));
    expect(board.said).toBe("Ranker: no latency.");
    expect(board.get(id).customData).not.toHaveProperty("latencyMs");
  });
});

test("an arrow is taken away with its words; the parts forget it", () => {
  const board = new Board(element({ id: "a" }), element({ id: "b", x: 400 }), arrow({ id: "loose", x: 102, y: 25, points: [[0, 0], [290, 0]], width: 290, height: 0 }));
  expect(board.graph.edges).toHaveLength(1); // its ends are loose, and mean the boxes all the same
  board.do(disconnect(board.elements, "loose"));
  expect(board.said).toBe("Part without a name no longer leads to Part without a name.");
  expect(board.graph.edges).toEqual([]);
});

test("frames take parts in, grow with them, let them go, and leave them behind", () => {
  const board = new Board();
  const frame = board.do(addFrame(board.elements, "Serving", middle, tools));
  const parts = ["A", "B", "C", "D", "E", "F"].map((name) => board.add(name));
  for (const id of parts) board.do(moveInto(board.elements, id, frame));
  const inside = parts.map((id) => board.get(id));
  const { x, y, width, height } = board.get(frame) as any;
  for (const box of inside) {
    expect(box.frameId).toBe(frame);
    expect(box.x >= x && box.y >= y && box.x + box.width <= x + width && box.y + box.height <= y + height).toBe(true);
    for (const other of inside) if (other !== box) expect(touch(box, other)).toBe(false);
  }
  expect(board.graph.nodes.filter((node) => node.frame === frame)).toHaveLength(6);
  board.do(moveInto(board.elements, parts[0] as string, null));
  expect(board.get(parts[0] as string).frameId).toBe(null);
  expect(touch(board.get(parts[0] as string), board.get(frame))).toBe(false);
  board.do(remove(board.elements, frame));
  expect(board.said).toBe("Serving deleted. What stood in it is still there.");
  expect(board.graph.nodes.map(({ frame: holder }) => holder)).toEqual(Array(6).fill(null));
});
