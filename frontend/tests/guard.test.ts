import { describe, expect, test } from "vitest";
import { isDrawable, isIndex, isSendable } from "../src/sync/guard";
import { arrow, element } from "./scene";

const text = (over = {}) =>
  element({ type: "text", text: "hi", originalText: "hi", fontSize: 20, fontFamily: 5, lineHeight: 1.25, ...over });

describe("drawable", () => {
  test.each([
    ["a rectangle", element()],
    ["an arrow", arrow()],
    ["a label", text({ containerId: "e1", textAlign: "center" })],
    ["a frame", element({ type: "frame", name: "Online" })],
    ["a stroke", element({ type: "freedraw", points: [[0, 0]], pressures: [0.5] })],
    ["a bound arrow", arrow({ endBinding: { elementId: "e1", focus: 0.1, gap: 3, fixedPoint: [0.5, 1] } })],
    ["a picture", element({ type: "image", fileId: "f1", scale: [1, 1], crop: null })],
    ["a part", element({ customData: { kind: "store", latencyMs: 5 } })],
  ])("%s", (_, one) => expect(isDrawable(one)).toBe(true));

  test("a picture cannot be sent before it has the id of its upload", () => {
    for (const fileId of [null, "f1", "0123456789abcdef0123456789abcdef01234567"]) {
      expect(isSendable(element({ type: "image", fileId, scale: [1, 1] }))).toBe(false);
    }
    const uploaded = element({ type: "image", fileId: `img-${"0a".repeat(18)}`, scale: [1, 1], status: "saved" });
    expect(isSendable(uploaded)).toBe(true);
  });
});

describe("not drawable", () => {
  test.each([
    ["iframe", element({ type: "iframe" })],
    ["embeddable", element({ type: "embeddable", link: "https://example.org" })],
    ["magicframe", element({ type: "magicframe" })],
    ["selection", element({ type: "selection" })],
    ["unknown type", element({ type: "script" })],
    ["type of a prototype", element({ type: "constructor" })],
    ["no id", element({ id: "" })],
    ["NaN", element({ x: Number.NaN })],
    ["infinity", element({ width: Number.POSITIVE_INFINITY })],
    ["far away", element({ x: 1e300 })],
    ["text as number", element({ x: "12" })],
    ["missing size", element({ width: undefined })],
    ["colour as object", element({ strokeColor: {} })],
    ["very long colour", element({ strokeColor: "x".repeat(5000) })],
    ["groups as text", element({ groupIds: "abc" })],
    ["groups of numbers", element({ groupIds: [1] })],
    ["roundness as number", element({ roundness: 3 })],
    ["roundness without type", element({ roundness: {} })],
    ["customData as list", element({ customData: [] })],
    ["customData as text", element({ customData: "kind" })],
    ["bound elements as text", element({ boundElements: "abc" })],
    ["bound to a script", element({ boundElements: [{ id: "x", type: "script" }] })],
    ["points as text", arrow({ points: "0,0" })],
    ["points of text", arrow({ points: [["0", "0"], ["1", "1"]] })],
    ["points of three", arrow({ points: [[0, 0, 0], [1, 1, 1]] })],
    ["one point", arrow({ points: [[0, 0]] })],
    ["no points", arrow({ points: undefined })],
    ["too many points", arrow({ points: Array.from({ length: 5001 }, () => [0, 0]) })],
    ["NaN among points", arrow({ points: [[0, 0], [Number.NaN, 1]] })],
    ["binding as text", arrow({ startBinding: "e1" })],
    ["binding to nothing", arrow({ startBinding: { focus: 0 } })],
    ["segments as text", arrow({ elbowed: true, fixedSegments: "x" })],
    ["pressures as text", element({ type: "freedraw", points: [[0, 0]], pressures: "x" })],
    ["text as list", text({ text: ["hi"] })],
    ["giant text", text({ text: "x".repeat(60_000) })],
    ["font size zero", text({ fontSize: 0 })],
    ["font family as text", text({ fontFamily: "Arial" })],
    ["frame name as object", element({ type: "frame", name: {} })],
    ["picture scale as text", element({ type: "image", fileId: "f1", scale: "1" })],
  ])("%s", (_, one) => expect(isDrawable(one)).toBe(false));
});

describe("index", () => {
  test.each(["a0", "a1", "Zz", "a0V", "b00", "b125", "a1V2"])("%s is one", (key) => expect(isIndex(key)).toBe(true));
  test.each([null, undefined, 5, "", "a", "b1", "a00", "zzz!", "é1", "0a", `A${"0".repeat(26)}`, "a".repeat(300)])(
    "%s is none",
    (key) => expect(isIndex(key)).toBe(false),
  );
});
