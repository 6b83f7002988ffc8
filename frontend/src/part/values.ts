/** What a person may type as latency and volume of a part, and what is wrong with what they typed. */

export const LONGEST_VOLUME = 40;
const MOST_MS = 86_400_000;
const UNITS: Record<string, number> = { "": 1, ms: 1, s: 1000, sec: 1000, min: 60_000, us: 0.001, µs: 0.001, μs: 0.001 };

export type Reading<T> = { value: T | null; wrong?: undefined } | { wrong: string };

/** Return the milliseconds that were typed ("12", "12 ms", "1.5 s"), null for nothing, or what is wrong. */
export function readLatency(typed: string): Reading<number> {
  const text = typed.trim().toLowerCase();
  if (!text) return { value: null };
  const found = /^(\d{1,9}(?:[.,]\d{1,3})?)\s*([a-zµμ]*)$/.exec(text);
  const unit = found && UNITS[found[2] as string];
  if (!found || unit === undefined || unit === null) {
    return { wrong: "Give the latency as a number of milliseconds, for example 12 or 1.5 s." };
  }
  const value = Math.round(Number((found[1] as string).replace(",", ".")) * unit * 1000) / 1000;
  return value > MOST_MS ? { wrong: "That is more than a day; give the latency of one request." } : { value };
}

/** Return the volume that was typed, null for nothing, or what is wrong. */
export function readVolume(typed: string): Reading<string> {
  const value = typed.split(/\s+/).join(" ").trim();
  if (value.length > LONGEST_VOLUME) return { wrong: `Keep the volume below ${LONGEST_VOLUME} characters, for example 5k req/s.` };
  return { value: value || null };
}
