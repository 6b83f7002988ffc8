import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Outbox } from "../src/sync/outbox";
import { Outgoing } from "../src/sync/outgoing";

/** What the server takes of one socket (whiteboard/consumers.py). */
const BYTES_A_SECOND = 512 * 1024;
const BYTES_AT_ONCE = 6 * BYTES_A_SECOND;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const outbox = { add: async () => 1, remove: () => undefined } as unknown as Outbox;

test("a large drawing goes out no faster than the server takes it", async () => {
  const start = Date.now();
  let [sent, frames, owed] = [0, 0, 0];
  const made = new Outgoing(outbox, {
    isReady: () => true,
    send(frame) {
      sent += frame.length;
      frames += 1;
      setTimeout(() => made.acknowledged(1), 20);
      const allowed = BYTES_AT_ONCE + ((Date.now() - start) / 1000) * BYTES_A_SECOND;
      owed = Math.max(owed, sent / allowed);
    },
    sent: () => undefined,
    changed: () => undefined,
  });
  for (let part = 0; part < 40; part += 1) made.add(new Uint8Array(150_000));
  const saved = made.saved(60_000);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await saved).toBe(true);
  expect([frames, made.unsent]).toEqual([40, 0]);
  expect(owed).toBeLessThan(1);
  expect(made.savedAt).toBeGreaterThan(start);
});

test("what was on its way when the connection broke goes out again", () => {
  const frames: number[] = [];
  const made = new Outgoing(outbox, { isReady: () => true, send: (frame) => frames.push(frame.length), sent: () => undefined, changed: () => undefined });
  made.add(new Uint8Array(10));
  made.flush();
  made.flush();
  expect([frames.length, made.isOwedAnAck]).toEqual([1, true]);
  made.interrupted();
  expect([made.isOwedAnAck, made.unsent]).toEqual([false, 1]);
  made.flush();
  expect(frames).toHaveLength(2);
});
