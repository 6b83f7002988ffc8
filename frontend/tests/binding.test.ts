import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { arrow, element, Person } from "./scene";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Let both hear what the other did, until nobody has anything to say. */
function exchange(...people: Person[]): void {
  for (let round = 0; round < 6; round += 1) {
    const said = people.map((person) => person.take());
    people.forEach((person, i) => said.forEach((updates, j) => i !== j && person.hear(updates)));
    vi.advanceTimersByTime(1000);
  }
}

function pair(...elements: Parameters<Person["scene"]["add"]>): [Person, Person] {
  const people: [Person, Person] = [new Person(), new Person()];
  people[0].scene.add(...elements);
  exchange(...people);
  return people;
}

const stored = (person: Person, id: string) => person.doc.getMap<Y.Map<unknown>>("elements").get(id) as Y.Map<unknown>;

describe("two people edit one element at once", () => {
  test("a move and a new colour are both kept", () => {
    const box = element();
    const [ana, ben] = pair(box);
    ana.scene.edit(box.id, { x: 300, y: 40 });
    ben.scene.edit(box.id, { strokeColor: "#e03131" });
    exchange(ana, ben);
    for (const { scene } of [ana, ben]) {
      expect(scene.get(box.id)).toMatchObject({ x: 300, y: 40, strokeColor: "#e03131" });
    }
  });

  test("what one moves and the other deletes stays deleted", () => {
    const box = element();
    const [ana, ben] = pair(box);
    ana.scene.edit(box.id, { x: 300 });
    ben.scene.edit(box.id, { isDeleted: true });
    exchange(ana, ben);
    for (const { scene } of [ana, ben]) expect(scene.get(box.id).isDeleted).toBe(true);
  });

  test("two arrows bound to one box are both kept", () => {
    const box = element();
    const [ana, ben] = pair(box);
    for (const person of [ana, ben]) {
      const own = arrow({ startBinding: { elementId: box.id, focus: 0, gap: 4 } });
      person.scene.add(own);
      person.scene.edit(box.id, { boundElements: [{ id: own.id, type: "arrow" }] });
    }
    exchange(ana, ben);
    for (const { scene } of [ana, ben]) expect(scene.get(box.id).boundElements).toHaveLength(2);
    expect(ana.scene.picture()).toEqual(ben.scene.picture());
  });

  test("random histories with deletes and undeletes end in one picture", () => {
    for (let history = 0; history < 60; history += 1) {
      const random = seeded(history);
      const pick = (count: number) => Math.floor(random() * count);
      const people = [new Person(), new Person(), new Person()];
      const waiting: Uint8Array[][] = people.map(() => []);
      for (let step = 0; step < 60; step += 1) {
        const person = people[pick(3)] as Person;
        const one = person.scene.all[pick(person.scene.all.length)];
        if (!one || random() < 0.2) person.scene.add(random() < 0.5 ? element({ x: step }) : arrow({ x: step }));
        else if (random() < 0.3) person.scene.edit(one.id, { x: pick(500), width: 1 + pick(200) });
        else if (random() < 0.4) person.scene.edit(one.id, { strokeColor: `#${pick(900) + 100}` });
        else if (random() < 0.5) person.scene.edit(one.id, { isDeleted: random() < 0.6 });
        else person.scene.edit(one.id, { boundElements: [{ id: `a${pick(5)}`, type: "arrow" }] });
        if (random() < 0.5) {
          const from = pick(3);
          const said = (people[from] as Person).take();
          waiting.forEach((queue, to) => to !== from && queue.push(...said));
        }
        if (random() < 0.4) {
          const to = pick(3);
          (people[to] as Person).hear((waiting[to] as Uint8Array[]).splice(0));
          vi.advanceTimersByTime(pick(200));
        }
      }
      people.forEach((person, i) => person.hear((waiting[i] as Uint8Array[]).splice(0)));
      exchange(...people);
      const [first, ...others] = people.map(({ scene }) => scene.picture());
      for (const other of others) expect(other).toEqual(first);
      expect(Object.keys(first as object).length).toBeGreaterThan(0);
    }
  });
});

