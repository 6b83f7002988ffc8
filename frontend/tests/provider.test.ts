import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket as NodeSocket } from "ws";
import * as Y from "yjs";
import { openOutbox } from "../src/sync/outbox";
import { type Loss, Provider } from "../src/sync/provider";
import { retryDelay } from "../src/sync/socket";
import { Relay } from "./relay";

globalThis.WebSocket ??= NodeSocket as unknown as typeof WebSocket; // Node 20 has none of its own

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
  [4409, 3, null],
  [4429, 0, 11_000],
  [1012, 0, 800],
  [1006, 0, 300],
  [1006, 3, 2_400],
  [1006, 50, 4_500],
])("after close %i, attempt %i, the wait is %s ms", (code, attempt, delay) => {
  expect(retryDelay(code, attempt, 0.5)).toBe(delay);
});
