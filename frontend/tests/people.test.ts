/** What is shown of others on the board; what they claim of themselves is not believed blindly. */
import { expect, test } from "vitest";
import { followersOf, peopleOf } from "../src/people/who";
import { collaborators, viewOf } from "../src/presence";
import type { Presence } from "../src/sync/session";

const ana = { id: "1", name: "Ana", role: "candidate", color: "#2456d6" };
const ben = { id: "2", name: "Ben", role: "interviewer", color: "#0a7f5a" };
const room = (...states: [number, unknown][]) => new Map(states) as Map<number, Presence>;

test("a laser reaches the editor with its tool, button and full colour", () => {
  const all = collaborators({ presence: room([7, { user: ana, pointer: { x: 3, y: 4, tool: "laser" }, button: "down" }]) });
  expect(all.get("7" as never)).toMatchObject({ username: "Ana", pointer: { x: 3, y: 4, tool: "laser" }, button: "down", color: { stroke: "#2456d6" } });
});

test("nonsense in somebody's presence never reaches the editor", () => {
  const states = [{}, { pointer: "x" }, { pointer: { x: "1", y: 2 } }, { pointer: { x: Number.NaN, y: 2 }, button: 7, selectedElementIds: [1] }, { user: { color: "url(x)" }, pointer: [1, 2] }];
  for (const one of collaborators({ presence: room(...states.map((state, i): [number, unknown] => [i, state])) }).values()) {
    expect(one.pointer).toBeUndefined();
    expect(one.button).toBe("up");
    expect(one.selectedElementIds).toBeUndefined();
    expect(one.color?.background).toBe("#c9c5bb");
  }
});

test.each([
  [[0, 0, 800, 600], true],
  [[0, 0, 0, 600], false],
  [[0, 0, 800], false],
  [["0", 0, 800, 600], false],
  [[0, 0, Number.POSITIVE_INFINITY, 600], false],
  ["0,0,1,1", false],
  [null, false],
])("a view %j is followed: %s", (viewport, isOne) => {
  expect(viewOf({ viewport } as unknown as Presence) !== null).toBe(isOne);
});

test("a person with two tabs is shown once, and followed in the tab that was chosen", () => {
  const presence = room([1, { user: ana }], [2, { user: ana }], [3, { user: ben }]);
  const peers = [ana, ben];
  expect(peopleOf({ presence, peers, told: {} }).map(({ client }) => client)).toEqual([2, 3]);
  expect(peopleOf({ presence, peers, told: { follows: 1 } }).map(({ client }) => client)).toEqual([1, 3]);
});

test("people see who follows them", () => {
  const connection = 9;
  expect(followersOf({ connection, presence: room([1, { user: ana, follows: 8 }]) })).toBe("");
  expect(followersOf({ connection, presence: room([1, { user: ana, follows: 9 }]) })).toBe("Ana follows you");
  expect(followersOf({ connection, presence: room([1, { user: ana, follows: 9 }], [2, { user: ben, follows: 9 }]) })).toBe("Ana and Ben follow you");
});
