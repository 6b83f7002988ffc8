/**
 * People with the real Yjs and the stock y-websocket client, told what to do by lines of JSON.
 *
 * node yjs_people.mjs <folder with node_modules>; each line in is {"n", "do", "page", …}, each line out
 * {"n", …} in answer. What they draw is decided by the seed in the line, so that it can be repeated.
 */
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(`${process.argv[2]}/package.json`);
const Y = require("yjs");
const { WebsocketProvider } = require("y-websocket");
const WebSocket = require("ws");

// The stock client says this of our acks and of hello, which it ignores; anything else is worth reading.
const complain = console.error;
console.error = (...words) => words[0] === "Unable to compute message" || complain(...words);

const COLORS = ["#111111", "#222222", "#333333"];
const SOUNDS = ["a", "bé", "😀", " word ", "日本", "👩‍👩‍👧"];
const pages = new Map();
process.setMaxListeners(0); // each provider listens for the end

/** Return numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (n) => Math.floor(next() * n), choice: (list) => list[Math.floor(next() * list.length)] };
}

class Page {
  constructor({ client, url, room, headers, notes }) {
    this.doc = new Y.Doc();
    if (client) this.doc.clientID = client;
    this.elements = this.doc.getMap("elements");
    this.texts = this.doc.getMap("notes");
    this.notes = notes;
    this.mine = {};
    this.undoer = new Y.UndoManager([this.elements], { captureTimeout: 0, trackedOrigins: new Set([this.mine]) });
    this.closes = [];
    this.reach({ url, room, headers });
  }

  /** Connect to a board's socket, from now on and after every break. */
  reach({ url, room, headers }) {
    this.provider?.destroy();
    class Socket extends WebSocket {
      constructor(address, protocols) {
        super(address, protocols, { headers, perMessageDeflate: false });
        this.on("error", () => {});
      }
    }
    this.provider = new WebsocketProvider(url, room, this.doc, {
      WebSocketPolyfill: Socket,
      disableBc: true,
      connect: false,
      maxBackoffTime: 1000,
    });
    this.provider.on("connection-close", (event) => event && this.closes.push([event.code, event.reason]));
    this.awareness = this.provider.awareness;
  }

  draw({ seed, count }) {
    const chance = dice(seed);
    for (let at = 0; at < count; at += 1) {
      if (chance.next() < 0.08) this.undoer.undo();
      else this.doc.transact(() => this.act(chance), this.mine);
    }
  }

  act(chance) {
    const names = [...this.elements.keys()].sort();
    const what = chance.next() * (this.notes ? 1 : 0.72);
    const name = !names.length || what < 0.3 ? chance.choice([..."abcdefgh"]) : chance.choice(names);
    const there = this.elements.get(name);
    if (what < 0.3) {
      if (there && chance.next() < 0.8) return void there.set("geom", place(chance));
      const shape = new Y.Map();
      for (const [key, value] of [["type", "rectangle"], ["geom", place(chance)], ["isDeleted", false]]) shape.set(key, value);
      this.elements.set(name, shape);
    } else if (!there) return;
    else if (what < 0.45) there.set("strokeColor", chance.choice(COLORS));
    else if (what < 0.55) there.set("isDeleted", chance.next() < 0.5);
    else if (what < 0.63) there.set(`b/${chance.choice([..."xyz"])}`, "arrow");
    else if (what < 0.69) {
      const bound = [...there.keys()].filter((key) => key.startsWith("b/")).sort();
      if (bound.length) there.delete(chance.choice(bound));
    } else if (what < 0.72) this.elements.delete(name);
    else this.write(chance);
  }

  write(chance) {
    const step = chance.choice(["scope", "data"]);
    if (!this.texts.has(step)) return void this.texts.set(step, new Y.Text("Notes: "));
    const note = this.texts.get(step);
    const letters = [...note.toString()]; // whole characters: half of one is refused
    const at = chance.below(letters.length + 1);
    const start = letters.slice(0, at).join("").length;
    const end = Math.min(letters.length, at + 1 + chance.below(6));
    if (chance.next() < 0.65 || at === end) note.insert(start, chance.choice(SOUNDS));
    else note.delete(start, letters.slice(at, end).join("").length);
  }

  state() {
    return {
      scene: [this.elements.toJSON(), this.texts.toJSON()],
      vector: Buffer.from(Y.encodeStateVector(this.doc)).toString("base64"),
      synced: this.provider.synced,
      waits: this.doc.store.pendingStructs !== null || this.doc.store.pendingDs !== null,
      others: [...this.awareness.getStates()].map(([client, state]) => [client, state.user ?? null]),
      closes: this.closes,
    };
  }
}

function place(chance) {
  return { x: chance.below(1000), y: chance.below(1000), width: 120, height: 60, angle: 0, points: [] };
}

const deeds = {
  open: (line) => void pages.set(line.page, new Page(line)),
  reach: (line) => pages.get(line.page).reach(line),
  connect: (line) => pages.get(line.page).provider.connect(),
  disconnect: (line) => pages.get(line.page).provider.disconnect(),
  tear: (line) => pages.get(line.page).provider.ws?.terminate(),
  draw: (line) => pages.get(line.page).draw(line),
  point: (line) => pages.get(line.page).awareness.setLocalStateField("pointer", line.pointer),
  state: (line) => pages.get(line.page).state(),
  /** Apply updates to a new document, one after another, and say what it then holds. */
  read: ({ updates }) => {
    const doc = new Y.Doc();
    const [elements, notes] = [doc.getMap("elements"), doc.getMap("notes")];
    for (const update of updates) Y.applyUpdate(doc, Buffer.from(update, "base64"));
    return {
      scene: [elements.toJSON(), notes.toJSON()],
      waits: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
    };
  },
  close: (line) => {
    pages.get(line.page).provider.destroy();
    pages.delete(line.page);
  },
};

const input = createInterface({ input: process.stdin });
input.on("line", (text) => {
  const line = JSON.parse(text);
  let answer;
  try {
    answer = deeds[line.do](line) ?? {};
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify({ n: line.n, ...answer })}\n`);
});
input.on("close", () => process.exit(0));
