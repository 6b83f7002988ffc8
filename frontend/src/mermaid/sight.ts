/** Brings what a text has put on the board into sight, and makes it smaller if it is too large for that. */
import { CaptureUpdateAction, getCommonBounds } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { middleInSight, reveal } from "../graph/reveal";

const MARGIN = 48;
const SMALLEST = 0.2;

/** Show these elements in the part of the canvas that no panel covers. */
export function bringIntoSight(api: ExcalidrawImperativeAPI, ids: readonly string[]): void {
  const elements = api.getSceneElements().filter(({ id }) => ids.includes(id));
  if (!elements.length) return;
  const state = api.getAppState();
  const [x1, y1, x2, y2] = getCommonBounds(elements);
  const [cx, cy] = middleInSight(api);
  const zoom = state.zoom.value;
  // The middle of what is in sight lies off the canvas's own by half of what is covered.
  const room = (size: number, scroll: number, middle: number) => size - 2 * Math.abs((middle + scroll) * zoom - size / 2) - 2 * MARGIN;
  const [width, height] = [room(state.width, state.scrollX, cx), room(state.height, state.scrollY, cy)];
  const fits = Math.min(width / (x2 - x1), height / (y2 - y1));
  if (fits >= zoom) return reveal(api, ids);
  const next = Math.max(SMALLEST, fits);
  const scroll = (middle: number, was: number, from: number, to: number) => ((middle + was) * zoom) / next - (from + to) / 2;
  api.updateScene({
    appState: {
      zoom: { value: next as typeof state.zoom.value },
      scrollX: scroll(cx, state.scrollX, x1, x2),
      scrollY: scroll(cy, state.scrollY, y1, y2),
    },
    captureUpdate: CaptureUpdateAction.NEVER,
  });
}
