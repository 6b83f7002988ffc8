/** Mermaid texts among other texts. */

const BEGINNING = /^\s*(?:---\n[\s\S]*?\n---\s*)?(?:%%.*\n\s*)*(?:flowchart|graph)\s+(?:LR|RL|TD|TB|BT)\b[^\n]*[\n;]/;
const BLOCK = /^ {0,3}(```+|~~~+)\s*mermaid\s*\n([\s\S]*?)^ {0,3}\1/m;

/** Return the first Mermaid block of a Markdown text, or the whole text if there is none. */
export const flowchartIn = (text: string): string => BLOCK.exec(text)?.[2] ?? text;

/** Return whether a pasted text is meant as a flowchart: it begins as one, and goes on. */
export const isFlowchart = (text: string): boolean => BEGINNING.test(flowchartIn(text.replace(/\r\n?/g, "\n")));
