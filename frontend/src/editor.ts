/** Excalidraw as the binding sees it. */
import { CaptureUpdateAction, restoreElements, serializeAsJSON } from "@excalidraw/excalidraw";
import type { ExcalidrawElement, OrderedExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { SceneElement } from "./sync/element";
import type { Editor } from "./sync/session";

const asScene = (elements: readonly ExcalidrawElement[]) => elements as unknown as readonly SceneElement[];
const asExcalidraw = (elements: readonly SceneElement[]) => elements as unknown as OrderedExcalidrawElement[];

/** Return the text of an `.excalidraw` file with what is on the board. */
export function fileOf(api: ExcalidrawImperativeAPI): string {
  return serializeAsJSON(api.getSceneElements(), api.getAppState(), api.getFiles(), "local");
}

/** Return the ids of what this person draws, types in, drags, resizes or crops right now. */
export function inHandOf(api: ExcalidrawImperativeAPI): Set<string> {
  const state = api.getAppState();
  const ids = [
    state.newElement?.id,
    state.multiElement?.id,
    state.resizingElement?.id,
    state.editingTextElement?.id,
    state.editingLinearElement?.elementId,
    state.editingFrame,
    state.croppingElementId,
  ];
  if (state.isResizing || state.isRotating || state.selectedElementsAreBeingDragged) {
    ids.push(...Object.keys(state.selectedElementIds));
  }
  return new Set(ids.filter((id): id is string => Boolean(id)));
}

/** Return the editor behind `api` in the binding's words. */
export function editorOf(
  api: ExcalidrawImperativeAPI,
  mounted: () => boolean,
  justLoaded: () => boolean,
): Editor {
  return {
    ready: () => mounted() && !api.getAppState().isLoading,
    elements: () => asScene(api.getSceneElementsIncludingDeleted()),
    show(elements) {
      const first = justLoaded() && api.getSceneElements().length === 0;
      api.updateScene({ elements: asExcalidraw(elements), captureUpdate: CaptureUpdateAction.NEVER });
      if (first) api.scrollToContent(undefined, { fitToContent: true, animate: false });
    },
    restore: (elements) => asScene(restoreElements(asExcalidraw(elements), null)),
    inHand: () => inHandOf(api),
    stroke() {
      const drawn = api.getAppState().newElement;
      return drawn?.type === "freedraw" ? drawn.id : null;
    },
    refuse(ids) {
      const out = new Set(ids);
      api.updateScene({
        elements: api.getSceneElementsIncludingDeleted().filter(({ id }) => !out.has(id)),
        captureUpdate: CaptureUpdateAction.NEVER,
      });
      const what = ids.length === 1 ? "One item was" : `${ids.length.toLocaleString("en")} items were`;
      api.setToast({
        message: `${what} left out: a board takes shapes, arrows, freehand, frames, pictures and texts of up to 50,000 characters, 5,000 in all.`,
        closable: true,
        duration: 8000,
      });
    },
    clear() {
      api.updateScene({ elements: [], captureUpdate: CaptureUpdateAction.NEVER });
      api.history.clear();
    },
    file: () => (mounted() && api.getSceneElements().length ? fileOf(api) : null),
  };
}
