/** Brings what a text has put on the board into sight, and makes it smaller if it is too large for that. */
import { CaptureUpdateAction, getCommonBounds } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { middleInSight, reveal } from "../graph/reveal";

const MARGIN = 48;
const SMALLEST = 0.1; // of the editor itself

/** What was made smaller to fit beside a panel: how large it was before and is since, by the editor it belongs to. */
const lessened = new WeakMap<ExcalidrawImperativeAPI, { before: number; since: number; ids: readonly string[] }>();

/** Show these elements in the part of the canvas that no panel covers. */
export function bringIntoSight(api: ExcalidrawImperativeAPI, ids: readonly string[]): void {
  const zoom = api.getAppState().zoom.value;
  const last = lessened.get(api);
  const was = last?.since === zoom ? last : { before: zoom, ids: [] };
  const since = fit(api, ids, zoom);
  if (since < zoom || was === last) lessened.set(api, { before: was.before, since, ids: [...was.ids, ...ids] });
}

/** Once the panel is gone: show what was made smaller beside it as large as it fits now, at most as it was before. */
export function enlarge(api: ExcalidrawImperativeAPI): void {
  const was = lessened.get(api);
  lessened.delete(api);
  // A size that a person has chosen since is theirs.
  if (was && api.getAppState().zoom.value === was.since) fit(api, was.ids, was.before);
}

/** Show these elements as large as they fit, up to `most`, and return how large that is; one as large only scrolls. */
function fit(api: ExcalidrawImperativeAPI, ids: readonly string[], most: number): number {
  const elements = api.getSceneElements().filter(({ id }) => ids.includes(id));
  const state = api.getAppState();
  const zoom = state.zoom.value;
  if (!elements.length) return zoom;
  const [x1, y1, x2, y2] = getCommonBounds(elements);
  const [cx, cy] = middleInSight(api);
  // The middle of what is in sight lies off the canvas's own by half of what is covered.
  const room = (size: number, scroll: number, middle: number) => size - 2 * Math.abs((middle + scroll) * zoom - size / 2) - 2 * MARGIN;
  const [width, height] = [room(state.width, state.scrollX, cx), room(state.height, state.scrollY, cy)];
  const next = Math.min(most, Math.max(SMALLEST, Math.min(width / (x2 - x1), height / (y2 - y1))));
  if (next === zoom) {
    reveal(api, ids);
    return zoom;
  }
  const scroll = (middle: number, was: number, from: number, to: number) => ((middle + was) * zoom) / next - (from + to) / 2;
  api.updateScene({
    appState: {
      zoom: { value: next as typeof state.zoom.value },
      scrollX: scroll(cx, state.scrollX, x1, x2),
      scrollY: scroll(cy, state.scrollY, y1, y2),
    },
    captureUpdate: CaptureUpdateAction.NEVER,
  });
  return next;
}
