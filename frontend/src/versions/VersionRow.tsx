/** One version in the list, with what can be done with it. */
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Version } from "./server";

interface Props {
  version: Version;
  writes: boolean;
  compare(): void;
  restore(): Promise<boolean>;
  rename(name: string): Promise<boolean>;
  remove(): Promise<boolean>;
}

type Asking = "restore" | "rename" | "delete" | null;

/** A moment in the zone of whoever looks; the day only when it is another one. */
export function shownTime(milliseconds: number, now = new Date()): string {
  const at = new Date(milliseconds);
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" })}, ${time}`;
}

export function VersionRow({ version, writes, compare, restore, rename, remove }: Props) {
  const [asking, setAsking] = useState<Asking>(null);
  const row = useRef<HTMLLIElement>(null);
  const opener = useRef<Asking>(null);
  const { name, who, at } = version;

  // Focus goes into what was opened, and back to its button when it is closed.
  useEffect(() => {
    if (asking) row.current?.querySelector<HTMLElement>("[data-focus]")?.focus();
    else if (opener.current) row.current?.querySelector<HTMLElement>(`[data-opens="${opener.current}"]`)?.focus();
    opener.current = asking;
  }, [asking]);

  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !asking) return;
    event.preventDefault(); // it closes what is asked here, not the whole panel
    setAsking(null);
  };
  const done = async (act: Promise<boolean>) => {
    if (await act) setAsking(null);
  };
  const opens = (what: Exclude<Asking, null>, words: string) => (
    <button type="button" className="versions__act" data-opens={what} aria-label={`${words} “${name}”`} onClick={() => setAsking(what)}>
      {words}
    </button>
  );

  return (
    <li className="versions__row" ref={row} onKeyDown={keys}>
      <p className="versions__title">{name}</p>
      <p className="board-panel__hint">
        {who && `${who} · `}
        <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>
          {shownTime(at)}
        </time>
      </p>
      {!asking && (
        <div className="versions__acts">
          <button type="button" className="versions__act" aria-label={`Compare “${name}” with the board now`} onClick={compare}>
            Compare with now
          </button>
          {writes && opens("restore", "Restore")}
          {writes && version.mine && opens("rename", "Rename")}
          {writes && version.mine && opens("delete", "Delete")}
        </div>
      )}
      {asking === "restore" && (
        <Question
          words="Put the board back to this? Everybody sees it at once. Nothing is lost: what is drawn now stays in the log, and undo takes you back. The notes stay as they are."
          yes="Restore"
          act={() => void done(restore())}
          cancel={() => setAsking(null)}
        />
      )}
      {asking === "delete" && (
        <Question
          words="Delete this name? What was drawn stays in the log."
          yes="Delete"
          act={() => void done(remove())}
          cancel={() => setAsking(null)}
        />
      )}
      {asking === "rename" && (
        <form
          className="versions__rename"
          onSubmit={(event: FormEvent<HTMLFormElement>) => {
            event.preventDefault();
            void done(rename(String(new FormData(event.currentTarget).get("name") ?? "")));
          }}
        >
          <input className="board-panel__field" name="name" aria-label={`New name of “${name}”`} defaultValue={name} maxLength={80} data-focus />
          <button type="submit" className="board-panel__button board-panel__button--first">
            Keep
          </button>
          <button type="button" className="board-panel__button" onClick={() => setAsking(null)}>
            Cancel
          </button>
        </form>
      )}
    </li>
  );
}

function Question({ words, yes, act, cancel }: { words: string; yes: string; act(): void; cancel(): void }) {
  return (
    <div className="versions__question" role="group" aria-label={yes}>
      <p>{words}</p>
      <button type="button" className="board-panel__button board-panel__button--first" onClick={act}>
        {yes}
      </button>
      <button type="button" className="board-panel__button" onClick={cancel} data-focus>
        Cancel
      </button>
    </div>
  );
}
