/** The board as Mermaid text: what is typed is drawn, what is drawn is written. */
import { getSceneVersion } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { act, handReady, sceneOf, TOOLS } from "../graph/act";
import { middleInSight } from "../graph/reveal";
import type { PanelProps } from "../panels/registry";
import { breakLine, selectLine } from "./area";
import { Help } from "./Help";
import type { Board } from "./link";
import "./mermaid.css";
import { bringIntoSight, enlarge } from "./sight";
import { Status } from "./Status";
import { type Kept, type State, Typing } from "./typing";

const EXAMPLE = `flowchart LR
  client(["Client app"]):::client --> gateway("API gateway"):::service
  gateway --> ranker[["Ranker · 20 ms"]]:::model
  ranker --> store[("Feature store")]
`;

/** What could not go to the board when the panel was closed, by the editor it belongs to. */
const kept = new WeakMap<ExcalidrawImperativeAPI, Kept>();

export default function MermaidPanel({ api, session }: PanelProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const typing = useRef<Typing | null>(null);
  const [state, setState] = useState<State>({ is: "loading" });
  const [lines, setLines] = useState(1);
  const [attempt, setAttempt] = useState(0);
  const status = useId();
  const { writable } = session;

  useEffect(() => {
    const place = area.current as HTMLTextAreaElement;
    const count = () => setLines(place.value.split("\n").length);
    const current = new Typing({
      area: place,
      board: boardOf(api),
      tools: TOOLS,
      ready: handReady,
      kept: kept.get(api),
      writable: () => session.writable,
      tell(next) {
        setState(next);
        count();
      },
    });
    kept.delete(api);
    typing.current = current;
    void current.start();
    let version = -1;
    const stop = api.onChange((elements) => {
      const next = getSceneVersion(elements);
      if (next !== version) current.boardChanged();
      version = next;
    });
    return () => {
      stop();
      typing.current = null;
      const left = current.stop();
      if (left) kept.set(api, left);
    };
  }, [api, session, attempt]);

  // The panel is off the page only in the next frame.
  useEffect(() => () => void requestAnimationFrame(() => enlarge(api)), [api]);

  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.key !== "Enter" || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) void typing.current?.apply();
    else breakLine(event.currentTarget);
  };

  const fill = () => {
    (area.current as HTMLTextAreaElement).value = EXAMPLE;
    void typing.current?.apply();
    area.current?.focus();
  };

  const isEmpty = state.is === "same" && lines <= 2 && !area.current?.value.split("\n")[1]?.trim();
  return (
    <>
      <div className="mermaid">
        <div className="mermaid__editor" data-wrong={state.is === "problem" || undefined}>
          <div className="mermaid__lines" ref={gutter} aria-hidden="true">
            {Array.from({ length: lines }, (_, i) => (
              <div key={i} data-wrong={(state.is === "problem" && state.problem.line === i + 1) || undefined}>
                {i + 1}
              </div>
            ))}
          </div>
          <textarea
            ref={area}
            className="mermaid__text"
            data-first
            aria-label="The board as Mermaid text"
            aria-describedby={status}
            aria-invalid={state.is === "problem"}
            readOnly={!writable || state.is === "loading" || state.is === "failed"}
            spellCheck={false}
            autoCapitalize="off"
            autoCorrect="off"
            autoComplete="off"
            wrap="off"
            onInput={() => typing.current?.typed()}
            onKeyDown={keys}
            onKeyUp={() => typing.current?.moved()}
            onPointerUp={() => typing.current?.moved()}
            onBlur={() => (state.is === "typing" ? void typing.current?.apply() : typing.current?.moved())}
            onCompositionStart={() => typing.current?.composing(true)}
            onCompositionEnd={() => typing.current?.composing(false)}
            onScroll={(event) => gutter.current?.scrollTo(0, event.currentTarget.scrollTop)}
          />
        </div>
        {isEmpty && writable && (
          <button type="button" className="board-panel__button" onClick={fill}>
            Begin with an example
          </button>
        )}
        <Help />
      </div>
      <Status
        id={status}
        state={state}
        writable={writable}
        onLine={(line) => area.current && selectLine(area.current, line)}
        onSure={() => void typing.current?.apply(true)}
        onRestore={() => typing.current?.restore()}
        onRetry={() => setAttempt((count) => count + 1)}
      />
    </>
  );
}

/** Return the board behind the editor in the link's words. */
function boardOf(api: ExcalidrawImperativeAPI): Board {
  return {
    elements: () => sceneOf(api),
    center: () => middleInSight(api),
    replace(elements, created) {
      act(api, { elements, said: "" });
      bringIntoSight(api, created);
    },
  };
}
