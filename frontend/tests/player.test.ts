/** The player against the server's own reading of a recorded log, and against Yjs itself on random ones. */
import { readFileSync } from "node:fs";
import * as encoding from "lib0/encoding";
import { describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { History } from "../src/replay/history";
import { IDLE_MS, type Options, Player, playerOf } from "../src/replay/player";
import { loadRecording, readPage, type Recording, RecordingError } from "../src/replay/recording";
import { flatten, readFlat, type SceneElement } from "../src/sync/element";

interface Moment {
  at: number;
  seq: number;
  elements: Record<string, unknown>[];
  notes: Record<string, string>;
}

const told = JSON.parse(
  readFileSync(new URL("../../tests/data/replay/recorded.json", import.meta.url), "utf8"),
) as { recording: string; moments: Moment[] };
const recorded = () => readPage(new Uint8Array(Buffer.from(told.recording, "base64")));

const OWN = new Set(["version", "versionNonce", "updated", "lastCommittedPoint"]);
const shared = (element: object) => Object.fromEntries(Object.entries(element).filter(([key]) => !OWN.has(key)));

/** Numbers from a seed, so that a failure can be looked at again. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("a recorded history", () => {
  it("shows at every moment what the server reads there, in whatever order they are visited", async () => {
    const player = await playerOf(recorded());
    const roll = dice(3);
    const visits = [...told.moments, ...told.moments].sort(() => roll(3) - 1);
    for (const moment of visits) {
      player.seek(moment.at);
      if (moment.at >= player.start && moment.at <= player.end) expect(player.seq).toBe(moment.seq);
      else if (moment.at < player.start) continue; // before the first row there is nothing to play
      expect(player.scene.map(shared)).toEqual(moment.elements);
      expect(Object.fromEntries(player.notes)).toEqual(moment.notes);
    }
  });

  it("shows the same when it is played from start to end without a break", async () => {
    const player = await playerOf(recorded());
    player.skipsIdle = false;
    player.speed = 16;
    player.play();
    while (player.playing) player.advance(997);
    const end = told.moments.at(-1) as Moment;
    expect(player.seq).toBe(end.seq);
    expect(player.scene.map(shared)).toEqual(end.elements);
  });

  it("knows who drew", async () => {
    const recording = recorded();
    const player = await playerOf(recording);
    expect(player.people).toHaveLength(3);
    const last = recording.rows.at(-1);
    player.seek(player.end);
    expect(player.lastDrawnBy).toEqual(recording.people[last?.person ?? -1]);
  });
});

/** Several people who draw at random, and the log that comes of it. */
function randomLog(seed: number, rows: number): Uint8Array[] {
  const roll = dice(seed);
  const docs = [1, 2, 3].map((client) => {
    const doc = new Y.Doc();
    doc.clientID = client;
    return doc;
  });
  const unsent: Uint8Array[][] = docs.map(() => []);
  const unheard: Uint8Array[][] = docs.map(() => []);
  docs.forEach((doc, i) => doc.on("update", (update: Uint8Array, origin) => origin === "log" || unsent[i]?.push(update)));
  const updates: Uint8Array[] = [];
  let made = 0;
  while (updates.length < rows) {
    const i = roll(3);
    const doc = docs[i] as Y.Doc;
    if (roll(3)) {
      made += 1;
      doc.transact(() => act(doc, roll, `e${made}`));
    }
    const update = roll(2) ? unsent[i]?.shift() : undefined;
    if (update) {
      updates.push(update);
      unheard.forEach((queue, other) => other !== i && queue.push(update));
    }
    for (const heard of unheard[i]?.splice(0, roll(4)) ?? []) Y.applyUpdate(doc, heard, "log");
  }
  return updates;
}

function act(doc: Y.Doc, roll: (below: number) => number, fresh: string): void {
  const elements = doc.getMap<Y.Map<unknown>>("elements");
  const ids = [...elements.keys()].sort();
  const id = ids[roll(ids.length || 1)];
  const does = roll(10);
  if (!id || does < 3) {
    const map = new Y.Map<unknown>();
    elements.set(fresh, map);
    for (const [key, value] of Object.entries(flatten(box(fresh, roll(500))))) map.set(key, value);
  } else if (does < 6) elements.get(id)?.set("geom", flatten(box(id, roll(500))).geom);
  else if (does < 7) elements.get(id)?.set("isDeleted", roll(2) === 0);
  else if (does < 8) elements.delete(id);
  else {
    const notes = doc.getMap<Y.Text>("notes");
    const text = notes.get("data");
    if (!text || roll(30) === 0) notes.set("data", new Y.Text("start "));
    else if (text.length > 5 && roll(3) === 0) text.delete(roll(text.length - 3), 3);
    else text.insert(roll(text.length + 1), ["late ", "so ", "20:1 "][roll(3)] as string);
  }
}

function box(id: string, x: number): SceneElement {
  return {
    ...{ id, type: "rectangle", x, y: 0, width: 100, height: 60, angle: 0, strokeColor: "#1e1e1e", opacity: 100 },
    ...{ groupIds: [], boundElements: [], isDeleted: false, version: 1, versionNonce: 1, index: `a${id.length}` },
  };
}

/** What a document holds that was given just these updates. */
function stateAfter(updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  const elements: Record<string, unknown> = {};
  for (const [id, map] of doc.getMap<Y.Map<unknown>>("elements").entries()) elements[id] = readFlat(map);
  const notes = [...doc.getMap<Y.Text>("notes").entries()].map(([step, text]) => [step, text.toString()]);
  return canonical([elements, notes]);
}

/** What a history holds at a row. */
function stateAt(history: History, row: number): string {
  const elements: Record<string, unknown> = {};
  for (const id of history.ids()) {
    const found = history.elementAt(id, row);
    if (found) elements[id] = found.flat;
  }
  return canonical([elements, [...history.notesAt(row)]]);
}

const canonical = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

describe("random histories", () => {
  it.each([1, 2, 3, 4])("look at every row as a document that was given just those rows (seed %i)", (seed) => {
    const updates = randomLog(seed, 160);
    const history = new History();
    for (const update of updates) history.add(update);
    const roll = dice(seed);
    for (let visit = 0; visit < 15; visit += 1) {
      const row = roll(updates.length + 1);
      expect(stateAt(history, row)).toBe(stateAfter(updates.slice(0, row)));
    }
  });

  it.each([7, 8])("are the same from a snapshot on (seed %i)", (seed) => {
    const updates = randomLog(seed, 120);
    const doc = new Y.Doc();
    for (const update of updates.slice(0, 60)) Y.applyUpdate(doc, update);
    const history = new History(Y.encodeStateAsUpdate(doc));
    for (const update of updates.slice(60)) history.add(update);
    for (const row of [0, 1, 30, 60]) {
      expect(stateAt(history, row)).toBe(stateAfter(updates.slice(0, row + 60)));
    }
  });

  it("are shown the same whether they are played or jumped through", () => {
    const updates = randomLog(9, 120);
    const [walked, jumped] = [playerWith(updates, 100), playerWith(updates, 100)];
    const roll = dice(4);
    for (let at = 0; at < 12_000; at += 700) {
      walked.seek(at);
      jumped.seek(roll(12_000));
      jumped.seek(at);
      expect(jumped.scene.map(shared)).toEqual(walked.scene.map(shared));
    }
  });
});

function recordingOf(updates: readonly Uint8Array[], times: readonly number[]): Recording {
  const rows = updates.map((update, i) => ({ seq: i + 1, at: times[i] as number, person: null, update }));
  return { epoch: 1, head: rows.length, from: 0, base: new Uint8Array(), people: [], rows };
}

function playerWith(updates: readonly Uint8Array[], step: number, options?: Options): Player {
  const history = new History();
  for (const update of updates) history.add(update);
  return new Player(history, recordingOf(updates, updates.map((_, i) => i * step)), options);
}

/** A player of rows that each move one box, at these moments. */
function movesAt(times: readonly number[], options?: Options): Player {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  const map = new Y.Map<unknown>();
  times.forEach((_, i) =>
    doc.transact(() => {
      if (!i) {
        doc.getMap("elements").set("a", map);
        for (const [key, value] of Object.entries(flatten(box("a", 0)))) map.set(key, value);
      }
      map.set("geom", flatten(box("a", i)).geom);
    }),
  );
  const history = new History();
  for (const update of updates) history.add(update);
  return new Player(history, recordingOf(updates, times), options);
}

describe("what the view is fitted to", () => {
  it("is everything that was ever to be seen, as it was last, removed or not", () => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    const put = (element: SceneElement) => {
      const map = new Y.Map<unknown>();
      for (const [key, value] of Object.entries(flatten(element))) map.set(key, value);
      doc.getMap("elements").set(element.id, map);
    };
    put(box("stays", 0));
    put(box("goes", 900));
    put({ ...box("goes", 900), isDeleted: true });
    put(box("taken", -900));
    doc.getMap("elements").delete("taken");
    const history = new History();
    for (const update of updates) history.add(update);
    const player = new Player(history, recordingOf(updates, updates.map((_, i) => i)));
    player.seek(player.end);
    expect(player.scene.map(({ id }) => id)).toEqual(["stays"]);
    expect(new Set(player.everything.map(({ id, x }) => `${id} ${x}`))).toEqual(new Set(["stays 0", "goes 900", "taken -900"]));
    expect(player.everything.some(({ isDeleted }) => isDeleted)).toBe(false);
  });
});

