/** One frame in the list: its name and what stands in it; opened, a new name or its end. */
import { useId } from "react";
import { sceneOf } from "../graph/act";
import { nameOf, remove } from "../graph/edits";
import { NameField, type RowProps } from "./PartRow";

export function FrameRow({ id, api, graph, writable, isOpen, isSelected, onToggle, carryOut }: RowProps & { id: string }) {
  const body = useId();
  const frame = graph.frames.find((one) => one.id === id);
  const members = graph.nodes.filter((node) => node.frame === id).map((node) => nameOf(graph, node.id));
  return (
    <li className="list-row" data-row={id} aria-current={isSelected || undefined}>
      <button type="button" className="list-row__button" aria-expanded={isOpen} aria-controls={body} onClick={() => onToggle(id)}>
        <b>{nameOf(graph, id)}</b>{" "}
        <span className="list-row__facts">{members.length ? `holds ${members.join(", ")}` : "empty"}</span>
      </button>
      <div id={body} hidden={!isOpen}>
        {isOpen && writable && (
          <div className="list-row__body" role="group" aria-label={nameOf(graph, id)}>
            <NameField id={id} name={frame?.label ?? ""} api={api} carryOut={carryOut} />
            <button type="button" className="board-panel__button list-row__delete" onClick={() => carryOut(remove(sceneOf(api), id))}>
              Delete the frame, keep what stands in it
            </button>
          </div>
        )}
      </div>
    </li>
  );
}
