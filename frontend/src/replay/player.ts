/**
 * Plays a recording: which moment is shown, how time passes, and what stood on the board then.
 *
 * Moments are milliseconds since 1970, as the server logged them. Nothing here knows of a page: what
 * shows the board calls `advance` as real time passes and reads `scene`.
 */
import { type Flat, type SceneElement, unflatten } from "../sync/element";
import { isDrawable, isIndex } from "../sync/guard";
import { History } from "./history";
import type { Recorder, Recording } from "./recording";

/** Something that happened at a moment, to be marked and jumped to. */
export interface Mark {
  at: number;
  label: string;
  kind?: string;
}

export interface Stretch {
  from: number;
  to: number;
}

export interface Options {
  marks?: readonly Mark[];
  /** Where the playing starts and ends, if not with the first and the last row. */
  start?: number;
  end?: number;
}

export const SPEEDS = [1, 2, 4, 8, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** A stretch in which nothing happens for longer than this is skipped, all but a moment at each side. */
export const IDLE_MS = 8_000;
const BREATH_MS = 1_000;
/** How long the decoding of a log may keep the page from anything else. */
const SLICE_MS = 12;

const byOrder = (a: SceneElement, b: SceneElement) => {
  const [one, other] = [a.index ?? "", b.index ?? ""];
  if (one !== other) return one < other ? -1 : 1;
  return a.id < b.id ? -1 : 1;
};

export class Player {
  readonly start: number;
  readonly end: number;
  readonly marks: readonly Mark[];
  readonly people: readonly Recorder[];
  speed: Speed = 4;
  skipsIdle = true;
  playing = false;
  /** The moment that is shown, and how many rows had come by then. */
  at: number;
  row = 0;
  /** Row i (from 0) had come for good at times[i]: never later than a row behind it. */
  private readonly times: number[];
  private readonly happenings: number[];
  /** The stretches in which nothing happens. */
  readonly idle: readonly Stretch[];
  private readonly idleCores: readonly Stretch[];
  private readonly shown = new Map<string, SceneElement>();
  private ordered: SceneElement[] | null = null;

  constructor(
    private readonly history: History,
    private readonly recording: Recording,
    options: Options = {},
  ) {
    this.people = recording.people;
    this.times = recording.rows.map(({ at }) => at);
    for (let i = this.times.length - 2; i >= 0; i -= 1) {
      this.times[i] = Math.min(this.times[i] as number, this.times[i + 1] as number);
    }
    this.start = options.start ?? this.times[0] ?? 0;
    this.end = Math.max(this.start, options.end ?? this.times.at(-1) ?? this.start);
    this.marks = [...(options.marks ?? [])].sort((a, b) => a.at - b.at);
    this.happenings = [...this.times, ...this.marks.map(({ at }) => at)].sort((a, b) => a - b);
    this.idle = this.stretches();
    this.idleCores = this.idle.map(({ from, to }) => ({ from: from + BREATH_MS, to: to - BREATH_MS }));
    this.at = this.start;
    for (const id of history.ids()) this.show(id, 0);
    this.moveTo(this.rowAt(this.start));
  }

  get isEmpty(): boolean {
    return this.recording.rows.length === 0;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  /** The number in the log of the last row that is shown. */
  get seq(): number {
    return this.row ? (this.recording.rows[this.row - 1]?.seq ?? this.recording.from) : this.recording.from;
  }

  /** Who drew what was shown last, null before anything was, or when they are gone. */
  get lastDrawnBy(): Recorder | null {
    const person = this.recording.rows[this.row - 1]?.person;
    return person === null || person === undefined ? null : (this.people[person] ?? null);
  }

  /** Return how many rows had come by a moment: all up to the last that came no later. */
  rowAt(at: number): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.times[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The elements that can be seen, back to front. One that has not changed is the same object as before. */
  get scene(): readonly SceneElement[] {
    this.ordered ??= [...this.shown.values()].filter((element) => !element.isDeleted).sort(byOrder);
    return this.ordered;
  }

  /** Every element that was ever to be seen, as it was last: what the view is fitted to, so that it does not jump. */
  get everything(): readonly SceneElement[] {
    const found = [...this.history.ids()].map((id) => this.made(id, this.history.lastSeen(id)));
    return found.filter((element) => element !== null).sort(byOrder);
  }

  /** The notes by step. */
  get notes(): Map<string, string> {
    return this.history.notesAt(this.row);
  }

  /** Show another moment. */
  seek(at: number): void {
    this.at = Math.min(this.end, Math.max(this.start, at));
    this.moveTo(this.rowAt(this.at));
  }

  play(): void {
    if (this.atEnd) this.seek(this.start);
    this.playing = true;
  }

  pause(): void {
    this.playing = false;
  }

  /** Let so much real time pass. */
  advance(milliseconds: number): void {
    if (!this.playing) return;
    const at = this.at + milliseconds * this.speed;
    this.seek(this.skipsIdle ? this.beyondIdle(at) : at);
    if (this.atEnd) this.playing = false;
  }

  /** Return the mark after the moment shown, or before it. */
  nextMark(): Mark | null {
    return this.marks.find(({ at }) => at > this.at) ?? null;
  }

  previousMark(): Mark | null {
    return this.marks.findLast(({ at }) => at < this.at) ?? null;
  }

  /** The parts of idle stretches that are not played, none when they are. */
  skipped(): readonly Stretch[] {
    return this.skipsIdle ? this.idleCores : [];
  }

  private stretches(): Stretch[] {
    const found: Stretch[] = [];
    let from = this.start;
    for (const to of [...this.happenings, this.end]) {
      if (to - from > IDLE_MS) found.push({ from, to: Math.min(to, this.end) });
      from = Math.max(from, to);
    }
    return found;
  }

  /** How long the bar of time is: what is skipped takes no room on it. */
  get barLength(): number {
    return this.toBar(this.end);
  }

  /** Return where a moment is on the bar, in milliseconds from its start. */
  toBar(at: number): number {
    return at - this.start - this.skipped().reduce((sum, { from, to }) => sum + Math.max(0, Math.min(at, to) - from), 0);
  }

  /** Return the moment at a place on the bar; of a skipped stretch, its end. */
  fromBar(place: number): number {
    let at = this.start + place;
    for (const { from, to } of this.skipped()) if (at >= from) at += to - from;
    return at;
  }

  /** Return how much was drawn in each of so many equal parts of the bar, the busiest being 1. */
  activity(parts: number): number[] {
    const counts = new Array<number>(parts).fill(0);
    const length = this.barLength || 1;
    for (const at of this.times) {
      const part = Math.min(parts - 1, Math.floor((this.toBar(at) / length) * parts));
      if (part >= 0) counts[part] = (counts[part] as number) + 1;
    }
    const most = Math.max(1, ...counts);
    return counts.map((count) => count / most);
  }

  /** Return the moment to show instead of one in the middle of a stretch without anything. */
  private beyondIdle(at: number): number {
    let low = 0;
    let high = this.happenings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.happenings[middle] as number) <= this.at) low = middle + 1;
      else high = middle;
    }
    const before = this.happenings[low - 1] ?? this.start;
    const next = this.happenings[low] ?? this.end;
    if (next - before <= IDLE_MS || at <= before + BREATH_MS) return at;
    return Math.max(at, next - BREATH_MS);
  }

  private moveTo(row: number): void {
    if (row === this.row) return;
    for (const id of this.history.changed(this.row, row)) this.show(id, row);
    this.row = row;
    this.ordered = null;
  }

  private show(id: string, row: number): void {
    const element = this.made(id, this.history.elementAt(id, row));
    if (element) this.shown.set(id, element);
    else this.shown.delete(id);
  }

  private made(id: string, found: { flat: Flat; since: number } | null): SceneElement | null {
    const element = found && unflatten(id, found.flat, found.since + 1);
    if (!element || !isDrawable(element)) return null;
    return isIndex(element.index) ? element : { ...element, index: null };
  }
}

/** Return a player for a recording, decoded in slices between which the page goes on. */
export async function playerOf(
  recording: Recording,
  options: Options = {},
  pause: () => Promise<void> = nextTurn,
): Promise<Player> {
  const history = new History(recording.base);
  let until = performance.now() + SLICE_MS;
  for (const { update } of recording.rows) {
    history.add(update);
    if (performance.now() < until) continue;
    await pause();
    until = performance.now() + SLICE_MS;
  }
  return new Player(history, recording, options);
}

const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve));
