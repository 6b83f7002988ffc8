/** A textarea that somebody may be typing in: changed around the caret, never under it. */

/** Put a text into the area; return false, having done nothing, if that would change the lines being edited. */
export function offer(area: HTMLTextAreaElement, text: string): boolean {
  const old = area.value;
  if (old === text) return true;
  if (document.activeElement !== area) {
    const { scrollTop, scrollLeft } = area;
    area.value = text;
    area.scrollTo(scrollLeft, scrollTop);
    return true;
  }
  const [from, to, end] = changedRange(old, text);
  const [first, last] = [lineStart(old, area.selectionStart), lineEnd(old, area.selectionEnd)];
  if (from <= last && to >= first) return false;
  area.setRangeText(text.slice(from, end), from, to, "preserve");
  return true;
}

/** Return where two texts differ, in whole lines: start and end in the first, end in the second. */
export function changedRange(old: string, text: string): [from: number, to: number, end: number] {
  const most = Math.min(old.length, text.length);
  let same = 0;
  while (same < most && old[same] === text[same]) same += 1;
  const from = lineStart(old, same);
  let tail = 0;
  while (tail < most - from && old.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  const to = old.length - tail;
  return [from, to, text.length - tail];
}

const lineStart = (text: string, at: number) => text.lastIndexOf("\n", at - 1) + 1;

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Begin a new line as far in as this one; the browser's own undo knows of it. */
export function breakLine(area: HTMLTextAreaElement): void {
  const start = lineStart(area.value, area.selectionStart);
  const line = area.value.slice(start, area.selectionStart);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  const deeper = /^\s*(subgraph|flowchart|graph)\b/.test(line) ? "  " : "";
  insert(area, `\n${indent}${deeper}`);
  showNewLine(area);
}

/** Bring a line that was just begun into sight: browsers see to that for keys, not for what a script inserts. */
function showNewLine(area: HTMLTextAreaElement): void {
  const { value, selectionEnd, scrollHeight, clientHeight } = area;
  const [here, all] = [value.slice(0, selectionEnd), value].map((text) => text.split("\n").length) as [number, number];
  area.scrollLeft = 0;
  area.scrollTop = Math.max(area.scrollTop, (here / all) * scrollHeight - clientHeight);
}

function insert(area: HTMLTextAreaElement, text: string): void {
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** Select a line, the first being 1, and scroll to it. */
export function selectLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, ((line - 3) * area.scrollHeight) / Math.max(1, lines.length));
}
