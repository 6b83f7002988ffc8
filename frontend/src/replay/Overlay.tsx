/** A dialog over the whole room, with a heading and a way out; Escape closes it and nothing behind it. */
import { type ReactNode, useEffect, useId, useRef } from "react";
import { CloseIcon } from "../panels/icon";
import "./overlay.css";

interface Props {
  title: string;
  children: ReactNode;
  close(): void;
}

export function Overlay({ title, children, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="overlay"
      aria-labelledby={heading}
      onClose={close}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className="overlay__head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="board-panel__close" aria-label={`Close ${title}`} onClick={() => dialog.current?.close()}>
          <CloseIcon />
        </button>
      </header>
      {children}
    </dialog>
  );
}
