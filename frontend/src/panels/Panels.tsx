/** The buttons of the panels in the board's own row, and the place where the open one is shown. */
import { type ComponentType, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { CloseIcon } from "./icon";
import "./panels.css";
import type { BoardPanel, PanelProps } from "./registry";

interface ButtonsProps {
  panels: readonly BoardPanel[];
  open: string | null;
  onToggle(id: string): void;
}

export function PanelButtons({ panels, open, onToggle }: ButtonsProps) {
  return panels.map(({ id, title, hint, Icon }) => (
    <button
      key={id}
      type="button"
      className="board-button"
      title={hint}
      aria-label={title}
      aria-expanded={open === id}
      data-panel={id}
      onClick={() => onToggle(id)}
    >
      <Icon />
      <span>{title}</span>
    </button>
  ));
}

export function PanelHost({ panel, ...props }: { panel: BoardPanel } & PanelProps) {
  const title = useId();
  const frame = useRef<HTMLElement>(null);
  const [Content, failed, retry] = useLoaded(panel);

  // Focus goes into the panel once: to its first field if there is one, else to its heading.
  useEffect(() => {
    if (!Content || frame.current?.contains(document.activeElement)) return;
    const first = frame.current?.querySelector<HTMLElement>("[data-first], .board-panel__body :is(input, select, textarea)");
    (first ?? frame.current?.querySelector<HTMLElement>("h2"))?.focus({ preventScroll: true });
  }, [Content]);

  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    props.close();
  };

  return (
    <section className="board-panel" data-panel={panel.id} aria-labelledby={title} ref={frame} onKeyDown={keys}>
      <header className="board-panel__head">
        <h2 id={title} tabIndex={-1}>
          {panel.title}
        </h2>
        <button type="button" className="board-panel__close" aria-label={`Close ${panel.title}`} onClick={props.close}>
          <CloseIcon />
        </button>
      </header>
      {Content && <Content {...props} />}
      {!Content && !failed && <p className="board-panel__wait">Loading…</p>}
      {failed && (
        <div className="board-panel__wait" role="alert">
          <p>This panel could not be loaded. The board goes on working; if trying again does not help, reload the page.</p>
          <button type="button" className="board-panel__button" onClick={retry}>
            Try again
          </button>
        </div>
      )}
    </section>
  );
}

const EARLY_MS = 3_000;

/** Fetch the panels that should open without a connection, once the board has had its turn. */
export function useEarly(panels: readonly BoardPanel[]): void {
  const wanted = panels.filter(({ early }) => early);
  const ids = wanted.map(({ id }) => id).join();
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const panel of wanted) panel.load().catch(() => undefined);
    }, EARLY_MS);
    return () => clearTimeout(timer);
  }, [ids]);
}

/** Return the panel's component once its code is here, whether that failed, and how to try again. */
function useLoaded(panel: BoardPanel): [ComponentType<PanelProps> | null, boolean, () => void] {
  const [loaded, setLoaded] = useState<{ id: string; Content: ComponentType<PanelProps> } | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let wanted = true;
    setFailed(false);
    panel.load().then(
      ({ default: Content }) => wanted && setLoaded({ id: panel.id, Content }),
      (error: unknown) => {
        console.error(error);
        if (wanted) setFailed(true);
      },
    );
    return () => {
      wanted = false;
    };
  }, [panel, attempt]);
  const isCurrent = loaded?.id === panel.id;
  return [isCurrent ? loaded.Content : null, failed && !isCurrent, () => setAttempt((count) => count + 1)];
}
