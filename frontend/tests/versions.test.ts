/** Restoring as an edit, and what is lit when two versions are compared. */
import { describe, expect, it, vi } from "vitest";
import type * as Y from "yjs";
import { clockTime, spokenTime } from "../src/replay/time";
import { type Flat, flatten, readFlat, type SceneElement } from "../src/sync/element";
import { aboutIn, litElements, LOOKS } from "../src/versions/lit";
import { restored } from "../src/versions/restore";
import { type Comparison, Refusal, Versions, wordsOf } from "../src/versions/server";
import { element, Person } from "./scene";

function box(id: string, more: Partial<Record<string, unknown>> = {}): SceneElement {
  return {
    ...{ id, type: "rectangle", x: 0, y: 0, width: 100, height: 60, angle: 0, strokeColor: "#1e1e1e", opacity: 100 },
    ...{ groupIds: [], boundElements: [], isDeleted: false, version: 3, versionNonce: 9, index: `a${id}` },
    ...more,
  } as SceneElement;
}

const label = (holder: string, text: string) =>
  box(`${holder}t`, { type: "text", containerId: holder, text, originalText: text, fontSize: 20, fontFamily: 5, lineHeight: 1.25 });
const arrow = (id: string) => box(id, { type: "arrow", points: [[0, 0], [50, 20], [90, 20]], startBinding: null, endBinding: null });
const fieldsOf = (...elements: SceneElement[]): Record<string, Flat> =>
  Object.fromEntries(elements.map((element) => [element.id, flatten(element)]));

/** Let both hear what the other did, until nobody has anything to say. */
function exchange(...people: Person[]): void {
  for (let round = 0; round < 6; round += 1) {
    const said = people.map((person) => person.take());
    people.forEach((person, i) => said.forEach((updates, j) => i !== j && person.hear(updates)));
    vi.advanceTimersByTime(1000);
  }
}

