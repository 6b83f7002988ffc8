/** Icons of the board's own buttons: outlines from Lucide, drawn in the colour of the text. */
import type { ReactElement } from "react";

/** Return a component that draws these outlines in a box of 24 by 24. */
export function icon(...paths: string[]): () => ReactElement {
  return () => (
    <svg className="board-icon" viewBox="0 0 24 24" aria-hidden="true">
      {paths.map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}

export const CloseIcon = icon("M18 6 6 18M6 6l12 12");
