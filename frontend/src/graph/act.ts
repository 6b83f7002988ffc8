/** Carries an edit of the graph out on the board, as one step of this person's own history. */
import { CaptureUpdateAction, FONT_FAMILY, getSceneVersion, restoreElements } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { Tools } from "../mermaid/make";
import type { SceneElement } from "../sync/element";
import type { Edit } from "./edits";
import { reveal } from "./reveal";

type Scene = Parameters<ExcalidrawImperativeAPI["updateScene"]>[0]["elements"];

export const sceneOf = (api: ExcalidrawImperativeAPI): readonly SceneElement[] =>
  api.getSceneElementsIncludingDeleted() as unknown as readonly SceneElement[];

/** Carry an edit out, select what it is about, and bring that into sight. */
export function act(api: ExcalidrawImperativeAPI, edit: Edit): void {
  const known = new Set(api.getSceneElementsIncludingDeleted().map(({ id }) => id));
  const elements = edit.elements.map((element) =>
    known.has(element.id)
      ? element
      : { ...restoreElements([element] as unknown as Parameters<typeof restoreElements>[0], null)[0], index: null },
  );
  api.updateScene({
    elements: elements as unknown as Scene,
    ...(edit.select !== undefined && { appState: { selectedElementIds: edit.select ? { [edit.select]: true } : {} } }),
    captureUpdate: CaptureUpdateAction.IMMEDIATELY,
  });
  if (edit.select) reveal(api, [edit.select]);
}

/** Select one element and bring it into sight; nothing of it can be undone, because nothing was changed. */
export function choose(api: ExcalidrawImperativeAPI, id: string): void {
  api.updateScene({ appState: { selectedElementIds: { [id]: true } }, captureUpdate: CaptureUpdateAction.NEVER });
  reveal(api, [id]);
}

/**
 * Undo or redo this person's own last change, and return what to say. The editor hears the key as if it had
 * been typed on the canvas.
 */
export function undo(api: ExcalidrawImperativeAPI, what: "undo" | "redo"): string {
  const before = getSceneVersion(api.getSceneElementsIncludingDeleted());
  const keys = { key: "z", code: "KeyZ", ctrlKey: true, metaKey: true, shiftKey: what === "redo", bubbles: true };
  document.querySelector("#board .excalidraw")?.dispatchEvent(new KeyboardEvent("keydown", keys));
  const changed = getSceneVersion(api.getSceneElementsIncludingDeleted()) !== before;
  if (!changed) return `There is nothing to ${what}.`;
  return what === "undo" ? "Your last change is undone." : "What you had undone is done again.";
}

const FONTS = new Map(Object.entries(FONT_FAMILY).map(([name, family]) => [family as number, name]));
let ruler: CanvasRenderingContext2D | null = null;

function measure(line: string, size: number, family: number): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return line.length * size * 0.52;
  ruler.font = `${size}px ${FONTS.get(family) ?? "Excalifont"}, Xiaolai, sans-serif`;
  return ruler.measureText(line).width;
}

const randomId = () => crypto.getRandomValues(new Uint32Array(4)).reduce((id, part) => id + part.toString(36), "");

export const TOOLS: Tools = { measure, newId: randomId, random: Math.random };

/** Resolve once the hand in which labels are written is here; else they would be measured in another font. */
export async function handReady(text: string): Promise<void> {
  await document.fonts.load("18px Excalifont", text).catch(() => undefined);
}
