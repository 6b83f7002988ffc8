/** Where people are on the board: ours as it is told, the others' as the editor shows it. */
import type { AppState, Collaborator, SocketId } from "@excalidraw/excalidraw/types";
import type { Session } from "./sync/session";

/** Return the other people, with their cursors and selections, in the editor's words. */
export function collaborators(session: Session): Map<SocketId, Collaborator> {
  const all = new Map<SocketId, Collaborator>();
  for (const [client, { user, pointer, button, selectedElementIds }] of session.presence) {
    const color = lightened(user?.color ?? "");
    all.set(String(client) as SocketId, {
      id: user?.id,
      socketId: String(client) as SocketId,
      username: user?.name,
      color: { background: color, stroke: color },
      pointer: pointer ?? undefined,
      button,
      selectedElementIds,
    });
  }
  return all;
}

/** Return what is selected, as far as presence, which the server keeps short, has room for it. */
export function selection(state: AppState): Record<string, true> {
  const ids = Object.keys(state.selectedElementIds).slice(0, 100);
  return Object.fromEntries(ids.map((id) => [id, true as const]));
}

/** Return a colour light enough for the dark name that the editor writes on it. */
function lightened(color: string): string {
  const parts = /^#(..)(..)(..)$/.exec(color)?.slice(1).map((part) => Number.parseInt(part, 16));
  if (!parts) return "#c9c5bb";
  return `rgb(${parts.map((part) => Math.round(part + (255 - part) * 0.55)).join(" ")})`;
}
