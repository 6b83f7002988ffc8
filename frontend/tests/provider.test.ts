import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket as NodeSocket } from "ws";
import * as Y from "yjs";
import { openOutbox } from "../src/sync/outbox";
import { type Loss, Provider } from "../src/sync/provider";
import { retryDelay } from "../src/sync/socket";
import { Relay } from "./relay";

globalThis.WebSocket ??= NodeSocket as unknown as typeof WebSocket; // Node 20 has none of its own

vi.setConfig({ testTimeout: 20_000 }); // the machine may be busy

let relay: Relay;
const open: Provider[] = [];
let board = 0;

beforeEach(async () => {
  relay = await Relay.open();
  board += 1;
});
afterEach(async () => {
  for (const provider of open.splice(0)) provider.stop();
  await relay.close();
});

interface Visit {
  doc: Y.Doc;
  provider: Provider;
  losses: Loss[];
  ends: number[];
}

async function visit(user = "ana", epoch = 1): Promise<Visit> {
  const doc = new Y.Doc();
  const losses: Loss[] = [];
  const ends: number[] = [];
  const outbox = openOutbox(`board-${board}`, user, epoch);
  const provider = new Provider(
    doc,
    { url: relay.url, epoch, right: "write", user: { id: user, name: user, color: "#2456d6" }, outbox },
    { changed: () => undefined, lost: (loss) => losses.push(loss), ended: (code) => ends.push(code) },
  );
  open.push(provider);
  provider.start((await outbox.load()).kept);
  return { doc, provider, losses, ends };
}

const until = (check: () => unknown) => vi.waitFor(() => expect(check()).toBeTruthy(), { timeout: 6000, interval: 10 });
const write = (doc: Y.Doc, key: string, value: unknown) => doc.getMap("elements").set(key, value);
const kept = async (user = "ana", epoch = 1) => (await openOutbox(`board-${board}`, user, epoch).load()).kept.length;

describe("saved", () => {
  test("is said only when nothing is unacknowledged", async () => {
    const ana = await visit();
    await until(() => ana.provider.state === "saved");
    relay.acks = false;
    write(ana.doc, "a", 1);
    expect(ana.provider.state).toBe("saving");
    await until(() => relay.writes.length === 1);
    expect(ana.provider.state).toBe("saving");
    expect(await kept()).toBe(1);
    relay.acknowledge();
    await until(() => ana.provider.state === "saved");
    expect(ana.provider.savedAt).toBeGreaterThan(0);
    await until(async () => (await kept()) === 0);
  });

  test("many edits go out merged, and all reach the others", async () => {
    const [ana, ben] = [await visit("ana"), await visit("ben")];
    await until(() => ana.provider.state === "saved" && ben.provider.state === "saved");
    for (let i = 0; i < 200; i += 1) write(ana.doc, `k${i}`, i);
    expect(await ana.provider.saved(5000)).toBe(true);
    expect(relay.writes.length).toBeLessThan(5);
    await until(() => ben.doc.getMap("elements").size === 200);
  });

  test("is not promised when the server does not answer in time", async () => {
    const ana = await visit();
    await until(() => ana.provider.state === "saved");
    relay.acks = false;
    write(ana.doc, "a", 1);
    expect(await ana.provider.saved(100)).toBe(false);
  });

  test("holds again after a reconnect without sending anything twice", async () => {
    const ana = await visit();
    write(ana.doc, "a", 1);
    await until(() => ana.provider.state === "saved" && relay.writes.length === 1);
    relay.drop(1012);
    await until(() => relay.connections === 2 && ana.provider.state === "saved");
    expect(relay.writes).toHaveLength(1);
  });
});

