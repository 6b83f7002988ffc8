/** Two versions compared: one drawing with the differences lit, a legend, and the differences in words. */
import { useEffect, useId, useMemo, useState } from "react";
import type { Shelf } from "../images/bringer";
import { Stage } from "../replay/Stage";
import type { SceneElement } from "../sync/element";
import { aboutIn, litElements, LOOKS, type Mark } from "./lit";
import { type Comparison, type Version, type Versions, wordsOf } from "./server";

interface Props {
  server: Versions;
  versions: readonly Version[];
  from: number | null;
  to: number | null;
  pictures?: Shelf;
}

const ORDER: readonly Mark[] = ["added", "changed", "removed", "moved"];
const NOTHING: readonly SceneElement[] = [];

export function CompareView({ server, versions, pictures, ...start }: Props) {
  const [from, setFrom] = useState(start.from);
  const [to, setTo] = useState(start.to);
  const [told, setTold] = useState<Comparison | null>(null);
  const [wrong, setWrong] = useState("");
  const [attempt, setAttempt] = useState(0);
  const [shown, setShown] = useState<readonly string[] | null>(null);

  useEffect(() => {
    const leaving = new AbortController();
    setWrong("");
    setTold(null);
    setShown(null);
    server.compare(from, to, leaving.signal).then(setTold, (error: unknown) => {
      if (!leaving.signal.aborted) setWrong(wordsOf(error));
    });
    return () => leaving.abort();
  }, [server, from, to, attempt]);

  const drawing = useMemo(() => (told ? litElements(told) : NOTHING), [told]);
  const focus = useMemo(() => (shown ? aboutIn(drawing, shown) : drawing), [drawing, shown]);

  return (
    <div className="compare">
      <div className="compare__sides">
        <Side label="From" versions={versions} value={from} choose={setFrom} />
        <Side label="To" versions={versions} value={to} choose={setTo} />
        <button
          type="button"
          className="board-panel__button"
          onClick={() => {
            setFrom(to);
            setTo(from);
          }}
        >
          Swap
        </button>
      </div>
      <div className="compare__show">
        {wrong ? (
          <div className="replay__wait" role="alert">
            <p>{wrong}</p>
            <button type="button" className="board-panel__button" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </button>
          </div>
        ) : (
          <Stage elements={drawing} focus={focus} pictures={pictures} label="Both versions in one drawing, differences lit" />
        )}
        <section className="compare__words" aria-label="What differs">
          {!told && !wrong && <p role="status">Comparing…</p>}
          {told && <Legend told={told} />}
          {told && <Lines told={told} show={setShown} />}
        </section>
      </div>
    </div>
  );
}

interface SideProps {
  label: string;
  versions: readonly Version[];
  value: number | null;
  choose(id: number | null): void;
}

function Side({ label, versions, value, choose }: SideProps) {
  const id = useId();
  return (
    <label className="compare__side" htmlFor={id}>
      {label}
      <select
        id={id}
        className="board-panel__field"
        value={value ?? "now"}
        onChange={({ target }) => choose(target.value === "now" ? null : Number(target.value))}
      >
        <option value="now">The board now</option>
        {versions.map((version) => (
          <option key={version.id} value={version.id}>
            {version.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Legend({ told }: { told: Comparison }) {
  return (
    <ul className="legend" aria-label="Marks on the board">
      {ORDER.map((mark) => (
        <li key={mark} className={`legend__mark legend__mark--${mark}`}>
          <svg viewBox="0 0 28 12" aria-hidden="true">
            <path d="M1 6h26" />
          </svg>
          {LOOKS[mark].sign} {LOOKS[mark].word}
          <span> {told.marks[mark].length}</span>
        </li>
      ))}
    </ul>
  );
}

function Lines({ told, show }: { told: Comparison; show(ids: readonly string[]): void }) {
  const { lines, marks } = told;
  const seen = ORDER.some((mark) => marks[mark].length > 0);
  if (!lines.length) {
    return (
      <p>
        {seen
          ? "Both say the same: the same parts, joined in the same way. Only their looks or places differ."
          : "Nothing differs."}
      </p>
    );
  }
  return (
    <ul className="compare__lines">
      {lines.map(({ mark, text, elements }) => (
        <li key={text + elements.join()} className={`compare__line compare__line--${mark}`}>
          <span aria-hidden="true">{LOOKS[mark].sign}</span>
          {elements.length ? (
            <button type="button" onClick={() => show([...elements])} title="Show it on the board">
              {text}
            </button>
          ) : (
            text
          )}
        </li>
      ))}
    </ul>
  );
}
