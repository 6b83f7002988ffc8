/** Reading and writing Mermaid: the same answers as the server, and nothing that a label can break. */
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type Chart, isSameChart, TextProblem } from "../src/mermaid/chart";
import { type Graph, readGraph } from "../src/mermaid/graph";
import { loadReader, type Read, undescribed } from "../src/mermaid/parse";
import { flowchart } from "../src/mermaid/write";
import { KINDS } from "../src/palette/parts";

const FIXTURES = new URL("../../tests/data/mermaid/", import.meta.url);

interface Fixture {
  elements: unknown[];
  graph: Graph;
  text: string;
}

const fixtures: [string, Fixture][] = readdirSync(FIXTURES)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => {
    const found = JSON.parse(readFileSync(new URL(name, FIXTURES), "utf8")) as Fixture | Fixture[];
    return [found].flat().map((one, i): [string, Fixture] => [`${name} ${i}`, one]);
  });

/** JSON knows no difference between 0 and -0, nor an order of keys. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

let read: Read;
beforeAll(async () => {
  read = await loadReader();
});

describe("the same as the server", () => {
  test.each(fixtures)("graph and text of %s", (_, { elements, graph, text }) => {
    const found = readGraph(elements);
    expect(plain(found)).toEqual(graph);
    expect(flowchart(found)).toBe(text);
  });

  test.each(fixtures)("Mermaid itself reads %s as it is meant", (_, { graph, text }) => {
    const chart = read(text);
    const boxes = graph.nodes.filter(({ id, kind }) => kind !== "group" && !graph.nodes.some(({ parent }) => parent === id));
    expect(chart.nodes.size).toBe(boxes.length);
    expect(chart.edges).toHaveLength(graph.edges.length);
    expect(flowchart(graphOf(chart), chart.direction).split("\n").sort()).toEqual(text.split("\n").sort());
  });
});

/** Return the graph that a chart describes, names being ids, in the order of the text. */
function graphOf({ nodes, groups, edges }: Chart): Graph {
  const inText = (node: { id: string }) => ({ mermaid_id: node.id, x: 0, y: 0, frame: null });
  return {
    nodes: [
      ...[...groups.values()].map((one) => ({ ...one, ...inText(one), kind: one.kind ?? "group", shape: "frame", parent: one.group })),
      ...[...nodes.values()].map(({ latencyMs, volume, form, group, ...one }) => ({
        ...one,
        ...inText(one),
        shape: form === "box" ? "rectangle" : form,
        parent: group,
        ...(latencyMs !== null && { latency_ms: latencyMs }),
        ...(volume !== null && { volume }),
      })),
    ],
    edges: edges.map((edge, i) => ({ ...edge, id: `e${i}` })),
    frames: [],
    text: [],
  };
}

describe("what people write", () => {
  const boxes = (text: string) => [...read(text).nodes.values()].map(({ id, label, kind, form }) => [id, label, kind ?? form]);

  test("shapes and classes say what a box is", () => {
    const text = `flowchart TD
      a[Plain] --> b[(Orders)] & c{{Events}}
      d{Drift?} --> e((Somebody))
      f([Client]):::client --> g@{ shape: cyl, label: "Lake" }
      h:::model --> i[[Sub]]
      class i,a training`;
    expect(boxes(text)).toEqual([
      ["a", "Plain", "training"],
      ["b", "Orders", "store"],
      ["c", "Events", "queue"],
      ["d", "Drift?", "diamond"],
      ["e", "Somebody", "ellipse"],
      ["f", "Client", "client"],
      ["g", "Lake", "store"],
      ["h", "h", "model"],
      ["i", "Sub", "training"],
    ]);
    expect(read(text).direction).toBe("TD");
  });

  test("arrows of every look, with and without words", () => {
    const { edges } = read(`graph LR
      a --> b --- c
      a -- asks --> c
      a -.->|"#quot;maybe#quot; #9829;"| b
      a == much ==> b
      b <--> c
      a x--x b
      a ~~~ c
      a & b --> d`);
    expect(edges.map(({ source, target, label, heads, line }) => `${line} ${source}${target} ${heads} ${label}`.trim())).toEqual([
      "2 ab end",
      "2 bc none",
      "3 ac end asks",
      '4 ab end "maybe" ♥',
      "5 ab end much",
      "6 bc both",
      "7 ab both",
      "9 ad end",
      "9 bd end",
    ]);
  });

  test("groups stand in groups, and a box in the first that mentions it", () => {
    const { nodes, groups } = read(`flowchart LR
      x --> a
      subgraph outer [All of it]
        direction TB
        subgraph inner
          a --> b
        end
        c
      end
      subgraph "No name of its own"
        c --> d
      end`);
    expect(Object.fromEntries([...nodes.values(), ...groups.values()].map(({ id, group }) => [id, group]))).toEqual({
      x: null,
      a: "inner",
      b: "inner",
      c: "outer",
      d: "no_name_of_its_own",
      inner: "outer",
      outer: null,
      no_name_of_its_own: null,
    });
    expect(groups.get("outer")?.label).toBe("All of it");
  });

  test("comments, settings, styles, links and line ends of other systems are no boxes", () => {
    const text = `---\ntitle: T\n---\n%%{init: {"theme": "dark"}}%%\r\nflowchart LR\r\n  %% a comment --> with an arrow\r\n  a --> b;\n  style a fill:#fff\n  classDef big font-size:20px\n  click a "https://example.org"\n  linkStyle 0 stroke:red`;
    expect([...read(text).nodes.keys()]).toEqual(["a", "b"]);
    expect(read(text).edges[0]?.line).toBe(7);
  });

  test.each([
    ["Ranker · 12 ms · 4,000/s", "Ranker", 12, "4,000/s"],
    ["Ranker · 1.5 s", "Ranker", 1500, null],
    ["Lookup · 250 µs · volume high", "Lookup", 0.25, "high"],
    ["Online · serving", "Online · serving", null, null],
    ["· 3 ms", "", 3, null],
    ["A · b · 200 of 2,000", "A · b", null, "200 of 2,000"],
    ["12 ms", "12 ms", null, null],
  ])("%s is read with its figures", (said, label, latencyMs, volume) => {
    expect(undescribed(said)).toEqual({ label, latencyMs, volume });
  });
});