describe("offline", () => {
  test("edits are kept, shown as such, and sent on return", async () => {
    const ana = await visit();
    await until(() => ana.provider.state === "saved");
    relay.refuses = 1013;
    relay.drop(1012);
    await until(() => ana.provider.state === "reconnecting");
    write(ana.doc, "a", 1);
    expect(ana.provider.state).toBe("offline");
    relay.refuses = null;
    await until(() => ana.provider.state === "saved");
    expect(relay.doc.getMap("elements").get("a")).toBe(1);
  });

  test("edits survive closing the tab", async () => {
    const first = await visit();
    await until(() => first.provider.state === "saved");
    write(first.doc, "before", 0);
    await until(() => first.provider.state === "saved" && relay.writes.length === 1);
    relay.refuses = 1013;
    relay.drop(1012);
    write(first.doc, "a", 1);
    write(first.doc, "before", 2);
    await until(async () => (await kept()) === 2);
    first.provider.stop();
    relay.refuses = null;
    const second = await visit();
    await until(() => second.provider.state === "saved");
    expect(relay.doc.getMap("elements").toJSON()).toEqual({ a: 1, before: 2 });
    await until(async () => (await kept()) === 0);
  });

  test("edits of another person or epoch are not sent", async () => {
    relay.refuses = 1013;
    const ana = await visit();
    write(ana.doc, "a", 1);
    await until(async () => (await kept()) === 1);
    expect(await kept("ben")).toBe(0);
    const { kept: rows, dropped } = await openOutbox(`board-${board}`, "ana", 2).load();
    expect([rows.length, dropped]).toEqual([0, 1]);
  });

  test("what the server lost although it acknowledged is sent again", async () => {
    const ana = await visit();
    write(ana.doc, "a", 1);
    await until(() => ana.provider.state === "saved" && relay.writes.length === 1);
    relay.doc.getMap("elements").delete("a");
    const fresh = new Y.Doc();
    Object.assign(relay, { doc: fresh });
    relay.drop(1012);
    await until(() => fresh.getMap("elements").get("a") === 1);
    await until(() => ana.provider.state === "saved");
  });
});

describe("a server that says no", () => {
  test("rejected: the document is given up once, and its edits are forgotten", async () => {
    const ana = await visit();
    await until(() => ana.provider.state === "saved");
    relay.rejects = true;
    write(ana.doc, "bad", 1);
    await until(() => ana.losses.length);
    expect(ana.losses).toEqual(["rejected"]);
    ana.provider.stop(true);
    await until(async () => (await kept()) === 0);
  });

  test("another epoch, by close code or in the greeting", async () => {
    relay.refuses = 4409;
    const ana = await visit();
    await until(() => ana.losses.length);
    relay.refuses = null;
    relay.epoch = 2;
    const ben = await visit("ben");
    await until(() => ben.losses.length);
    expect([ana.losses, ben.losses]).toEqual([["epoch"], ["epoch"]]);
  });

  test.each([4403, 4404])("%i ends it for good", async (code) => {
    relay.refuses = code;
    const ana = await visit();
    await until(() => ana.ends.length);
    await new Promise((done) => setTimeout(done, 600));
    expect(ana.ends).toEqual([code]);
    expect(relay.connections).toBe(1);
  });

  test("a reader sends nothing", async () => {
    relay.right = "read";
    const reader = await visit();
    await until(() => reader.provider.state === "readonly");
    write(reader.doc, "a", 1);
    await new Promise((done) => setTimeout(done, 150));
    expect(relay.writes).toEqual([]);
  });
});

