/** Text cut and tidied exactly as Python does it: spaces are Python's, length is counted in characters. */

const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** Return the words of a text with one space between them, as `" ".join(text.split())`. */
export const words = (text: string): string => text.replace(SPACES, " ").replace(/^ | $/g, "");

/** Return a text without space at its ends, as `text.strip()`. */
export function trimmed(text: string): string {
  const isSpace = (at: number) => new RegExp(SPACES.source).test(text.charAt(at));
  let [from, to] = [0, text.length];
  while (from < to && isSpace(from)) from += 1;
  while (to > from && isSpace(to - 1)) to -= 1;
  return text.slice(from, to);
}

/** Return the first `count` characters of a text, never half of one. */
export function first(text: string, count: number): string {
  if (text.length <= count) return text;
  return Array.from(text.slice(0, count * 2))
    .slice(0, count)
    .join("");
}
