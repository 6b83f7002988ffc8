/** A WebSocket that comes back by itself, unless the server says that coming back is no use. */

/** The board's own close codes (docs/board.md). */
export const Close = {
  serverRestarts: 1012,
  forbidden: 4403,
  gone: 4404,
  otherEpoch: 4409,
  badUpdate: 4422,
  tooFast: 4429,
} as const;

const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 6_000;
const TOO_FAST_DELAY_MS = 10_000;
const STABLE_AFTER_MS = 5_000;

/**
 * Return how many milliseconds to wait before connecting again, or null to stay away.
 *
 * `attempt` counts failures in a row, from 0; `chance` is a random number in 0..1, so that a room
 * full of people does not come back in the same instant.
 */
export function retryDelay(code: number, attempt: number, chance: number): number | null {
  if (code === Close.forbidden || code === Close.gone || code === Close.otherEpoch) return null;
  if (code === Close.tooFast) return TOO_FAST_DELAY_MS + chance * 2_000;
  if (code === Close.serverRestarts && attempt < 5) return 100 + chance * 1_400;
  if (code === Close.badUpdate && attempt < 3) return 100 + chance * 400;
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
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
  private attempt = 0;
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
    globalThis.addEventListener?.("online", this.hurry);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    globalThis.removeEventListener?.("online", this.hurry);
    clearTimeout(this.timer);
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

  private readonly hurry = (): void => {
    if (this.stopped || this.ws) return;
    clearTimeout(this.timer);
    this.attempt = 0;
    this.connect();
  };

  private connect(): void {
    const ws = new WebSocket(this.url());
    ws.binaryType = "arraybuffer";
    this.ws = ws;
    ws.onopen = () => {
      this.openedAt = Date.now();
      this.events.opened();
    };
    ws.onmessage = ({ data }) => {
      if (this.ws === ws && data instanceof ArrayBuffer) this.events.received(new Uint8Array(data));
    };
    ws.onclose = ({ code }) => this.lost(ws, code);
  }

  private lost(ws: WebSocket, code: number): void {
    if (this.ws !== ws) return; // already replaced or stopped
    this.ws = null;
    if (this.openedAt && Date.now() - this.openedAt > STABLE_AFTER_MS) this.attempt = 0;
    this.openedAt = 0;
    const delay = retryDelay(code, this.attempt++, Math.random());
    if (delay === null) this.stopped = true;
    else this.timer = setTimeout(() => this.connect(), delay);
    this.events.closed(code, delay === null);
  }
}
