/**
 * Binds every `<textarea data-notes-step="…">` of the page to its text in the Y.Doc, the ones that are
 * swapped in later too.
 */
import * as Y from "yjs";

/** Longest notes of one step: keeps any single edit within what one message may carry. */
export const LONGEST_NOTES = 40_000;
const LONGEST_INSERT = 10_000;

export interface Edit {
  at: number;
  remove: number;
  insert: string;
}

/**
 * Return the smallest edit that turns `before` into `after`, or null if they are equal.
 *
 * `caret` is where the cursor stands in `after`: typing "a" into "aaa" is then an edit where it was
 * typed. No edit cuts through a surrogate pair, which would not survive the trip as UTF-8.
 */
export function smallestEdit(before: string, after: string, caret = after.length): Edit | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let suffix = 0;
  const longestSuffix = Math.min(shorter, after.length - caret);
  while (suffix < longestSuffix && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix += 1;
  let prefix = 0;
  while (prefix < shorter - suffix && before[prefix] === after[prefix]) prefix += 1;
  while (suffix < shorter - prefix && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix += 1;
  if (prefix && isHighSurrogate(before.charCodeAt(prefix - 1))) prefix -= 1;
  if (suffix && isLowSurrogate(before.charCodeAt(before.length - suffix))) suffix -= 1;
  return {
    at: prefix,
    remove: before.length - suffix - prefix,
    insert: after.slice(prefix, after.length - suffix),
  };
}

/** Return where a position ends up after an edit by somebody else; what is inserted right at it goes behind. */
export function shifted(position: number, delta: Y.YTextEvent["delta"]): number {
  let index = 0;
  let moved = position;
  for (const part of delta) {
    if (part.retain) index += part.retain;
    else if (typeof part.insert === "string") {
      if (index < moved) moved += part.insert.length;
      index += part.insert.length;
    } else if (part.delete) moved -= Math.max(0, Math.min(part.delete, moved - index));
    if (index >= moved) break;
  }
  return moved;
}

/**
 * Return the text of a step, made on first use.
 *
 * Everybody makes it with the same fixed client id, so that two tabs that start a step at once make the
 * *same* text and merge, instead of one tab's words replacing the other's.
 */
export function notesOf(doc: Y.Doc, step: string): Y.Text {
  const notes = doc.getMap<Y.Text>("notes");
  const existing = notes.get(step);
  if (existing instanceof Y.Text) return existing;
  const seed = new Y.Doc();
  seed.clientID = fixedClient(step);
  seed.getMap("notes").set(step, new Y.Text());
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(seed), "notes");
  return notes.get(step) as Y.Text;
}

/**
 * Apply an edit, long ones in several transactions, so that no message grows too large.
 *
 * Returns how many characters did not fit into the notes of this step and were left out.
 */
export function applyEdit(text: Y.Text, edit: Edit, origin: unknown): number {
  let room = Math.max(0, LONGEST_NOTES - (text.length - edit.remove));
  if (room < edit.insert.length && room && isHighSurrogate(edit.insert.charCodeAt(room - 1))) room -= 1;
  const insert = edit.insert.slice(0, room);
  const doc = text.doc as Y.Doc;
  if (edit.remove) doc.transact(() => text.delete(edit.at, edit.remove), origin);
  for (let start = 0; start < insert.length; ) {
    let end = Math.min(start + LONGEST_INSERT, insert.length);
    if (end < insert.length && isHighSurrogate(insert.charCodeAt(end - 1))) end -= 1;
    doc.transact(() => text.insert(edit.at + start, insert.slice(start, end)), origin);
    start = end;
  }
  return edit.insert.length - insert.length;
}

/** "wait" until the document has been loaded once: until then the field shows what the server rendered. */
export type NotesAccess = "wait" | "read" | "write";

/** One textarea and one step's text, kept equal. */
export class NotesField {
  readonly step: string;
  private shown: string;
  private composing = false;
  private writing = false;
  private readonly deltas: Y.YTextEvent["delta"][] = [];
  private readonly notes: Y.Map<Y.Text>;
  private text: Y.Text | null = null;

  constructor(
    readonly field: HTMLTextAreaElement,
    private readonly doc: Y.Doc,
    access: NotesAccess,
    private readonly onCaret: (step: string, index: number) => void,
  ) {
    this.step = field.dataset.notesStep as string;
    this.notes = doc.getMap("notes");
    this.shown = field.value;
    field.addEventListener("input", this.typed);
    field.addEventListener("compositionstart", this.compositionStarted);
    field.addEventListener("compositionend", this.compositionEnded);
    field.addEventListener("keyup", this.caretMoved);
    field.addEventListener("pointerup", this.caretMoved);
    this.notes.observe(this.adopt);
    this.adopt();
    this.setAccess(access);
  }

