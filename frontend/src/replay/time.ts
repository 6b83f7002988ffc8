/** Lengths of time as they are shown and as they are spoken. */

const parts = (milliseconds: number) => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return { hours: Math.floor(seconds / 3600), minutes: Math.floor(seconds / 60) % 60, seconds: seconds % 60 };
};

/** Return a length as on a clock: 12:31, or 1:02:03. */
export function clockTime(milliseconds: number): string {
  const { hours, minutes, seconds } = parts(milliseconds);
  const rest = `${hours ? String(minutes).padStart(2, "0") : minutes}:${String(seconds).padStart(2, "0")}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** Return a length in words, for screen readers: 12 minutes 31 seconds. */
export function spokenTime(milliseconds: number): string {
  const { hours, minutes, seconds } = parts(milliseconds);
  const said = [
    ...(hours ? [counted(hours, "hour")] : []),
    ...(minutes ? [counted(minutes, "minute")] : []),
    ...(seconds || (!hours && !minutes) ? [counted(seconds, "second")] : []),
  ];
  return said.join(" ");
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
