/** The board's own row above the canvas: parts, panels, two tools that are hidden deep in the editor, people. */
import type { ExcalidrawImperativeAPI, ToolType } from "@excalidraw/excalidraw/types";
import type { ReactNode } from "react";
import { icon } from "./icon";
import { PanelButtons } from "./Panels";
import type { BoardPanel } from "./registry";

/** What is open at the right edge: the palette, or a panel by its id. */
export const PARTS = "parts";

const PartsIcon = icon("M5 3h4a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Z", "M7 11v4a2 2 0 0 0 2 2h4", "M15 13h4a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-4a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2Z");

const TOOLS: readonly { type: ToolType; title: string; hint: string; Icon: ReturnType<typeof icon>; draws: boolean }[] = [
  { type: "frame", title: "Frame", hint: "Draw a frame around parts; they then move with it (F)", Icon: icon("M22 6H2M22 18H2M6 2v20M18 2v20"), draws: true },
  { type: "laser", title: "Laser", hint: "Point at something for everybody; nothing is drawn (K)", Icon: icon("m9 9 5 12 1.77-5.23L21 14 9 9Z", "M7.2 2.2 8 5.1M5.1 8 2.2 7.2M14 4.1 12 6M6 12l-1.9 2"), draws: false },
];

interface Props {
  api: ExcalidrawImperativeAPI | null;
  tool: string;
  writable: boolean;
  panels: readonly BoardPanel[];
  open: string | null;
  onToggle(id: string): void;
  children?: ReactNode;
}

export function Row({ api, tool, writable, panels, open, onToggle, children }: Props) {
  return (
    <div className="board-row" role="group" aria-label="Board tools">
      {writable && (
        <button
          type="button"
          className="board-button"
          title="Parts of a machine-learning system to put on the board"
          aria-expanded={open === PARTS}
          data-panel={PARTS}
          onClick={() => onToggle(PARTS)}
        >
          <PartsIcon />
          <span className="board-button__always">ML parts</span>
        </button>
      )}
      <PanelButtons panels={panels} open={open} onToggle={onToggle} />
      <span className="board-row__gap" />
      {TOOLS.filter(({ draws }) => writable || !draws).map(({ type, title, hint, Icon }) => (
        <button
          key={type}
          type="button"
          className="board-button"
          title={hint}
          aria-label={title}
          aria-pressed={tool === type}
          data-tool={type}
          onClick={() => api?.setActiveTool({ type: tool === type ? "selection" : type })}
        >
          <Icon />
          <span>{title}</span>
        </button>
      ))}
      {children}
    </div>
  );
}
