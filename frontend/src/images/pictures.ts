/**
 * Keeps what the editor shows and what the server has of pictures the same.
 *
 * An element names its picture by the server's id. A picture that somebody adds here is sent; one that
 * the scene names and the editor lacks is fetched, again and again while its owner may still be sending
 * it; one that came with an opened file or from another board is sent and gets its new id. What cannot
 * be kept is taken off the board, with a sentence, so that nothing stays half done.
 */
import { isFileId } from "../sync/guard";
import { fetchedOnce } from "./once";
import { blobOf, dataUrlOf, PictureError, prepare } from "./prepare";
import { fetched } from "./server";
import { Uploads, type Send } from "./uploads";
import type { Waiting } from "./waiting";

export interface PictureElement {
  readonly id: string;
  readonly type: string;
  readonly isDeleted: boolean;
  readonly fileId?: string | null;
  readonly status?: string;
}

/** The editor, as far as pictures need it. */
export interface Canvas {
  elements(): readonly PictureElement[];
  /** The `data:` URL of a file that the editor has. */
  data(fileId: string): string | undefined;
  keep(fileId: string, dataUrl: string, type: string): void;
  /** Change elements; nothing of it may land in this person's undo history. */
  change(elements: readonly PictureElement[], to: Partial<PictureElement>): void;
  /** Ids of elements that the person has in hand, or that the editor has not finished putting in. */
  inHand(): ReadonlySet<string>;
  say(sentence: string): void;
  /** As `say`, in place of what the editor is about to say itself. */
  sayInstead(sentence: string): void;
}

export interface Options {
  canvas: Canvas;
  path: string;
  send: Send;
  waiting: Waiting;
  writable(): boolean;
  changed(): void;
}

const LONGEST_PAUSE_MS = 60_000;
/** An opened file brings its pictures a moment after its elements. */
const GRACE_MS = 3_000;
/** So long after its file is known, the editor is done with an element that it puts in. */
const CALM_MS = 1_500;
const UNREADABLE = "This picture could not be read. Nothing was added; try again, or save it anew first.";
const LEFT_OUT = "A picture was left out, because it could not be opened.";

interface Search {
  tries: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether an element said by then that the server has it. */
  told: boolean;
}

export class Pictures {
  readonly uploads: Uploads;
  private readonly canvas: Canvas;
  private readonly known = new Set<string>();
  private readonly refused = new Map<string, string>();
  private readonly searches = new Map<string, Search>();
  private readonly adopting = new Set<string>();
  private readonly marking = new Map<string, ReturnType<typeof setTimeout>>();
  private before = new Map<string, Blob>();
  private over = false;

  constructor(private readonly options: Options) {
    this.canvas = options.canvas;
    this.uploads = new Uploads(options.send, options.waiting, {
      changed: options.changed,
      done: (id) => this.sent(id),
      refused: (id, sentence) => {
        this.refused.set(id, sentence);
        this.look();
      },
    });
  }

  /** Take up what an earlier tab could not send. */
  async start(): Promise<void> {
    this.before = await this.options.waiting.load();
    this.look();
  }

  stop(): void {
    this.over = true;
    this.uploads.stop();
    for (const { timer } of this.searches.values()) clearTimeout(timer);
    for (const timer of this.marking.values()) clearTimeout(timer);
  }

  /** Return the id of a file that the person adds here, and send it. The editor gives up what is thrown. */
  readonly add = async (file: Blob): Promise<string> => {
    try {
      const { id, blob } = await prepare(file);
      this.refused.delete(id);
      if (!this.known.has(id)) this.uploads.add(id, blob);
      return id;
    } catch (error) {
      this.canvas.sayInstead(error instanceof PictureError ? error.message : UNREADABLE);
      throw error;
    }
  };

  /** Call on every change of the scene. */
  look(): void {
    if (this.over) return;
    for (const element of this.canvas.elements()) {
      if (element.type === "image" && !element.isDeleted && element.fileId) this.lookAt(element.fileId, element);
    }
  }

