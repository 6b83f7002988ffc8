/** What the page of a replay tells its player, through `{{ config|json_script:"replay-config" }}`. */
import type { Mark } from "../replay/player";
import type { Recording } from "../replay/recording";

/** A step of the interview; moments are milliseconds on its clock. */
export interface Step {
  slug: string;
  position: number;
  short: string;
  dimension: string;
  from: number;
  to: number;
}

export interface Event extends Mark {
  dimension: string;
}

/** When the interview was held: milliseconds since 1970. */
export interface Held {
  start: number;
  end: number;
  pauses: [number, number][];
}

export interface ReplayConfig extends Held {
  /** Where the recording is, and the pictures on the board. */
  path: string;
  epoch: number;
  images: string;
  assetPath: string;
  steps: Step[];
  marks: Event[];
}

/** Return the page's configuration, or null on a page without a replay. */
export function readReplayConfig(page: Document): ReplayConfig | null {
  const script = page.getElementById("replay-config");
  return script ? (JSON.parse(script.textContent ?? "") as ReplayConfig) : null;
}

/** Return what the clock had run by a moment. All of a pause is one moment (interviews/played_time.py). */
export function onClock({ start, end, pauses }: Held, at: number): number {
  const until = Math.min(Math.max(at, start), end);
  const stood = pauses.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(until, to) - from), 0);
  return until - start - stood;
}

/** Return a recording whose rows come when the clock showed it. */
export function timedByClock(recording: Recording, held: Held): Recording {
  return { ...recording, rows: recording.rows.map((row) => ({ ...row, at: onClock(held, row.at) })) };
}

/** Return the step that ran at a moment of the clock; of two that meet there, the later. */
export function stepAt(steps: readonly Step[], at: number): Step | undefined {
  return steps.findLast(({ from }) => from <= at);
}
