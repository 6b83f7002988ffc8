// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Bringer, type Shelf } from "../src/images/bringer";
import { fetchedOnce } from "../src/images/once";
import { dataUrlOf } from "../src/images/prepare";
import { element } from "./scene";

const idOf = (digit: string) => `img-${digit.repeat(36)}`;
const picture = (fileId: unknown) => element({ type: "image", fileId });
const png = new Blob(["pixels"], { type: "image/png" });
let boards = 0;
let path = "";
let asked: string[] = [];
let kept: [string, string, string][] = [];
let answer: () => { status: number } | Promise<never>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  boards += 1;
  [path, asked, kept] = [`/boards/${boards}/images/`, [], []];
  answer = () => ({ status: 200 });
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    const { status } = await answer();
    return { status, ok: status === 200, blob: async () => png };
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const until = (check: () => unknown) => vi.waitFor(() => expect(check()).toBeTruthy(), { timeout: 5000, interval: 5 });
const bringer = (shelf: Partial<Shelf> = {}) =>
  new Bringer({ path, ...shelf }, (id, url, type) => kept.push([id, url, type]));

test("a picture comes once, however often it is shown and wherever", async () => {
  const [replay, compare] = [bringer(), bringer()];
  for (let frame = 0; frame < 60; frame += 1) replay.look([picture(idOf("a")), picture(idOf("a"))]);
  compare.look([picture(idOf("a"))]);
  await until(() => kept.length === 2);
  expect(await fetchedOnce(path, idOf("a"))).toBe(png); // the board, which asks like this
  bringer().look([picture(idOf("a"))]);
  await until(() => kept.length === 3);
  expect(asked).toEqual([`${path}${idOf("a")}/`]);
  expect(kept[0]).toEqual([idOf("a"), await dataUrlOf(png), "image/png"]);
});

test("what the board on the page has is not fetched", async () => {
  const file = { dataURL: "data:image/png;base64,AA==", mimeType: "image/png" };
  bringer({ here: (id) => (id === idOf("a") ? file : undefined) }).look([picture(idOf("a")), picture(idOf("b"))]);
  await until(() => kept.length === 2);
  expect(kept[0]).toEqual([idOf("a"), file.dataURL, file.mimeType]);
  expect(asked).toEqual([`${path}${idOf("b")}/`]);
});

test("one that is deleted stays an empty box and is not asked for again", async () => {
  answer = () => ({ status: 404 });
  const made = bringer();
  made.look([picture(idOf("a"))]);
  await pass(200_000);
  made.look([picture(idOf("a"))]);
  await pass(1_000);
  expect([asked.length, kept]).toEqual([1, []]);
});

test("without an answer it is asked for again, later and later, and no more once nobody looks", async () => {
  answer = () => Promise.reject(new TypeError("offline"));
  const made = bringer();
  for (let frame = 0; frame < 60; frame += 1) {
    made.look([picture(idOf("a"))]);
    await pass(16);
  }
  expect(asked).toHaveLength(1);
  await pass(1_000);
  expect(asked).toHaveLength(2);
  answer = () => ({ status: 503 });
  await pass(2_100);
  expect(asked).toHaveLength(3);
  answer = () => ({ status: 200 });
  await pass(4_100);
  await until(() => kept.length === 1);

  answer = () => Promise.reject(new TypeError("offline"));
  made.look([picture(idOf("b"))]);
  await pass(100);
  made.stop();
  await pass(200_000);
  expect(asked).toHaveLength(5);
});

test("only ids of ours are asked for, and nothing where there is no place to ask", async () => {
  for (const id of [null, "", "../../", "0".repeat(40), `${idOf("a")}/..`]) bringer().look([picture(id)]);
  bringer().look([element()]);
  bringer({ path: undefined }).look([picture(idOf("a"))]);
  await pass(100);
  expect(asked).toEqual([]);
});
