/** The Mermaid panel's heart: a text and a board that follow each other, and never eat what was not theirs. */
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { overlap, rectOf } from "../src/mermaid/draft";
import { MermaidLink, type Outcome } from "../src/mermaid/link";
import { loadReader, type Read } from "../src/mermaid/parse";
import type { SceneElement } from "../src/sync/element";
import { MemoryBoard, toolsOf } from "./mermaid.board";
import { element } from "./scene";

let read: Read;
let board: MemoryBoard;
let link: MermaidLink;

beforeAll(async () => {
  read = await loadReader();
});

beforeEach(() => {
  board = new MemoryBoard();
  link = new MermaidLink(read, board, toolsOf());
});

function write(text: string, sure = false): Outcome {
  const outcome = link.write(text, sure);
  if (outcome.is === "applied") expect(link.follow(), "the board says what the text says").toBeNull();
  return outcome;
}

const START = `flowchart LR
  %% the path of a request
  app([Client app]):::client --> gw(Gateway):::service
  gw -->|"asks"| rank[["Ranker · 12 ms"]]:::model
  rank --> fs[(Feature store)]
`;

describe("from the text to the board", () => {
  test("boxes and arrows appear, with kinds, figures and room between them", () => {
    expect(write(START)).toEqual({ is: "applied" });
    expect(board.says()).toEqual([
      "Client app (client)",
      "Client app -> Gateway",
      "Feature store (store)",
      "Gateway (service)",
      "Gateway -> Ranker: asks",
      "Ranker (model)",
      "Ranker -> Feature store",
    ]);
    expect(board.named("Ranker").customData).toMatchObject({ kind: "model", part: "ranker", latencyMs: 12, mermaidId: "rank" });
    expect(board.named("Feature store").type).toBe("ellipse");
    const boxes = board.graph().nodes.map(({ label }) => rectOf(board.named(label) as never));
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => expect(overlap(a, b, 20)).toBe(false)));
    expect(board.named("Client app").x as number).toBeLessThan(board.named("Feature store").x as number);
    expect(link.text).toBe(START);
  });

  test("everything is bound as the editor binds it", () => {
    write(START);
    for (const arrow of board.alive().filter(({ type }) => type === "arrow")) {
      for (const end of [arrow.startBinding, arrow.endBinding] as { elementId: string }[]) {
        const box = board.all.find(({ id }) => id === end.elementId) as SceneElement;
        expect(box.boundElements).toContainEqual({ id: arrow.id, type: "arrow" });
      }
    }
    for (const text of board.alive().filter(({ type }) => type === "text")) {
      const holder = board.all.find(({ id }) => id === text.containerId) as SceneElement;
      expect(holder.boundElements).toContainEqual({ id: text.id, type: "text" });
    }
  });

  test("a new name on a box changes its words and nothing else", () => {
    write(START);
    const before = new Map(board.all.map((one) => [one.id, one]));
    write(START.replace("Gateway", "API gateway"));
    const changed = board.all.filter((one) => before.get(one.id) !== one);
    expect(changed.map(({ type, originalText }) => [type, originalText])).toEqual([["text", "API gateway"]]);
  });

  test("what was moved, coloured and made larger by hand stays so", () => {
    write(START);
    const ranker = board.named("Ranker");
    board.edit(ranker.id, { x: 900, y: 700, width: 300, strokeColor: "#e03131" });
    expect(link.follow()).toBeNull();
    write(START.replace("Ranker · 12 ms", "Second ranker · 14 ms"));
    expect(board.named("Second ranker")).toMatchObject({ id: ranker.id, x: 900, y: 700, width: 300, strokeColor: "#e03131" });
    expect(board.named("Second ranker").customData).toMatchObject({ kind: "model", latencyMs: 14 });
  });

  test("another name in the text is the same box", () => {
    write(START);
    const { id } = board.named("Feature store");
    write(START.replace("fs[", "store["));
    expect(board.named("Feature store").id).toBe(id);
    write(START.replace("fs[(Feature store)]", "fea"));
    expect(board.named("fea").id).toBe(id);
  });

  test("an arrow is rewired, turned, renamed and taken away", () => {
    write(START);
    const arrow = board.graph().edges.find(({ label }) => label === "asks")?.id;
    write(START.replace('gw -->|"asks"| rank', 'app <-->|"asks"| rank'));
    expect(board.says()).toContain("Client app <-> Ranker: asks");
    expect(board.graph().edges.find(({ label }) => label === "asks")?.id).toBe(arrow);
    write(START.replace('gw -->|"asks"| rank', 'gw -->|"asks for scores"| rank'));
    expect(board.graph().edges.find(({ label }) => label === "asks for scores")?.id).toBe(arrow);
    write(START.replace("  rank --> fs", "  fs"));
    expect(board.says()).not.toContain("Ranker -> Feature store");
    expect(board.says()).toContain("Feature store (store)");
  });

  test("groups become frames, and boxes move in and out of them", () => {
    write(`${START}  subgraph on [Online]\n    gw\n    rank\n  end\n`);
    expect(board.says()).toEqual(expect.arrayContaining(["Online (group)", "Gateway (service) in Online", "Ranker (model) in Online"]));
    const frame = board.all.find(({ type }) => type === "frame") as SceneElement;
    expect(frame.name).toBe("Online");
    write(`${START}  subgraph on [Online path]\n    gw\n    cache[(Cache)]:::cache\n  end\n`);
    expect(board.says()).toEqual(expect.arrayContaining(["Cache (cache) in Online path", "Gateway (service) in Online path", "Ranker (model)"]));
    const ranker = rectOf(board.named("Ranker") as never);
    expect(overlap(rectOf(board.named("Online path") as never), ranker)).toBe(false);
    write(START);
    expect(board.says()).toEqual(expect.arrayContaining(["Gateway (service)"]));
    expect(board.alive().some(({ type }) => type === "frame")).toBe(false);
    expect(board.alive().some(({ frameId }) => frameId)).toBe(false);
  });

  test("groups stand in groups", () => {
    write("flowchart LR\n subgraph a [Outer]\n  subgraph b [Inner]\n   x --> y\n  end\n  z\n end\n x --> z\n");
    expect(board.says()).toEqual(expect.arrayContaining(["Inner (group) in Outer", "x in Inner", "z in Outer"]));
  });

  test("a text that cannot be read leaves the board alone, and says the line", () => {
    write(START);
    const before = board.all;
    const outcome = link.write(`${START}  oops -->\n`);
    expect(outcome).toMatchObject({ is: "problem", problem: { line: 6 } });
    expect(board.all).toBe(before);
    expect(link.text).toBe(START);
  });

  test("taking away most of a board is asked about first", () => {
    write(`${START}  a --> b --> c\n`);
    const before = board.all;
    expect(link.write("flowchart LR\n")).toEqual({ is: "question", going: 7, of: 7 });
    expect(board.all).toBe(before);
    expect(write("flowchart LR\n", true)).toEqual({ is: "applied" });
    expect(board.says()).toEqual([]);
  });

  test("other order, comments or short forms change nothing on the board", () => {
    write(START);
    const { steps } = board;
    expect(write(START.split("\n").toSpliced(1, 1, "  %% other words", "").join("\n"))).toEqual({ is: "same" });
    expect(board.steps).toBe(steps);
  });

  test("freehand, pictures and free text are never touched, whatever the text says", () => {
    const own = [
      element({ id: "stroke", type: "freedraw", points: [[0, 0], [9, 9]], pressures: [] }),
      element({ id: "photo", type: "image", fileId: "f", x: 500 }),
      element({ id: "note", type: "text", text: "p99 below 150 ms", containerId: null, y: 300, fontSize: 20, fontFamily: 5 }),
    ];
    board.all = own;
    link.follow();
    expect(link.text).toBe("flowchart LR\n");
    write(START);
    write("flowchart LR\n", true);
    expect(board.all.slice(0, 3)).toEqual(own);
  });
});

