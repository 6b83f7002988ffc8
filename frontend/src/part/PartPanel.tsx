/** Panel "Part": kind, latency and volume of the boxes that are selected, of all of them at once. */
import { useState } from "react";
import { nameOf } from "../graph/edits";
import { useGraph, useSelected } from "../graph/use";
import type { PanelProps } from "../panels/registry";
import { PartFields } from "./PartFields";

export default function PartPanel({ api }: PanelProps) {
  const graph = useGraph(api);
  const selected = useSelected(api);
  const [said, say] = useState("");
  const nodes = graph.nodes.filter(({ id, shape }) => selected.includes(id) && shape !== "frame");
  const [one] = nodes;
  return (
    <>
      <div className="board-panel__body part-panel">
        {one ? (
          <>
            <p className="part-panel__who">
              {nodes.length === 1 ? <b>{nameOf(graph, one.id)}</b> : <><b>{nodes.length} parts</b>: what you set here holds for all of them.</>}
            </p>
            <PartFields api={api} nodes={nodes} say={say} />
            <p className="board-panel__hint">
              How long one request spends here, and how much passes through. Both stand under the box and count when the
              design is scored. Words such as “12 ms” in a label count too.
            </p>
          </>
        ) : (
          <p className="board-panel__hint">
            Select a box on the board, or several, to set what kind of part it is, its latency and its volume.
          </p>
        )}
      </div>
      <p className="board-panel__said" role="status">
        {said}
      </p>
    </>
  );
}
