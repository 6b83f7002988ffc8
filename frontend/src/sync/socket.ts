/** A WebSocket that comes back by itself, unless the server says that coming back is no use. */

/** The board's own close codes (docs/board.md). */
export const Close = {
  forbidden: 4403,
  gone: 4404,
  otherEpoch: 4409,
  badUpdate: 4422,
  tooFast: 4429,
} as const;

/** A restart takes a few seconds: so long the page asks about twice a second, then less and less often. */
const EAGER_MS = 10_000;
const LONGEST_DELAY_MS = 8_000;
const TOO_FAST_DELAY_MS = 10_000;
const STABLE_AFTER_MS = 5_000;
/** A connection that is not made within this time will not be. */
const CONNECT_LIMIT_MS = 8_000;

/**
 * Return how many milliseconds to wait before connecting again, or null to stay away.
 *
 * `downMs` is how long there has been no connection that lasted; `chance` is a random number in 0..1, so
 * that a room full of people does not come back in the same instant.
 */
export function retryDelay(code: number, downMs: number, chance: number): number | null {
  if (code === Close.forbidden || code === Close.gone || code === Close.otherEpoch) return null;
  if (code === Close.tooFast) return TOO_FAST_DELAY_MS + chance * 2_000;
  if (downMs < EAGER_MS) return 100 + chance * 800;
  const ceiling = Math.min(LONGEST_DELAY_MS, 1_000 * 2 ** Math.min(10, Math.floor(downMs / EAGER_MS)));
  return ceiling * (0.5 + chance / 2);
}

export interface SocketEvents {
  opened(): void;
  received(frame: Uint8Array): void;
  /** `final` when no further attempt will be made. */
  closed(code: number, final: boolean): void;
}

export class Socket {
  private ws: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private limit: ReturnType<typeof setTimeout> | undefined;
  private downSince: number | null = null;
  private openedAt = 0;
  private stopped = true;

  constructor(
    private readonly url: () => string,
    private readonly events: SocketEvents,
  ) {}

  get isOpen(): boolean {
    return this.ws?.readyState === WebSocket.OPEN;
  }

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.limit);
    const ws = this.ws;
    this.ws = null;
    ws?.close(1000);
  }

  /** Drop this connection and make another; for when it is open but nobody answers. */
  renew(code = 4000): void {
    const ws = this.ws;
    if (!ws) return;
    ws.close(code);
    this.lost(ws, code);
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.isOpen) this.ws?.send(frame);
  }

  /** Connect at once if there is no connection: something suggests that it will work now. */
  hurry(): void {
    if (this.stopped || this.isOpen) return;
    clearTimeout(this.timer);
    const ws = this.ws;
    this.ws = null;
    ws?.close(); // one that was begun when it could not work
    this.downSince = null;
    this.connect();
  }

  private connect(): void {
    const ws = new WebSocket(this.url());
    ws.binaryType = "arraybuffer";
    this.ws = ws;
    clearTimeout(this.limit);
    this.limit = setTimeout(() => this.renew(), CONNECT_LIMIT_MS);
    ws.onopen = () => {
      if (this.ws !== ws) return;
      clearTimeout(this.limit);
      this.openedAt = Date.now();
      this.events.opened();
    };
    ws.onmessage = ({ data }) => {
      if (this.ws === ws && data instanceof ArrayBuffer) this.events.received(new Uint8Array(data));
    };
    ws.onerror = () => undefined; // what it means is told by the close that follows
    ws.onclose = ({ code }) => this.lost(ws, code);
  }

  private lost(ws: WebSocket, code: number): void {
    if (this.ws !== ws) return; // already replaced or stopped
    this.ws = null;
    clearTimeout(this.limit);
    const now = Date.now();
    if (this.openedAt && now - this.openedAt > STABLE_AFTER_MS) this.downSince = null;
    this.downSince ??= now;
    this.openedAt = 0;
    const delay = retryDelay(code, now - this.downSince, Math.random());
    if (delay === null) this.stopped = true;
    else this.timer = setTimeout(() => this.connect(), delay);
    this.events.closed(code, delay === null);
  }
}