describe("from the board to the text", () => {
  beforeEach(() => void write(START));

  test("a new label changes one line, and comments stay", () => {
    board.relabel(board.named("Gateway").id, "Edge gateway");
    expect(link.follow()).toBe(START.replace("gw(Gateway):::service", 'gw("Edge gateway"):::service'));
    expect(link.follow()).toBeNull();
  });

  test("what others draw is added, what they take away goes", () => {
    const fresh = element({ id: "theirs", x: 2000, customData: { kind: "queue" } });
    const said = element({ id: "theirs-t", type: "text", text: "Work queue", containerId: "theirs", fontSize: 18, fontFamily: 5 });
    board.all = [...board.all, fresh, said];
    expect(link.follow()).toBe(START.replace("  app(", '  work_queue{{"Work queue"}}\n  app('));
    const arrow = board.graph().edges.find(({ label }) => label === "asks") as { id: string };
    board.edit(arrow.id, { isDeleted: true });
    const text = link.follow() as string;
    expect(text).not.toContain("asks");
    expect(text).toContain("%% the path of a request");
    expect(read(text).nodes.get("rank")?.latencyMs).toBe(12);
  });

  test("undo on the board brings the text back to what it said", () => {
    const before = board.all;
    write(START.replace("Gateway", "Other"));
    board.all = before.map((one) => ({ ...one, version: one.version + 9 }));
    link.follow();
    expect([...read(link.text).nodes.values()].map(({ label }) => label)).toContain("Gateway");
  });

  test("a second text on the same board has the same names", () => {
    const other = new MermaidLink(read, board, toolsOf(2));
    expect([...read(other.text).nodes.keys()].sort()).toEqual(["app", "fs", "gw", "rank"]);
  });
});

describe("both at once", () => {
  test("what somebody draws while another types is neither lost nor undone", () => {
    write(START);
    board.all = [...board.all, element({ id: "theirs", x: 3000 })];
    board.relabel(board.named("Feature store").id, "Online store");
    link.write(START.replace("Client app", "Mobile app"));
    expect(board.says()).toEqual(expect.arrayContaining(["Mobile app (client)", "Online store (store)", ""]));
    const text = link.follow() as string;
    expect([...read(text).nodes.values()].map(({ label }) => label).sort()).toEqual(["", "Gateway", "Mobile app", "Online store", "Ranker"]);
  });

  test("a box that another took away does not come back, unless the text needs it", () => {
    write(START);
    const { id } = board.named("Feature store");
    for (const one of board.all) if (one.id === id || one.containerId === id) board.edit(one.id, { isDeleted: true });
    link.write(START.replace("Client app", "App"));
    expect(board.says()).not.toContain("Feature store (store)");
    link.write(`${START.replace("Client app", "App")}  gw --> fs\n`);
    expect(board.says()).toContain("Gateway -> Feature store");
  });
});
