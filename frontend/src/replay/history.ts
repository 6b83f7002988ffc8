/**
 * What every row of a log made of every element and of the notes, so that any moment can be looked up.
 *
 * The log is decoded once, in order, by a Y.Doc. From then on the state of an element at a row is the
 * last entry of its own list that is not behind the row: looking back costs no more than looking ahead.
 * Values that two rows share are kept once.
 */
import * as Y from "yjs";
import { type Flat, readFlat } from "../sync/element";

interface Entry {
  row: number;
  /** Null once the element is gone altogether. */
  flat: Flat | null;
}

type Delta = Y.YTextEvent["delta"];

interface Writing {
  row: number;
  /** The whole text now and then, what changed in between. */
  text?: string;
  delta?: Delta;
}

const WHOLE_TEXT_EVERY = 50;
const EMPTY: readonly string[] = [];

export class History {
  private readonly doc = new Y.Doc();
  private readonly elements: Y.Map<unknown>;
  private readonly notes: Y.Map<unknown>;
  private readonly lives = new Map<string, Entry[]>();
  private readonly writings = new Map<string, Writing[]>();
  /** Which elements row number i (from 1) touched; row 0 is what was there before. */
  private readonly touched: (readonly string[])[] = [];
  private now = new Set<string>();
  private written = new Map<string, Delta | null>();

  constructor(base: Uint8Array | null = null) {
    this.elements = this.doc.getMap("elements");
    this.notes = this.doc.getMap("notes");
    this.elements.observeDeep((events) => {
      for (const event of events) {
        if (event.target === this.elements) for (const id of event.keys.keys()) this.now.add(id);
        else this.now.add(String(event.path[0]));
      }
    });
    this.notes.observeDeep((events) => {
      for (const event of events) {
        if (event.target === this.notes) for (const step of event.keys.keys()) this.written.set(step, null);
        else {
          const step = String(event.path[0]);
          // More than one change to a text in a row: its whole text is kept.
          this.written.set(step, this.written.has(step) ? null : (event as Y.YTextEvent).delta);
        }
      }
    });
    this.take(base?.length ? base : null);
  }

  /** How many rows it has. */
  get rows(): number {
    return this.touched.length - 1;
  }

  /** Take the next row of the log. A row that cannot be read changes nothing, as on the server. */
  add(update: Uint8Array): void {
    this.take(update);
  }

  /** Return which elements changed between two moments, in either direction. */
  changed(one: number, other: number): Set<string> {
    const ids = new Set<string>();
    for (let row = Math.min(one, other) + 1; row <= Math.max(one, other); row += 1) {
      for (const id of this.touched[row] ?? EMPTY) ids.add(id);
    }
    return ids;
  }

  /** Return every element that was ever there. */
  ids(): IterableIterator<string> {
    return this.lives.keys();
  }

  /** Return what an element was after a row, and in which row it became so; null when there was none. */
  elementAt(id: string, row: number): { flat: Flat; since: number } | null {
    const entry = last(this.lives.get(id), row);
    return entry?.flat ? { flat: entry.flat, since: entry.row } : null;
  }

  /** Return what an element was when it was last to be seen; null when it never was. */
  lastSeen(id: string): { flat: Flat; since: number } | null {
    const entry = this.lives.get(id)?.findLast(({ flat }) => flat && !flat.isDeleted);
    return entry?.flat ? { flat: entry.flat, since: entry.row } : null;
  }

  /** Return the notes by step as they were after a row. */
  notesAt(row: number): Map<string, string> {
    const texts = new Map<string, string>();
    for (const [step, writings] of this.writings) {
      const place = lastPlace(writings, row);
      if (place < 0) continue;
      let start = place;
      while (writings[start]?.text === undefined) start -= 1;
      let text = writings[start]?.text ?? "";
      for (const { delta } of writings.slice(start + 1, place + 1)) text = changedBy(text, delta ?? []);
      texts.set(step, text);
    }
    return texts;
  }

  private take(update: Uint8Array | null): void {
    const row = this.touched.length;
    if (update) {
      try {
        Y.applyUpdate(this.doc, update);
      } catch (error) {
        console.warn(`Row ${row} of the log cannot be read.`, error);
      }
    }
    for (const id of this.now) {
      const map = this.elements.get(id);
      const flat = map instanceof Y.Map ? readFlat(map) : null;
      const life = this.lives.get(id);
      if (life) life.push({ row, flat });
      else this.lives.set(id, [{ row, flat }]);
    }
    for (const [step, delta] of this.written) this.keepWriting(step, row, delta);
    this.touched.push(this.now.size ? [...this.now] : EMPTY);
    this.now = new Set();
    this.written = new Map();
  }

  private keepWriting(step: string, row: number, delta: Delta | null): void {
    const writings = this.writings.get(step) ?? [];
    this.writings.set(step, writings);
    const whole = delta === null || writings.length % WHOLE_TEXT_EVERY === 0;
    if (!whole) return void writings.push({ row, delta });
    const text = this.notes.get(step);
    writings.push({ row, text: text instanceof Y.Text ? text.toString() : "" });
  }
}

function lastPlace(entries: readonly { row: number }[], row: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle] as { row: number }).row <= row) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function last<E extends { row: number }>(entries: readonly E[] | undefined, row: number): E | undefined {
  return entries?.[lastPlace(entries, row)];
}

function changedBy(text: string, delta: Delta): string {
  let at = 0;
  let made = "";
  for (const { retain, insert, delete: cut } of delta) {
    if (retain) {
      made += text.slice(at, at + retain);
      at += retain;
    } else if (typeof insert === "string") made += insert;
    else if (cut) at += cut;
  }
  return made + text.slice(at);
}
