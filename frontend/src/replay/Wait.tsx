/** What stands where a recording will be played: that it is on its way, or why it cannot be had. */
import type { Loaded } from "./useLoaded";

export function Wait({ progress, wrong, again }: Loaded) {
  if (!wrong) {
    return (
      <p className="replay__wait" role="status">
        Fetching what was drawn… {progress}
      </p>
    );
  }
  return (
    <div className="replay__wait" role="alert">
      <p>{wrong}</p>
      <button type="button" className="board-panel__button" onClick={again}>
        Try again
      </button>
    </div>
  );
}
