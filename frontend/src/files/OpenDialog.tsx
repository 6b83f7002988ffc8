/** Asks whether an opened file is added to the board or takes its place. */
import { useEffect, useId, useRef } from "react";
import "./files.css";
import type { Opened } from "./open";
import { contentsOf, countOf } from "./words";
import type { Way } from "./put";

interface Props {
  opened: Opened;
  /** How many items are on the board now. */
  items: number;
  onChoice(way: Way | null): void;
}

export function OpenDialog({ opened, items, onChoice }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const text = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, []);
  return (
    <dialog ref={dialog} className="open-dialog" aria-labelledby={title} aria-describedby={text} onCancel={() => onChoice(null)}>
      <h2 id={title}>Open “{opened.name}”</h2>
      <div id={text}>
        <p>
          It holds {contentsOf(opened)}.
          {opened.leftOut > 0 && ` ${countOf(opened.leftOut, "item")} will be left out, because a board cannot hold ${opened.leftOut === 1 ? "it" : "them"}.`}
        </p>
        <p>To replace the board takes {items === 1 ? "the 1 item" : `all ${items.toLocaleString("en")} items`} off it, for everybody. You can undo either.</p>
      </div>
      <div className="open-dialog__choices">
        <button type="button" className="open-dialog__first" onClick={() => onChoice("add")}>
          Add to this board
        </button>
        <button type="button" onClick={() => onChoice("replace")}>
          Replace the board
        </button>
        <button type="button" onClick={() => onChoice(null)}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
