/** Latency and volume, written under the names on the board. They are laid over the drawing and no part of it. */
import { getSceneVersion } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Caption, type Captioned, captionsOf } from "./captions";
import "./part.css";

export function CaptionLayer({ api }: { api: ExcalidrawImperativeAPI }) {
  const [captions, setCaptions] = useState<Caption[]>([]);
  const layer = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let version = -1;
    const look = () => {
      const elements = api.getSceneElements();
      const next = getSceneVersion(elements) + elements.length / 1e5;
      if (next === version) return;
      version = next;
      const now = captionsOf(elements as unknown as readonly Captioned[]);
      setCaptions((was) => (JSON.stringify(was) === JSON.stringify(now) ? was : now));
    };
    look();
    return api.onChange(look);
  }, [api]);

  useLayoutEffect(() => {
    const place = (x: number, y: number, zoom: number) => {
      if (layer.current) layer.current.style.transform = `scale(${zoom}) translate(${x}px, ${y}px)`;
    };
    const { scrollX, scrollY, zoom } = api.getAppState();
    place(scrollX, scrollY, zoom.value);
    return api.onScrollChange((x, y, { value }) => place(x, y, value));
  }, [api, captions.length]);

  if (!captions.length) return null;
  return (
    <div className="captions" ref={layer} aria-hidden="true">
      {captions.map(({ id, text, x, y }) => (
        <span key={id} style={{ insetInlineStart: x, insetBlockStart: y }}>
          {text}
        </span>
      ))}
    </div>
  );
}
