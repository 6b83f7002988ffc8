/** Lets time pass for a player while it plays, and draws its component anew as it does. */
import { useEffect, useReducer, useRef } from "react";
import type { Player } from "./player";
import { spokenTime } from "./time";

/** A tab in the background gets no frames; what it missed is not caught up with at once. */
const LONGEST_FRAME_MS = 250;

/** Return a function that draws the component anew, for who changes the player otherwise. */
export function usePlaying(player: Player): () => void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const last = useRef(0);
  useEffect(() => {
    if (!player.playing) return;
    let frame = requestAnimationFrame(function tick(now) {
      player.advance(Math.min(LONGEST_FRAME_MS, last.current ? now - last.current : 0));
      last.current = now;
      redraw();
      if (player.playing) frame = requestAnimationFrame(tick);
    });
    return () => {
      cancelAnimationFrame(frame);
      last.current = 0;
    };
  }, [player, player.playing]);
  return redraw;
}

/** Return the moment shown in words, for screen readers. */
export function told(player: Player): string {
  const by = player.lastDrawnBy ? `, last drawn by ${player.lastDrawnBy.name}` : "";
  const count = player.scene.length;
  return `${spokenTime(player.at - player.start)}: ${count === 1 ? "1 element" : `${count} elements`}${by}.`;
}
