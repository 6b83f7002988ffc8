/** Plays an interview that is over: the board, and under it its timeline. The page around it follows. */
import { useEffect, useMemo, useState } from "react";
import { icon } from "../panels/icon";
import { type Player, playerOf, type Speed, SPEEDS } from "../replay/player";
import type { Recording } from "../replay/recording";
import { Stage } from "../replay/Stage";
import { clockTime } from "../replay/time";
import { useLoaded } from "../replay/useLoaded";
import { told, usePlaying } from "../replay/usePlaying";
import { Wait } from "../replay/Wait";
import { onClock, type ReplayConfig, timedByClock } from "./config";
import { type Moves, pressed } from "./keys";
import { Outside } from "./outside";
import { Timeline } from "./Timeline";

const PlayIcon = icon("M6 3.5v17l14-8.5Z");
const PauseIcon = icon("M8 4v16M16 4v16");
const BackIcon = icon("M19 20 9 12l10-8v16Z", "M5 19V5");
const OnIcon = icon("m5 4 10 8-10 8V4Z", "M19 5v14");
/** While it plays, going back from an event goes to the one before it for this long. */
const GRACE_MS = 1_500;

export function Watch({ config }: { config: ReplayConfig }) {
  const make = useMemo(
    () => (recording: Recording) => playerOf(timedByClock(recording, config), { marks: config.marks, start: 0, end: onClock(config, config.end) }),
    [config],
  );
  const loaded = useLoaded(config, make);
  if (!loaded.player || loaded.wrong) {
    return (
      <div className="replaying__show">
        <Wait {...loaded} />
      </div>
    );
  }
  return <Playing player={loaded.player} config={config} />;
}

function Playing({ player, config }: { player: Player; config: ReplayConfig }) {
  const redraw = usePlaying(player);
  const [said, setSaid] = useState("");
  const outside = useMemo(() => new Outside(document), []);
  const focus = useMemo(() => player.everything, [player]);
  const pictures = useMemo(() => ({ path: config.images }), [config]);

  const seek = (at: number) => {
    player.seek(at);
    setSaid(told(player));
    redraw();
  };
  const before = () => player.marks.findLast(({ at }) => at < player.at - (player.playing ? GRACE_MS * player.speed : 0));
  const moves: Moves = {
    toggle() {
      if (player.playing) player.pause();
      else player.play();
      if (!player.playing) setSaid(told(player));
      redraw();
    },
    step: (by) => seek(player.at + by),
    event: (direction) => seek((direction < 0 ? before()?.at : player.nextMark()?.at) ?? (direction < 0 ? player.start : player.end)),
    toEnd: (direction) => seek(direction < 0 ? player.start : player.end),
    faster(direction) {
      player.speed = SPEEDS[SPEEDS.indexOf(player.speed) + direction] ?? player.speed;
      redraw();
    },
  };

  useEffect(() => outside.follow(player, config.steps));
  useEffect(() => outside.onJump(seek)); // a new function each time, with what is now
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (!pressed(event, moves)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("keydown", keys, { capture: true }); // before the editor takes arrows for itself
    return () => removeEventListener("keydown", keys, { capture: true });
  });

  const by = player.lastDrawnBy;
  const idle = player.idle.reduce((sum, { from, to }) => sum + to - from, 0);
  return (
    <>
      <section className="replaying__show" aria-label={`Board at ${clockTime(player.at)}`}>
        <Stage elements={player.scene} focus={focus} pictures={pictures} label="The board at the moment shown" />
        <p className="replaying__then" aria-hidden="true">
          {player.scene.length || !player.row ? `Board at ${clockTime(player.at)}` : "Nothing drawn yet"}
          {by && `, last drawn by ${by.name}`}
        </p>
      </section>
      <section className="timeline" aria-label="Timeline">
        <Timeline player={player} steps={config.steps} marks={config.marks} seek={seek} />
        <div className="timeline__controls">
          <button type="button" className="button button--quiet button--icon" aria-label="Event before" aria-keyshortcuts="[" onClick={() => moves.event(-1)}>
            <BackIcon />
          </button>
          <button type="button" className="button button--primary button--icon" aria-label={player.playing ? "Pause" : "Play"} aria-keyshortcuts="Space" onClick={moves.toggle}>
            {player.playing ? <PauseIcon /> : <PlayIcon />}
          </button>
          <button type="button" className="button button--quiet button--icon" aria-label="Next event" aria-keyshortcuts="]" onClick={() => moves.event(1)}>
            <OnIcon />
          </button>
          <span className="timeline__at">
            {clockTime(player.at)} <span>/ {clockTime(player.end)}</span>
          </span>
          <fieldset className="timeline__speed">
            <legend className="visually-hidden">Speed</legend>
            <div className="segments">
              {SPEEDS.map((speed) => (
                <label key={speed}>
                  <input type="radio" name="speed" checked={player.speed === speed} onChange={() => change(() => (player.speed = speed as Speed))} />
                  {speed}×
                </label>
              ))}
            </div>
          </fieldset>
          <label className="timeline__idle-switch">
            <input type="checkbox" checked={player.skipsIdle} onChange={(event) => change(() => (player.skipsIdle = event.target.checked))} /> Skip idle time ({clockTime(idle)})
          </label>
        </div>
        <p className="visually-hidden" role="status">
          {said}
        </p>
      </section>
    </>
  );

  function change(doing: () => void) {
    doing();
    redraw();
  }
}
