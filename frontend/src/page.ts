/** What the island says to the page around it, and what the page may ask: DOM events on `document`. */
import type { Peer, Session, Status } from "./sync/session";

const CALM_MS = 400;
const FLUSH_LIMIT_MS = 8_000;

export interface StatusDetail {
  state: Status;
  savedAt: number | null;
  peers: Peer[];
  /** Whether something that waits is in this tab only: the browser stores nothing for us. */
  onlyHere: boolean;
}

export interface GraphDetail {
  parts: number;
  arrows: number;
}

/** Return a function that announces a detail under `name`, if it is another one than last time. */
function announcer<T>(name: string): (detail: T) => void {
  let last = "";
  return (detail) => {
    const now = JSON.stringify(detail);
    if (now === last) return;
    last = now;
    document.dispatchEvent(new CustomEvent<T>(name, { detail }));
  };
}

const tellStatus = announcer<StatusDetail>("board:status");
let calm: ReturnType<typeof setTimeout> | undefined;
let shown: Status | null = null;

/**
 * `board:status`: whether everything is stored, and who else is here.
 *
 * While somebody draws, each stroke is saved within milliseconds; "saved" is said only once it has held
 * for a moment, so that the line does not flicker. It is never said too early.
 */
export function announceStatus(session: Session): void {
  clearTimeout(calm);
  const { status } = session;
  if (status === "saved" && shown === "saving") {
    calm = setTimeout(() => {
      shown = session.status;
      tellStatus(detailOf(session));
    }, CALM_MS);
    return;
  }
  shown = status;
  tellStatus(detailOf(session));
}

const detailOf = ({ status, savedAt, peers, onlyHere }: Session): StatusDetail => ({ state: status, savedAt, peers, onlyHere });

/** `board:graph`: how many parts and arrows the drawing has. */
export const announceGraph = announcer<GraphDetail>("board:graph");

/** `board:ended`: the server will not have us back (4403 may not, 4404 no such board). */
export const announceEnd = announcer<{ code: number }>("board:ended");

/** Answer `board:flush` with whether everything drawn is stored, within eight seconds. */
export function answerFlush(session: Session): void {
  document.addEventListener("board:flush", (event) => {
    const { resolve } = (event as CustomEvent<{ resolve: (saved: boolean) => void }>).detail;
    void session.flush(FLUSH_LIMIT_MS).then(resolve);
  });
}

/** Hand over what is drawn before the tab may go away: it then waits in the outbox for the next visit. */
export function collectBeforeLeaving(session: Session): void {
  addEventListener("pagehide", () => session.collect());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") session.collect();
  });
  addEventListener("beforeunload", (event) => {
    session.collect();
    if (session.onlyHere) event.preventDefault(); // leaving would lose it: let the browser ask
  });
}
