/** A board to look at: Excalidraw without its tools, showing the elements it is given. */
import { CaptureUpdateAction, Excalidraw } from "@excalidraw/excalidraw";
import type { FileId } from "@excalidraw/excalidraw/element/types";
import type { AppState, BinaryFileData, DataURL, ExcalidrawImperativeAPI, NormalizedZoomValue } from "@excalidraw/excalidraw/types";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Bringer, type Shelf } from "../images/bringer";
import { icon } from "../panels/icon";
import type { SceneElement } from "../sync/element";
import { useTheme } from "../theme";
import { fontsFor, restorer } from "./canvas";

interface Props {
  /** What is shown; another array is another scene, the same object the same element. */
  elements: readonly SceneElement[];
  /** What is brought into view whenever this becomes another array. */
  focus: readonly SceneElement[];
  label: string;
  /** Where its pictures are; without it they are empty boxes. */
  pictures?: Shelf;
  children?: ReactNode;
}

const LARGEST_FIT = 1;
const ZOOM_STEP = 1.25;
const OPTIONS = { canvasActions: { toggleTheme: false, export: false, saveToActiveFile: false } } as const;
const ZoomIn = icon("M5 12h14M12 5v14");
const ZoomOut = icon("M5 12h14");
const Fit = icon("M8 3H5a2 2 0 0 0-2 2v3", "M21 8V5a2 2 0 0 0-2-2h-3", "M3 16v3a2 2 0 0 0 2 2h3", "M16 21h3a2 2 0 0 0 2-2v-3");

export function Stage({ elements, focus, label, pictures, children }: Props) {
  const [api, setApi] = useState<ExcalidrawImperativeAPI | null>(null);
  const [loaded, setLoaded] = useState(false);
  /** The fonts of these elements are here. */
  const [written, setWritten] = useState<readonly SceneElement[] | null>(null);
  const restored = useMemo(restorer, []);
  const [bringer, setBringer] = useState<Bringer | null>(null);
  const theme = useTheme();
  const fitted = useRef<readonly SceneElement[] | null>(null);
  const frame = useRef<HTMLDivElement>(null);

  const fit = useCallback(() => {
    if (!api || !focus.length) return;
    api.scrollToContent(restored(focus), { fitToViewport: true, viewportZoomFactor: 0.86, maxZoom: LARGEST_FIT, animate: false });
  }, [api, focus, restored]);

  useEffect(() => {
    if (!api || !pictures) return;
    const made = new Bringer(pictures, (id, dataUrl, type) => {
      const mimeType = type as BinaryFileData["mimeType"];
      api.addFiles([{ id: id as FileId, dataURL: dataUrl as DataURL, mimeType, created: Date.now() }]);
    });
    setBringer(made);
    return () => made.stop();
  }, [api, pictures]);

  useEffect(() => {
    let wanted = true;
    void fontsFor(focus).then(() => wanted && setWritten(focus));
    return () => {
      wanted = false;
    };
  }, [focus]);
  const ready = loaded && written === focus;

  useEffect(() => {
    if (!api || !ready) return;
    api.updateScene({
      elements: restored(elements) as Parameters<typeof api.updateScene>[0]["elements"],
      captureUpdate: CaptureUpdateAction.NEVER,
    });
    bringer?.look(elements);
  }, [api, ready, elements, restored, bringer]);

  useEffect(() => {
    if (!ready || fitted.current === focus) return;
    fitted.current = focus;
    fit();
  }, [ready, fit, focus]);

  // The room it has changes: notes come beside it, a phone is turned. The editor learns of that first.
  useEffect(() => {
    const place = frame.current;
    if (!place || !ready) return;
    let size = "";
    let turn = 0;
    const watcher = new ResizeObserver(() => {
      const now = `${place.clientWidth} ${place.clientHeight}`;
      if (size && size !== now) turn = requestAnimationFrame(() => (turn = requestAnimationFrame(fit)));
      size = now;
    });
    watcher.observe(place);
    return () => {
      watcher.disconnect();
      cancelAnimationFrame(turn);
    };
  }, [ready, fit]);

  const zoom = (by: number) => {
    if (!api) return;
    const { zoom: now, width, height, scrollX, scrollY } = api.getAppState();
    const value = Math.min(5, Math.max(0.1, now.value * by)) as NormalizedZoomValue;
    const shift = 1 / value - 1 / now.value; // the middle of the view stays in the middle
    api.updateScene({
      appState: { zoom: { value }, scrollX: scrollX + (width / 2) * shift, scrollY: scrollY + (height / 2) * shift },
    });
  };

  return (
    <div className="stage" ref={frame} role="group" aria-label={label} onKeyDownCapture={(event) => own(event, zoom, fit)}>
      <Excalidraw
        excalidrawAPI={setApi}
        onChange={(_: unknown, state: AppState) => state.isLoading || loaded || setLoaded(true)}
        theme={theme}
        langCode="en"
        name="board"
        viewModeEnabled
        validateEmbeddable={false}
        aiEnabled={false}
        handleKeyboardGlobally={false}
        autoFocus={false}
        UIOptions={OPTIONS}
      />
      <div className="stage__zoom" role="group" aria-label="Zoom">
        <button type="button" className="board-button" aria-label="Zoom out" onClick={() => zoom(1 / ZOOM_STEP)}>
          <ZoomOut />
        </button>
        <button type="button" className="board-button" aria-label="Zoom in" onClick={() => zoom(ZOOM_STEP)}>
          <ZoomIn />
        </button>
        <button type="button" className="board-button" aria-label="Show all" onClick={fit}>
          <Fit />
        </button>
      </div>
      {children}
    </div>
  );
}

/** Keep the editor's own keys from it: they open dialogs behind this one, or change what is only looked at. */
function own(event: KeyboardEvent, zoom: (by: number) => void, fit: () => void): void {
  if (!(event.target as Element).closest(".excalidraw")) return;
  if (event.key === "Tab" || event.key === "Escape") return;
  if (event.key === "+" || event.key === "=") zoom(ZOOM_STEP);
  else if (event.key === "-") zoom(1 / ZOOM_STEP);
  else if (event.key === "0" || event.code === "Digit1") fit();
  else if (event.key !== " ") return event.stopPropagation();
  else return;
  event.stopPropagation();
  event.preventDefault();
}
