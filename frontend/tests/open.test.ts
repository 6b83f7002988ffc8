// @vitest-environment happy-dom
/** What is said of files that no board can open. */
import { expect, test, vi } from "vitest";
import { open } from "../src/files/open";

vi.mock("@excalidraw/excalidraw", () => ({
  MIME_TYPES: { png: "image/png", svg: "image/svg+xml", json: "application/json" },
  loadFromBlob: async () => {
    throw new Error("no drawing");
  },
}));

test.each([
  ["empty.excalidraw", "", "is empty"],
  ["empty.mmd", " \n", "is empty"],
  ["broken.excalidraw", "flow of words", "cannot be read as a drawing"],
  ["paper.pdf", "%PDF-1.4 and more", "cannot be read as a drawing"],
  ["cut.excalidraw", '{"type": "excalidraw", "elements": [', "cannot be read as a drawing"],
  ["film.mp4", "\0\0\0 ftyp", "cannot be read as a drawing"],
  ["photo.png", "\u0089PNG\r\n", "is a picture without a drawing in it"],
  ["notes.txt", "Look at this", "cannot be read as a Mermaid flowchart"],
  ["README", "Look at this", "cannot be read as a Mermaid flowchart"],
  ["parts.json", '{"type": "excalidrawlib"}', "is a library of shapes"],
  ["graph.json", '{"nodes": [], "edges": []}', "holds the graph of a board"],
])("%s", async (name, text, said) => {
  await expect(open(new File([text], name))).rejects.toThrow(`“${name}” ${said}`);
});

test("a flowchart is read whatever its file is called", async () => {
  for (const name of ["chart.mmd", "chart.flow"]) {
    const { chart } = await open(new File(["flowchart LR\n  a --> b\n"], name));
    expect(chart?.edges).toHaveLength(1);
  }
});
