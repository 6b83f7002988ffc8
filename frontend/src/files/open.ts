/** Reads files that people open or drop: drawings, pictures that hold one, Mermaid texts. Loaded when needed. */
import { loadFromBlob, MIME_TYPES } from "@excalidraw/excalidraw";
import type { BinaryFiles } from "@excalidraw/excalidraw/types";
import { type Chart, TextProblem } from "../mermaid/chart";
import { loadReader } from "../mermaid/parse";
import type { SceneElement } from "../sync/element";
import { isDrawable } from "../sync/guard";
import { flowchartIn, isFlowchart } from "./flowchart";

const LARGEST_MB = 20;
/** Names of texts; a text with another name is one only if it reads like one. */
const TEXT_NAME = /(\.(mmd|mermaid|md|txt)|^[^.]+)$/i;
export const UNCHANGED = "What is on the board stays as it was.";

/** A file as far as a board can take it. */
export interface Opened {
  name: string;
  elements: SceneElement[];
  files: BinaryFiles;
  /** What a Mermaid text says, in place of elements. */
  chart: Chart | null;
  /** How many items of the file no board can hold. */
  leftOut: number;
}

/** A file cannot be opened; the message is a sentence for the person who chose it. */
export class FileProblem extends Error {
  override readonly name = "FileProblem";
}

/** Read a file; throws FileProblem. */
export async function open(file: File): Promise<Opened> {
  const name = file.name.length > 60 ? `${file.name.slice(0, 57)}…` : file.name;
  if (file.size > LARGEST_MB * 1e6) {
    const size = Math.round(file.size / 1e6);
    throw new FileProblem(`“${name}” has ${size} MB, and a board opens files of up to ${LARGEST_MB} MB. ${UNCHANGED}`);
  }
  const start = await file.slice(0, 2_000).text();
  const kind = kindOf(start);
  if (!start.trim()) throw new FileProblem(`“${name}” is empty. ${UNCHANGED}`);
  if (kind === "text") {
    const text = await file.text();
    if (!TEXT_NAME.test(file.name) && !isFlowchart(text)) throw unreadable(name);
    return { name, elements: [], files: {}, chart: await chartOf(flowchartIn(text), `“${name}”`), leftOut: 0 };
  }
  const found = await readDrawing(file, kind, name);
  const alive = (found.elements as unknown as SceneElement[]).filter(({ isDeleted }) => !isDeleted);
  const elements = alive.filter(isDrawable);
  if (!elements.length) throw new FileProblem(`“${name}” holds ${alive.length ? "nothing that a board can take" : "an empty drawing"}. ${UNCHANGED}`);
  return { name, elements, files: found.files, chart: null, leftOut: alive.length - elements.length };
}

/** Return whether a picture carries a drawing that it can be opened as. */
export async function holdsDrawing(file: File): Promise<boolean> {
  try {
    return (await load(file, kindOf(await file.slice(0, 2_000).text()))).elements.length > 0;
  } catch {
    return false;
  }
}

const unreadable = (name: string) =>
  new FileProblem(`“${name}” cannot be read as a drawing; it may be damaged or of another kind. ${UNCHANGED}`);

type Kind = "png" | "svg" | "json" | "text" | "unknown";

function kindOf(start: string): Kind {
  if (/^.PNG\r\n/s.test(start)) return "png";
  if (/^\s*(<\?xml[\s\S]*?\?>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE[^>]*>\s*)?<svg\b/.test(start)) return "svg";
  if (/^\s*\{/.test(start)) return "json";
  return /[\0-\x08\x0e-\x1f\ufffd]/.test(start) ? "unknown" : "text";
}

const load = (file: File, kind: Kind) => {
  const type = kind === "png" ? MIME_TYPES.png : kind === "svg" ? MIME_TYPES.svg : MIME_TYPES.json;
  return loadFromBlob(new File([file], file.name, { type }), null, null);
};

async function readDrawing(file: File, kind: Kind, name: string) {
  try {
    if (kind === "unknown") throw new Error("neither drawing nor text");
    if (kind === "json") await checkJson(file, name);
    return await load(file, kind);
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    if (kind === "png" || kind === "svg") {
      throw new FileProblem(`“${name}” is a picture without a drawing in it. Drop it on the canvas to show it as a picture. ${UNCHANGED}`);
    }
    throw unreadable(name);
  }
}

/** Say what a JSON file is if it is one of those that look like a drawing and are none. */
async function checkJson(file: File, name: string): Promise<void> {
  const found = JSON.parse(await file.text()) as Record<string, unknown> | null;
  if (found?.type === "excalidrawlib") {
    throw new FileProblem(`“${name}” is a library of shapes, not a drawing. Drop it on the canvas to have its shapes at hand.`);
  }
  if (Array.isArray(found?.nodes) && Array.isArray(found.edges)) {
    throw new FileProblem(`“${name}” holds the graph of a board, for programs to read; it has no drawing in it. ${UNCHANGED}`);
  }
}

/** Read a Mermaid text; throws FileProblem, in whose sentence the text is called `what`. */
export async function chartOf(text: string, what: string): Promise<Chart> {
  try {
    return (await loadReader())(text);
  } catch (error) {
    if (!(error instanceof TextProblem)) throw error;
    throw new FileProblem(`${what} cannot be read as a Mermaid flowchart. ${error.message} ${UNCHANGED}`);
  }
}
