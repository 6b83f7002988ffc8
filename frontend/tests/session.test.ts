// @vitest-environment happy-dom
/** One person's stay on a board against a small real server: refusals, epochs, tabs that close, what is told of a view. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket as NodeSocket } from "ws";
import { type Editor, Session } from "../src/sync/session";
import { Relay } from "./relay";
import { element, MemoryScene } from "./scene";

vi.stubGlobal("WebSocket", NodeSocket);
vi.setConfig({ testTimeout: 20_000 }); // the machine may be busy

let relay: Relay;
let board = 0;
const open: Session[] = [];

beforeEach(async () => {
  relay = await Relay.open();
  board += 1;
});
afterEach(async () => {
  for (const session of open.splice(0)) session.leave();
  await relay.close();
});

class MemoryEditor extends MemoryScene implements Editor {
  clear(): void {
    this.all = [];
  }
  file(): string | null {
    return this.all.length ? JSON.stringify(this.all.map(({ id }) => id)) : null;
  }
}

interface Visit {
  session: Session;
  editor: MemoryEditor;
  told: { reloads: number; ends: number[] };
}

async function visit(epoch = 1): Promise<Visit> {
  const told: Visit["told"] = { reloads: 0, ends: [] };
  vi.stubGlobal("location", { origin: relay.url.replace(/^ws/, "http").replace(/\/ws\/.*/, "") });
  const session = new Session(
    {
      boardId: `board-${board}`,
      socketPath: "/ws/boards/b1/",
      epoch,
      right: "write",
      user: { id: "1", name: "Ana", color: "#2456d6" },
      assetPath: "/",
      viewOnly: false,
    },
    document,
    {
      changed: () => undefined,
      presenceChanged: () => undefined,
      ended: (code) => told.ends.push(code),
      reload: () => {
        told.reloads += 1;
      },
    },
  );
  open.push(session);
  await session.start();
  const editor = new MemoryEditor();
  session.attach(editor);
  return { session, editor, told };
}

const until = (check: () => unknown) => vi.waitFor(() => expect(check()).toBeTruthy(), { timeout: 8_000, interval: 10 });
const visible = (editor: MemoryEditor) => editor.all.filter(({ isDeleted }) => !isDeleted).map(({ id }) => id);

function draw({ session, editor }: Visit, id: string): void {
  editor.add(element({ id }));
  session.sceneChanged();
}

describe("an edit that the server refuses", () => {
  test("costs nothing but itself: a copy is kept, the board is loaded afresh, and drawing goes on", async () => {
    const ana = await visit();
    await until(() => ana.session.status === "saved");
    draw(ana, "good");
    await until(() => relay.doc.getMap("elements").has("good") && ana.session.status === "saved");
    relay.rejects = true;
    draw(ana, "bad");
    await until(() => ana.session.copy);
    relay.rejects = false;
    await until(() => ana.session.status === "saved" && visible(ana.editor).join() === "good");
    expect(ana.session.copy?.scene).toContain("bad");
    draw(ana, "next");
    await until(() => relay.doc.getMap("elements").has("next") && ana.session.status === "saved");
    expect([...relay.doc.getMap("elements").keys()].sort()).toEqual(["good", "next"]);
    const later = await visit(); // nothing bad waits in the outbox
    await until(() => later.session.status === "saved" && visible(later.editor).length === 2);
    expect(later.session.copy?.scene).toContain("bad");
  });
});

describe("a board that was put back to an earlier state", () => {
  test("makes an open page keep a copy and load again, and sends nothing old", async () => {
    const ana = await visit();
    await until(() => ana.session.status === "saved");
    draw(ana, "old");
    await until(() => relay.doc.getMap("elements").has("old") && ana.session.status === "saved");
    relay.refuses = 1013;
    relay.drop(1012);
    await until(() => ana.session.status === "reconnecting");
    draw(ana, "waiting");
    await until(() => ana.session.status === "offline");
    relay.refuses = 4409;
    await until(() => ana.told.reloads);
    expect(ana.session.copy?.scene).toContain("waiting");
    relay.refuses = null;
    relay.epoch = 2;
    const again = await visit(2);
    await until(() => again.session.status === "saved");
    expect(again.session.copy?.scene).toContain("waiting");
    expect(relay.doc.getMap("elements").has("waiting")).toBe(false);
  });
});

test("a tab closed in the middle of a stroke leaves it to the next visit", async () => {
  const ana = await visit();
  await until(() => ana.session.status === "saved");
  relay.refuses = 1013;
  relay.drop(1012);
  await until(() => ana.session.status === "reconnecting");
  const points = [[0, 0], [5, 5], [9, 2]];
  ana.editor.add(element({ id: "stroke", type: "freedraw", points, pressures: [], simulatePressure: true }));
  ana.editor.drawing = "stroke";
  ana.session.collect(); // as pagehide does
  await until(() => ana.session.status === "offline");
  await new Promise((done) => setTimeout(done, 20)); // the page goes on for a moment; its store does, too
  ana.session.leave();
  relay.refuses = null;
  const next = await visit();
  await until(() => next.session.status === "saved" && visible(next.editor).includes("stroke"));
  await until(() => relay.doc.getMap("elements").has("stroke"));
});

test("who follows and what is seen reaches the others, and goes when it ends", async () => {
  const [ana, ben] = [await visit(), await visit()];
  for (const { session } of [ana, ben]) {
    await until(() => session.status === "saved");
    session.tell("button", "up");
  }
  ana.session.tell("button", "down"); // Ben is there by now
  await until(() => ana.session.presence.size === 1 && ben.session.presence.size === 1);
  ben.session.tell("follows", ana.session.connection);
  await until(() => [...ana.session.presence.values()][0]?.follows === ana.session.connection);
  ana.session.tell("viewport", [0, 0, 800, 600]);
  await until(() => ben.session.presence.get(ana.session.connection)?.viewport?.[2] === 800);
  ben.session.tell("follows", null);
  await until(() => [...ana.session.presence.values()][0]?.follows === null);
});