describe("restoring", () => {
  it("brings back what was erased, takes away what came since, and leaves the rest as it is", () => {
    const kept = box("1");
    const moved = box("2", { x: 50 });
    const since = box("3");
    const erased = box("4", { isDeleted: true });
    const { elements, changed } = restored([kept, moved, since, erased], fieldsOf(box("1"), box("2"), box("4"), box("5")));
    const found = new Map(elements.map((element) => [element.id, element]));
    expect(changed).toBe(4);
    expect(found.get("1")).toBe(kept);
    expect([found.get("2")?.x, found.get("2")?.version]).toEqual([0, 4]);
    expect([found.get("3")?.isDeleted, found.get("3")?.version]).toEqual([true, 4]);
    expect([found.get("4")?.isDeleted, found.get("5")?.isDeleted]).toEqual([false, false]);
    expect(elements.map(({ id }) => id)).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("changes nothing on a board that already is as it was, and ignores what was deleted then", () => {
    const here = [box("1"), box("2", { isDeleted: true })];
    const { elements, changed } = restored(here, fieldsOf(box("1"), box("2", { isDeleted: true, x: 7 })));
    expect(changed).toBe(0);
    expect(elements).toEqual(here);
  });

  it("leaves out what could not be drawn", () => {
    const { elements } = restored([], { a: { ...flatten(box("1")), type: "iframe" }, b: {} });
    expect(elements).toEqual([]);
  });

  it("reaches the others as an edit that can be undone, with nothing taken out of the document", () => {
    vi.useFakeTimers();
    const people: [Person, Person] = [new Person(), new Person()];
    const [ana, ben] = people;
    const [one, two, three] = [element(), element(), element()];
    ana.scene.add(one, two);
    exchange(...people);
    const map = ana.doc.getMap<Y.Map<unknown>>("elements");
    const then = Object.fromEntries([...map].map(([id, fields]) => [id, readFlat(fields)]));
    const named = ana.scene.picture();
    ana.scene.edit(one.id, { x: 80 });
    ana.scene.edit(two.id, { isDeleted: true });
    ben.scene.add(three);
    exchange(...people);
    const drawn = ana.scene.picture();
    const before = ana.scene.all;

    ana.scene.all = restored(ana.scene.all, then).elements;
    exchange(...people);
    expect(ben.scene.picture()).toEqual(named);
    expect(map.size).toBe(3);

    // The editor's undo puts the former elements back, each with a version of its own.
    ana.scene.all = before.map((was) => ({ ...was, version: was.version + 9, versionNonce: Math.random() }));
    exchange(...people);
    expect(ben.scene.picture()).toEqual(drawn);
    vi.useRealTimers();
  });
});

describe("comparing", () => {
  const told: Comparison = {
    before: fieldsOf(box("1"), box("2"), label("2", "Gone"), arrow("7"), box("9")),
    after: fieldsOf(box("1"), box("3"), label("3", "New"), box("4", { x: 9 }), arrow("8"), box("9", { isDeleted: true })),
    marks: { added: ["3", "8"], changed: ["4"], moved: [], removed: ["2", "7", "9"] },
    lines: [],
  };

  it("shows both versions in one drawing, the marks over it", () => {
    const drawing = litElements(told);
    const ids = drawing.map(({ id }) => id);
    expect(ids.slice(0, 9)).toEqual(["1", "3", "3t", "4", "8", "2", "2t", "7", "9"]);
    expect(ids).toContain("added-box-3");
    expect(ids).toContain("removed-word-2");
    expect(ids).not.toContain("added-box-8"); // an arrow is coloured itself
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("tells marks apart by line and by word, not by colour alone", () => {
    const drawing = new Map(litElements(told).map((element) => [element.id, element]));
    expect(drawing.get("added-word-3")?.text).toBe("+ added");
    expect(drawing.get("changed-word-4")?.text).toBe("~ changed");
    expect(drawing.get("removed-word-7")?.text).toBe("− removed");
    const lines = ["added-box-3", "changed-box-4", "removed-box-2"].map((id) => drawing.get(id)?.strokeStyle);
    expect(lines).toEqual(["solid", "dashed", "dotted"]);
    expect(new Set(Object.values(LOOKS).map(({ word }) => word)).size).toBe(4);
  });

  it("lets what is the same step back, and a label go with its box", () => {
    const drawing = new Map(litElements(told).map((element) => [element.id, element]));
    expect([drawing.get("1")?.opacity, drawing.get("3t")?.opacity, drawing.get("2t")?.opacity]).toEqual([35, 100, 60]);
    expect(drawing.get("8")?.strokeColor).toBe(LOOKS.added.color);
  });

  it("finds what a line is about, labels included", () => {
    expect(aboutIn(litElements(told), ["3"]).map(({ id }) => id)).toEqual(["3", "3t"]);
    expect(aboutIn(litElements(told), ["nowhere"])).toEqual([]);
  });
});

describe("asking the server", () => {
  const answer = (body: object | null, status = 200) =>
    vi.fn(async () => new Response(body === null ? null : JSON.stringify(body), { status }));
  const on = (asked: unknown) => {
    vi.stubGlobal("fetch", asked);
    vi.stubGlobal("document", { body: { getAttribute: () => '{"x-csrftoken": "t0ken"}' } });
    return new Versions("/v/");
  };

  it("names, renames, deletes and compares by the addresses the page gave", async () => {
    const fetched = answer({ version: { id: 5 }, versions: [], may_name: true });
    const server = on(fetched);
    await server.name("Draft", 7);
    await server.rename(5, "Better");
    await server.compare(5, null);
    expect(await server.list()).toEqual({ versions: [], mayName: true });
    const calls = fetched.mock.calls as unknown as [string, RequestInit][];
    expect(calls.map(([url]) => url)).toEqual(["/v/", "/v/5/", "/v/compare/?from=5&to=now", "/v/"]);
    expect([String(calls[0]?.[1].body), String(calls[1]?.[1].body)]).toEqual(["name=Draft&seq=7", "name=Better"]);
    expect(calls[0]?.[1].headers).toMatchObject({ "X-CSRFToken": "t0ken" });
    await on(answer(null, 204)).remove(5);
    vi.unstubAllGlobals();
  });

  it("says a refusal in the server's words, and its own when there are none", async () => {
    await expect(on(answer({ error: "Give it a name." }, 422)).name("")).rejects.toThrow("Give it a name.");
    const lost = await on(vi.fn(async () => Promise.reject(new TypeError()))).list().catch(wordsOf);
    expect(lost).toContain("You are offline");
    const odd = await on(vi.fn(async () => new Response("<html>", { status: 404 }))).list().catch((error: unknown) => error);
    expect(odd).toBeInstanceOf(Refusal);
    vi.unstubAllGlobals();
  });
});

describe("time", () => {
  it.each([
    [0, "0:00", "0 seconds"],
    [61_900, "1:01", "1 minute 1 second"],
    [754_000, "12:34", "12 minutes 34 seconds"],
    [3_600_000, "1:00:00", "1 hour"],
    [-5, "0:00", "0 seconds"],
  ])("is shown and spoken (%i ms)", (milliseconds, shown, spoken) => {
    expect([clockTime(milliseconds), spokenTime(milliseconds)]).toEqual([shown, spoken]);
  });
});
