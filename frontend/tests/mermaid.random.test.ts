/** Random texts and random hands on one board: what the text says and what the board says stay the same. */
import { beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { isSameChart } from "../src/mermaid/chart";
import { MermaidLink } from "../src/mermaid/link";
import { loadReader, type Read } from "../src/mermaid/parse";
import { KINDS } from "../src/palette/parts";
import type { SceneElement } from "../src/sync/element";
import { MemoryBoard, seeded, toolsOf } from "./mermaid.board";
import { element, Person } from "./scene";

let read: Read;
beforeAll(async () => {
  read = await loadReader();
});

interface Sketch {
  boxes: Map<string, { label: string; kind: string | null; form: string; group: string | null }>;
  groups: Map<string, string | null>;
  arrows: { from: string; to: string; label: string; line: string }[];
}

const BRACKETS: Record<string, [string, string]> = { box: ["[", "]"], round: ["(", ")"], diamond: ["{", "}"], store: ["[(", ")]"] };

function textOf({ boxes, groups, arrows }: Sketch): string {
  const inside = (group: string | null, indent: string): string[] => [
    ...[...boxes].filter(([, box]) => box.group === group).map(([id, { label, kind, form }]) => {
      const [opens, closes] = BRACKETS[form] as [string, string];
      return `${indent}${id}${opens}"${label}"${closes}${kind ? `:::${kind}` : ""}`;
    }),
    ...[...groups].filter(([, outer]) => outer === group).flatMap(([id]) => [`${indent}subgraph ${id}["Group ${id}"]`, ...inside(id, `${indent}  `), `${indent}end`]),
  ];
  return ["flowchart LR", ...inside(null, "  "), ...arrows.map(({ from, to, label, line }) => `  ${from} ${line}${label && `|"${label}"|`} ${to}`), ""].join("\n");
}

/** Return a sketch with a few random changes. */
function changed({ boxes, groups, arrows }: Sketch, random: () => number): Sketch {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const next: Sketch = { boxes: new Map([...boxes].map(([id, box]) => [id, { ...box }])), groups: new Map(groups), arrows: arrows.map((arrow) => ({ ...arrow })) };
  for (let change = 0; change < 1 + random() * 3; change += 1) {
    const [some, all] = [pick([...next.boxes.keys()]), [...next.boxes.keys(), ...next.groups.keys()]];
    const box = next.boxes.get(some);
    const roll = random();
    if (roll < 0.3 || !box) next.boxes.set(`n${Math.floor(random() * 14)}`, { label: `Box ${Math.floor(random() * 40)}`, kind: pick([...KINDS, null, null]), form: pick(Object.keys(BRACKETS)), group: pick([null, ...next.groups.keys()]) });
    else if (roll < 0.45) next.arrows.push({ from: pick(all), to: some, label: pick(["", "", "asks", "fills"]), line: pick(["-->", "-->", "---", "<-->"]) });
    else if (roll < 0.55) box.label = `Box ${Math.floor(random() * 40)}`;
    else if (roll < 0.62) box.kind = pick([...KINDS, null]);
    else if (roll < 0.7) box.group = pick([null, ...next.groups.keys()]);
    else if (roll < 0.78) next.groups.set(`g${Math.floor(random() * 4)}`, null);
    else if (roll < 0.84) next.arrows.splice(Math.floor(random() * next.arrows.length), 1);
    else if (roll < 0.92) next.boxes.delete(some);
    else {
      const group = pick([...next.groups.keys()]);
      next.groups.delete(group);
      for (const one of next.boxes.values()) if (one.group === group) one.group = null;
    }
  }
  next.arrows = next.arrows.filter(({ from, to }) => [from, to].every((id) => next.boxes.has(id) || next.groups.has(id)) && from !== to);
  return next;
}

test("whatever is written, the board says it, and the text stays as it was written", () => {
  for (let history = 0; history < 10; history += 1) {
    const random = seeded(history);
    const board = new MemoryBoard();
    const own = element({ type: "freedraw", points: [[0, 0], [40, 40]], pressures: [] });
    board.all = [own];
    const link = new MermaidLink(read, board, toolsOf(history));
    let sketch: Sketch = { boxes: new Map(), groups: new Map(), arrows: [] };
    for (let step = 0; step < 14; step += 1) {
      sketch = changed(sketch, random);
      const text = textOf(sketch);
      expect(["applied", "same"]).toContain(link.write(text, true).is);
      const said = link.follow();
      expect(said, `history ${history}, step ${step}:\n${text}\n--- became ---\n${said}`).toBeNull();
      expect(board.all[0]).toBe(own);
    }
  }
});

test("whatever is drawn, the text says it", () => {
  for (let history = 0; history < 10; history += 1) {
    const random = seeded(1000 + history);
    const board = new MemoryBoard();
    const link = new MermaidLink(read, board, toolsOf(history));
    let sketch: Sketch = { boxes: new Map(), groups: new Map(), arrows: [] };
    for (let step = 0; step < 6; step += 1) sketch = changed(sketch, random);
    link.write(textOf(sketch), true);
    for (let step = 0; step < 12; step += 1) {
      byHand(board, random);
      link.follow();
      const fresh = new MermaidLink(read, board, toolsOf());
      const [now, plain] = [read(link.text), read(fresh.text)];
      expect([...now.nodes.values()].map(({ label, kind }) => `${label} ${kind}`).sort()).toEqual([...plain.nodes.values()].map(({ label, kind }) => `${label} ${kind}`).sort());
      expect(now.edges).toHaveLength(plain.edges.length);
      expect(link.write(link.text).is).toBe("same");
    }
  }
});

/** Do something to the board as the editor would: move, rename, delete, recolour, draw. */
function byHand(board: MemoryBoard, random: () => number): void {
  const alive = board.alive();
  const one = alive[Math.floor(random() * alive.length)];
  const roll = random();
  if (!one || roll < 0.2) board.all = [...board.all, element({ x: random() * 2000, y: random() * 2000, customData: { kind: "cache" } })];
  else if (roll < 0.45 && one.type !== "text") board.edit(one.id, { x: (one.x as number) + 300 * random() });
  else if (roll < 0.7) board.relabel(one.id, `Hand ${Math.floor(random() * 9)}`);
  else if (roll < 0.85 && one.type !== "text") for (const gone of alive) if (gone.id === one.id || gone.containerId === one.id) board.edit(gone.id, { isDeleted: true });
  else board.edit(one.id, { strokeColor: "#e03131" });
}

test("two people, one in the text and one with the pen, end with one board and lose nothing", () => {
  for (let history = 0; history < 4; history += 1) {
    const random = seeded(77 + history);
    const [writer, drawer] = [new Person(), new Person()];
    const port = {
      elements: () => writer.scene.all,
      center: () => [0, 0] as const,
      replace: (elements: SceneElement[]) => {
        writer.scene.all = elements.map((one, i) => (one.index ? one : { ...one, index: `c${String(i).padStart(3, "0")}`, version: one.version + 1 }));
      },
    };
    const link = new MermaidLink(read, port, toolsOf(history));
    let sketch: Sketch = { boxes: new Map(), groups: new Map(), arrows: [] };
    for (let step = 0; step < 8; step += 1) {
      sketch = changed(sketch, random);
      link.write(textOf(sketch), true);
      const own = element({ x: 5000 + step * 300, y: random() * 900 });
      drawer.scene.add(own);
      for (const text of drawer.scene.all) if (text.type === "text" && random() < 0.2) drawer.scene.edit(text.id, { strokeColor: "#1971c2" });
      exchange(writer, drawer);
      expect(writer.scene.get(own.id).isDeleted).toBe(false);
      link.follow();
      const said = read(link.text);
      for (const [id, { label }] of sketch.boxes) expect(said.nodes.get(id)?.label).toBe(label.trim());
      expect(said.nodes.size).toBe(sketch.boxes.size + 1);
      sketch = withDrawn(sketch, said.nodes);
    }
    exchange(writer, drawer);
    expect(drawer.scene.picture()).toEqual(writer.scene.picture());
    expect(isSameChart(read(new MermaidLink(read, { ...port, elements: () => drawer.scene.all }, toolsOf()).text), read(link.text))).toBe(true);
  }
});

/** Return the sketch with what the other has drawn: whoever writes on has it in the text. */
function withDrawn(sketch: Sketch, nodes: ReturnType<Read>["nodes"]): Sketch {
  const boxes = new Map(sketch.boxes);
  for (const [id, { label }] of nodes) {
    if (!boxes.has(id)) boxes.set(id, { label: label || " ", kind: null, form: "box", group: null });
  }
  return { ...sketch, boxes };
}

function exchange(...people: Person[]): void {
  for (let round = 0; round < 3; round += 1) {
    const said = people.map((person) => person.take());
    people.forEach((person, i) => said.forEach((updates, j) => i !== j && updates.forEach((update) => Y.applyUpdate(person.doc, update, "remote"))));
    for (const person of people) (person.binding as unknown as { show(): void }).show();
  }
}
