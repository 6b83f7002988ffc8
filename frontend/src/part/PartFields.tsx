/** Kind, latency and volume of one part or of several; used by the panel and by the list. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { act, sceneOf } from "../graph/act";
import { type Edit, setFigure, setKind } from "../graph/edits";
import type { GraphNode } from "../mermaid/graph";
import { KINDS, type Kind } from "../palette/parts";
import { type Reading, readLatency, readVolume } from "./values";
import "./part.css";

const SEVERAL = "several";

interface Props {
  api: ExcalidrawImperativeAPI;
  /** The parts, at least one. */
  nodes: readonly GraphNode[];
  say(words: string): void;
}

export function PartFields({ api, nodes, say }: Props) {
  const ids = nodes.map(({ id }) => id);
  const key = ids.join();
  const kind = shared(nodes.map((node) => node.kind ?? ""));
  // What a label says ("Ranker 12 ms") counts for the score, but is no figure of its own that could be edited.
  const own = new Map(api.getSceneElements().map(({ id, customData }) => [id, customData]));
  const latency = shared(ids.map((id) => String(own.get(id)?.latencyMs ?? "")));
  const volume = shared(nodes.map((node) => node.volume ?? ""));
  const carryOut = (edit: Edit) => {
    act(api, edit);
    say(edit.said);
  };

  return (
    <div className="part-fields">
      <label className="board-panel__label">
        Kind
        <select
          className="board-panel__field"
          value={kind ?? SEVERAL}
          onChange={({ target }) => carryOut(setKind(sceneOf(api), ids, (target.value || null) as Kind | null))}
        >
          {kind === null && (
            <option value={SEVERAL} disabled>
              Several
            </option>
          )}
          <KindOptions />
        </select>
      </label>
      <TypedField
        key={`latency ${key}`}
        name="Latency, ms"
        example="12"
        value={latency}
        read={readLatency}
        onValue={(latencyMs) => carryOut(setFigure(sceneOf(api), ids, { latencyMs }))}
      />
      <TypedField
        key={`volume ${key}`}
        name="Volume"
        example="5k req/s"
        value={volume}
        read={readVolume}
        onValue={(amount) => carryOut(setFigure(sceneOf(api), ids, { volume: amount }))}
      />
    </div>
  );
}

export function KindOptions() {
  return (
    <>
      <option value="">No kind</option>
      {KINDS.map((kind) => (
        <option key={kind} value={kind}>
          {kind.charAt(0).toUpperCase() + kind.slice(1)}
        </option>
      ))}
    </>
  );
}

interface FieldProps<T> {
  name: string;
  example: string;
  /** What holds now, null when several parts differ. */
  value: string | null;
  read(typed: string): Reading<T>;
  onValue(value: T | null): void;
}

/** A field that takes effect on Enter or on leaving it; Escape puts back what was there. */
function TypedField<T extends string | number>({ name, example, value, read, onValue }: FieldProps<T>) {
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const hint = useId();
  useEffect(() => {
    if (typed === null) setWrong("");
  }, [typed]);

  const settle = () => {
    if (typed === null) return;
    const reading = read(typed);
    setWrong(reading.wrong ?? "");
    if (reading.wrong !== undefined) return;
    setTyped(null);
    if (String(reading.value ?? "") !== (value ?? "")) onValue(reading.value);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") settle();
    else if (event.key === "Escape" && typed !== null) {
      event.preventDefault();
      setTyped(null);
    }
  };

  return (
    <>
      <label className="board-panel__label">
        {name}
        <input
          className="board-panel__field"
          value={typed ?? value ?? ""}
          placeholder={value === null ? "Several" : example}
          maxLength={80}
          autoComplete="off"
          aria-invalid={wrong !== ""}
          aria-describedby={wrong ? hint : undefined}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={settle}
          onKeyDown={keys}
        />
      </label>
      {wrong && (
        <p className="board-panel__wrong part-fields__wrong" id={hint} role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}

/** Return what all say, or null when they differ. */
const shared = (values: readonly string[]): string | null =>
  values.every((value) => value === values[0]) ? (values[0] ?? "") : null;
