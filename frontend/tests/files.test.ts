/** Files of a board: their names, what is taken from them, and how they come on a board that is in use. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { flowchartIn, isFlowchart } from "../src/files/flowchart";
import { fileName } from "../src/files/formats";
import { added, replaced } from "../src/files/merge";
import { contentsOf } from "../src/files/words";
import { readGraph } from "../src/mermaid/graph";
import { arrow, element, Person } from "./scene";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const bound = (id: string) => ({ elementId: id, focus: 0, gap: 5 });

/** Two boxes in a frame, one with a label, joined by an arrow with words. */
function drawing() {
  return [
    element({ id: "f", type: "frame", name: "Online", width: 500, height: 300 }),
    element({ id: "a", x: 20, y: 20, frameId: "f", groupIds: ["g"], boundElements: [{ id: "a-t", type: "text" }, { id: "e", type: "arrow" }] }),
    element({ id: "a-t", type: "text", text: "App", originalText: "App", containerId: "a", fontSize: 18, fontFamily: 5, x: 30, y: 30, width: 40, height: 20 }),
    element({ id: "b", x: 300, y: 20, frameId: "f", groupIds: ["g"], customData: { kind: "store" }, boundElements: [{ id: "e", type: "arrow" }] }),
    arrow({ id: "e", x: 120, y: 40, startBinding: bound("a"), endBinding: bound("b"), boundElements: [{ id: "e-t", type: "text" }] }),
    element({ id: "e-t", type: "text", text: "asks", containerId: "e", fontSize: 14, fontFamily: 5 }),
  ];
}

/** A graph without ids and places. */
function meaning(elements: readonly unknown[]) {
  const { nodes, edges, frames } = readGraph(elements);
  const label = new Map(nodes.map(({ id, label: own, kind }) => [id, `${own} ${kind}`]));
  return [nodes.map(({ id, parent }) => `${label.get(id)} in ${label.get(parent ?? "")}`), edges.map(({ source, target, label: said }) => `${label.get(source)} ${said} ${label.get(target)}`), frames.length];
}

test.each([
  ["Payment fraud", "payment-fraud-2026-11-21"],
  ["Café: search & “ranking”", "cafe-search-ranking-2026-11-21"],
  ["特征", "board-2026-11-21"],
  [undefined, "board-2026-11-21"],
])("a file of %s is called %s", (title, name) => {
  expect(fileName(title, new Date(2026, 10, 21, 23, 59))).toBe(name);
});

describe("a Mermaid text among others", () => {
  test.each([
    ["flowchart LR\n a --> b", true],
    ["%% made by hand\ngraph TD;a-->b", true],
    ["---\ntitle: x\n---\r\nflowchart TB\r\n a", true],
    ["Look:\n```mermaid\nflowchart LR\n a\n```", true],
    ["flowchart LR", false],
    ["graph theory is fun\nreally", false],
    ["The flowchart LR is\nhere", false],
    ["sequenceDiagram\n a->>b: x", false],
  ])("%j: %s", (text, is) => {
    expect(isFlowchart(text)).toBe(is);
  });

  test("the first block of a Markdown page is taken", () => {
    expect(flowchartIn("# Title\n\n```mermaid\nflowchart LR\n  a\n```\n\n```mermaid\ngraph TD\n```\n")).toBe("flowchart LR\n  a\n");
  });
});

describe("adding a file to a board", () => {
  test("leaves what is there alone, and stands on none of it", () => {
    const there = [element({ id: "a", x: -50, y: -50, width: 400, height: 400 })];
    let made = 0;
    const { elements, created } = added(there, drawing(), () => `new${++made}`, [0, 0]);
    expect(elements[0]).toBe(there[0]);
    expect(created).toHaveLength(6);
    const fresh = elements.filter(({ id }) => created.includes(id) && id !== "a");
    expect(meaning(fresh)).toEqual(meaning(drawing()));
    for (const one of fresh) {
      expect((one.x as number) >= 350 || (one.y as number) >= 350 || (one.x as number) + (one.width as number) <= -50 || (one.y as number) + (one.height as number) <= -50).toBe(true);
    }
  });

  test("twice gives two drawings, each with its own ids", () => {
    let made = 0;
    const once = added([], drawing(), () => `n${++made}`, [0, 0]).elements;
    const twice = added(once, drawing(), () => `n${++made}`, [0, 0]).elements;
    expect(new Set(twice.map(({ id }) => id)).size).toBe(12);
    expect(readGraph(twice).edges).toHaveLength(2);
  });
});

describe("replacing a board by a file", () => {
  test("keeps the file's ids, so that its graph is the same, and what was there as deleted", () => {
    const there = [element({ id: "old" }), element({ id: "a", x: 900, version: 40 })];
    const { elements } = replaced(there, drawing(), () => 0.5);
    const { nodes, edges } = readGraph(elements);
    expect({ nodes, edges }).toEqual({ nodes: readGraph(drawing()).nodes, edges: readGraph(drawing()).edges });
    expect(elements.find(({ id }) => id === "old")).toMatchObject({ isDeleted: true });
    expect(elements.find(({ id }) => id === "a")).toMatchObject({ version: 41, x: 20 });
  });

  test("is the same for everybody: tombstones for what was there, nothing comes back", () => {
    const [ana, ben] = [new Person(), new Person()];
    ana.scene.add(element({ id: "old" }), element({ id: "a", x: 900 }));
    exchange(ana, ben);
    const { elements } = replaced(ana.scene.all, drawing(), () => 0.5);
    ana.scene.all = elements.map((one, i) => ({ ...one, index: `c${String(i).padStart(3, "0")}` }));
    ben.scene.edit("old", { strokeColor: "#e03131" });
    exchange(ana, ben);
    expect(ben.scene.picture()).toEqual(ana.scene.picture());
    expect(readGraph(ben.scene.all).nodes.map(({ id }) => id)).toEqual(readGraph(drawing()).nodes.map(({ id }) => id));
    expect(ben.scene.get("old").isDeleted).toBe(true);
  });
});

test("what a file holds is told in words", () => {
  const opened = { name: "x", elements: drawing(), files: {}, chart: null, leftOut: 0 };
  expect(contentsOf(opened)).toBe("2 boxes, 1 arrow and 1 other item");
  expect(contentsOf({ ...opened, elements: [element({ type: "freedraw" })] })).toBe("1 item");
});

function exchange(...people: Person[]): void {
  for (let round = 0; round < 4; round += 1) {
    const said = people.map((person) => person.take());
    people.forEach((person, i) => said.forEach((updates, j) => i !== j && person.hear(updates)));
    vi.advanceTimersByTime(1000);
  }
}
