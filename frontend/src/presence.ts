/** Where people are on the board: ours as it is told, the others' as the editor shows it. */
import type { AppState, Collaborator, SocketId } from "@excalidraw/excalidraw/types";
import type { Presence, Session } from "./sync/session";

const FAR = 1e7;

/** Return the other people, with their cursors and selections, in the editor's words. */
export function collaborators(session: Pick<Session, "presence">): Map<SocketId, Collaborator> {
  const all = new Map<SocketId, Collaborator>();
  for (const [client, { user, pointer, button, selectedElementIds }] of session.presence) {
    const background = lightened(user?.color ?? "");
    const socketId = socketOf(client);
    all.set(socketId, {
      id: user?.id,
      socketId,
      username: user?.name,
      color: { background, stroke: isColor(user?.color) ? user?.color : background }, // stroke: the trail of a laser
      pointer: isPointer(pointer) ? onlyPointer(pointer) : undefined,
      button: button === "down" ? "down" : "up",
      selectedElementIds: isRecord(selectedElementIds) ? selectedElementIds : undefined,
    } as Collaborator);
  }
  return all;
}

/** Return the editor's name of a connection. */
export const socketOf = (client: number): SocketId => String(client) as SocketId;

/** Return what is selected, as far as presence, which the server keeps short, has room for it. */
export function selection(state: AppState): Record<string, true> {
  const ids = Object.keys(state.selectedElementIds).slice(0, 100);
  return Object.fromEntries(ids.map((id) => [id, true as const]));
}

// What others show of themselves comes from their browsers: the server checks its size and says who they are, no more.
function isPointer(pointer: Presence["pointer"]): pointer is NonNullable<Presence["pointer"]> {
  return isRecord(pointer) && isPlace(pointer.x) && isPlace(pointer.y);
}

const onlyPointer = ({ x, y, tool }: NonNullable<Presence["pointer"]>) => ({
  x,
  y,
  tool: tool === "laser" ? ("laser" as const) : ("pointer" as const),
});

/** Return the view that somebody shows, or null when they show none or nonsense. */
export function viewOf(presence: Presence | undefined): readonly [number, number, number, number] | null {
  const view = presence?.viewport;
  if (!Array.isArray(view) || view.length !== 4 || !view.every(isPlace)) return null;
  const [left, top, right, bottom] = view as [number, number, number, number];
  return right - left >= 1 && bottom - top >= 1 ? [left, top, right, bottom] : null;
}

const isPlace = (value: unknown) => typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= FAR;
const isColor = (value: unknown): value is string => typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
const isRecord = (value: unknown): value is Record<string, never> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Return a colour light enough for the dark name that the editor writes on it. */
function lightened(color: string): string {
  const parts = /^#(..)(..)(..)$/.exec(color)?.slice(1).map((part) => Number.parseInt(part, 16));
  if (!parts) return "#c9c5bb";
  return `rgb(${parts.map((part) => Math.round(part + (255 - part) * 0.55)).join(" ")})`;
}
