/** Puts a part on the board, and hands one to a drag. */
import { CaptureUpdateAction, restoreElements, viewportCoordsToSceneCoords } from "@excalidraw/excalidraw";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { libraryOf } from "./library";
import type { Part } from "./parts";
import { type Box, elementsOf, FONT_SIZE, freePlace } from "./shape";

const LABEL_FONT = `${FONT_SIZE}px Excalifont`;
const PHONE_WIDTH = 600;
const PALETTE_WIDTH = 284;
const EDITOR_PANEL_WIDTH = 204;

/** Put a part near the middle of what is in view, selected, as one step of this person's history. */
export async function insert(api: ExcalidrawImperativeAPI, part: Part): Promise<void> {
  // Else the label is measured in another font; without a connection that is what there is.
  await document.fonts.load(LABEL_FONT, part.label).catch(() => undefined);
  const state = api.getAppState();
  // The editor's panel covers the left of the canvas, ours the right; on a phone both lie over all of it.
  const covered = state.width < PHONE_WIDTH ? 0 : PALETTE_WIDTH - EDITOR_PANEL_WIDTH;
  const center = viewportCoordsToSceneCoords(
    { clientX: state.offsetLeft + (state.width - covered) / 2, clientY: state.offsetTop + state.height / 2 },
    state,
  );
  const taken = api.getSceneElements().filter(({ type }) => !["arrow", "line", "frame"].includes(type));
  const identity = { box: randomId(), label: randomId(), seed: Math.floor(Math.random() * 2 ** 31) };
  const drawn = elementsOf(part, freePlace(center, taken), identity, measure);
  api.updateScene({
    elements: [
      ...api.getSceneElementsIncludingDeleted(),
      ...restoreElements(drawn as unknown as Parameters<typeof restoreElements>[0], null).map((element) => ({
        ...element,
        index: null, // the editor gives the ones that follow its last
      })),
    ] as Parameters<typeof api.updateScene>[0]["elements"],
    appState: { selectedElementIds: { [identity.box]: true } },
    captureUpdate: CaptureUpdateAction.IMMEDIATELY,
  });
  api.updateScene({ appState: scrollTo(drawn[0] as unknown as Box, api.getAppState()) });
}

/** Return the scroll, nearest to the present one, that shows a box in the part which no panel covers. */
function scrollTo(box: Box, state: AppState) {
  const [left, right] = state.width < PHONE_WIDTH ? [16, 16] : [EDITOR_PANEL_WIDTH + 16, PALETTE_WIDTH + 16];
  const zoom = state.zoom.value;
  const into = (start: number, size: number, from: number, to: number) =>
    start < from ? from - start : Math.min(0, Math.max(from - start, to - start - size));
  const x = into((box.x + state.scrollX) * zoom, box.width * zoom, left, state.width - right);
  const y = into((box.y + state.scrollY) * zoom, box.height * zoom, 76, state.height - 76);
  return { scrollX: state.scrollX + x / zoom, scrollY: state.scrollY + y / zoom };
}

/** Let a drag carry a part as a library item, which the editor drops where the pointer is. */
export function carry(part: Part, data: DataTransfer): void {
  data.setData("application/vnd.excalidrawlib+json", libraryOf([part], measure));
  data.effectAllowed = "copy";
}

let ruler: CanvasRenderingContext2D | null = null;

function measure(line: string): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return line.length * FONT_SIZE * 0.52;
  ruler.font = LABEL_FONT;
  return ruler.measureText(line).width;
}

const randomId = () => crypto.getRandomValues(new Uint32Array(4)).reduce((id, part) => id + part.toString(36), "");