describe("what cannot be read is told in a sentence with its line", () => {
  test.each([
    ["", 1, /empty/],
    ["%% only a comment", 1, /empty/],
    ["a --> b", 1, /flowchart LR/],
    ["\nsequenceDiagram\n a->>b: x", 2, /sequenceDiagram.*flowcharts only/],
    ["flowchart LR\n a[\n b", 2, /bracket is not closed/],
    ['flowchart LR\n a["foo] --> b\n c', 2, /quotation mark/],
    ["flowchart LR\n a[foo (bar)] --> c", 2, /quotes around/],
    ["flowchart LR\n a --> \n b --> --> c", 3, /box on both sides/],
    ["flowchart LR\n a -->", 2, /box on both sides/],
    ["flowchart LR\n a --> end", 2, /closes nothing/],
    ["flowchart LR\n subgraph x\n a", 2, /subgraph has no “end”/],
    ["flowchart LR\n\n\n a -> b", 4, /-->/],
    ["flowchart LR\n x[]", 2, /empty/],
    ["flowchart LR\n a[Foo]]", 2, /do not match/],
    ["flowchart LR\n a b c", 2, /“b”/],
    [`flowchart LR\n a["${"x".repeat(200_000)}"]`, 1, /too long/],
    [`flowchart LR\n${Array.from({ length: 1600 }, (_, i) => `n${i}`).join("\n")}`, 1, /1,600 boxes/],
  ])("%j", (text, line, says) => {
    const problem = (() => {
      try {
        return read(text);
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toBeInstanceOf(TextProblem);
    expect((problem as TextProblem).message).toMatch(says);
    expect((problem as TextProblem).line).toBe(line);
  });
});

test("random graphs with hostile labels come back from the text as they were", () => {
  const pieces = [..."ab \"'#;:&<>()[]{}|/\\*_~`$%@=+-.,!?^0129éß中🙂¶ﬂ\u0000\n\u2028", "end", "--> ", "subgraph ", "direction TB", "%%", "style", "fa:fa-x", "ms", " · "];
  const random = seeded(11);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const words = () => Array.from({ length: Math.floor(random() * 9) }, () => pick(pieces)).join("");
  for (let round = 0; round < 150; round += 1) {
    const ids = Array.from({ length: 1 + Math.floor(random() * 7) }, (_, i) => `e${i}`);
    const graph: Graph = {
      nodes: ids.map((id) => ({
        id,
        label: words(),
        kind: pick([...KINDS, "group", null]),
        shape: pick(["rectangle", "diamond", "ellipse", "image"]),
        frame: null,
        parent: random() < 0.3 ? pick(ids) : null,
        x: 0,
        y: 0,
        ...(random() < 0.3 && { latency_ms: pick([3, 0.25, 1e12]) }),
        ...(random() < 0.3 && { volume: words() }),
        ...(random() < 0.3 && { mermaid_id: pick(["a", "b-c", "end", "x_1"]) }),
      })),
      edges: ids.map((id, i) => ({ id: `a${i}`, source: id, target: pick(ids), label: words(), heads: pick(["end", "both", "none"]) })),
      frames: [{ id: "f", label: words() }],
      text: [],
    };
    const text = flowchart(graph);
    const chart = read(text);
    expect(chart.edges).toHaveLength(graph.edges.length);
    expect(isSameChart(read(flowchart(graphOf(chart), "LR")), chart), text).toBe(true);
  }
});

/** Return a random function with a memory, so that a failing case can be run again (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
