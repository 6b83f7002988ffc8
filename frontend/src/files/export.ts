/** Hands the board out as a file: picture, drawing, text, or graph. Loaded when somebody asks for one. */
import { exportToBlob, exportToSvg, serializeAsJSON } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { download } from "../download";
import { readGraph } from "../mermaid/graph";
import { flowchart } from "../mermaid/write";
import type { Format } from "./formats";

/** How much finer a picture is than the board, so that it can be printed. */
const SCALE = 2;
const MARGIN = 24;

/** Make a file of what is on the board and offer it under a name that ends as its format does. */
export async function exportAs(api: ExcalidrawImperativeAPI, format: Format, name: string): Promise<void> {
  const content = await contentOf(api, format);
  download(content, `${name}${format === "json" ? "-graph" : ""}.${format}`);
}

async function contentOf(api: ExcalidrawImperativeAPI, format: Format): Promise<Blob | string> {
  const elements = api.getSceneElements();
  const files = api.getFiles();
  const appState = {
    ...api.getAppState(),
    exportBackground: true,
    exportEmbedScene: true, // so that the picture can be opened as a drawing again
    exportWithDarkMode: false,
    exportScale: SCALE,
  };
  switch (format) {
    case "png": {
      const getDimensions = (width: number, height: number) => ({ width: width * SCALE, height: height * SCALE, scale: SCALE });
      return exportToBlob({ elements, files, appState, mimeType: "image/png", exportPadding: MARGIN, getDimensions });
    }
    case "svg": {
      const svg = await exportToSvg({ elements, files, appState, exportPadding: MARGIN });
      return new Blob([svg.outerHTML], { type: "image/svg+xml" });
    }
    case "excalidraw":
      return serializeAsJSON(elements, appState, files, "local");
    case "mmd":
      return new Blob([flowchart(readGraph(elements))], { type: "text/plain" });
    case "json":
      return `${JSON.stringify(readGraph(elements), null, 2)}\n`;
  }
}
