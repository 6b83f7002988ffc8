/** Reads the page's configuration, connects, and shows the board once its code has arrived. */
import "@excalidraw/excalidraw/index.css";
import "./board.css";
import { createRoot } from "react-dom/client";
import { readConfig } from "./config";
import { announceEnd, announceStatus, answerFlush, collectBeforeLeaving } from "./page";
import { Session } from "./sync/session";

declare global {
  interface Window {
    /** Where Excalidraw looks for its fonts. */
    EXCALIDRAW_ASSET_PATH?: string | string[];
  }
}

const RELOADED = "mockboard:reloaded-at";
const RELOAD_PAUSE_MS = 5_000;

const config = readConfig(document);
const place = document.getElementById("board");

if (config && place) {
  const subscribers = new Set<() => void>();
  const listeners = new Set<() => void>();
  const session = new Session(config, document, {
    changed() {
      announceStatus(session);
      for (const tell of subscribers) tell();
    },
    presenceChanged() {
      announceStatus(session);
      for (const tell of listeners) tell();
    },
    ended: (code) => announceEnd({ code }),
    reload() {
      // The new page brings the new epoch. Should it not, do not spin.
      const since = Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0);
      sessionStorage.setItem(RELOADED, String(Date.now()));
      setTimeout(() => location.reload(), since < RELOAD_PAUSE_MS ? RELOAD_PAUSE_MS : 0);
    },
  });
  answerFlush(session);
  collectBeforeLeaving(session);
  const subscribe = (set: Set<() => void>) => (tell: () => void) => {
    set.add(tell);
    return () => set.delete(tell);
  };
  // The connection is made while the editor, which is the larger part, is still on its way.
  window.EXCALIDRAW_ASSET_PATH ??= config.assetPath; // for a page without asset-path.js
  void session.start();
  const root = createRoot(place);
  import("./Board").then(
    ({ Board }) =>
      root.render(
        <Board
          config={config}
          session={session}
          onChanged={subscribe(subscribers)}
          onPresence={subscribe(listeners)}
        />,
      ),
    (error) => {
      console.error(error);
      root.render(
        <p className="board-message" role="alert">
          The board could not be loaded. Your notes work, and nothing is lost. Reload the page to try again.
        </p>,
      );
    },
  );
}
