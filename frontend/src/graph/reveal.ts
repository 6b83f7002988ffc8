/** Brings something into the part of the canvas that no panel covers. */
import { CaptureUpdateAction, getCommonBounds, viewportCoordsToSceneCoords } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { Point } from "../mermaid/geometry";

const MARGIN = 24;
const EDITOR_TOP = 64;
const EDITOR_BOTTOM = 64;
const EDITOR_PANEL_WIDTH = 204;
/** Below this our panel takes the place of the editor's own (panels.css). */
const NARROW = 960;

/** Return how much of the canvas is covered at each side, in pixels. */
function covered({ width, height, offsetLeft, offsetTop }: AppState) {
  const cover = { left: width < NARROW ? 0 : EDITOR_PANEL_WIDTH, right: 0, top: EDITOR_TOP, bottom: EDITOR_BOTTOM };
  const panel = document.querySelector(".board-panel, .palette")?.getBoundingClientRect();
  if (!panel) return cover;
  const isSheet = panel.left - offsetLeft < width * 0.15;
  if (isSheet) cover.bottom = Math.max(cover.bottom, offsetTop + height - panel.top);
  else cover.right = offsetLeft + width - panel.left;
  return cover;
}

/** Return the middle of what is in sight, on the board. */
export function middleInSight(api: ExcalidrawImperativeAPI): Point {
  const state = api.getAppState();
  const { left, right, top, bottom } = covered(state);
  const { x, y } = viewportCoordsToSceneCoords(
    {
      clientX: state.offsetLeft + (left + state.width - right) / 2,
      clientY: state.offsetTop + (top + state.height - bottom) / 2,
    },
    state,
  );
  return [x, y];
}

/** Scroll as little as needed to see these elements; what is in sight already stays where it is. */
export function reveal(api: ExcalidrawImperativeAPI, ids: readonly string[]): void {
  const elements = api.getSceneElements().filter(({ id }) => ids.includes(id));
  if (!elements.length) return;
  const state = api.getAppState();
  const zoom = state.zoom.value;
  const [x1, y1, x2, y2] = getCommonBounds(elements);
  const { left, right, top, bottom } = covered(state);
  const shift = (start: number, end: number, from: number, to: number) =>
    start < from || end - start > to - from ? from - start : Math.min(0, to - end);
  const x = shift((x1 + state.scrollX) * zoom, (x2 + state.scrollX) * zoom, left + MARGIN, state.width - right - MARGIN);
  const y = shift((y1 + state.scrollY) * zoom, (y2 + state.scrollY) * zoom, top + MARGIN, state.height - bottom - MARGIN);
  if (!x && !y) return;
  api.updateScene({
    appState: { scrollX: state.scrollX + x / zoom, scrollY: state.scrollY + y / zoom },
    captureUpdate: CaptureUpdateAction.NEVER,
  });
}
