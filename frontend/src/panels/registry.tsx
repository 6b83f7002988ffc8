/** The panels that dock at the board's right edge. A feature adds its own with one line. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { ComponentType, ReactElement } from "react";
import type { Config } from "../config";
import type { Session } from "../sync/session";
import { icon } from "./icon";

export interface PanelProps {
  api: ExcalidrawImperativeAPI;
  session: Session;
  config: Config;
  /** Close the panel; the focus goes back to the button that opened it. */
  close(): void;
}

export interface BoardPanel {
  id: string;
  /** One or two words: the button's name and the panel's heading. */
  title: string;
  /** A sentence that says what it is for: the button's tooltip. */
  hint: string;
  Icon: () => ReactElement;
  load(): Promise<{ default: ComponentType<PanelProps> }>;
  /** Fetched while nobody waits, so that it opens without a connection too. */
  early?: boolean;
  /** Shown only to people who draw. */
  writersOnly?: boolean;
  /** Shown only when the page says where to ask for it. */
  path?: keyof NonNullable<Config["paths"]>;
}

export const PANELS: readonly BoardPanel[] = [
  { id: "list", title: "List", hint: "The drawing as a list, for keyboard and screen reader", Icon: icon("M3 6h.01M3 12h.01M3 18h.01M8 6h13M8 12h13M8 18h13"), load: () => import("../list/ListPanel"), early: true },
  { id: "part", title: "Part", hint: "Kind, latency and volume of what is selected", Icon: icon("m12 14 4-4M3.34 19a10 10 0 1 1 17.32 0"), load: () => import("../part/PartPanel"), writersOnly: true, early: true },
  { id: "mermaid", title: "Mermaid", hint: "The drawing as text: type to draw, draw to write", Icon: icon("M4 17l6-6-6-6", "M12 19h8"), load: () => import("../mermaid/MermaidPanel") },
  { id: "versions", title: "Versions", hint: "Name a moment, play how it was drawn, compare two, put one back", Icon: icon("M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8", "M3 3v5h5", "M12 7v5l4 2"), load: () => import("../versions/VersionsPanel"), path: "versions" },
];

/** Return the panels that this person has on this page. */
export function panelsFor(config: Config, writable: boolean): readonly BoardPanel[] {
  return PANELS.filter(({ writersOnly, path }) => (writable || !writersOnly) && (!path || config.paths?.[path]));
}
