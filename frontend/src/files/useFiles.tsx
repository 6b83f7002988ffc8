/** Opening files on the board: by the menu, by Ctrl O, dropped, or pasted as Mermaid text. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Session } from "../sync/session";
import { flowchartIn, isFlowchart } from "./flowchart";
import type { Opened } from "./open";
import { OpenDialog } from "./OpenDialog";
import type { Way } from "./put";

export interface Files {
  /** Let the person choose a file. */
  open(): void;
  /** Take a pasted text if it is a Mermaid flowchart; false leaves it to the editor. */
  paste(text: string | undefined): boolean;
  dialog: ReactNode;
}

const ACCEPTED = ".excalidraw,.json,.png,.svg,.mmd,.mermaid,.md,.txt";
const SAYING_MS = 10_000;
const OUT_OF_REACH = "The file could not be opened, because a part of this page did not load. Nothing was changed. Try again.";

export function useFiles(api: ExcalidrawImperativeAPI | null, session: Session, place: RefObject<HTMLElement>): Files {
  const [question, setQuestion] = useState<Opened | null>(null);
  const { writable } = session;

  const say = useCallback(
    (message: string) => api?.setToast({ message, closable: true, duration: SAYING_MS }),
    [api],
  );

  /** Do something with files; whatever goes wrong is told, and changes nothing. */
  const attempt = useCallback(
    async (act: () => Promise<string | undefined>) => {
      try {
        const said = await act();
        if (said) say(said);
      } catch (error) {
        const isTold = error instanceof Error && error.name === "FileProblem";
        if (!isTold) console.error(error);
        say(isTold ? error.message : OUT_OF_REACH);
      }
    },
    [say],
  );

  const put = useCallback(
    (opened: Opened, way: Way) => attempt(async () => (api ? (await import("./put")).put(api, opened, way) : undefined)),
    [api, attempt],
  );

  const offer = useCallback(
    (file: File) =>
      attempt(async () => {
        if (!api) return undefined;
        const opened = await (await import("./open")).open(file);
        if (api.getSceneElements().length) setQuestion(opened);
        else await put(opened, "replace");
        return undefined;
      }),
    [api, attempt, put],
  );

  const open = useCallback(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ACCEPTED;
    input.onchange = () => input.files?.[0] && void offer(input.files[0]);
    input.click();
  }, [offer]);

  const paste = useCallback(
    (text: string | undefined) => {
      if (!api || !text || !isFlowchart(text)) return false;
      void attempt(async () => (await import("./put")).putText(api, flowchartIn(text)));
      return true;
    },
    [api, attempt],
  );

  const passing = useRef(false);
  useEffect(() => {
    const canvas = place.current;
    if (!canvas || !api) return;
    const dropped = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      if (passing.current || !file || isOthers(file)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!writable) return say("You watch this board: nothing can be opened on it.");
      void passOnPictures(file).then((isPicture) => (isPicture ? letDrop(event, file) : void offer(file)));
    };
    const letDrop = ({ target, clientX, clientY }: DragEvent, file: File) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(file);
      passing.current = true;
      target?.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, clientX, clientY, dataTransfer }));
      passing.current = false;
    };
    const pressed = (event: KeyboardEvent) => {
      const isOpen = event.key.toLowerCase() === "o" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      if (!isOpen || !(event.target as Element | null)?.closest?.(".excalidraw")) return;
      event.preventDefault();
      event.stopPropagation();
      if (writable) open();
    };
    canvas.addEventListener("drop", dropped, true);
    canvas.addEventListener("keydown", pressed, true);
    return () => {
      canvas.removeEventListener("drop", dropped, true);
      canvas.removeEventListener("keydown", pressed, true);
    };
  }, [api, offer, open, place, say, writable]);

  const dialog = question && (
    <OpenDialog
      opened={question}
      items={api?.getSceneElements().filter(({ type, ...one }) => type !== "text" || !("containerId" in one && one.containerId)).length ?? 0}
      onChoice={(way) => {
        setQuestion(null);
        if (way) void put(question, way);
      }}
    />
  );
  return useMemo(() => ({ open, paste, dialog }), [open, paste, dialog]);
}

/** Whether the editor takes a dropped file itself: pictures that cannot hold a drawing, and libraries. */
const isOthers = ({ name, type }: File) =>
  /\.excalidrawlib$/i.test(name) || (type.startsWith("image/") && type !== "image/png" && type !== "image/svg+xml");

async function passOnPictures(file: File): Promise<boolean> {
  if (!file.type.startsWith("image/")) return false;
  try {
    return !(await (await import("./open")).holdsDrawing(file));
  } catch {
    return true;
  }
}
