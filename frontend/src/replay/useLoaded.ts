/** Fetches a recording and makes its player; says how far it is, and what went wrong. */
import { useEffect, useState } from "react";
import type { Player } from "./player";
import { loadRecording, type Recording, RecordingError, type Source } from "./recording";

export interface Loaded {
  player: Player | null;
  /** How much of it is here, in words, while it comes in several pages. */
  progress: string;
  /** Why there is nothing to play, empty as long as that may change. */
  wrong: string;
  again(): void;
}

/** `make` has to stay the same function as long as the same is wanted. */
export function useLoaded({ path, epoch }: Source, make: (recording: Recording) => Promise<Player>): Loaded {
  const [player, setPlayer] = useState<Player | null>(null);
  const [progress, setProgress] = useState("");
  const [wrong, setWrong] = useState("");
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const leaving = new AbortController();
    setWrong("");
    void (async () => {
      const tell = (rows: number, of: number) => setProgress(of > rows ? `${Math.round((rows / of) * 100)} %` : "");
      try {
        const recording = await loadRecording({ path, epoch }, { signal: leaving.signal, progress: tell });
        const made = await make(recording);
        if (!leaving.signal.aborted) setPlayer(made);
      } catch (error) {
        if (leaving.signal.aborted) return;
        if (!(error instanceof RecordingError)) console.error(error);
        setWrong(error instanceof RecordingError ? error.message : "The recording could not be read. Reload the page.");
      }
    })();
    return () => leaving.abort();
  }, [path, epoch, make, attempt]);

  return { player, progress, wrong, again: () => setAttempt(attempt + 1) };
}
