/**
 * Carries one Y.Doc and its awareness over the board's socket.
 *
 * Every local update waits in `pending`, and in the outbox, until the server has acknowledged it: the
 * server acknowledges after it has stored. "Saved" means that nothing is pending.
 */
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness";
import * as Y from "yjs";
import type { Kept, Outbox } from "./outbox";
import { Close, Socket } from "./socket";
import { Vigil, type Watched } from "./vigil";
import * as wire from "./wire";

export type State = "connecting" | "saved" | "saving" | "offline" | "reconnecting" | "readonly";

/** Why this document must not be used any longer. */
export type Loss = "rejected" | "epoch";

export interface ProviderEvents {
  changed(): void;
  /** The document holds something the server will never take, or belongs to another epoch. */
  lost(loss: Loss): void;
  /** The server will not have us back: 4403 may not, 4404 no such board. */
  ended(code: number): void;
}

export interface ProviderOptions {
  url: string;
  epoch: number;
  right: "write" | "read";
  user: { id: string; name: string; color: string };
  outbox: Outbox;
}

interface Pending {
  update: Uint8Array;
  key: Promise<IDBValidKey | null>;
  /** Whether the outbox could not take it: then only this tab holds it. */
  unkept: boolean;
  sent: boolean;
}

const FLUSH_MS = 45;
const AWARENESS_MS = 90;
/** Frames that may wait for an ack at once; beyond that, updates merge here instead of queueing there. */
const WINDOW = 12;
/** The server takes frames up to 256 KB with up to 8,000 nested values (docs/board.md). */
const FRAME_BYTES = 180_000;
const FRAME_VALUES = 7_500;
/** The server hangs up on a flood; a large file goes out at this pace after a first burst. */
const BYTES_PER_MS = 400;
const BURST_BYTES = 1_500_000;

export class Provider implements Watched {
  readonly awareness: Awareness;
  right: "write" | "read";
  synced = false;
  savedAt: number | null = null;
  private readonly socket: Socket;
  private readonly vigil: Vigil;
  private pending: Pending[] = [];
  private inFlight: Pending[][] = [];
  private budget = BURST_BYTES;
  private budgetAt = Date.now();
  private welcomed = false;
  private answered = false;
  private over = false;
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private awarenessTimer: ReturnType<typeof setTimeout> | undefined;
  private waiting: ((saved: boolean) => void)[] = [];

  constructor(
    readonly doc: Y.Doc,
    private readonly options: ProviderOptions,
    private readonly events: ProviderEvents,
  ) {
    this.right = options.right;
    this.awareness = new Awareness(doc);
    this.awareness.setLocalStateField("user", options.user);
    this.socket = new Socket(() => `${options.url}?epoch=${options.epoch}`, {
      opened: () => this.opened(),
      received: (frame) => this.received(frame),
      closed: (code, final) => this.closed(code, final),
    });
    this.vigil = new Vigil(this);
    doc.on("update", this.documentUpdated);
    this.awareness.on("update", this.awarenessUpdated);
  }

  /** Take up what an earlier tab could not send, then connect. */
  start(kept: Kept[]): void {
    for (const { key, update } of kept) {
      Y.applyUpdate(this.doc, update, this);
      this.pending.push({ update, key: Promise.resolve(key), unkept: false, sent: false });
    }
    this.vigil.start();
    this.socket.start();
    this.events.changed();
  }

  /** Close for good. What is pending stays in the outbox, unless `forget`. */
  stop(forget = false): void {
    this.over = true;
    this.doc.off("update", this.documentUpdated);
    this.awareness.off("update", this.awarenessUpdated);
    this.awareness.destroy();
    this.vigil.stop();
    this.socket.stop();
    for (const timer of [this.flushTimer, this.awarenessTimer]) clearTimeout(timer);
    if (forget) this.forget(this.pending);
    this.settle(false);
  }

  get state(): State {
    const connected = this.welcomed && this.answered && this.synced;
    if (this.right === "read") return connected ? "readonly" : "reconnecting";
    if (connected) return this.pending.length ? "saving" : "saved";
    if (this.pending.length || globalThis.navigator?.onLine === false) return "offline";
    return this.synced ? "reconnecting" : "connecting";
  }

  /** Whether some of what waits is in this tab only: closing it would lose that. */
  get onlyHere(): boolean {
    return this.pending.some(({ unkept }) => unkept);
  }

  /** How many edits the server has not acknowledged. */
  get unsent(): number {
    return this.pending.length;
  }