describe("time", () => {
  it("passes at the chosen speed while it plays, and stops at the end", () => {
    const player = movesAt([0, 1_000, 5_000]);
    player.advance(500);
    expect(player.at).toBe(0);
    player.speed = 2;
    player.play();
    player.advance(500);
    expect([player.at, player.row]).toEqual([1_000, 2]);
    player.pause();
    player.advance(5_000);
    expect(player.at).toBe(1_000);
    player.play();
    player.advance(60_000);
    expect([player.at, player.playing, player.atEnd]).toEqual([5_000, false, true]);
    player.play();
    expect([player.at, player.row]).toEqual([0, 1]);
  });

  it("skips what is idle, all but a moment at each side", () => {
    const player = movesAt([0, 100_000, 101_000]);
    player.speed = 1;
    player.play();
    player.advance(900);
    expect(player.at).toBe(900);
    player.advance(200);
    expect(player.at).toBe(99_000);
    player.advance(1_000);
    expect([player.at, player.row]).toEqual([100_000, 2]);
    expect(player.idle).toEqual([{ from: 0, to: 100_000 }]);
    player.skipsIdle = false;
    player.seek(0);
    player.advance(1_100);
    expect(player.at).toBe(1_100);
  });

  it("does not skip past what is marked", () => {
    const player = movesAt([0, 100_000], { marks: [{ at: 50_000, label: "Hint" }] });
    player.speed = 16;
    player.play();
    player.advance(100);
    expect(player.at).toBe(49_000);
    player.advance(100);
    expect(player.at).toBe(50_600);
    expect(player.nextMark()).toBeNull();
    expect(player.previousMark()?.label).toBe("Hint");
    expect(player.idle.map(({ from, to }) => to - from > IDLE_MS)).toEqual([true, true]);
  });

  it("gives no room on the bar to what is skipped", () => {
    const player = movesAt([0, 2_000, 50_000, 52_000, 90_000]);
    expect(player.barLength).toBe(2_000 + 2_000 + 2_000 + 2_000);
    expect([0, 2_000, 3_000, 30_000, 49_000, 50_000, 90_000].map((at) => player.toBar(at))).toEqual([
      0, 2_000, 3_000, 3_000, 3_000, 4_000, 8_000,
    ]);
    expect([0, 2_000, 3_500, 8_000].map((place) => player.fromBar(place))).toEqual([0, 2_000, 49_500, 90_000]);
    for (const at of [0, 1_500, 49_999, 51_000, 90_000]) expect(player.fromBar(player.toBar(at))).toBe(at);
    player.skipsIdle = false;
    expect([player.barLength, player.toBar(30_000), player.fromBar(30_000)]).toEqual([90_000, 30_000, 30_000]);
  });

  it("can be longer than the drawing took", () => {
    const player = movesAt([1_000, 2_000], { start: 0, end: 9_000 });
    expect([player.start, player.end, player.row]).toEqual([0, 9_000, 0]);
    player.seek(99_000);
    expect([player.at, player.row]).toEqual([9_000, 2]);
    player.seek(-5);
    expect([player.at, player.scene]).toEqual([0, []]);
  });

  it("goes by the row that came last when clocks ran back", () => {
    const player = movesAt([0, 500, 400, 900]);
    expect([399, 400, 500, 899, 900].map((at) => player.rowAt(at))).toEqual([1, 3, 3, 3, 4]);
  });

  it("says how much was drawn when", () => {
    expect(movesAt([0, 1, 2, 3, 100]).activity(4)).toEqual([1, 0, 0, 0.25]);
    const empty = new Player(new History(), recordingOf([], []));
    expect([empty.isEmpty, empty.activity(2), empty.scene, empty.seq]).toEqual([true, [0, 0], [], 0]);
  });

  it("keeps the elements that did not change as they are", () => {
    const updates = randomLog(12, 120);
    const player = playerWith(updates, 10);
    player.seek(600);
    const before = new Map(player.scene.map((element) => [element.id, element]));
    player.seek(610);
    const same = player.scene.filter((element) => before.get(element.id) === element);
    expect(same.length).toBeGreaterThanOrEqual(player.scene.length - 1);
  });
});