  private lookAt(id: string, element: PictureElement): void {
    const refusal = this.refused.get(id);
    if (refusal !== undefined) return this.takeOff(id, refusal);
    if (this.uploads.has(id) || this.adopting.has(id)) return;
    if (!isFileId(id)) return void this.adopt(id);
    const held = this.before.get(id);
    if (held) return void this.resume(id, held);
    const data = this.canvas.data(id);
    if (data && this.known.has(id)) return element.status === "pending" ? this.markSaved(id) : undefined;
    const search = this.searches.get(id);
    if (!search) return void this.search(id, { tries: 0, timer: undefined, told: element.status === "saved" });
    if (element.status === "saved" && !search.told && search.timer !== undefined) {
      search.told = true; // its owner has just sent it
      clearTimeout(search.timer);
      void this.search(id, search);
    }
  }

  private shown(id: string): PictureElement[] {
    const all = this.canvas.elements();
    return all.filter((element) => element.type === "image" && !element.isDeleted && element.fileId === id);
  }

  private sent(id: string): void {
    this.known.add(id);
    this.markSaved(id);
  }

  /** Tell the others that the server has it, so that they fetch it now. */
  private markSaved(id: string): void {
    if (this.marking.has(id)) return;
    const mark = () => {
      this.marking.delete(id);
      const pending = this.shown(id).filter((element) => element.status !== "saved");
      if (!pending.length || !this.options.writable()) return;
      const inHand = this.canvas.inHand();
      if (pending.some((element) => inHand.has(element.id))) this.markSaved(id);
      else this.canvas.change(pending, { status: "saved" });
    };
    this.marking.set(id, setTimeout(mark, CALM_MS));
  }

  private takeOff(id: string, sentence: string): void {
    this.canvas.change(this.shown(id), { isDeleted: true });
    this.canvas.say(sentence);
  }

  private async resume(id: string, blob: Blob): Promise<void> {
    this.before.delete(id);
    if (this.options.writable()) this.uploads.add(id, blob);
    if (!this.canvas.data(id)) this.canvas.keep(id, await dataUrlOf(blob), blob.type);
  }

  /** Fetch a picture, or ask whether the server has what the editor already shows. */
  private async search(id: string, search: Search): Promise<void> {
    search.timer = undefined;
    this.searches.set(id, search);
    const whole = this.canvas.data(id) === undefined;
    const { path } = this.options;
    const found = await (whole ? fetchedOnce(path, id) : fetched(path, id, false)).catch(() => undefined);
    if (this.over) return;
    if (this.uploads.has(id) || this.adopting.has(id)) return void this.searches.delete(id);
    if (found) {
      this.searches.delete(id);
      this.known.add(id);
      if (whole) this.canvas.keep(id, await dataUrlOf(found), found.type);
      return this.markSaved(id);
    }
    if (found === null && !whole && this.options.writable()) {
      this.searches.delete(id);
      return void this.adopt(id); // shown here, unknown there: it came from another board
    }
    if (!this.shown(id).length) return void this.searches.delete(id);
    search.tries += 1;
    const pause = Math.min(500 * 2 ** search.tries, LONGEST_PAUSE_MS);
    search.timer = setTimeout(() => void this.search(id, search), pause);
  }

  /** Send a picture that came with an opened file, and name it anew. */
  private async adopt(id: string): Promise<void> {
    if (!this.options.writable()) return;
    this.adopting.add(id);
    try {
      if (!this.canvas.data(id)) await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
      if (this.over || !this.shown(id).length) return;
      const data = this.canvas.data(id);
      const blob = data === undefined ? null : blobOf(data);
      if (!data || !blob) throw new Error("no file came with it");
      const upload = await prepare(blob);
      this.canvas.keep(upload.id, data, blob.type);
      this.refused.delete(upload.id);
      if (!this.known.has(upload.id)) this.uploads.add(upload.id, upload.blob);
      const status = this.known.has(upload.id) ? "saved" : "pending";
      this.canvas.change(this.shown(id), { fileId: upload.id, status });
    } catch {
      this.takeOff(id, LEFT_OUT);
    } finally {
      this.adopting.delete(id);
    }
  }
}
