/** The drawing's graph and what is selected, for panels: read anew when something changed, and not more often. */
import { getSceneVersion } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { useEffect, useState } from "react";
import { type Graph, readGraph } from "../mermaid/graph";

const CALM_MS = 120;

/** Return the graph of what is on the board; the same object as long as it says the same. */
export function useGraph(api: ExcalidrawImperativeAPI): Graph {
  const [graph, setGraph] = useState(() => readGraph(api.getSceneElements()));
  useEffect(() => {
    let version = -1;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = () => {
      timer = undefined;
      const now = readGraph(api.getSceneElements());
      setGraph((was) => (JSON.stringify(was) === JSON.stringify(now) ? was : now));
    };
    const look = (elements: Parameters<typeof getSceneVersion>[0]) => {
      const next = getSceneVersion(elements);
      if (next === version) return; // the pointer moved, or the view
      version = next;
      timer ??= setTimeout(read, CALM_MS);
    };
    const stop = api.onChange(look);
    look(api.getSceneElementsIncludingDeleted());
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [api]);
  return graph;
}

/** Return the ids of what is selected, labels counting as what they label, sorted. */
export function useSelected(api: ExcalidrawImperativeAPI): readonly string[] {
  const [selected, setSelected] = useState(() => selectedIds(api));
  useEffect(
    () =>
      api.onChange(() => {
        const now = selectedIds(api);
        setSelected((was) => (was.join() === now.join() ? was : now));
      }),
    [api],
  );
  return selected;
}

function selectedIds(api: ExcalidrawImperativeAPI): readonly string[] {
  const chosen = api.getAppState().selectedElementIds;
  const ids = new Set<string>();
  if (Object.keys(chosen).length) {
    for (const element of api.getSceneElements()) {
      if (chosen[element.id]) ids.add(element.type === "text" && element.containerId ? element.containerId : element.id);
    }
  }
  return [...ids].sort();
}
