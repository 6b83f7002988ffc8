// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { applyEdit, LONGEST_NOTES, Notes, notesOf, shifted, smallestEdit } from "../src/sync/notes";

describe("the smallest edit", () => {
  test.each([
    ["abc", "abXc", 3, { at: 2, remove: 0, insert: "X" }],
    ["abc", "ac", 1, { at: 1, remove: 1, insert: "" }],
    ["aaa", "aaaa", 2, { at: 1, remove: 0, insert: "a" }],
    ["aaa", "aa", 1, { at: 1, remove: 1, insert: "" }],
    ["one two", "one three", 9, { at: 5, remove: 2, insert: "hree" }],
    ["", "new", 3, { at: 0, remove: 0, insert: "new" }],
    ["old", "", 0, { at: 0, remove: 3, insert: "" }],
    ["x😀y", "x😁y", 3, { at: 1, remove: 2, insert: "😁" }],
  ])("from %j to %j", (before, after, caret, edit) => {
    expect(smallestEdit(before, after, caret)).toEqual(edit);
    const { at, remove, insert } = edit;
    expect(before.slice(0, at) + insert + before.slice(at + remove)).toBe(after);
  });

  test("is nothing between equal texts", () => expect(smallestEdit("same", "same")).toBeNull());
});

test.each([
  [5, [{ insert: "ab" }], 7],
  [5, [{ retain: 5 }, { insert: "ab" }], 5],
  [5, [{ retain: 2 }, { delete: 2 }], 3],
  [3, [{ retain: 2 }, { delete: 4 }], 2],
  [1, [{ retain: 2 }, { delete: 4 }], 1],
  [9, [{ retain: 1 }, { insert: "abc" }, { delete: 2 }], 10],
])("a caret at %i moves with %j to %i", (from, delta, to) => expect(shifted(from, delta)).toBe(to));

/** Two documents that hear each other at once. */
function joined(): [Y.Doc, Y.Doc] {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  a.on("update", (update: Uint8Array, origin: unknown) => origin !== "wire" && Y.applyUpdate(b, update, "wire"));
  b.on("update", (update: Uint8Array, origin: unknown) => origin !== "wire" && Y.applyUpdate(a, update, "wire"));
  return [a, b];
}

const open: Notes[] = [];
afterEach(() => {
  for (const notes of open.splice(0)) notes.stop();
  document.body.innerHTML = "";
});

function fields(doc: Y.Doc, html: string, access: "wait" | "read" | "write" = "write"): Notes {
  document.body.innerHTML = html;
  const notes = new Notes(document, doc, access, () => undefined);
  open.push(notes);
  return notes;
}

const field = (step = "data") => document.querySelector(`[data-notes-step="${step}"]`) as HTMLTextAreaElement;

function type(value: string, caret = value.length): void {
  field().value = value;
  field().setSelectionRange(caret, caret);
  field().dispatchEvent(new Event("input"));
}

const FIELD = '<textarea data-notes-step="data"></textarea>';

describe("a notes field", () => {
  test("sends what is typed, from the very first character", () => {
    const [doc, other] = joined();
    fields(doc, FIELD);
    type("h");
    type("hi");
    expect(field().value).toBe("hi");
    expect(field().selectionStart).toBe(2);
    expect(notesOf(other, "data").toString()).toBe("hi");
  });

  test("keeps the caret where it was when somebody else writes before it", () => {
    const [doc, other] = joined();
    fields(doc, FIELD);
    type("hello", 5);
    field().setSelectionRange(3, 3);
    notesOf(other, "data").insert(0, "oh ");
    expect(field().value).toBe("oh hello");
    expect(field().selectionStart).toBe(6);
  });

  test("leaves an input method alone and merges when it is done", () => {
    const [doc, other] = joined();
    fields(doc, FIELD);
    type("ab");
    field().dispatchEvent(new Event("compositionstart"));
    type("abに");
    notesOf(other, "data").insert(0, "X");
    expect(field().value).toBe("abに");
    type("ab日本");
    field().dispatchEvent(new Event("compositionend"));
    expect(field().value).toBe("Xab日本");
    expect(notesOf(other, "data").toString()).toBe("Xab日本");
  });

  test("waits with what the server rendered until the document is there", () => {
    const doc = new Y.Doc();
    const notes = fields(doc, '<textarea data-notes-step="data">from the server</textarea>', "wait");
    expect(field().value).toBe("from the server");
    expect(field().readOnly).toBe(true);
    notesOf(doc, "data").insert(0, "from the board");
    notes.setAccess("write");
    expect(field().value).toBe("from the board");
    expect(field().readOnly).toBe(false);
  });

  test("cannot be written in by a reader", () => {
    const doc = new Y.Doc();
    fields(doc, FIELD, "read");
    expect(field().readOnly).toBe(true);
    type("sneaky");
    expect(doc.getMap("notes").size).toBe(0);
  });

  test("is bound when it is swapped in later, and again when its step changes", async () => {
    const doc = new Y.Doc();
    notesOf(doc, "data").insert(0, "rows");
    notesOf(doc, "model").insert(0, "trees");
    fields(doc, "<main></main>");
    document.querySelector("main")?.insertAdjacentHTML("beforeend", FIELD);
    await Promise.resolve();
    await new Promise((done) => setTimeout(done));
    expect(field().value).toBe("rows");
    field().dataset.notesStep = "model";
    await new Promise((done) => setTimeout(done));
    expect(field("model").value).toBe("trees");
  });
});

describe("the text of a step", () => {
  test("started in two places at once is one text, with both people's words", () => {
    const [a, b] = [new Y.Doc(), new Y.Doc()];
    notesOf(a, "data").insert(0, "ana ");
    notesOf(b, "data").insert(0, "ben ");
    Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
    Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
    expect(notesOf(a, "data").toString()).toBe(notesOf(b, "data").toString());
    expect(notesOf(a, "data").toString()).toMatch(/ana .*ben |ben .*ana /);
  });

  test("takes a long paste in several messages, up to its limit", () => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    const text = notesOf(doc, "data");
    doc.on("update", (update: Uint8Array) => updates.push(update));
    applyEdit(text, { at: 0, remove: 0, insert: "漢".repeat(60_000) }, "test");
    expect(text.length).toBe(LONGEST_NOTES);
    expect(updates.length).toBeGreaterThan(3);
    for (const update of updates) expect(update.length).toBeLessThan(64_000);
  });

  test("says how much of a paste did not fit, and never cuts through a character", () => {
    const text = notesOf(new Y.Doc(), "data");
    applyEdit(text, { at: 0, remove: 0, insert: "x".repeat(LONGEST_NOTES - 3) }, "test");
    expect(applyEdit(text, { at: 0, remove: 0, insert: "😀😀" }, "test")).toBe(2);
    expect(text.toString().startsWith("😀x")).toBe(true);
    expect(applyEdit(text, { at: 0, remove: 1, insert: "y" }, "test")).toBe(0);
  });

  test("tells the person who put more into a field than it holds", () => {
    document.body.innerHTML = '<textarea data-notes-step="data"></textarea>';
    const notes = new Notes(document, new Y.Doc(), "write", () => {});
    const field = document.querySelector("textarea") as HTMLTextAreaElement;
    const said: string[] = [];
    document.addEventListener("notice", (event) => said.push((event as CustomEvent<string>).detail));
    field.value = "x".repeat(LONGEST_NOTES + 5);
    field.dispatchEvent(new Event("input"));
    notes.stop();
    expect(field.value.length).toBe(LONGEST_NOTES);
    expect(said).toEqual([expect.stringContaining("40,000 characters, and 5 did not fit")]);
  });
});
