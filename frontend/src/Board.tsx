/** The board: Excalidraw with our menu and palette, joined to a session. */
import { Excalidraw } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Boundary } from "./Boundary";
import { CopyNotice } from "./CopyNotice";
import { editorOf } from "./editor";
import { Menu } from "./Menu";
import { Palette } from "./Palette";
import { announceGraph } from "./page";
import { carry, insert } from "./palette/insert";
import { collaborators, selection } from "./presence";
import type { SceneElement } from "./sync/element";
import { isSendable } from "./sync/guard";
import type { Session } from "./sync/session";
import { useTheme } from "./theme";

interface Props {
  session: Session;
  onChanged(tell: () => void): () => void;
  onPresence(tell: () => void): () => void;
}

const UI_OPTIONS = {
  canvasActions: { toggleTheme: false, export: false, saveToActiveFile: false },
  tools: { image: false },
} as const;
const PartsIcon = (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <rect width="8" height="8" x="3" y="3" rx="2" />
    <path d="M7 11v4a2 2 0 0 0 2 2h4" />
    <rect width="8" height="8" x="13" y="13" rx="2" />
  </svg>
);

export function Board({ session, onChanged, onPresence }: Props) {
  const [api, setApi] = useState<ExcalidrawImperativeAPI | null>(null);
  const [open, setOpen] = useState(false);
  const [, redraw] = useState(0);
  const button = useRef<HTMLButtonElement>(null);
  const attached = useRef(false);
  const theme = useTheme();

  useEffect(() => onChanged(() => redraw((count) => count + 1)), [onChanged]);
  useEffect(() => {
    if (api) return onPresence(() => api.updateScene({ collaborators: collaborators(session) }));
  }, [api, onPresence, session]);

  const leave = useCallback(() => {
    attached.current = false;
    session.detach();
  }, [session]);
  useLayoutEffect(() => leave, [leave]);

  const changed = useCallback(
    (elements: readonly { type: string; isDeleted: boolean }[], state: AppState) => {
      if (!api || state.isLoading) return;
      if (!attached.current) {
        // Not before the editor has loaded: until then it would throw away what it is shown.
        attached.current = true;
        session.attach(editorOf(
          api,
          () => attached.current,
          () => session.justLoaded,
        ));
      }
      session.sceneChanged();
      session.tell("selectedElementIds", selection(state));
      announceGraph(counts(elements));
      if (state.openDialog?.name === "help") requestAnimationFrame(focusHelp);
    },
    [api, session],
  );

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  return (
    <div className="board-island">
      <Boundary onCrash={leave}>
        <Excalidraw
          excalidrawAPI={setApi}
          onChange={changed}
          onPointerUpdate={({ pointer, button: pressed }) => {
            session.tell("pointer", pointer);
            session.tell("button", pressed);
          }}
          onPaste={(data) => {
            data.elements = data.elements?.filter((element) => isSendable(element as unknown as SceneElement));
            return true;
          }}
          theme={theme}
          langCode="en"
          name="board"
          viewModeEnabled={!session.writable}
          validateEmbeddable={false}
          aiEnabled={false}
          handleKeyboardGlobally={false}
          autoFocus={false}
          UIOptions={UI_OPTIONS}
          renderTopRightUI={() =>
            session.writable ? (
              <button
                ref={button}
                type="button"
                className="palette-button"
                aria-expanded={open}
                onClick={() => setOpen(!open)}
              >
                {PartsIcon}
                <span>ML parts</span>
              </button>
            ) : null
          }
        >
          <Menu api={api} />
        </Excalidraw>
      </Boundary>
      {open && api && session.writable && (
        <Palette onInsert={(part) => void insert(api, part)} onDrag={carry} onClose={close} />
      )}
      {session.copy && <CopyNotice copy={session.copy} onDismiss={() => void session.dismissCopy()} />}
    </div>
  );
}

/** The help dialog focuses its first link, which leads to another site and is hidden; without focus, no Escape. */
function focusHelp(): void {
  const dialog = document.querySelector(".HelpDialog");
  if (dialog?.contains(document.activeElement) === false) {
    dialog.querySelector<HTMLElement>(".Modal__content")?.focus();
  }
}

function counts(elements: readonly { type: string; isDeleted: boolean }[]): { parts: number; arrows: number } {
  let parts = 0;
  let arrows = 0;
  for (const { type, isDeleted } of elements) {
    if (isDeleted) continue;
    if (type === "rectangle" || type === "ellipse" || type === "diamond") parts += 1;
    else if (type === "arrow") arrows += 1;
  }
  return { parts, arrows };
}