describe("a connection that is open and dead", () => {
  const realTimeout = setTimeout;
  afterEach(() => vi.useRealTimers());

  /** Let the clock of the page run ahead, in small steps between which the network has its turn. */
  async function letRun(check: () => unknown): Promise<void> {
    for (let turn = 0; turn < 600 && !check(); turn += 1) {
      await vi.advanceTimersByTimeAsync(50);
      await new Promise((done) => realTimeout(done, 2));
    }
    expect(check()).toBeTruthy();
  }

  async function deaf(): Promise<Visit> {
    const ana = await visit();
    await until(() => ana.provider.state === "saved");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    write(ana.doc, "first", 0); // its ack is what is heard last
    await letRun(() => relay.writes.length === 1 && ana.provider.state === "saved");
    relay.dead = true;
    return ana;
  }

  test("is found within 25 seconds by somebody who does nothing", async () => {
    const ana = await deaf();
    await vi.advanceTimersByTimeAsync(23_000);
    expect(ana.provider.state).not.toBe("saved");
    relay.dead = false;
    await letRun(() => relay.connections >= 2 && ana.provider.state === "saved");
  });

  test("is found by somebody who goes on drawing", async () => {
    const ana = await deaf();
    for (let second = 0; second < 11; second += 1) {
      write(ana.doc, `k${second}`, second);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    relay.dead = false;
    await letRun(() => relay.connections >= 2 && ana.provider.state === "saved");
    expect(relay.doc.getMap("elements").size).toBe(12);
  });
});

test("two tabs of one person that come back at once send everything, and nothing remains", async () => {
  const [one, two] = [await visit(), await visit()];
  await until(() => one.provider.state === "saved" && two.provider.state === "saved");
  relay.refuses = 1013;
  relay.drop(1012);
  await until(() => one.provider.state === "reconnecting" && two.provider.state === "reconnecting");
  write(one.doc, "one", 1);
  write(two.doc, "two", 2);
  await until(async () => (await kept()) === 2);
  const third = await visit(); // opened while both wait: it takes up what they hold
  relay.refuses = null;
  await until(() => [one, two, third].every(({ provider }) => provider.state === "saved"));
  for (const { doc } of [one, two, third, relay]) {
    await until(() => doc.getMap("elements").size === 2);
    expect(doc.getMap("elements").toJSON()).toEqual({ one: 1, two: 2 });
  }
  await until(async () => (await kept()) === 0);
});

test("what the browser cannot store is known to be in this tab only, until it is sent", async () => {
  const doc = new Y.Doc();
  const full = { ...openOutbox(`board-${board}`, "ana", 1), add: async () => null, remove: () => undefined };
  const provider = new Provider(
    doc,
    { url: relay.url, epoch: 1, right: "write", user: { id: "ana", name: "Ana", color: "#2456d6" }, outbox: full },
    { changed: () => undefined, lost: () => undefined, ended: () => undefined },
  );
  open.push(provider);
  relay.refuses = 1013;
  provider.start([]);
  write(doc, "a", 1);
  await until(() => provider.onlyHere);
  relay.refuses = null;
  await until(() => provider.state === "saved");
  expect(provider.onlyHere).toBe(false);
});

test("presence reaches the others at most twelve times a second", async () => {
  const [ana, ben] = [await visit("ana"), await visit("ben")];
  await until(() => ana.provider.state === "saved" && ben.provider.state === "saved");
  let heard = 0;
  ben.provider.awareness.on("update", () => (heard += 1));
  for (let x = 0; x < 50; x += 1) {
    ana.provider.awareness.setLocalStateField("pointer", { x, y: 0, tool: "pointer" });
    await new Promise((done) => setTimeout(done, 10));
  }
  const pointer = () => ben.provider.awareness.getStates().get(ana.provider.awareness.clientID)?.pointer;
  await until(() => pointer()?.x === 49);
  expect(heard).toBeLessThanOrEqual(12);
  ana.provider.stop();
});

test.each([
  [4403, 0, null],
  [4404, 0, null],
  [4409, 3_000, null],
  [4429, 0, 11_000],
  [1011, 0, 500],
  [1012, 0, 500],
  [1013, 9_999, 500],
  [1006, 9_999, 500],
  [1006, 10_000, 1_500],
  [1012, 25_000, 3_000],
  [1006, 600_000, 6_000],
])("after close %i, %i ms without a connection, the wait is %s ms", (code, downMs, delay) => {
  expect(retryDelay(code, downMs, 0.5)).toBe(delay);
});

test("in the first seconds of a restart no wait is longer than a second", () => {
  for (const chance of [0, 0.3, 0.999]) expect(retryDelay(1012, 2_000, chance)).toBeLessThanOrEqual(1_000);
});
