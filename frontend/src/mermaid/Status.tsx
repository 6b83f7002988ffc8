/** One line below the text: whether the board says the same, and what stands in the way. */
import type { State } from "./typing";

interface Props {
  id: string;
  state: State;
  writable: boolean;
  onLine(line: number): void;
  onSure(): void;
  onRestore(): void;
  onRetry(): void;
}

export function Status({ id, state, writable, onLine, onSure, onRestore, onRetry }: Props) {
  return (
    <div className="board-panel__said mermaid__said" data-state={state.is}>
      <p id={id} role="status">
        {wordsFor(state, writable)}
      </p>
      {state.is === "problem" && (
        <button type="button" className="board-panel__button" onClick={() => onLine(state.problem.line)}>
          Show line {state.problem.line}
        </button>
      )}
      {state.is === "question" && (
        <>
          <button type="button" className="board-panel__button" onClick={onSure}>
            Take them off
          </button>
          <button type="button" className="board-panel__button" onClick={onRestore}>
            Keep the board
          </button>
        </>
      )}
      {state.is === "failed" && (
        <button type="button" className="board-panel__button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

function wordsFor(state: State, writable: boolean): string {
  switch (state.is) {
    case "loading":
      return "Loading…";
    case "failed":
      return "Mermaid could not be loaded. The board goes on working.";
    case "same":
      return writable ? "Text and board say the same." : "The text follows the board.";
    case "typing":
      return "Goes to the board when you pause, or with Ctrl Enter.";
    case "held":
      return "The board has changed. The text follows when you leave this line.";
    case "problem":
      return `${state.problem.message} The board keeps what it had.`;
    case "question":
      return `This takes ${state.going} of ${state.of} boxes and groups off the board, for everybody.`;
  }
}
