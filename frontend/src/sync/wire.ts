/**
 * The messages of the board's socket: y-protocols' own (0 sync, 1 awareness, 3 query awareness), and
 * ours (100 ack, 101 reject, 102 hello). One message is one binary WebSocket frame.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const ACK = 100;
const REJECT = 101;
const HELLO = 102;

const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

export interface Hello {
  epoch: number;
  right: "write" | "read";
  head: number;
}

export type Message =
  | { kind: "step1"; stateVector: Uint8Array }
  | { kind: "step2" | "update"; update: Uint8Array }
  | { kind: "awareness"; update: Uint8Array }
  | { kind: "query-awareness" }
  | { kind: "ack"; count: number }
  | { kind: "reject"; reason: string }
  | { kind: "hello"; hello: Hello }
  | { kind: "unknown"; type: number };

/** Return what a frame says; throws on a frame that is cut short or says more than it should. */
export function decode(frame: Uint8Array): Message {
  const decoder = decoding.createDecoder(frame);
  const message = read(decoder);
  if (message.kind !== "unknown" && decoding.hasContent(decoder)) {
    throw new Error(`${message.kind} message has ${frame.length - decoder.pos} bytes too many`);
  }
  return message;
}

function read(decoder: decoding.Decoder): Message {
  const type = decoding.readVarUint(decoder);
  switch (type) {
    case SYNC: {
      const step = decoding.readVarUint(decoder);
      const body = decoding.readVarUint8Array(decoder);
      if (step === STEP_1) return { kind: "step1", stateVector: body };
      if (step === STEP_2) return { kind: "step2", update: body };
      if (step === UPDATE) return { kind: "update", update: body };
      throw new Error(`unknown sync message ${step}`);
    }
    case AWARENESS:
      return { kind: "awareness", update: decoding.readVarUint8Array(decoder) };
    case QUERY_AWARENESS:
      return { kind: "query-awareness" };
    case ACK:
      return { kind: "ack", count: decoding.readVarUint(decoder) };
    case REJECT:
      return { kind: "reject", reason: decoding.readVarString(decoder) };
    case HELLO:
      return { kind: "hello", hello: JSON.parse(decoding.readVarString(decoder)) as Hello };
    default:
      return { kind: "unknown", type };
  }
}

function frame(write: (encoder: encoding.Encoder) => void, ...types: number[]): Uint8Array<ArrayBuffer> {
  return encoding.encode((encoder) => {
    for (const type of types) encoding.writeVarUint(encoder, type);
    write(encoder);
  }) as Uint8Array<ArrayBuffer>;
}

export const step1 = (stateVector: Uint8Array) =>
  frame((e) => encoding.writeVarUint8Array(e, stateVector), SYNC, STEP_1);

export const step2 = (update: Uint8Array) =>
  frame((e) => encoding.writeVarUint8Array(e, update), SYNC, STEP_2);

export const update = (bytes: Uint8Array) => frame((e) => encoding.writeVarUint8Array(e, bytes), SYNC, UPDATE);

export const awareness = (bytes: Uint8Array) => frame((e) => encoding.writeVarUint8Array(e, bytes), AWARENESS);

export const queryAwareness = () => frame(() => {}, QUERY_AWARENESS);

export const ack = (count: number) => frame((e) => encoding.writeVarUint(e, count), ACK);

export const reject = (reason: string) => frame((e) => encoding.writeVarString(e, reason), REJECT);

export const hello = (value: Hello) => frame((e) => encoding.writeVarString(e, JSON.stringify(value)), HELLO);
