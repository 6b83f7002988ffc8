/**
 * Sends pictures to the server, one after the other, until it has said yes or no to each.
 *
 * What cannot be sent just now (offline, server away, too many at once, signed out) waits and is tried
 * again; what the server refuses in a sentence is given up with it.
 */
import type { Waiting } from "./waiting";

export interface Answer {
  status: number;
  /** What the server says to a person when it refuses. */
  error?: string;
}

/** Send one picture and tell the share that is out; rejects when there is no answer. */
export type Send = (blob: Blob, sent: (share: number) => void) => Promise<Answer>;

export interface UploadEvents {
  /** The number of pictures, the progress or the waiting has changed. */
  changed(): void;
  done(id: string): void;
  refused(id: string, sentence: string): void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export class Uploads {
  /** How much of the picture on its way is out, from 0 to 1. */
  share = 0;
  /** Whether the last try had no answer, so that pictures wait for a better moment. */
  stuck = false;
  private readonly queue = new Map<string, Blob>();
  private sending = false;
  private pause = FIRST_PAUSE_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private listeners: (() => void)[] = [];

  constructor(
    private readonly send: Send,
    private readonly waiting: Waiting,
    private readonly events: UploadEvents,
  ) {}

  get pending(): number {
    return this.queue.size;
  }

  has(id: string): boolean {
    return this.queue.has(id);
  }

  add(id: string, blob: Blob): void {
    if (this.queue.has(id)) return;
    this.queue.set(id, blob);
    void this.waiting.put(id, blob);
    this.events.changed();
    void this.next();
  }

  /** Try at once what waits: the connection is back. */
  hurry(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pause = FIRST_PAUSE_MS;
    void this.next();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.sending = true; // nothing starts any more
  }

  /** Resolve to true once nothing waits, to false after `limitMs`. */
  flush(limitMs: number): Promise<boolean> {
    if (!this.queue.size) return Promise.resolve(true);
    this.hurry();
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), limitMs);
      this.listeners.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  private async next(): Promise<void> {
    const [first] = this.queue;
    if (this.sending || this.timer !== undefined || !first) return;
    const [id, blob] = first;
    this.sending = true;
    this.share = 0;
    const answer = await this.send(blob, (share) => {
      this.share = share;
      this.events.changed();
    }).catch(() => null);
    this.sending = false;
    const refusal = answer && answer.status < 500 && answer.status !== 429 ? answer.error : undefined;
    if (refusal !== undefined || (answer && answer.status < 300)) this.settle(id, refusal);
    else this.wait();
    this.events.changed();
    void this.next();
  }

  private wait(): void {
    this.stuck = true;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.next();
    }, this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  private settle(id: string, refusal: string | undefined): void {
    this.stuck = false;
    this.pause = FIRST_PAUSE_MS;
    this.queue.delete(id);
    void this.waiting.drop(id);
    if (refusal === undefined) this.events.done(id);
    else this.events.refused(id, refusal);
    if (!this.queue.size) for (const tell of this.listeners.splice(0)) tell();
  }
}
