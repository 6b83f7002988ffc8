// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { digest } from "lib0/hash/sha256";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Canvas, type PictureElement, Pictures } from "../src/images/pictures";
import { blobOf, dataUrlOf, fileIdOf } from "../src/images/prepare";
import { type Answer, Uploads } from "../src/images/uploads";
import { openWaiting, type Waiting } from "../src/images/waiting";
import { isFileId } from "../src/sync/guard";
import { element, Person } from "./scene";

vi.mock("../src/images/prepare", async (original) => {
  const real = await original<typeof import("../src/images/prepare")>();
  const prepare = async (blob: Blob) => {
    if (blob.type === "text/plain") throw new real.PictureError("This is no picture.");
    return { id: await real.fileIdOf(blob), blob };
  };
  return { ...real, prepare };
});

const picture = (text: string) => new Blob([text], { type: "image/png" });
const ids = { red: "", blue: "" };
let boards = 0;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  boards += 1;
  ids.red = await fileIdOf(picture("red"));
  ids.blue = await fileIdOf(picture("blue"));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Let time pass, and everything that it wakes finish. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const until = (check: () => unknown) => vi.waitFor(() => expect(check()).toBeTruthy(), { timeout: 5000, interval: 5 });

class Server {
  answers: (Answer | "away")[] = [];
  sent: string[] = [];
  has = new Map<string, Blob>();
  asked: string[] = [];

  send = async (blob: Blob, told: (share: number) => void): Promise<Answer> => {
    told(0.5);
    const answer = this.answers.shift() ?? { status: 200 };
    if (answer === "away") throw new Error("no answer");
    this.sent.push(await blob.text());
    if (answer.status === 200) this.has.set(await fileIdOf(blob), blob);
    return answer;
  };

  fetch = async (address: string, { method }: { method: string }) => {
    const id = address.split("/").at(-2) ?? "";
    this.asked.push(`${method} ${id}`);
    const blob = this.has.get(id);
    return { status: blob ? 200 : 404, ok: Boolean(blob), blob: async () => blob };
  };
}

const nowhere: Waiting = { load: async () => new Map(), put: async () => undefined, drop: async () => undefined };

