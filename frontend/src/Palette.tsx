/** The panel of ML parts: filter, then Enter, click or drag to put a part on the board. */
import { type DragEvent, type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { matching, type Part } from "./palette/parts";

interface Props {
  /** Where the parts lie as a file that every Excalidraw can open. */
  library: string;
  onInsert(part: Part): void;
  onDrag(part: Part, data: DataTransfer): void;
  onClose(): void;
}

export function Palette({ library, onInsert, onDrag, onClose }: Props) {
  const [query, setQuery] = useState("");
  const [said, setSaid] = useState("");
  const filter = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const title = useId();
  const parts = useMemo(() => matching(query), [query]);
  const groups = useMemo(() => [...new Set(parts.map((part) => part.group))], [parts]);

  useEffect(() => filter.current?.focus(), []);

  const insert = (part: Part) => {
    onInsert(part);
    setSaid(`${part.label} added to the board.`);
  };

  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
      return;
    }
    if (event.target === filter.current && event.key === "Enter" && parts[0] && query) {
      event.preventDefault();
      insert(parts[0]);
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const stops = [filter.current, ...(list.current?.querySelectorAll("button") ?? [])];
    const next = stops.indexOf(document.activeElement as HTMLButtonElement) + step;
    stops[Math.max(0, Math.min(stops.length - 1, next))]?.focus();
  };

  return (
    <section className="palette" aria-labelledby={title} onKeyDown={keys}>
      <header className="palette__head">
        <h2 id={title}>ML parts</h2>
        <button type="button" className="palette__close" aria-label="Close ML parts" onClick={onClose}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M18 6 6 18M6 6l12 12" />
          </svg>
        </button>
      </header>
      <input
        ref={filter}
        className="palette__filter"
        type="search"
        aria-label="Filter parts"
        placeholder="Filter, for example stream"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <div className="palette__list" ref={list}>
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <ul>
              {parts.filter((part) => part.group === group).map((part) => (
                <li key={part.slug}>
                  <button
                    type="button"
                    draggable
                    className={`palette__part palette__part--${part.tint}`}
                    onClick={() => insert(part)}
                    onDragStart={(event: DragEvent) => onDrag(part, event.dataTransfer)}
                  >
                    {part.label}
                    <span className="palette__kind">{part.kind}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {parts.length === 0 && (
          <p className="palette__none">No part is called that. Draw a box and type its name instead.</p>
        )}
      </div>
      <div className="palette__foot">
        <p role="status">{said}</p>
        <a href={library} download="ml-parts.excalidrawlib">
          Download as library
        </a>
      </div>
    </section>
  );
}
