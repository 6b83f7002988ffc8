/**
 * Brings a drawing that is only looked at the pictures it shows.
 *
 * A picture that the board on this page has is taken from there, any other is fetched, once. One that the
 * server does not have stays the editor's empty box; without an answer it is asked for again, at longer and
 * longer intervals.
 */
import { isFileId } from "../sync/guard";
import type { SceneElement } from "../sync/element";
import { fetchedOnce } from "./once";
import { dataUrlOf } from "./prepare";

/** Where a drawing gets its pictures. */
export interface Shelf {
  /** Where they are fetched; absent: nowhere. */
  path: string | undefined;
  /** The `data:` URL and type of a picture that the page has already. */
  here?(id: string): { dataURL: string; mimeType: string } | undefined;
}

type Keep = (id: string, dataUrl: string, type: string) => void;

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export class Bringer {
  private readonly seen = new Set<string>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private over = false;

  constructor(
    private readonly shelf: Shelf,
    private readonly keep: Keep,
  ) {}

  /** Call with what is shown, as often as that changes. */
  look(elements: readonly SceneElement[]): void {
    for (const { type, fileId } of elements) {
      if (type !== "image" || typeof fileId !== "string" || this.seen.has(fileId)) continue;
      this.seen.add(fileId);
      void this.bring(fileId, FIRST_PAUSE_MS);
    }
  }

  stop(): void {
    this.over = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async bring(id: string, pause: number): Promise<void> {
    const here = this.shelf.here?.(id);
    if (here) return this.keep(id, here.dataURL, here.mimeType);
    if (this.shelf.path === undefined || !isFileId(id)) return;
    try {
      const blob = await fetchedOnce(this.shelf.path, id);
      const dataUrl = blob && (await dataUrlOf(blob));
      if (blob && dataUrl && !this.over) this.keep(id, dataUrl, blob.type);
    } catch {
      if (this.over) return;
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.bring(id, Math.min(2 * pause, LONGEST_PAUSE_MS));
      }, pause);
      this.timers.add(timer);
    }
  }
}
