/** What a file holds, in words. */
import type { Opened } from "./open";

const BOXES = new Set(["rectangle", "ellipse", "diamond"]);

export const countOf = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** Return what a file holds: "12 boxes, 9 arrows and 3 other items". */
export function contentsOf({ elements, chart }: Opened): string {
  const boxes = chart ? chart.nodes.size : elements.filter(({ type }) => BOXES.has(type)).length;
  const arrows = chart ? chart.edges.length : elements.filter(({ type }) => type === "arrow").length;
  const others = chart ? chart.groups.size : elements.filter(({ type, containerId }) => !BOXES.has(type) && type !== "arrow" && !containerId).length;
  const parts = [
    boxes && countOf(boxes, "box", "boxes"),
    arrows && countOf(arrows, "arrow"),
    others && countOf(others, chart ? "group" : boxes || arrows ? "other item" : "item"),
  ].filter(Boolean);
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : String(parts[0] ?? "nothing");
}