  /** Resolve to true once everything is acknowledged, to false if that takes longer than `limitMs`. */
  saved(limitMs: number): Promise<boolean> {
    this.flush();
    if (!this.pending.length && this.synced) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), limitMs);
      this.waiting.push((saved) => {
        clearTimeout(timer);
        resolve(saved);
      });
    });
  }

  private readonly documentUpdated = (update: Uint8Array, origin: unknown): void => {
    if (origin === this || this.right === "read") return;
    const entry: Pending = { update, key: this.options.outbox.add(update), unkept: false, sent: false };
    this.pending.push(entry);
    void entry.key.then((key) => {
      if (key !== null) return;
      entry.unkept = true;
      this.events.changed();
    });
    this.flushTimer ??= setTimeout(() => this.flush(), FLUSH_MS);
    this.events.changed();
  };

  private readonly awarenessUpdated = ({ added, updated }: { added: number[]; updated: number[] }): void => {
    if (![...added, ...updated].includes(this.awareness.clientID)) return;
    this.awarenessTimer ??= setTimeout(() => this.sendAwareness(), AWARENESS_MS);
  };

  private sendAwareness(): void {
    clearTimeout(this.awarenessTimer);
    this.awarenessTimer = undefined;
    if (!this.socket.isOpen || !this.awareness.getLocalState()) return;
    this.socket.send(wire.awareness(encodeAwarenessUpdate(this.awareness, [this.awareness.clientID])));
  }

  private opened(): void {
    this.socket.send(wire.step1(Y.encodeStateVector(this.doc)));
    this.sendAwareness();
    this.socket.send(wire.queryAwareness());
    this.vigil.heard();
  }

  private received(frame: Uint8Array): void {
    this.vigil.heard();
    try {
      this.take(wire.decode(frame));
    } catch (error) {
      // A frame we cannot read may have carried an edit: only a fresh start knows what is missing.
      console.error("The board's server sent something unreadable.", error);
      this.socket.renew();
    }
  }

  private take(message: wire.Message): void {
    switch (message.kind) {
      case "hello":
        if (message.hello.epoch !== this.options.epoch) return this.lose("epoch");
        this.right = message.hello.right;
        this.welcomed = true;
        break;
      case "step1":
        this.answer(message.stateVector);
        break;
      case "step2":
        Y.applyUpdate(this.doc, message.update, this);
        this.synced = true;
        break;
      case "update":
        Y.applyUpdate(this.doc, message.update, this);
        return;
      case "awareness":
        return this.present(message.update);
      case "query-awareness":
        return this.sendAwareness();
      case "ack":
        this.acknowledged(message.count);
        break;
      case "reject":
        console.warn(`The board's server refused an edit: ${message.reason}`);
        return this.lose("rejected");
      case "unknown":
        return;
    }
    this.events.changed();
  }

  /** Take in what others show; should that go wrong, their pointers are missing and no edit is. */
  private present(update: Uint8Array): void {
    try {
      applyAwarenessUpdate(this.awareness, update, this);
    } catch (error) {
      console.error(error);
    }
  }

  /** The server says what it has; send what it lacks. */
  private answer(stateVector: Uint8Array): void {
    this.answered = true;
    this.welcomed = true; // a plain Yjs server sends no hello
    if (this.right === "read") return;
    const { bounds, gap } = this.boundsAfterPending(stateVector);
    const lacking = gap || [...Y.decodeStateVector(Y.encodeStateVector(this.doc))].some(
      ([client, clock]) => clock > (bounds.get(client) ?? 0),
    );
    if (lacking) {
      // Something was acknowledged and is gone all the same, or the outbox was cleared under us.
      const update = Y.encodeStateAsUpdate(this.doc, stateVector);
      if (update.length < FRAME_BYTES && values(update) < FRAME_VALUES) {
        for (const entry of this.pending) entry.sent = true;
        this.inFlight.push([...this.pending]);
        this.socket.send(wire.step2(update));
        return;
      }
    }
    this.flush();
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

  private flush(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    if (!this.welcomed || !this.answered || !this.socket.isOpen || this.right === "read") return;
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
        this.flushTimer = setTimeout(() => this.flush(), wait);
        break;
      }
      unsent.splice(0, batch.length);
      for (const entry of batch) entry.sent = true;
      const updates = batch.map((entry) => entry.update);
      this.inFlight.push(batch);
      this.socket.send(wire.update(updates.length === 1 ? (updates[0] as Uint8Array) : Y.mergeUpdates(updates)));
    }
    this.vigil.watch();
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

  private acknowledged(count: number): void {
    const stored = new Set(this.inFlight.splice(0, count).flat());
    this.pending = this.pending.filter((entry) => !stored.has(entry));
    this.forget([...stored]);
    this.savedAt = Date.now();
    this.flush();
    if (!this.pending.length) this.settle(true);
  }

  private forget(entries: Pending[]): void {
    void Promise.all(entries.map((entry) => entry.key)).then((keys) => {
      const stored = keys.filter((key): key is IDBValidKey => key !== null);
      if (stored.length) this.options.outbox.remove(stored);
    });
  }

  private settle(saved: boolean): void {
    for (const resolve of this.waiting.splice(0)) resolve(saved);
  }

  get isOpen(): boolean {
    return this.socket.isOpen;
  }

  get isOwed(): boolean {
    return !this.welcomed || !this.answered || this.inFlight.length > 0;
  }

  /** Ask for everybody's presence: the server always answers that, with ours if nobody else is here. */
  ask(): void {
    this.socket.send(wire.queryAwareness());
  }

  renew(): void {
    this.socket.renew();
  }

  hurry(): void {
    this.socket.hurry();
    this.events.changed();
  }

  private lose(loss: Loss): void {
    if (this.over) return;
    this.over = true;
    this.socket.stop();
    this.events.lost(loss);
  }

  private closed(code: number, final: boolean): void {
    this.welcomed = this.answered = false;
    this.inFlight = [];
    for (const entry of this.pending) entry.sent = false;
    this.vigil.rest();
    const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.awareness.clientID);
    removeAwarenessStates(this.awareness, others, this);
    if (this.over) return;
    if (code === Close.otherEpoch) return this.lose("epoch");
    if (code === Close.badUpdate) return this.lose("rejected");
    if (final) {
      this.over = true;
      this.settle(false);
      this.events.ended(code);
    }
    this.events.changed();
  }
}

/** Return how many nested values the server will count in an update: bytes that could open a list or a map. */
function values(update: Uint8Array): number {
  let count = 0;
  for (const byte of update) if (byte === 0x75 || byte === 0x76) count += 1;
  return count;
}
