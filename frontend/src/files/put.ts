/** Puts an opened file on the board, as one step that the person who did it can undo. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { act, handReady, sceneOf, TOOLS } from "../graph/act";
import { middleInSight } from "../graph/reveal";
import { addChart } from "../mermaid/link";
import { bringIntoSight } from "../mermaid/sight";
import { added, type Merged, replaced } from "./merge";
import { chartOf, FileProblem, type Opened, UNCHANGED } from "./open";
import { countOf } from "./words";

export type Way = "add" | "replace";

/** As whiteboard/gate_rules.py: what was deleted counts, because it can come back. */
const MOST_ELEMENTS = 5_000;

/** Put a file on the board; throws FileProblem when there is no room. Return the sentence that says what happened. */
export async function put(api: ExcalidrawImperativeAPI, opened: Opened, way: Way): Promise<string> {
  const merged = await merge(api, opened, way);
  if (merged.elements.length > MOST_ELEMENTS) {
    const [has, room] = [merged.created.length, Math.max(0, MOST_ELEMENTS - (merged.elements.length - merged.created.length))];
    throw new FileProblem(
      `“${opened.name}” has ${has.toLocaleString("en")} items, and this board has room for ${room.toLocaleString("en")}. ${UNCHANGED}`,
    );
  }
  const files = Object.values(opened.files);
  if (files.length) api.addFiles(files);
  act(api, { elements: merged.elements, said: "" });
  bringIntoSight(api, merged.created);
  const left = opened.leftOut ? ` ${countOf(opened.leftOut, "item")} left out, because a board cannot hold ${opened.leftOut === 1 ? "it" : "them"}.` : "";
  return `“${opened.name}” is on the board now.${left} Ctrl Z takes it back.`;
}

async function merge(api: ExcalidrawImperativeAPI, { elements, chart }: Opened, way: Way): Promise<Merged> {
  const scene = sceneOf(api);
  if (chart) {
    await handReady([...chart.nodes.values()].map(({ label }) => label).join(""));
    return addChart(way === "replace" ? replaced(scene, [], TOOLS.random).elements : scene, chart, TOOLS, middleInSight(api));
  }
  if (way === "replace") return replaced(scene, elements, TOOLS.random);
  return added(scene, elements, TOOLS.newId, middleInSight(api));
}

/** Put the boxes and arrows of a pasted Mermaid text on the board; throws FileProblem. */
export async function putText(api: ExcalidrawImperativeAPI, text: string): Promise<string> {
  await put(api, { name: "The text", elements: [], files: {}, chart: await chartOf(text, "This Mermaid text"), leftOut: 0 }, "add");
  return "The Mermaid text is on the board now. Ctrl Z takes it back.";
}
