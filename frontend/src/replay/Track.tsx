/** What lies behind the bar of time: how much was drawn when, where pauses are skipped, and the marks. */
import { memo } from "react";
import type { Player } from "./player";

const WIDTH = 400;
const HEIGHT = 24;

export const Track = memo(function Track({ player, skipsIdle }: { player: Player; skipsIdle: boolean }) {
  const length = player.barLength || 1;
  const place = (at: number) => (player.toBar(at) / length) * WIDTH;
  const bars = player.activity(WIDTH / 2);
  const drawn = bars.map((share, i) => (share ? `M${i * 2 + 1} ${HEIGHT}V${HEIGHT - 2 - share * (HEIGHT - 6)}` : "")).join("");
  const marks = player.marks.map(({ at }) => `M${place(at)} 0V${HEIGHT}`).join("");
  const cuts = skipsIdle ? player.idle.map(({ from }) => `M${place(from)} ${HEIGHT - 6}V${HEIGHT}`).join("") : "";
  return (
    <svg className="track" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="track__drawn" d={drawn} />
      <path className="track__cut" d={cuts} />
      <path className="track__mark" d={marks} />
    </svg>
  );
});