describe("what is written", () => {
  test("only the properties that changed, and never the version", () => {
    const box = element({ customData: { kind: "store", part: "data-lake" } });
    const [ana] = pair(box);
    const map = stored(ana, box.id);
    expect([...map.keys()]).not.toEqual(expect.arrayContaining(["version"]));
    for (const key of ["id", "version", "versionNonce", "updated", "boundElements"]) expect(map.has(key)).toBe(false);
    expect(map.get("customData")).toEqual({ kind: "store", part: "data-lake" });
    const keys: string[] = [];
    map.observe((event) => keys.push(...event.keysChanged));
    ana.scene.edit(box.id, { opacity: 40 });
    ana.binding.flush();
    expect(keys).toEqual(["opacity"]);
  });

  test("a change of versions alone writes nothing", () => {
    const box = element();
    const [ana] = pair(box);
    ana.scene.edit(box.id, {});
    expect(ana.take()).toEqual([]);
  });

  test("elements that vanish, as when a file is opened, become tombstones", () => {
    const [old, fresh] = [element(), element()];
    const [ana, ben] = pair(old);
    ana.scene.all = [fresh];
    exchange(ana, ben);
    expect(stored(ben, old.id).get("isDeleted")).toBe(true);
    expect(Object.keys(ben.scene.picture())).toEqual([fresh.id]);
  });

  test("an editor that is loading or going away deletes nothing", () => {
    const box = element();
    const [ana, ben] = pair(box);
    ana.scene.loaded = false;
    ana.scene.all = [];
    exchange(ana, ben);
    expect(Object.keys(ben.scene.picture())).toEqual([box.id]);
  });

  test("specks of a click that drew nothing are not sent", () => {
    const ana = new Person();
    ana.scene.add(element({ width: 0, height: 0 }), element({ type: "text", text: "" }), element({ isDeleted: true }));
    expect(ana.take()).toEqual([]);
  });

  test("a freehand stroke goes out every 400 ms and whole at the end", () => {
    const ana = new Person();
    const stroke = element({ type: "freedraw", points: [[0, 0], [1, 1]], pressures: [], simulatePressure: true });
    ana.scene.add(stroke);
    ana.scene.drawing = stroke.id;
    for (let point = 2; point < 60; point += 1) {
      const points = Array.from({ length: point }, (_, i) => [i, i]);
      ana.scene.edit(stroke.id, { points });
      ana.binding.sceneChanged();
      vi.advanceTimersByTime(20);
    }
    expect(ana.sent.length).toBeLessThanOrEqual(4);
    ana.scene.drawing = null;
    ana.binding.sceneChanged();
    vi.advanceTimersByTime(50);
    const { points } = stored(ana, stroke.id).get("geom") as { points: number[][] };
    expect(points).toHaveLength(59);
  });

  test("a large file goes out in messages the server takes", () => {
    const ana = new Person();
    const points = Array.from({ length: 900 }, (_, i) => [i * 1.37, Math.sin(i) * 40]);
    for (let i = 0; i < 40; i += 1) ana.scene.add(element({ type: "freedraw", points, pressures: [] }));
    const sent = ana.take();
    expect(sent.length).toBeGreaterThan(5);
    for (const update of sent) {
      expect(update.length).toBeLessThan(180_000);
      expect(update.filter((byte) => byte === 0x75 || byte === 0x76).length).toBeLessThan(7_500);
    }
  });

  test("a stroke longer than the board takes is thinned, with its last point", () => {
    const ana = new Person();
    const points = Array.from({ length: 12_001 }, (_, i) => [i, 0]);
    const stroke = element({ type: "freedraw", points, pressures: [] });
    ana.scene.add(stroke);
    ana.take();
    const sent = (stored(ana, stroke.id)?.get("geom") as { points: number[][] }).points;
    expect(sent.length).toBeLessThanOrEqual(5000);
    expect(sent.at(-1)).toEqual([12_000, 0]);
  });

  test("what the server has no field for stays here", () => {
    const ana = new Person();
    const box = arrow({
      rawText: "old",
      link: "javascript:alert(1)",
      customData: { kind: "store", notes: "x".repeat(5000) },
      startBinding: { elementId: "e1", focus: 0, gap: 1, legacy: true },
    });
    ana.scene.add(box);
    ana.take();
    const map = stored(ana, box.id);
    expect(map.has("rawText")).toBe(false);
    expect(map.get("link")).toBeNull();
    expect(map.get("customData")).toEqual({ kind: "store" });
    expect(map.get("geom")).toMatchObject({ startBinding: { elementId: "e1", focus: 0, gap: 1 } });
  });

  test("a reader writes nothing", () => {
    const reader = new Person(false);
    reader.scene.add(element());
    expect(reader.take()).toEqual([]);
  });

  test("what a shared board cannot hold is taken out and told", () => {
    const ana = new Person();
    const [frame, bad] = [element({ type: "iframe" }), element({ x: Number.NaN })];
    ana.scene.add(element(), frame, bad);
    ana.take();
    expect(ana.scene.refused).toEqual([frame.id, bad.id]);
    expect(ana.scene.all).toHaveLength(1);
  });
});

describe("what is shown", () => {
  test("an element in hand waits until it is let go", () => {
    const box = element();
    const [ana, ben] = pair(box);
    ana.scene.hand = new Set([box.id]);
    ben.scene.edit(box.id, { strokeColor: "#e03131" });
    ana.hear(ben.take());
    vi.advanceTimersByTime(1000);
    expect(ana.scene.get(box.id).strokeColor).toBe("#1e1e1e");
    ana.scene.hand = new Set();
    vi.advanceTimersByTime(300);
    expect(ana.scene.get(box.id).strokeColor).toBe("#e03131");
  });

  test("only elements that changed are replaced", () => {
    const [one, two] = [element(), element()];
    const [ana, ben] = pair(one, two);
    const untouched = ana.scene.get(two.id);
    ben.scene.edit(one.id, { x: 9 });
    exchange(ana, ben);
    expect(ana.scene.get(two.id)).toBe(untouched);
  });

  test("elements are ordered by index", () => {
    const [low, high] = [element({ index: "a1" }), element({ index: "a5" })];
    const [ana, ben] = pair(low, high);
    ben.scene.edit(low.id, { index: "a7" });
    exchange(ana, ben);
    expect(ana.scene.all.map(({ id }) => id)).toEqual([high.id, low.id]);
  });

  test("a foreign element is ignored, and never becomes a tombstone", () => {
    const ana = new Person();
    const other = new Y.Doc();
    const map = new Y.Map<unknown>();
    other.getMap("elements").set("evil", map);
    for (const [key, value] of Object.entries({ type: "iframe", geom: { x: 0 }, link: "https://example.org" })) {
      map.set(key, value);
    }
    ana.hear([Y.encodeStateAsUpdate(other)]);
    vi.advanceTimersByTime(1000);
    expect(ana.scene.all).toEqual([]);
    expect(ana.take()).toEqual([]);
  });

  test("nonsense in the elements map does not stop the binding", () => {
    const ana = new Person();
    ana.doc.getMap<unknown>("elements").set("x", "not a map");
    const box = element();
    ana.scene.add(box);
    ana.take();
    vi.advanceTimersByTime(1000);
    expect(stored(ana, box.id).get("type")).toBe("rectangle");
  });
});

/** Return a random function with a memory, so that a failing history can be run again (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
