// @vitest-environment happy-dom
/** The textarea of the Mermaid panel: news of the board come in around the caret, never under it. */
import { beforeEach, describe, expect, test } from "vitest";
import { breakLine, changedRange, offer, selectLine } from "../src/mermaid/area";

const OLD = "flowchart LR\n  a[App]\n  b[Gateway]\n  a --> b\n";
let area: HTMLTextAreaElement;

beforeEach(() => {
  document.body.innerHTML = "<textarea></textarea><input>";
  area = document.querySelector("textarea") as HTMLTextAreaElement;
  area.value = OLD;
});

const caretIn = (words: string) => {
  area.focus();
  const at = area.value.indexOf(words) + 1;
  area.setSelectionRange(at, at);
};

describe("news of the board", () => {
  test("are taken as they are when nobody types", () => {
    expect(offer(area, "flowchart TD\n")).toBe(true);
    expect(area.value).toBe("flowchart TD\n");
  });

  test("come into other lines, and the caret stays at its word", () => {
    caretIn("Gateway");
    expect(offer(area, OLD.replace("App", "Mobile app"))).toBe(true);
    expect(area.value).toContain("Mobile app");
    expect(area.value.slice(area.selectionStart - 1)).toMatch(/^Gateway/);
  });

  test("wait as long as the caret stands in a line that would change", () => {
    caretIn("Gateway");
    expect(offer(area, OLD.replace("Gateway", "Edge"))).toBe(false);
    expect(area.value).toBe(OLD);
    caretIn("App");
    expect(offer(area, OLD.replace("Gateway", "Edge"))).toBe(true);
    expect(area.value).toBe(OLD.replace("Gateway", "Edge"));
  });

  test("wait while a selection reaches into such a line", () => {
    area.focus();
    area.setSelectionRange(0, OLD.indexOf("Gateway"));
    expect(offer(area, OLD.replace("App", "Mobile"))).toBe(false);
  });

  test("a line added at the end does not wait for a caret above it", () => {
    caretIn("a -->");
    expect(offer(area, `${OLD}  c[Cache]\n`)).toBe(true);
    expect(area.value).toBe(`${OLD}  c[Cache]\n`);
  });
});

test("what differs is told in whole lines", () => {
  const next = OLD.replace("App", "Apple");
  const [from, to, end] = changedRange(OLD, next);
  expect(OLD.slice(0, from) + next.slice(from, end) + OLD.slice(to)).toBe(next);
  expect(OLD.slice(0, from).endsWith("\n")).toBe(true);
});

test("a line can be shown", () => {
  selectLine(area, 3);
  expect(area.value.slice(area.selectionStart, area.selectionEnd)).toBe("  b[Gateway]");
});

test("a line that is begun comes into sight, though it was the script that broke the last one", () => {
  const sizes = { scrollHeight: 500, clientHeight: 200 };
  for (const [name, value] of Object.entries(sizes)) Object.defineProperty(area, name, { value });
  Object.assign(document, { execCommand: () => false }); // not there outside browsers
  area.focus();
  area.setSelectionRange(OLD.length, OLD.length);
  area.scrollLeft = 300;
  breakLine(area);
  expect(area.value).toBe(`${OLD}\n`);
  expect([area.scrollLeft, area.scrollTop]).toEqual([0, 300]);
});
