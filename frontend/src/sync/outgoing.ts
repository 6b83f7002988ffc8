/**
 * What this page has written and the server has not acknowledged yet.
 *
 * Each edit waits here and in the outbox. It goes out in frames that the server takes, so many at once
 * and so fast as it takes them, and leaves when its ack comes.
 */
import * as Y from "yjs";
import type { Kept, Outbox } from "./outbox";
import * as wire from "./wire";

/** The connection, as far as sending needs it. */
export interface Carrier {
  /** Whether the server takes edits now. */
  isReady(): boolean;
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** Something may have gone out, for which an ack is owed. */
  sent(): void;
  changed(): void;
}

interface Pending {
  update: Uint8Array;
  key: Promise<IDBValidKey | null>;
  /** Whether the outbox could not take it: then only this tab holds it. */
  unkept: boolean;
  sent: boolean;
}

const FLUSH_MS = 45;
/** Frames that may wait for an ack at once; beyond that, updates merge here instead of queueing there. */
const WINDOW = 12;
/** The server takes frames up to 256 KB with up to 8,000 nested values (docs/board.md). */
const FRAME_BYTES = 180_000;
const FRAME_VALUES = 7_500;
/** The server hangs up on a flood; a large file goes out at this pace after a first burst. */
const BYTES_PER_MS = 400;
const BURST_BYTES = 1_500_000;

export class Outgoing {
  savedAt: number | null = null;
  private pending: Pending[] = [];
  private inFlight: Pending[][] = [];
  private budget = BURST_BYTES;
  private budgetAt = Date.now();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: ((saved: boolean) => void)[] = [];

  constructor(
    private readonly outbox: Outbox,
    private readonly carrier: Carrier,
  ) {}

  /** How many edits the server has not acknowledged. */
  get unsent(): number {
    return this.pending.length;
  }

  /** Whether some of what waits is in this tab only: closing it would lose that. */
  get onlyHere(): boolean {
    return this.pending.some(({ unkept }) => unkept);
  }

  get isOwedAnAck(): boolean {
    return this.inFlight.length > 0;
  }

  /** Take up what an earlier tab could not send. */
  takeUp({ key, update }: Kept): void {
    this.pending.push({ update, key: Promise.resolve(key), unkept: false, sent: false });
  }

  add(update: Uint8Array): void {
    const entry: Pending = { update, key: this.outbox.add(update), unkept: false, sent: false };
    this.pending.push(entry);
    void entry.key.then((key) => {
      if (key !== null) return;
      entry.unkept = true;
      this.carrier.changed();
    });
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** The connection is gone: nothing that was on its way counts as sent. */
  interrupted(): void {
    this.inFlight = [];
    for (const entry of this.pending) entry.sent = false;
  }

  /** Send no more. What is pending stays in the outbox, unless `forget`. */
  stop(forget: boolean): void {
    clearTimeout(this.timer);
    if (forget) this.forget(this.pending);
    this.settle(false);
  }

  /** The server says what it has; send what it lacks of the document. */
  answer(doc: Y.Doc, stateVector: Uint8Array): void {
    const { bounds, gap } = this.boundsAfterPending(stateVector);
    const lacking = gap || [...Y.decodeStateVector(Y.encodeStateVector(doc))].some(
      ([client, clock]) => clock > (bounds.get(client) ?? 0),
    );
    if (lacking) {
      // Something was acknowledged and is gone all the same, or the outbox was cleared under us.
      const update = Y.encodeStateAsUpdate(doc, stateVector);
      if (update.length < FRAME_BYTES && values(update) < FRAME_VALUES) {
        for (const entry of this.pending) entry.sent = true;
        this.inFlight.push([...this.pending]);
        this.carrier.send(wire.step2(update));
        return;
      }
    }
    this.flush();
  }

  acknowledged(count: number): void {
    const stored = new Set(this.inFlight.splice(0, count).flat());
    this.pending = this.pending.filter((entry) => !stored.has(entry));
    this.forget([...stored]);
    this.savedAt = Date.now();
    this.flush();
    if (!this.pending.length) this.settle(true);
  }

  /** Resolve to true once everything is acknowledged, to false if that takes longer than `limitMs`. */
  saved(limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), limitMs);
      this.waiting.push((saved) => {
        clearTimeout(timer);
        resolve(saved);
      });
    });
  }

  /** Tell those who wait for it whether everything is acknowledged. */
  settle(saved: boolean): void {
    for (const resolve of this.waiting.splice(0)) resolve(saved);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.carrier.isReady()) return;
    const unsent = this.pending.filter((entry) => !entry.sent);
    while (unsent.length && this.inFlight.length < WINDOW) {
      const batch: Pending[] = [];
      let bytes = 0;
      let count = 0;
      for (const entry of unsent) {
        bytes += entry.update.length;
        count += values(entry.update);
        if (batch.length && (bytes > FRAME_BYTES || count > FRAME_VALUES)) break;
        batch.push(entry);
      }
      const wait = this.paceOf(batch.reduce((sum, entry) => sum + entry.update.length, 0));
      if (wait > 0) {
        this.timer = setTimeout(() => this.flush(), wait);
        break;
      }
      unsent.splice(0, batch.length);
      for (const entry of batch) entry.sent = true;
      const updates = batch.map((entry) => entry.update);
      this.inFlight.push(batch);
      this.carrier.send(wire.update(updates.length === 1 ? (updates[0] as Uint8Array) : Y.mergeUpdates(updates)));
    }
    this.carrier.sent();
  }

  /** Return how many milliseconds to wait before sending so many bytes; 0 takes them from the budget. */
  private paceOf(bytes: number): number {
    const now = Date.now();
    this.budget = Math.min(BURST_BYTES, this.budget + (now - this.budgetAt) * BYTES_PER_MS);
    this.budgetAt = now;
    if (bytes > this.budget) return Math.ceil((bytes - this.budget) / BYTES_PER_MS);
    this.budget -= bytes;
    return 0;
  }

  /** Return how far the server will be, per client, once it has taken what is pending; `gap` if it cannot. */
  private boundsAfterPending(stateVector: Uint8Array): { bounds: Map<number, number>; gap: boolean } {
    const bounds = Y.decodeStateVector(stateVector);
    let gap = false;
    for (const { update } of this.pending) {
      const { from, to } = Y.parseUpdateMeta(update);
      for (const [client, clock] of from) if (clock > (bounds.get(client) ?? 0)) gap = true;
      for (const [client, clock] of to) bounds.set(client, Math.max(clock, bounds.get(client) ?? 0));
    }
    return { bounds, gap };
  }

  private forget(entries: Pending[]): void {
    void Promise.all(entries.map((entry) => entry.key)).then((keys) => {
      const stored = keys.filter((key): key is IDBValidKey => key !== null);
      if (stored.length) this.outbox.remove(stored);
    });
  }
}

/** Return how many nested values the server will count in an update: bytes that could open a list or a map. */
function values(update: Uint8Array): number {
  let count = 0;
  for (const byte of update) if (byte === 0x75 || byte === 0x76) count += 1;
  return count;
}
