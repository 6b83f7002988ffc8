/** Joins the pictures of a board to the editor and to the page. */
import { CaptureUpdateAction, newElementWith } from "@excalidraw/excalidraw";
import type { ExcalidrawImageElement, FileId } from "@excalidraw/excalidraw/element/types";
import type { BinaryFileData, DataURL, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { useEffect, useState } from "react";
import type { Config } from "../config";
import { inHandOf } from "../editor";
import type { Session } from "../sync/session";
import { type Canvas, Pictures } from "./pictures";
import { sender } from "./server";
import { openWaiting } from "./waiting";

const SAY_MS = 10_000;

function canvasOf(api: ExcalidrawImperativeAPI): Canvas {
  const say = (sentence: string) => api.setToast({ message: sentence, closable: true, duration: SAY_MS });
  return {
    say,
    sayInstead(sentence) {
      // The editor's own way is a dialog called "Error" that Escape does not close.
      setTimeout(() => {
        api.updateScene({ appState: { errorMessage: null } });
        say(sentence);
      });
    },
    elements: () => api.getSceneElementsIncludingDeleted() as ReturnType<Canvas["elements"]>,
    data: (fileId) => api.getFiles()[fileId]?.dataURL,
    keep(fileId, dataUrl, type) {
      const mimeType = type as BinaryFileData["mimeType"];
      api.addFiles([{ id: fileId as FileId, dataURL: dataUrl as DataURL, mimeType, created: Date.now() }]);
    },
    change(elements, to) {
      const changed = new Set(elements.map(({ id }) => id));
      const all = api.getSceneElementsIncludingDeleted().map((element) =>
        changed.has(element.id) ? newElementWith(element as ExcalidrawImageElement, to as Partial<ExcalidrawImageElement>) : element,
      );
      api.updateScene({ elements: all, captureUpdate: CaptureUpdateAction.NEVER });
      if (to.isDeleted && changed.has(api.getAppState().pendingImageElementId ?? "")) {
        api.updateScene({ appState: { pendingImageElementId: null } }); // it hung on the pointer
        api.setActiveTool({ type: "selection" });
      }
    },
    inHand() {
      const { pendingImageElementId } = api.getAppState();
      const held = inHandOf(api);
      return pendingImageElementId ? new Set([...held, pendingImageElementId]) : held;
    },
  };
}

/** Return the pictures of the board once the editor is there, null where the page has no place for them. */
export function usePictures(
  api: ExcalidrawImperativeAPI | null,
  session: Session,
  config: Config | null,
): Pictures | null {
  const [pictures, setPictures] = useState<Pictures | null>(null);
  const [, redraw] = useState(0);
  const path = config?.paths?.images;
  useEffect(() => {
    if (!api || !config || !path) return;
    const made = new Pictures({
      canvas: canvasOf(api),
      path,
      send: sender(path),
      waiting: openWaiting(config.boardId, config.user.id),
      writable: () => session.writable,
      changed() {
        redraw((count) => count + 1);
        session.sendingChanged();
      },
    });
    const hurry = () => made.uploads.hurry();
    addEventListener("online", hurry);
    session.alsoSends = made.uploads;
    setPictures(made);
    void made.start();
    return () => {
      removeEventListener("online", hurry);
      made.stop();
      session.alsoSends = null;
      setPictures(null);
    };
  }, [api, config, path, session]);
  return pictures;
}