/** Return a page as the server writes it. */
function pageOf(head: object, rows: [seq: number, moved: number, person: number, update: Uint8Array][]): Uint8Array {
  return encoding.encode((out) => {
    encoding.writeVarUint(out, 1);
    encoding.writeVarString(out, JSON.stringify(head));
    encoding.writeVarUint8Array(out, new Uint8Array());
    encoding.writeVarUint(out, rows.length);
    for (const [seq, moved, person, update] of rows) {
      encoding.writeVarUint(out, seq);
      encoding.writeVarUint(out, moved);
      encoding.writeVarUint(out, person);
      encoding.writeVarUint8Array(out, update);
    }
  });
}

describe("loading", () => {
  const one = new Uint8Array([7]);
  const answers = (...bodies: Uint8Array[]) => vi.fn(async () => new Response(bodies.shift() as Uint8Array<ArrayBuffer>));

  it("asks for page after page and knows who drew on all of them", async () => {
    const ana = { name: "Ana", role: "candidate" };
    const ben = { name: "Ben", role: "interviewer" };
    const wanted = answers(
      pageOf({ epoch: 2, head: 3, from: 0, next: 2, people: [ana] }, [[1, 2_000, 1, one], [1, 9, 0, one]]),
      pageOf({ epoch: 2, head: 3, from: 2, next: null, people: [ben, ana] }, [[1, 2_010, 1, one]]),
    );
    const told: number[] = [];
    const recording = await loadRecording(
      { path: "/history/", epoch: 2 },
      { fetch: wanted as unknown as typeof fetch, progress: (rows) => told.push(rows) },
    );
    expect(wanted.mock.calls.map(([url]: unknown[]) => url)).toEqual(["/history/?epoch=2", "/history/?epoch=2&after=2"]);
    expect(recording.rows.map(({ seq, at, person }) => [seq, at, person])).toEqual([[1, 1_000, 0], [2, 995, null], [3, 1_005, 1]]);
    expect(recording.people).toEqual([ana, ben]);
    expect(told).toEqual([2, 3]);
  });

  it("says in a sentence why there is nothing", async () => {
    const refused = async () => new Response(JSON.stringify({ error: "Reload the page." }), { status: 409 });
    const lost = async () => Promise.reject(new TypeError("offline"));
    const broken = async () => new Response("<html>", { status: 500 });
    for (const [answer, words] of [[refused, "Reload the page."], [lost, "You are offline"], [broken, "Nothing is lost"]] as const) {
      const asked = loadRecording({ path: "/h/", epoch: 1 }, { fetch: answer as unknown as typeof fetch });
      await expect(asked).rejects.toThrow(words);
      await expect(asked).rejects.toBeInstanceOf(RecordingError);
    }
  });

  it("lets the page go on while it decodes", async () => {
    const pause = vi.fn(async () => undefined);
    const now = vi.spyOn(performance, "now");
    let time = 0;
    now.mockImplementation(() => (time += 5));
    const updates = randomLog(1, 30);
    await playerOf(recordingOf(updates, updates.map((_, i) => i)), {}, pause);
    now.mockRestore();
    expect(pause.mock.calls.length).toBeGreaterThan(5);
  });
});
