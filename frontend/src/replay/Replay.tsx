/** Plays how a board was drawn: the board to look at, and under it play, pause, a bar of time and its marks. */
import { type FormEvent, type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import type { Shelf } from "../images/bringer";
import { icon } from "../panels/icon";
import { type Mark, type Player, playerOf, type Speed, SPEEDS } from "./player";
import type { Recording, Source } from "./recording";
import { Stage } from "./Stage";
import { clockTime, spokenTime } from "./time";
import { Track } from "./Track";
import { useLoaded } from "./useLoaded";
import { told, usePlaying } from "./usePlaying";
import { Wait } from "./Wait";
import "./replay.css";

interface Props {
  source: Source;
  pictures?: Shelf;
  marks?: readonly Mark[];
  /** What the steps of the notes are called, in their order. */
  steps?: readonly { slug: string; title: string }[];
  /** Name the moment after a row of the log; resolves to the sentence to show. Absent: nobody may. */
  onName?(seq: number, name: string): Promise<string>;
}

const PlayIcon = icon("M6 3.5v17l14-8.5Z");
const PauseIcon = icon("M8 4v16M16 4v16");
const BackIcon = icon("M19 20 9 12l10-8v16Z", "M5 19V5");
const OnIcon = icon("m5 4 10 8-10 8V4Z", "M19 5v14");
const STEP_MS = 5_000;
const LEAP_MS = 30_000;

export function Replay({ source, pictures, marks, steps = [], onName }: Props) {
  const make = useCallback((recording: Recording) => playerOf(recording, { marks }), [marks]);
  const loaded = useLoaded(source, make);
  const { player } = loaded;
  if (!player || loaded.wrong) return <Wait {...loaded} />;
  if (player.isEmpty) return <p className="replay__wait">Nothing has been drawn on this board yet.</p>;
  return <Playing player={player} pictures={pictures} steps={steps} onName={onName} />;
}

function Playing({ player, pictures, steps, onName }: { player: Player } & Required<Pick<Props, "steps">> & Pick<Props, "pictures" | "onName">) {
  const redraw = usePlaying(player);
  const [said, setSaid] = useState("");
  const [naming, setNaming] = useState(false);
  const [withNotes, setWithNotes] = useState(false);
  const namer = useRef<HTMLButtonElement>(null);
  const focus = useMemo(() => player.everything, [player]);

  const tell = () => setSaid(told(player));
  const seek = (at: number) => {
    player.seek(at);
    tell();
    redraw();
  };
  const step = (by: number) => seek(player.fromBar(player.toBar(player.at) + by));
  const toggle = () => {
    if (player.playing) player.pause();
    else player.play();
    if (!player.playing) tell();
    redraw();
  };
  const keys = (event: KeyboardEvent) => {
    const target = event.target as Element;
    if (event.key === "Escape" && naming) {
      event.preventDefault(); // it ends the naming, not the replay
      endNaming();
    }
    if (target.closest("input:not([type=range], [type=checkbox]), select, textarea")) return;
    const isButton = target.closest("button, [type=checkbox], a");
    if (event.key === "k" || (event.key === " " && !isButton)) toggle();
    else if (event.key === "ArrowLeft") step(-STEP_MS);
    else if (event.key === "ArrowRight") step(STEP_MS);
    else if (event.key === "PageDown") step(-LEAP_MS);
    else if (event.key === "PageUp") step(LEAP_MS);
    else return;
    event.preventDefault();
  };
  const endNaming = () => {
    setNaming(false);
    requestAnimationFrame(() => namer.current?.focus());
  };
  const name = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget).get("name") ?? "");
    setSaid((await onName?.(player.seq, words)) ?? "");
    endNaming();
  };

  const length = player.end - player.start;
  const passed = player.at - player.start;
  const mark = player.marks.findLast(({ at }) => at <= player.at);
  return (
    <div className="replay" onKeyDown={keys}>
      <div className="replay__show">
        <Stage elements={player.scene} focus={focus} pictures={pictures} label="The board at the moment shown" />
        {withNotes && <NotesThen notes={player.notes} steps={steps} />}
      </div>
      <div className="replay__bar">
        <div className="replay__row">
          {player.marks.length > 0 && (
            <button type="button" className="board-button" aria-label="Back to the mark before" disabled={!player.previousMark()} onClick={() => seek(player.previousMark()?.at ?? player.start)}>
              <BackIcon />
            </button>
          )}
          <button type="button" className="board-button replay__play" aria-label={player.playing ? "Pause" : "Play"} title="Play or pause (K); arrow keys move by 5 seconds" onClick={toggle}>
            {player.playing ? <PauseIcon /> : <PlayIcon />}
          </button>
          {player.marks.length > 0 && (
            <button type="button" className="board-button" aria-label="On to the next mark" disabled={!player.nextMark()} onClick={() => seek(player.nextMark()?.at ?? player.end)}>
              <OnIcon />
            </button>
          )}
          <span className="replay__time">
            {clockTime(passed)} <span>/ {clockTime(length)}</span>
          </span>
          <div className="replay__track">
            <Track player={player} skipsIdle={player.skipsIdle} />
            <input
              type="range"
              aria-label="Moment"
              min={0}
              max={Math.max(1, player.barLength)}
              step={1}
              value={player.toBar(player.at)}
              aria-valuetext={`${spokenTime(passed)} of ${spokenTime(length)}`}
              onChange={(event) => seek(player.fromBar(Number(event.target.value)))}
            />
          </div>
        </div>
        <div className="replay__row replay__row--more">
          <label className="replay__choice">
            Speed
            <select
              value={player.speed}
              onChange={(event) => {
                player.speed = Number(event.target.value) as Speed;
                redraw();
              }}
            >
              {SPEEDS.map((speed) => (
                <option key={speed} value={speed}>
                  {speed}×
                </option>
              ))}
            </select>
          </label>
          <label className="replay__choice">
            <input
              type="checkbox"
              checked={player.skipsIdle}
              onChange={(event) => {
                player.skipsIdle = event.target.checked;
                redraw();
              }}
            />
            Skip pauses
          </label>
          <label className="replay__choice">
            <input type="checkbox" checked={withNotes} onChange={(event) => setWithNotes(event.target.checked)} />
            Notes
          </label>
          <span className="replay__mark">{mark ? mark.label : ""}</span>
          {onName && !naming && (
            <button
              ref={namer}
              type="button"
              className="board-panel__button"
              onClick={() => {
                player.pause();
                setNaming(true);
              }}
            >
              Name this moment
            </button>
          )}
          {onName && naming && (
            <form className="replay__name" onSubmit={(event) => void name(event)}>
              <input className="board-panel__field" name="name" aria-label="Name of this moment" placeholder="Before the curveball" maxLength={80} required autoFocus />
              <button type="submit" className="board-panel__button board-panel__button--first">
                Keep
              </button>
              <button type="button" className="board-panel__button" onClick={endNaming}>
                Cancel
              </button>
            </form>
          )}
        </div>
        <p className="replay__said" role="status">
          {said}
        </p>
      </div>
    </div>
  );
}

function NotesThen({ notes, steps }: { notes: Map<string, string>; steps: readonly { slug: string; title: string }[] }) {
  const known = steps.map(({ slug }) => slug);
  const order = [...known, ...[...notes.keys()].filter((slug) => !known.includes(slug))];
  const written = order.filter((slug) => notes.get(slug)?.trim());
  return (
    <section className="replay__notes" aria-label="Notes at the moment shown" tabIndex={0}>
      {written.map((slug) => (
        <section key={slug}>
          <h3>{steps.find((step) => step.slug === slug)?.title ?? slug}</h3>
          <p>{notes.get(slug)}</p>
        </section>
      ))}
      {!written.length && <p className="board-panel__hint">No notes had been written yet.</p>}
    </section>
  );
}