describe("ids", () => {
  test("have the form that the server and the gate know", async () => {
    expect(await fileIdOf(new Blob(["hello"]))).toBe("img-2cf24dba5fb0a30e26e83b2ac5b9e29e1b16");
    expect(isFileId(ids.red)).toBe(true);
    for (const id of [null, "", "f1", "0".repeat(40), `img-${"0".repeat(35)}`, `${ids.red}/..`]) {
      expect(isFileId(id)).toBe(false);
    }
  });

  test("are the same on a page that may not hash", async () => {
    const bytes = new TextEncoder().encode("hello");
    const own = [...digest(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    expect(await fileIdOf(new Blob([bytes]))).toBe(`img-${own.slice(0, 36)}`);
  });
});

describe("data URLs", () => {
  test("there and back", async () => {
    const blob = blobOf(await dataUrlOf(picture("red")));
    expect(blob?.type).toBe("image/png");
    expect(await blob?.text()).toBe("red");
  });

  test("an SVG as text", async () => {
    const blob = blobOf("data:image/svg+xml;utf8,%3Csvg%20%2F%3E");
    expect(await blob?.text()).toBe("<svg />");
  });

  test.each(["", "https://example.org/x.png", "data:,", "data:image/png;base64,%%%", "javascript:alert(1)"])(
    "%j is none",
    (text) => expect(blobOf(text)).toBeNull(),
  );
});

describe("uploads", () => {
  function uploads(server: Server, waiting = nowhere) {
    const done: string[] = [];
    const refused: string[] = [];
    const made = new Uploads(server.send, waiting, {
      changed: () => undefined,
      done: (id) => done.push(id),
      refused: (id, sentence) => refused.push(`${id}: ${sentence}`),
    });
    return { made, done, refused };
  }

  test("go out one after the other", async () => {
    const server = new Server();
    const { made, done } = uploads(server);
    made.add("a", picture("red"));
    made.add("b", picture("blue"));
    made.add("a", picture("red"));
    expect(made.pending).toBe(2);
    await until(() => !made.pending);
    expect(done).toEqual(["a", "b"]);
    expect(server.sent).toEqual(["red", "blue"]);
  });

  test("are tried again when there is no answer, at longer and longer intervals, and at once when told", async () => {
    const server = new Server();
    server.answers = ["away", { status: 503, error: "busy" }, { status: 429, error: "too fast" }, { status: 403 }];
    const { made, done, refused } = uploads(server);
    made.add("a", picture("red"));
    await pass(0);
    expect(made.stuck).toBe(true);
    await pass(1_100);
    await pass(2_100);
    await pass(4_100);
    expect([made.pending, refused]).toEqual([1, []]);
    made.hurry();
    await until(() => !made.pending);
    expect([done, made.stuck]).toEqual([["a"], false]);
  });

  test("that the server refuses in words are given up, and the next one goes", async () => {
    const server = new Server();
    server.answers = [{ status: 422, error: "Damaged." }];
    const { made, done, refused } = uploads(server);
    made.add("a", picture("red"));
    made.add("b", picture("blue"));
    await until(() => !made.pending);
    expect([done, refused]).toEqual([["b"], ["a: Damaged."]]);
  });

  test("a flush waits for all, and not for ever", async () => {
    const server = new Server();
    server.answers = ["away", "away"];
    const { made } = uploads(server);
    expect(await made.flush(100)).toBe(true);
    made.add("a", picture("red"));
    await pass(0);
    const early = made.flush(500);
    await pass(600);
    expect(await early).toBe(false);
    const late = made.flush(8_000);
    await pass(3_000);
    expect(await late).toBe(true);
  });

  test("wait in the browser until the server has answered", async () => {
    vi.useRealTimers();
    const waiting = openWaiting(`board-${boards}`, "ana");
    const server = new Server();
    server.answers = ["away"];
    const { made } = uploads(server, waiting);
    made.add("a", picture("red"));
    await vi.waitFor(async () => expect((await waiting.load()).size).toBe(1));
    expect((await openWaiting(`board-${boards}`, "ben").load()).size).toBe(0);
    expect((await openWaiting(`other-${boards}`, "ana").load()).size).toBe(0);
    made.hurry();
    await until(() => !made.pending);
    await vi.waitFor(async () => expect((await waiting.load()).size).toBe(0));
    made.stop();
  });
});

/** An editor's scene and files in memory. */
class Page implements Canvas {
  all: PictureElement[] = [];
  files = new Map<string, string>();
  said: string[] = [];
  held = new Set<string>();
  pictures: Pictures;

  constructor(server: Server, { writes = true, waiting = nowhere } = {}) {
    vi.stubGlobal("fetch", server.fetch);
    const [path, send] = [`/boards/${boards}/images/`, server.send];
    const writable = () => writes;
    this.pictures = new Pictures({ canvas: this, path, send, waiting, writable, changed: () => undefined });
  }

  elements = () => this.all;
  data = (id: string) => this.files.get(id);
  keep = (id: string, url: string) => void (this.files.has(id) || this.files.set(id, url));
  inHand = () => this.held;
  say = (sentence: string) => void this.said.push(sentence);
  sayInstead = this.say;
  change(elements: readonly PictureElement[], to: Partial<PictureElement>): void {
    this.all = this.all.map((one) => (elements.includes(one) ? { ...one, ...to } : one));
    this.pictures.look();
  }

  show(fileId: string, over: Partial<PictureElement> = {}): void {
    this.all = [...this.all, { id: `e${this.all.length}`, type: "image", isDeleted: false, fileId, status: "pending", ...over }];
    this.pictures.look();
  }

  isIdle = () => until(() => this.pictures.uploads.pending === 0);

  get first(): PictureElement {
    return this.all[0] as PictureElement;
  }
}

describe("pictures", () => {
  test("one that is added is sent, and others are told once the hand is off it", async () => {
    const server = new Server();
    const page = new Page(server);
    const id = await page.pictures.add(picture("red"));
    page.files.set(id, await dataUrlOf(picture("red")));
    page.show(id);
    page.held.add("e0");
    await page.isIdle();
    await pass(2_000);
    expect([server.sent, page.first.status]).toEqual([["red"], "pending"]);
    page.held.clear();
    await pass(2_000);
    expect([page.first.fileId, page.first.status]).toEqual([ids.red, "saved"]);
    expect(server.asked).toEqual([]);
  });

  test("one that the server refuses leaves the board with a sentence, and leaves it again after an undo", async () => {
    const server = new Server();
    server.answers = [{ status: 409, error: "This board is full." }];
    const page = new Page(server);
    page.show(await page.pictures.add(picture("red")));
    await page.isIdle();
    expect([page.first.isDeleted, page.said]).toEqual([true, ["This board is full."]]);
    page.show(ids.red);
    expect(page.all.every((one) => one.isDeleted)).toBe(true);
  });

  test("a file that is none is refused before anything is shown", async () => {
    const page = new Page(new Server());
    await expect(page.pictures.add(new Blob(["x"], { type: "text/plain" }))).rejects.toThrow();
    expect(page.said).toEqual(["This is no picture."]);
    expect(page.pictures.uploads.pending).toBe(0);
  });

  test("somebody else's is fetched as soon as it is there, and nothing of it is written", async () => {
    const server = new Server();
    const page = new Page(server, { writes: false });
    page.show(ids.red);
    await pass(3_500);
    expect(page.files.size).toBe(0);
    server.has.set(ids.red, picture("red"));
    const tries = server.asked.length;
    page.change([page.first], { status: "saved" });
    await pass(10);
    expect(server.asked.length).toBe(tries + 1);
    await until(() => page.files.has(ids.red));
    expect(page.first.status).toBe("saved");
  });

  test("it is asked for less and less often while it does not come, and no more once it is erased", async () => {
    const server = new Server();
    const page = new Page(server, { writes: false });
    page.show(ids.red);
    await pass(200_000);
    expect(server.asked.length).toBeGreaterThan(5);
    expect(server.asked.length).toBeLessThan(12);
    page.change([page.first], { isDeleted: true });
    await pass(100_000);
    const tries = server.asked.length;
    await pass(200_000);
    expect(server.asked.length).toBe(tries);
  });

  test.each(["0123456789abcdef0123456789abcdef01234567", `img-${"0".repeat(36)}`])(
    "what came with a file as %s is sent and named anew",
    async (foreign) => {
      const server = new Server();
      const page = new Page(server);
      page.files.set(foreign, await dataUrlOf(picture("red")));
      page.show(foreign);
      await until(() => server.sent.length);
      await page.isIdle();
      await pass(2_000);
      expect([page.first.fileId, page.first.status]).toEqual([ids.red, "saved"]);
      expect(page.files.has(ids.red)).toBe(true);
    },
  );

  test("what came without its file is left out", async () => {
    const page = new Page(new Server());
    page.show("foreign");
    await pass(4_000);
    expect(page.first.isDeleted).toBe(true);
    expect(page.said).toHaveLength(1);
  });

  test("a file opened again on its own board is not sent again", async () => {
    const server = new Server();
    server.has.set(ids.red, picture("red"));
    const page = new Page(server);
    page.files.set(ids.red, await dataUrlOf(picture("smaller")));
    page.show(ids.red, { status: "saved" });
    await pass(2_000);
    expect([server.sent, server.asked]).toEqual([[], [`HEAD ${ids.red}`]]);
  });

  test("what a closed tab could not send is sent by the next, if the board still shows it", async () => {
    const server = new Server();
    const kept = new Map([
      [ids.red, picture("red")],
      [ids.blue, picture("blue")],
    ]);
    const page = new Page(server, { waiting: { ...nowhere, load: async () => kept } });
    page.show(ids.red);
    await page.pictures.start();
    await until(() => server.sent.length && page.files.has(ids.red));
    await page.isIdle();
    await pass(5_000);
    expect([server.sent, page.first.status]).toEqual([["red"], "saved"]);
  });

  test("nothing happens after the board is gone", async () => {
    const server = new Server();
    const page = new Page(server);
    page.show(ids.red);
    page.pictures.stop();
    await pass(10);
    const tries = server.asked.length;
    await pass(100_000);
    page.pictures.look();
    expect(server.asked.length).toBe(tries);
  });
});

describe("the document", () => {
  test("hears of a picture once it has its id, and nobody takes it away before", () => {
    const ana = new Person();
    ana.scene.add(element({ id: "p", type: "image", fileId: null, status: "pending", scale: [1, 1] }));
    expect(ana.take()).toEqual([]);
    ana.scene.edit("p", { fileId: "0123456789abcdef0123456789abcdef01234567" });
    expect(ana.take()).toEqual([]);
    expect(ana.scene.refused).toEqual([]);
    ana.scene.edit("p", { fileId: ids.red });
    const ben = new Person(false);
    ben.hear(ana.take());
    expect(ben.doc.getMap("elements").toJSON()).toMatchObject({ p: { type: "image", fileId: ids.red } });
  });
});