  setAccess(access: NotesAccess): void {
    // `data-watches`: somebody who draws, like an interviewer, but only reads what the candidate writes.
    this.field.readOnly = access !== "write" || "watches" in this.field.dataset;
    if (access !== "wait" && !this.composing) this.render([]);
  }

  stop(): void {
    this.notes.unobserve(this.adopt);
    this.text?.unobserve(this.changed);
    this.field.removeEventListener("input", this.typed);
    this.field.removeEventListener("compositionstart", this.compositionStarted);
    this.field.removeEventListener("compositionend", this.compositionEnded);
    this.field.removeEventListener("keyup", this.caretMoved);
    this.field.removeEventListener("pointerup", this.caretMoved);
  }

  private readonly adopt = (): void => {
    const text = this.notes.get(this.step);
    if (!(text instanceof Y.Text) || text === this.text) return;
    this.text?.unobserve(this.changed);
    this.text = text;
    text.observe(this.changed);
    if (!this.composing && !this.writing) this.render([]);
  };

  private readonly typed = (): void => {
    if (!this.composing) this.write();
  };

  private readonly compositionStarted = (): void => {
    this.composing = true;
  };

  private readonly compositionEnded = (): void => {
    this.composing = false;
    this.write();
    this.render([]);
  };

  private readonly caretMoved = (): void => this.onCaret(this.step, this.field.selectionEnd);

  private readonly changed = (event: Y.YTextEvent, by: Y.Transaction): void => {
    if (by.origin === this) return;
    if (this.composing) this.deltas.push(event.delta); // an input method loses its place if the value is set
    else this.render([event.delta]);
  };

  /** Bring what was typed into the document. */
  private write(): void {
    const edit = smallestEdit(this.shown, this.field.value, this.field.selectionEnd);
    const deltas = this.deltas.splice(0);
    if (!edit || this.field.readOnly) return;
    const move = (position: number) => deltas.reduce(shifted, position);
    const start = move(edit.at);
    const end = edit.remove ? move(edit.at + edit.remove) : start;
    this.writing = true;
    const text = notesOf(this.doc, this.step);
    this.adopt();
    const cut = applyEdit(text, { at: start, remove: end - start, insert: edit.insert }, this);
    this.writing = false;
    if (cut) {
      const most = LONGEST_NOTES.toLocaleString("en");
      const detail = `The notes of one step hold ${most} characters, and ${cut.toLocaleString("en")} did not fit. Put them into another step.`;
      this.field.ownerDocument.dispatchEvent(new CustomEvent("notice", { detail }));
    }
    this.shown = this.text?.toString() ?? "";
    if (this.shown !== this.field.value) this.render([]);
    this.caretMoved();
  }

  /** Show the document's text; `deltas` say how to carry the caret along. */
  private render(deltas: Y.YTextEvent["delta"][]): void {
    const value = this.text?.toString() ?? "";
    this.shown = value;
    if (this.field.value === value) return;
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = this.field;
    this.field.value = value;
    this.field.setSelectionRange(
      deltas.reduce(shifted, selectionStart),
      deltas.reduce(shifted, selectionEnd),
      selectionDirection,
    );
    this.field.scrollTop = scrollTop;
  }
}

/** Keeps a NotesField for every notes textarea on the page. */
export class Notes {
  private readonly fields = new Map<HTMLTextAreaElement, NotesField>();
  private readonly observer: MutationObserver;

  constructor(
    private readonly page: Document,
    private readonly doc: Y.Doc,
    private access: NotesAccess,
    private readonly onCaret: (step: string, index: number) => void,
  ) {
    this.observer = new MutationObserver((records) => {
      const board = page.getElementById("board"); // changes thousands of times, and never holds notes
      if (records.some((record) => !board?.contains(record.target))) this.look();
    });
    this.observer.observe(page.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["data-notes-step"],
    });
    this.look();
  }

  setAccess(access: NotesAccess): void {
    if (access === this.access) return;
    this.access = access;
    for (const field of this.fields.values()) field.setAccess(access);
  }

  stop(): void {
    this.observer.disconnect();
    for (const field of this.fields.values()) field.stop();
    this.fields.clear();
  }

  private look(): void {
    const steps = new Map<HTMLTextAreaElement, string>();
    for (const field of this.page.querySelectorAll<HTMLTextAreaElement>("textarea[data-notes-step]")) {
      steps.set(field, field.dataset.notesStep as string);
    }
    for (const [element, bound] of this.fields) {
      if (steps.has(element) && bound.step === steps.get(element)) continue;
      bound.stop();
      this.fields.delete(element);
    }
    for (const element of steps.keys()) {
      if (this.fields.has(element)) continue;
      this.fields.set(element, new NotesField(element, this.doc, this.access, this.onCaret));
    }
  }
}

/** Return the same client id for the same step everywhere (FNV-1a). */
function fixedClient(step: string): number {
  let hash = 0x811c9dc5;
  for (const character of `notes/${step}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193) >>> 0;
  }
  return hash;
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff;
