/** The interview as a line: its steps in their colours, what happened as ticks, and where nothing did. */
import { memo } from "react";
import type { Player } from "../replay/player";
import { clockTime, spokenTime } from "../replay/time";
import { type Event, type Step, stepAt } from "./config";

interface Props {
  player: Player;
  steps: readonly Step[];
  marks: readonly Event[];
  seek(at: number): void;
}

const WIDTH = 1000;

export function Timeline({ player, steps, marks, seek }: Props) {
  const length = Math.max(1, player.end);
  const step = stepAt(steps, player.at);
  const where = step ? `, in ${step.position} ${step.short}` : "";
  return (
    <div className="timeline__line">
      <Names steps={steps} length={length} current={step?.slug} />
      <div className="timeline__track">
        <Band steps={steps} marks={marks} player={player} skipsIdle={player.skipsIdle} length={length} />
        <svg className="timeline__over" viewBox={`0 0 ${WIDTH} 56`} preserveAspectRatio="none" aria-hidden="true">
          <rect className="timeline__veil" x={(player.at / length) * WIDTH} y="16" width={WIDTH - (player.at / length) * WIDTH} height="14" />
          <path className="timeline__head" d={`M${(player.at / length) * WIDTH} 2V46`} />
        </svg>
        <input
          type="range"
          aria-label="Moment"
          min={0}
          max={length}
          step={1}
          value={Math.floor(player.at)}
          aria-valuetext={`${spokenTime(player.at)} of ${spokenTime(length)}${where}`}
          onChange={(event) => seek(Number(event.target.value))}
        />
      </div>
    </div>
  );
}

const Names = memo(function Names({ steps, length, current }: { steps: readonly Step[]; length: number; current: string | undefined }) {
  return (
    <ol className="timeline__names" aria-label="Steps">
      {steps.map((step) => (
        <li
          key={step.slug}
          className={`dim-${step.dimension}`}
          style={{ flexGrow: (step.to - step.from) / length }}
          aria-current={step.slug === current ? "step" : undefined}
          title={`${step.position} ${step.short}, ${clockTime(step.to - step.from)}`}
        >
          <b>{step.position}</b> <span>{step.short}</span>
        </li>
      ))}
    </ol>
  );
});

interface BandProps {
  steps: readonly Step[];
  marks: readonly Event[];
  player: Player;
  skipsIdle: boolean;
  length: number;
}

const Band = memo(function Band({ steps, marks, player, skipsIdle, length }: BandProps) {
  const x = (at: number) => (at / length) * WIDTH;
  return (
    <svg className="timeline__band" viewBox={`0 0 ${WIDTH} 56`} preserveAspectRatio="none" aria-hidden="true">
      {steps.map(({ slug, dimension, from, to }) => (
        <rect key={slug} className={`timeline__step dim-${dimension}`} x={x(from) + 1} y="16" width={Math.max(1, x(to) - x(from) - 2)} height="14" />
      ))}
      {marks.map(({ at, dimension }, i) => (
        <path key={i} className={`timeline__tick dim-${dimension}`} d={`M${x(at)} 4V12`} />
      ))}
      {skipsIdle && player.skipped().map(({ from, to }) => <rect key={from} className="timeline__idle" x={x(from)} y="36" width={Math.max(1, x(to) - x(from))} height="3" />)}
    </svg>
  );
});
