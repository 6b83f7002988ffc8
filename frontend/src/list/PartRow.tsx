/** One part in the list: what it is and where its arrows go; opened, everything that can be done to it. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { type FormEvent, type KeyboardEvent, useId, useState } from "react";
import { handReady, sceneOf, TOOLS } from "../graph/act";
import { connect, disconnect, type Edit, moveInto, nameOf, remove, rename } from "../graph/edits";
import type { Graph, GraphNode } from "../mermaid/graph";
import { PartFields } from "../part/PartFields";

export interface RowProps {
  api: ExcalidrawImperativeAPI;
  graph: Graph;
  writable: boolean;
  isOpen: boolean;
  isSelected: boolean;
  onToggle(id: string): void;
  carryOut(edit: Edit): void;
  say(words: string): void;
}

export function PartRow({ node, ...props }: RowProps & { node: GraphNode }) {
  const { graph, isOpen, isSelected, onToggle } = props;
  const body = useId();
  const { id } = node;
  const leads = graph.edges.filter(({ source }) => source === id).map(({ target }) => nameOf(graph, target));
  const fed = graph.edges.filter(({ target }) => target === id).map(({ source }) => nameOf(graph, source));
  const facts = [
    node.kind ?? (node.shape === "image" ? "picture" : "no kind"),
    node.latency_ms !== undefined && `${node.latency_ms} ms`,
    node.volume,
    node.parent && `in ${nameOf(graph, node.parent)}`,
  ].filter(Boolean);

  return (
    <li className="list-row" data-row={id} aria-current={isSelected || undefined}>
      <button type="button" className="list-row__button" aria-expanded={isOpen} aria-controls={body} onClick={() => onToggle(id)}>
        <b>{nameOf(graph, id)}</b> <span className="list-row__facts">{facts.join(" · ")}</span>
        {leads.length > 0 && <Links mark="→" words="leads to" names={leads} />}
        {fed.length > 0 && <Links mark="←" words="fed by" names={fed} />}
      </button>
      <div id={body} hidden={!isOpen}>
        {isOpen && props.writable && <PartEditor node={node} {...props} />}
        {isOpen && !props.writable && (
          <div className="list-row__body">
            <Arrows id={id} {...props} />
          </div>
        )}
      </div>
    </li>
  );
}

function Links({ mark, words, names }: { mark: string; words: string; names: readonly string[] }) {
  return (
    <span className="list-row__links">
      <span aria-hidden="true">{mark} </span>
      <span className="list__hidden">{words} </span>
      {names.join(", ")}
    </span>
  );
}

function PartEditor({ node, ...props }: RowProps & { node: GraphNode }) {
  const { api, graph, carryOut, say } = props;
  const { id } = node;
  return (
    <div className="list-row__body" role="group" aria-label={nameOf(graph, id)}>
      {node.shape !== "image" && <NameField id={id} name={node.label} {...props} />}
      <PartFields api={api} nodes={[node]} say={say} />
      {graph.frames.length > 0 && (
        <label className="board-panel__label">
          Stands in frame
          <select
            className="board-panel__field"
            value={node.frame ?? ""}
            onChange={({ target }) => carryOut(moveInto(sceneOf(api), id, target.value || null))}
          >
            <option value="">None</option>
            {graph.frames.map((frame) => (
              <option key={frame.id} value={frame.id}>
                {nameOf(graph, frame.id)}
              </option>
            ))}
          </select>
        </label>
      )}
      <Arrows id={id} {...props} />
      <ConnectForm id={id} {...props} />
      <button type="button" className="board-panel__button list-row__delete" onClick={() => carryOut(remove(sceneOf(api), id))}>
        Delete {nameOf(graph, id)}
      </button>
    </div>
  );
}

/** A name that takes effect on Enter or on leaving the field; Escape puts back what was there. */
export function NameField({ id, name, api, carryOut }: Pick<RowProps, "api" | "carryOut"> & { id: string; name: string }) {
  const [typed, setTyped] = useState<string | null>(null);
  const settle = async () => {
    const words = typed?.split(/\s+/).join(" ").trim();
    setTyped(null);
    if (!words || words === name) return;
    await handReady(words);
    carryOut(rename(sceneOf(api), id, words, TOOLS));
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") void settle();
    else if (event.key === "Escape" && typed !== null) {
      event.preventDefault();
      setTyped(null);
    }
  };
  return (
    <label className="board-panel__label">
      Name
      <input
        className="board-panel__field"
        value={typed ?? name}
        maxLength={200}
        autoComplete="off"
        onChange={({ target }) => setTyped(target.value)}
        onBlur={() => void settle()}
        onKeyDown={keys}
      />
    </label>
  );
}

function Arrows({ id, api, graph, writable, carryOut }: RowProps & { id: string }) {
  const edges = graph.edges.filter(({ source, target }) => source === id || target === id);
  if (!edges.length) return <p className="board-panel__hint">No arrow leads from or to it.</p>;
  return (
    <ul className="list-row__arrows" aria-label="Arrows">
      {edges.map((edge) => {
        const out = edge.source === id;
        const other = nameOf(graph, out ? edge.target : edge.source);
        return (
          <li key={edge.id}>
            <span>
              {out ? "to" : "from"} <b>{other}</b>
              {edge.label && `: ${edge.label}`}
              {edge.heads === "both" && " (both ways)"}
            </span>
            {writable && (
              <button
                type="button"
                className="board-panel__button list-row__small"
                aria-label={`Disconnect ${out ? "to" : "from"} ${other}`}
                onClick={() => carryOut(disconnect(sceneOf(api), edge.id))}
              >
                Disconnect
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function ConnectForm({ id, api, graph, carryOut, say }: RowProps & { id: string }) {
  const [to, setTo] = useState("");
  const [label, setLabel] = useState("");
  const others = graph.nodes.filter((one) => one.id !== id && one.shape !== "group");
  if (!others.length) return null;
  const target = others.some((one) => one.id === to) ? to : "";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!target) return say("Choose where the arrow leads first.");
    const words = label.split(/\s+/).join(" ").trim();
    await handReady(words);
    carryOut(connect(sceneOf(api), id, target, words, TOOLS));
    setTo("");
    setLabel("");
  };

  return (
    <form className="list-row__connect" onSubmit={(event) => void submit(event)}>
      <label className="board-panel__label">
        Connect to
        <select className="board-panel__field" value={target} onChange={(event) => setTo(event.target.value)}>
          <option value="">Choose a part</option>
          {others.map((one) => (
            <option key={one.id} value={one.id}>
              {nameOf(graph, one.id)}
            </option>
          ))}
        </select>
      </label>
      <label className="board-panel__label">
        Label
        <input
          className="board-panel__field"
          value={label}
          maxLength={80}
          autoComplete="off"
          placeholder="optional"
          onChange={(event) => setLabel(event.target.value)}
        />
      </label>
      <button type="submit" className="board-panel__button">
        Connect
      </button>
    </form>
  );
}
