/** Panel "List": the drawing as a list that keyboard and screen reader can read, extend and change. */
import { type FormEvent, type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { act, choose, handReady, sceneOf, TOOLS, undo } from "../graph/act";
import { addFrame, addPart, type Edit } from "../graph/edits";
import { middleInSight } from "../graph/reveal";
import { useGraph, useSelected } from "../graph/use";
import type { PanelProps } from "../panels/registry";
import { type Kind, PARTS } from "../palette/parts";
import { KindOptions } from "../part/PartFields";
import { FrameRow } from "./FrameRow";
import { PartRow } from "./PartRow";
import "./list.css";

const FRAME = "frame";

export default function ListPanel({ api, session }: PanelProps) {
  const graph = useGraph(api);
  const selected = useSelected(api);
  const [open, setOpen] = useState<string | null>(null);
  const [said, say] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const parts = graph.nodes.filter(({ shape }) => shape !== "frame" && shape !== "group");
  const writable = session.writable;

  const carryOut = useCallback(
    (edit: Edit) => {
      if (edit.select === null) setOpen(null); // it is gone, and by our own hand
      act(api, edit);
      say(edit.said);
    },
    [api],
  );

  useFocusKept(list, open, [...parts, ...graph.frames].map(({ id }) => id), (lost) => {
    setOpen(null);
    if (lost) say("What you had open was deleted by somebody else.");
  });

  const toggle = (id: string) => {
    setOpen(open === id ? null : id);
    if (open !== id) choose(api, id);
  };

  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const isTyping = (event.target as HTMLElement).matches("input, select, textarea");
    if (writable && !isTyping && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      say(undo(api, event.shiftKey ? "redo" : "undo"));
    } else walk(event);
  };

  const row = { api, graph, writable, carryOut, say };
  return (
    <>
      {writable && <AddForm beside={open} api={api} carryOut={carryOut} onAdded={() => setOpen(null)} />}
      <div className="board-panel__body list" ref={list} onKeyDown={keys}>
        <p className="list__count">
          {counted(parts.length, "part")}, {counted(graph.edges.length, "arrow")}
          {graph.frames.length > 0 && `, ${counted(graph.frames.length, "frame")}`}
        </p>
        {parts.length === 0 && (
          <p className="board-panel__hint">
            {writable
              ? "Nothing is on the board yet. Give a part a name and a kind above, then add it."
              : "Nothing is on the board yet."}
          </p>
        )}
        <ul aria-label="Parts">
          {parts.map((node) => (
            <PartRow key={node.id} {...row} node={node} isOpen={open === node.id} isSelected={selected.includes(node.id)} onToggle={toggle} />
          ))}
        </ul>
        {graph.frames.length > 0 && (
          <>
            <h3>Frames</h3>
            <ul aria-label="Frames">
              {graph.frames.map(({ id }) => (
                <FrameRow key={id} {...row} id={id} isOpen={open === id} isSelected={selected.includes(id)} onToggle={toggle} />
              ))}
            </ul>
          </>
        )}
        {graph.text.length > 0 && (
          <>
            <h3>Free text</h3>
            <ul className="list__texts" aria-label="Free text">
              {graph.text.map(({ id, text }) => (
                <li key={id}>{text}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      <footer className="list__foot">
        <p className="board-panel__said" role="status">
          {said}
        </p>
        {writable && (
          <>
            <button type="button" className="board-panel__button" onClick={() => say(undo(api, "undo"))}>
              Undo
            </button>
            <button type="button" className="board-panel__button" onClick={() => say(undo(api, "redo"))}>
              Redo
            </button>
          </>
        )}
      </footer>
    </>
  );
}

interface AddProps extends Pick<PanelProps, "api"> {
  /** The part beside which a new one is put. */
  beside: string | null;
  carryOut(edit: Edit): void;
  onAdded(): void;
}

function AddForm({ api, beside, carryOut, onAdded }: AddProps) {
  const [name, setName] = useState("");
  const [kind, setKind] = useState<string | null>(null);
  const last = useRef<string | null>(null);
  const known = PARTS.find(({ label }) => label.toLowerCase() === name.trim().toLowerCase());
  const shown = kind ?? known?.kind ?? "";

  const add = async (event: FormEvent) => {
    event.preventDefault();
    const words = name.split(/\s+/).join(" ").trim();
    if (!words) return;
    await handReady(words);
    const scene = sceneOf(api);
    const isThere = (id: string | null) => id !== null && scene.some((one) => one.id === id && !one.isDeleted && one.type !== "frame");
    const neighbour = [beside, last.current].find(isThere) ?? null;
    const middle = middleInSight(api);
    const edit = shown === FRAME
      ? addFrame(scene, words, middle, TOOLS)
      : addPart(scene, words, (shown || null) as Kind | null, { beside: neighbour, middle }, TOOLS);
    if (shown !== FRAME) last.current = edit.select ?? null;
    carryOut(edit);
    setName("");
    setKind(null);
    onAdded();
  };

  return (
    <form className="list__add" onSubmit={(event) => void add(event)}>
      <label className="board-panel__label">
        New part
        <input
          data-first
          className="board-panel__field"
          value={name}
          maxLength={120}
          list="board-part-names"
          autoComplete="off"
          placeholder="Ranker"
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <datalist id="board-part-names">
        {PARTS.map(({ slug, label }) => (
          <option key={slug} value={label} />
        ))}
      </datalist>
      <label className="board-panel__label">
        Kind
        <select className="board-panel__field" value={shown} onChange={({ target }) => setKind(target.value)}>
          <KindOptions />
          <option value={FRAME}>Frame around parts</option>
        </select>
      </label>
      <button type="submit" className="board-panel__button board-panel__button--first">
        Add
      </button>
    </form>
  );
}

/** Arrow keys, Home and End go from row to row; Tab goes through everything. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(".list-row__button")];
  const at = rows.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
}

/** Keep the focus in the list when the row that had it goes away: on the one that takes its place. */
function useFocusKept(
  list: React.RefObject<HTMLElement | null>,
  open: string | null,
  ids: readonly string[],
  onGone: (lost: boolean) => void,
): void {
  const at = useRef<{ id: string; place: number } | null>(null);
  useEffect(() => {
    const box = list.current;
    const note = () => {
      const row = document.activeElement?.closest<HTMLElement>("[data-row]");
      const id = row && box?.contains(row) ? row.dataset.row : undefined;
      at.current = id ? { id, place: [...(box as HTMLElement).querySelectorAll("[data-row]")].indexOf(row as HTMLElement) } : null;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, [list]);
  useLayoutEffect(() => {
    const had = at.current;
    if (had && !ids.includes(had.id)) {
      at.current = null;
      if (document.activeElement === document.body || document.activeElement === null) {
        const rows = list.current?.querySelectorAll<HTMLElement>(".list-row__button");
        const next = rows?.[Math.min(had.place, rows.length - 1)];
        (next ?? document.querySelector<HTMLElement>(".board-panel [data-first], .board-panel h2"))?.focus();
      }
    }
    if (open && !ids.includes(open)) onGone(had?.id === open);
  });
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

