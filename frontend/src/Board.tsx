/** The board: Excalidraw with our menu and palette, joined to a session. */
import { Excalidraw } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Boundary } from "./Boundary";
import { CopyNotice } from "./CopyNotice";
import type { Config } from "./config";
import { editorOf } from "./editor";
import { fileName } from "./files/formats";
import { useFiles } from "./files/useFiles";
import { PictureNotice } from "./images/PictureNotice";
import { usePictures } from "./images/usePictures";
import { Menu } from "./Menu";
import { Palette } from "./Palette";
import { announceGraph } from "./page";
import { carry, insert } from "./palette/insert";
import { PanelHost, useEarly } from "./panels/Panels";
import { PARTS, Row } from "./panels/Row";
import { panelsFor } from "./panels/registry";
import { CaptionLayer } from "./part/CaptionLayer";
import { People } from "./people/People";
import { collaborators, selection } from "./presence";
import type { SceneElement } from "./sync/element";
import { isDrawable } from "./sync/guard";
import type { Session } from "./sync/session";
import { useTheme } from "./theme";
import { ignoreStrayClicks, startWithHand } from "./touch";

interface Props {
  config: Config;
  session: Session;
  onChanged(tell: () => void): () => void;
  onPresence(tell: () => void): () => void;
}

const UI_OPTIONS = {
  canvasActions: { toggleTheme: false, export: false, saveToActiveFile: false, loadScene: false },
  tools: { image: true },
} as const;
const UI_WITHOUT_PICTURES = { ...UI_OPTIONS, tools: { image: false } };

export function Board({ config, session, onChanged, onPresence }: Props) {
  const [api, setApi] = useState<ExcalidrawImperativeAPI | null>(null);
  const [open, setOpen] = useState<string | null>(null);
  const [tool, setTool] = useState("selection");
  const [, redraw] = useState(0);
  const island = useRef<HTMLDivElement>(null);
  const attached = useRef(false);
  const theme = useTheme();
  const pictures = usePictures(api, session, config);
  const files = useFiles(api, session, island);

  useEffect(() => onChanged(() => redraw((count) => count + 1)), [onChanged]);
  useEffect(() => {
    if (api) return onPresence(() => api.updateScene({ collaborators: collaborators(session) }));
  }, [api, onPresence, session]);

  const leave = useCallback(() => {
    attached.current = false;
    session.detach();
  }, [session]);
  useLayoutEffect(() => leave, [leave]);
  useEffect(() => (island.current ? ignoreStrayClicks(island.current) : undefined), []);

  const changed = useCallback(
    (elements: readonly { type: string; isDeleted: boolean }[], state: AppState) => {
      if (!api || state.isLoading) return;
      if (!attached.current) {
        // Not before the editor has loaded: until then it would throw away what it is shown.
        attached.current = true;
        startWithHand(api);
        session.attach(editorOf(
          api,
          () => attached.current,
          () => session.justLoaded,
        ));
      }
      session.sceneChanged();
      pictures?.look();
      session.tell("selectedElementIds", selection(state));
      setTool(state.activeTool.type);
      announceGraph(counts(elements));
      if (state.openDialog?.name === "help") requestAnimationFrame(focusHelp);
    },
    [api, pictures, session],
  );

  const panels = panelsFor(config, session.writable);
  useEarly(panels);
  const panel = panels.find(({ id }) => id === open);
  const toggle = (id: string) => setOpen((was) => (was === id ? null : id));
  const close = () => {
    island.current?.querySelector<HTMLElement>(`.board-row [data-panel="${open}"]`)?.focus();
    setOpen(null);
  };

  return (
    <div className="board-island" ref={island}>
      <Row api={api} tool={tool} writable={session.writable} panels={panels} open={open} onToggle={toggle}>
        {api && <People api={api} session={session} onPresence={onPresence} />}
      </Row>
      <div className="board-canvas">
        <Boundary onCrash={leave}>
          <Excalidraw
            excalidrawAPI={setApi}
            onChange={changed}
            onPointerUpdate={({ pointer, button: pressed }) => {
              session.tell("pointer", pointer);
              session.tell("button", pressed);
            }}
            generateIdForFile={pictures?.add}
            onPaste={(data) => {
              if (files.paste(data.text)) return false;
              data.elements = data.elements?.filter((element) => isDrawable(element as unknown as SceneElement));
              return true;
            }}
            theme={theme}
            langCode="en"
            name={fileName(config.title, new Date())}
            viewModeEnabled={!session.writable}
            validateEmbeddable={false}
            aiEnabled={false}
            handleKeyboardGlobally={false}
            autoFocus={false}
            UIOptions={config.paths?.images ? UI_OPTIONS : UI_WITHOUT_PICTURES}
          >
            <Menu api={api} config={config} panels={panels} onPanel={setOpen} onOpen={session.writable ? files.open : null} />
            {api && <CaptionLayer api={api} />}
          </Excalidraw>
        </Boundary>
      </div>
      {open === PARTS && api && session.writable && (
        <Palette
          library={`${config.assetPath}ml-parts.excalidrawlib`}
          onInsert={(part) => void insert(api, part)}
          onDrag={carry}
          onClose={close}
        />
      )}
      {panel && api && <PanelHost panel={panel} api={api} session={session} config={config} close={close} />}
      {files.dialog}
      {pictures && <PictureNotice uploads={pictures.uploads} />}
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
