import { describe, expect, test } from "vitest";
import * as wire from "../src/sync/wire";

const bytes = new Uint8Array([1, 2, 3, 200]);

describe("a frame", () => {
  test.each([
    [wire.step1(bytes), { kind: "step1", stateVector: bytes }, [0, 0, 4]],
    [wire.step2(bytes), { kind: "step2", update: bytes }, [0, 1, 4]],
    [wire.update(bytes), { kind: "update", update: bytes }, [0, 2, 4]],
    [wire.awareness(bytes), { kind: "awareness", update: bytes }, [1, 4]],
    [wire.queryAwareness(), { kind: "query-awareness" }, [3]],
    [wire.ack(300), { kind: "ack", count: 300 }, [100, 172, 2]],
    [wire.reject("naïve"), { kind: "reject", reason: "naïve" }, [101, 6]],
    [
      wire.hello({ epoch: 2, right: "read", head: 7 }),
      { kind: "hello", hello: { epoch: 2, right: "read", head: 7 } },
      [102],
    ],
  ])("%# is read as it was written", (frame, message, start) => {
    expect(wire.decode(frame)).toEqual(message);
    expect([...frame.slice(0, start.length)]).toEqual(start);
  });

  test("of an unknown type is passed over", () => {
    expect(wire.decode(new Uint8Array([77, 9, 9]))).toEqual({ kind: "unknown", type: 77 });
  });

  test.each([[[]], [[0]], [[0, 2]], [[0, 2, 200, 1, 5]], [[0, 9, 0]], [[1, 3, 1]], [[3, 3]], [[102, 1, 65]]])(
    "cut short or overfull, %j, throws",
    (frame) => expect(() => wire.decode(new Uint8Array(frame))).toThrow(),
  );
});
