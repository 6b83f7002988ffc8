// @vitest-environment happy-dom
/** How large a drawing is shown beside the panel that drew it, and once that is gone. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { beforeEach, expect, test, vi } from "vitest";
import { bringIntoSight, enlarge } from "../src/mermaid/sight";

vi.mock("@excalidraw/excalidraw", () => ({
  CaptureUpdateAction: { NEVER: "never" },
  getCommonBounds: (elements: { x: number; width: number }[]) => [
    Math.min(...elements.map(({ x }) => x)),
    0,
    Math.max(...elements.map(({ x, width }) => x + width)),
    100,
  ],
  viewportCoordsToSceneCoords: ({ clientX, clientY }: { clientX: number; clientY: number }, { zoom, scrollX, scrollY }: State) => ({
    x: clientX / zoom.value - scrollX,
    y: clientY / zoom.value - scrollY,
  }),
}));

interface State {
  zoom: { value: number };
  scrollX: number;
  scrollY: number;
}

const elements = [
  { id: "first", x: 0, width: 100 },
  { id: "last", x: 1400, width: 100 },
];
const panel = (left: number) => {
  document.body.innerHTML = '<div class="board-panel"></div>';
  const place = document.querySelector(".board-panel") as HTMLElement;
  place.getBoundingClientRect = () => ({ left, top: 0 }) as DOMRect;
};
let state: State & Record<string, number | { value: number }>;
let api: ExcalidrawImperativeAPI;

beforeEach(() => {
  document.body.innerHTML = "";
  state = { zoom: { value: 1 }, scrollX: 0, scrollY: 0, width: 900, height: 600, offsetLeft: 0, offsetTop: 0 };
  api = {
    getAppState: () => state,
    getSceneElements: () => elements,
    updateScene: ({ appState }: { appState: Partial<State> }) => Object.assign(state, appState),
  } as unknown as ExcalidrawImperativeAPI;
});

const sides = () => [0, 1500].map((x) => (x + state.scrollX) * state.zoom.value);

test("all of it stands beside the panel, however small, and as large as it fits once that is gone", () => {
  panel(300);
  bringIntoSight(api, ["first", "last"]);
  expect(state.zoom.value).toBeLessThan(0.2);
  expect(sides().every((side) => side > 0 && side < 300)).toBe(true);
  document.body.innerHTML = "";
  enlarge(api);
  expect(state.zoom.value).toBeCloseTo((900 - 2 * 48) / 1500);
  expect(sides().every((side) => side > 0 && side < 900)).toBe(true);
});

test("what was drawn one after the other is one drawing, and no larger than it was before", () => {
  state.zoom.value = 0.3;
  panel(300);
  bringIntoSight(api, ["first", "last"]);
  bringIntoSight(api, ["last"]);
  document.body.innerHTML = "";
  enlarge(api);
  expect(state.zoom.value).toBe(0.3);
  expect(sides().every((side) => side > 0 && side < 900)).toBe(true);
});

test("a size that a person chose meanwhile stays, and so does what fitted as it was", () => {
  panel(300);
  bringIntoSight(api, ["first", "last"]);
  state.zoom.value = 0.7;
  document.body.innerHTML = "";
  enlarge(api);
  expect(state.zoom.value).toBe(0.7);
  bringIntoSight(api, ["first"]);
  enlarge(api);
  expect(state.zoom.value).toBe(0.7);
});
