/** Latency and volume as people type them, and where they are written on the board. */
import { expect, test } from "vitest";
import { captionsOf } from "../src/part/captions";
import { readLatency, readVolume } from "../src/part/values";

test.each([
  ["", null],
  ["12", 12],
  [" 12 ms ", 12],
  ["1.5 s", 1500],
  ["0,25", 0.25],
  ["2 min", 120_000],
  ["80µs", 0.08],
  ["0", 0],
])("latency %j is %s ms", (typed, value) => {
  expect(readLatency(typed)).toEqual({ value });
});

test.each(["fast", "-3", "12 apples", "1e9", "ms", "12 13", "9999999 s"])("latency %j is refused with a sentence", (typed) => {
  expect(readLatency(typed).wrong).toMatch(/^[A-Z].*\.$/);
});

test("a volume is short text on one line", () => {
  expect(readVolume("  5k \n req/s ")).toEqual({ value: "5k req/s" });
  expect(readVolume(" ")).toEqual({ value: null });
  expect(readVolume("x".repeat(41)).wrong).toMatch(/40 characters/);
});

test("figures stand in the box when its label leaves room, else below it", () => {
  const box = { type: "rectangle", x: 100, y: 100, width: 176, height: 80 };
  const label = (id: string, height: number) => ({ ...box, type: "text", id: `${id}-label`, containerId: id, height });
  const figures = { latencyMs: 12, volume: "5k req/s" };
  const [roomy, full] = captionsOf([
    { ...box, id: "roomy", customData: figures },
    label("roomy", 23),
    { ...box, id: "full", customData: figures },
    label("full", 68),
    { ...box, id: "none", customData: { latencyMs: Number.NaN, volume: " " } },
    { ...box, id: "odd", customData: { latencyMs: "12" as never } },
  ]);
  expect(roomy).toMatchObject({ id: "roomy", text: "12 ms · 5k req/s", x: 188 });
  expect(roomy?.y).toBeLessThan(180);
  expect(full?.y).toBeGreaterThan(180);
});
