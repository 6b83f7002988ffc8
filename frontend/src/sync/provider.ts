/**
 * Carries one Y.Doc and its awareness over the board's socket.
 *
 * Every local update waits in `Outgoing`, and in the outbox, until the server has acknowledged it: the
 * server acknowledges after it has stored. "Saved" means that nothing waits.
 */
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness";
import * as Y from "yjs";
import type { Kept, Outbox } from "./outbox";
import { Outgoing } from "./outgoing";
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

const AWARENESS_MS = 90;

export class Provider implements Watched {
  readonly awareness: Awareness;
  right: "write" | "read";
  synced = false;
  private readonly socket: Socket;
  private readonly vigil: Vigil;
  private readonly outgoing: Outgoing;
  private welcomed = false;
  private answered = false;
  private over = false;
  private awarenessTimer: ReturnType<typeof setTimeout> | undefined;

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
    this.outgoing = new Outgoing(options.outbox, {
      isReady: () => this.welcomed && this.answered && this.socket.isOpen && this.right === "write",
      send: (frame) => this.socket.send(frame),
      sent: () => this.vigil.watch(),
      changed: () => this.events.changed(),
    });
    doc.on("update", this.documentUpdated);
    this.awareness.on("update", this.awarenessUpdated);
  }

  /** Take up what an earlier tab could not send, then connect. */
  start(kept: Kept[]): void {
    for (const one of kept) {
      Y.applyUpdate(this.doc, one.update, this);
      this.outgoing.takeUp(one);
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
    clearTimeout(this.awarenessTimer);
    this.outgoing.stop(forget);
  }

  get state(): State {
    const connected = this.welcomed && this.answered && this.synced;
    if (this.right === "read") return connected ? "readonly" : "reconnecting";
    if (connected) return this.unsent ? "saving" : "saved";
    if (this.unsent || globalThis.navigator?.onLine === false) return "offline";
    return this.synced ? "reconnecting" : "connecting";
  }

  get savedAt(): number | null {
    return this.outgoing.savedAt;
  }

  /** Whether some of what waits is in this tab only: closing it would lose that. */
  get onlyHere(): boolean {
    return this.outgoing.onlyHere;
  }

  /** How many edits the server has not acknowledged. */
  get unsent(): number {
    return this.outgoing.unsent;
  }

  /** Resolve to true once everything is acknowledged, to false if that takes longer than `limitMs`. */
  saved(limitMs: number): Promise<boolean> {
    this.outgoing.flush();
    return !this.unsent && this.synced ? Promise.resolve(true) : this.outgoing.saved(limitMs);
  }

  private readonly documentUpdated = (update: Uint8Array, origin: unknown): void => {
    if (origin === this || this.right === "read") return;
    this.outgoing.add(update);
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
        this.outgoing.acknowledged(message.count);
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

  /** The server says what it has. */
  private answer(stateVector: Uint8Array): void {
    this.answered = true;
    this.welcomed = true; // a plain Yjs server sends no hello
    if (this.right === "write") this.outgoing.answer(this.doc, stateVector);
  }

  get isOpen(): boolean {
    return this.socket.isOpen;
  }

  get isOwed(): boolean {
    return !this.welcomed || !this.answered || this.outgoing.isOwedAnAck;
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
    this.outgoing.interrupted();
    this.vigil.rest();
    const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.awareness.clientID);
    removeAwarenessStates(this.awareness, others, this);
    if (this.over) return;
    if (code === Close.otherEpoch) return this.lose("epoch");
    if (code === Close.badUpdate) return this.lose("rejected");
    if (final) {
      this.over = true;
      this.outgoing.settle(false);
      this.events.ended(code);
    }
    this.events.changed();
  }
}
