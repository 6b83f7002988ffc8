/** Turns what Mermaid's parser cannot read into a sentence with the line. */
import { TextProblem } from "./chart.ts";

/** What Mermaid's parser says of an error. */
interface Details {
  text?: string;
  token?: string | number;
  expected?: string[];
  loc?: { first_line: number };
  line?: number;
}

const OTHERS =
  /^\s*(sequenceDiagram|classDiagram|stateDiagram|erDiagram|gantt|pie|mindmap|journey|gitGraph|timeline|quadrantChart|C4\w+|block|architecture|kanban|sankey|xychart|requirementDiagram|packet)\b/;
const HEADER = /^\s*(flowchart|graph)\b/;
const HINT = "The first line is “flowchart LR”, or TD for from top to bottom.";

/** Throw a TextProblem if the first line that says anything does not begin a flowchart. */
export function checkHeader(lines: readonly string[]): void {
  const first = lines.findIndex((line) => line.trim() && line.trim() !== ";");
  if (first < 0) throw new TextProblem(1, `The text is empty. ${HINT}`);
  const line = lines[first] as string;
  const other = OTHERS.exec(line);
  if (other) throw new TextProblem(first + 1, `Line ${first + 1} begins a ${other[1]}. A board reads flowcharts only. ${HINT}`);
  if (!HEADER.test(line)) throw new TextProblem(first + 1, `Line ${first + 1} comes before the beginning. ${HINT}`);
}

/** Return the problem behind an error of the parser. */
export function problemOf(error: unknown, lines: readonly string[]): TextProblem {
  if (error instanceof TextProblem) return error;
  const details = (error as { hash?: Details }).hash ?? {};
  const most = lines.length || 1;
  const said = /on line (\d+)/.exec(String((error as Error).message));
  const line = Math.min(details.loc?.first_line ?? Number(said?.[1] ?? most), most);
  const { text = "", token } = details;
  const isOver = token === 1 || token === "EOF" || text.trim() === "";
  if (isOver && !inLabel(details) && openSubgraphs(lines) > 0) return at(lastOpen(lines), "this subgraph has no “end”.");
  return at(line, sentence(details, line, lines));
}

const inLabel = ({ expected = [] }: Details) => expected.includes("'SQE'") || expected.includes("'STR'");

const at = (line: number, rest: string) => new TextProblem(line, `Line ${line}: ${rest}`);

function sentence(details: Details, line: number, lines: readonly string[]): string {
  const { text = "", token, expected = [], loc } = details;
  const source = lines[line - 1] ?? "";
  const isEnd = !loc || token === 1 || token === "EOF" || text.trim() === "";
  if (source.split('"').length % 2 === 0) return "a quotation mark is not closed.";
  if (inLabel(details) && /^[\])}]/.test(text)) {
    return /[\]([{]\s*$/.test(source.slice(0, source.indexOf(text)))
      ? 'a label cannot be empty. Write [" "] for a box without words.'
      : "the brackets of a label do not match.";
  }
  if (inLabel(details) && isEnd) return "a bracket is not closed.";
  if (inLabel(details)) return 'words with brackets or quotes in them need quotes around them, as in A["Ranker (v2)"].';
  if (token === "end" && openSubgraphs(lines.slice(0, line)) > 0) return "an arrow needs a box on both sides, and none can be called “end”.";
  if (token === "end") return "this “end” closes nothing. No box can be called “end” either.";
  if (token === "MINUS" || /^\s*[-=]/.test(text)) {
    return expected.includes("'LINK'") ? "an arrow is written --> or ---." : "an arrow needs a box on both sides.";
  }
  if (expected.includes("'NODE_STRING'") && !expected.includes("'LINK'") && isEnd) return "an arrow needs a box on both sides.";
  return isEnd ? "this line is not finished." : `this cannot be read from “${text.trim().slice(0, 30)}” on.`;
}

const opens = (line: string) => /^\s*subgraph\b/.test(line);
const closes = (line: string) => /^\s*end\b/.test(line);

function openSubgraphs(lines: readonly string[]): number {
  return lines.reduce((depth, line) => depth + (opens(line) ? 1 : closes(line) ? -1 : 0), 0);
}

function lastOpen(lines: readonly string[]): number {
  const open: number[] = [];
  lines.forEach((line, i) => {
    if (opens(line)) open.push(i + 1);
    else if (closes(line)) open.pop();
  });
  return open.at(-1) ?? lines.length;
}
