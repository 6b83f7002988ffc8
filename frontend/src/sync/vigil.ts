/**
 * Finds out that a connection is dead although it looks open: after a sleep, a change of networks, a pulled
 * cable. An open connection on which nobody answers is as good as none.
 */

/** How long an answer may take before the connection counts as dead; shorter when that is suspected. */
const SILENCE_MS = 10_000;
const SUSPECT_MS = 3_000;
/** How long nothing may be heard before the page asks whether anybody is there. */
const IDLE_MS = 12_000;
/** Who was heard so shortly ago need not be asked. */
const FRESH_MS = 1_000;

/** The connection, as far as a vigil needs it. */
export interface Watched {
  readonly isOpen: boolean;
  /** Whether the server owes an answer. */
  readonly isOwed: boolean;
  /** Ask something that the server always answers. */
  ask(): void;
  /** Drop the connection and make another. */
  renew(): void;
  /** Connect at once, instead of at the end of a pause. */
  hurry(): void;
}

export class Vigil {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private expects = false;
  private heardAt = 0;

  constructor(private readonly connection: Watched) {}

  start(): void {
    globalThis.addEventListener?.("online", this.suspect);
    globalThis.addEventListener?.("offline", this.suspect);
    globalThis.document?.addEventListener("visibilitychange", this.suspect);
  }

  stop(): void {
    globalThis.removeEventListener?.("online", this.suspect);
    globalThis.removeEventListener?.("offline", this.suspect);
    globalThis.document?.removeEventListener("visibilitychange", this.suspect);
    this.rest();
  }

  /** Call when the connection is closed. */
  rest(): void {
    clearTimeout(this.timer);
    this.expects = false;
  }

  /** Call whenever anything has come. */
  heard(): void {
    this.heardAt = Date.now();
    this.expects = false;
    this.watch();
  }

  /** Call when something was sent; a wait that has begun goes on. */
  watch(): void {
    if (!this.connection.isOpen || this.expects) return;
    clearTimeout(this.timer);
    if (this.connection.isOwed) this.expect(SILENCE_MS);
    else this.timer = setTimeout(() => this.ask(SILENCE_MS), IDLE_MS);
  }

  private ask(limitMs: number): void {
    this.connection.ask();
    this.expect(limitMs);
  }

  private expect(limitMs: number): void {
    clearTimeout(this.timer);
    this.expects = true;
    this.timer = setTimeout(() => this.connection.renew(), limitMs);
  }

  /** The network came or went, or the page is looked at again, perhaps after a sleep: find out how things are. */
  private readonly suspect = (): void => {
    if (globalThis.document?.visibilityState === "hidden") return;
    if (!this.connection.isOpen) this.connection.hurry();
    else if (Date.now() - this.heardAt > FRESH_MS) this.ask(SUSPECT_MS);
  };
}
