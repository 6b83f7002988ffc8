/**
 * One person's stay on one board: the document, its provider, the notes fields, and the binding once the
 * editor is there. Starts afresh when the server will never take what the document holds.
 */
import * as Y from "yjs";
import type { Config } from "../config";
import { Binding, type Scene } from "./binding";
import { Notes } from "./notes";
import { type Copy, openOutbox, type Outbox } from "./outbox";
import { type Loss, Provider } from "./provider";

/** The editor, as far as a session needs it. */
export interface Editor extends Scene {
  clear(): void;
  /** The text of an `.excalidraw` file with what is shown, or null when there is nothing. */
  file(): string | null;
}

export interface Peer {
  id: string;
  name: string;
  role: string;
  color: string;
}

export interface Presence {
  user?: Partial<Peer>;
  pointer?: { x: number; y: number; tool: "pointer" | "laser" } | null;
  button?: "up" | "down";
  selectedElementIds?: Record<string, true>;
  notes?: { step: string; index: number } | null;
  /** What this person sees of the board, told while somebody follows: left, top, right, bottom. */
  viewport?: readonly [number, number, number, number] | null;
  /** The connection whose view this person follows. */
  follows?: number | null;
}

/** What travels beside the document and has to arrive, too, before the page may say "saved": pictures. */
export interface Sending {
  readonly pending: number;
  /** Resolve to true once nothing waits, to false after `limitMs`. */
  flush(limitMs: number): Promise<boolean>;
}

export type Status = "saved" | "saving" | "offline" | "reconnecting" | "readonly" | "rejected";

export interface SessionEvents {
  changed(): void;
  presenceChanged(): void;
  ended(code: number): void;
  reload(): void;
}

const REASONS: Record<Loss | "readonly" | "stale", string> = {
  rejected: "Your last change could not be added, so the board was loaded afresh.",
  epoch: "The board was put back to an earlier state while you had it open.",
  readonly: "The board became read-only before everything you drew was sent.",
  stale: "Changes you made before the board was put back to an earlier state could not be added.",
};

const LOADING_MS = 1_000;
/** The version of the layout that sync/element.ts describes. */
const SCHEMA = 1;

export class Session {
  copy: Copy | null = null;
  ended: number | null = null;
  alsoSends: Sending | null = null;
  private readonly outbox: Outbox;
  private doc: Y.Doc;
  private provider: Provider;
  private notes: Notes;
  private editor: Editor | null = null;
  private binding: Binding | null = null;
  private rejected = false;
  private loadedAt: number | null = null;

  constructor(
    private readonly config: Config,
    private readonly page: Document,
    private readonly events: SessionEvents,
  ) {
    this.outbox = openOutbox(config.boardId, config.user.id, config.epoch);
    [this.doc, this.provider, this.notes] = this.open();
  }

  async start(): Promise<void> {
    const [{ kept, dropped }, copy] = await Promise.all([this.outbox.load(), this.outbox.copy()]);
    this.copy = copy ?? (dropped ? { reason: REASONS.stale, scene: "" } : null);
    this.provider.start(kept);
  }

  get writable(): boolean {
    return this.provider.right === "write" && !this.config.viewOnly && this.ended === null;
  }

  get status(): Status {
    if (this.rejected) return "rejected";
    const state = this.provider.state;
    if (state === "saved" && this.alsoSends?.pending) return "saving";
    return state === "connecting" ? "reconnecting" : state;
  }

  /** Whether what appears now is what was there on arrival, and not what somebody is drawing. */
  get justLoaded(): boolean {
    return this.loadedAt === null || Date.now() - this.loadedAt < LOADING_MS;
  }

  get savedAt(): number | null {
    return this.provider.savedAt;
  }

  /** Whether something drawn is in this tab only, because the browser stores nothing for us. */
  get onlyHere(): boolean {
    return this.provider.onlyHere;
  }

  /** The number of this page's own connection among all on the board. */
  get connection(): number {
    return this.provider.awareness.clientID;
  }

  /** What this page shows of itself. */
  get told(): Presence {
    return (this.provider.awareness.getLocalState() ?? {}) as Presence;
  }

  /** Other people's presence by connection. */
  get presence(): Map<number, Presence> {
    const states = new Map(this.provider.awareness.getStates() as Map<number, Presence>);
    states.delete(this.provider.awareness.clientID);
    return states;
  }

  get peers(): Peer[] {
    const peers = new Map<string, Peer>();
    for (const { user } of this.presence.values()) {
      if (!user?.id || user.id === this.config.user.id) continue;
      peers.set(user.id, { id: user.id, name: user.name ?? "", role: user.role ?? "", color: user.color ?? "" });
    }
    return [...peers.values()];
  }

  tell<K extends keyof Presence>(field: K, value: Presence[K]): void {
    const was = this.told[field] ?? null;
    if (JSON.stringify(was) === JSON.stringify(value ?? null)) return;
    this.provider.awareness.setLocalStateField(field, value);
  }

  attach(editor: Editor): void {
    this.editor = editor;
    this.binding = new Binding(this.doc, editor, this.writable);
  }

  detach(): void {
    this.binding?.stop();
    this.binding = this.editor = null;
  }

  /** Go away from the board; what was not sent stays in the outbox. */
  leave(): void {
    this.detach();
    this.notes.stop();
    this.provider.stop();
  }

  sceneChanged(): void {
    this.binding?.sceneChanged();
  }

  /** Hand everything drawn so far to the document, from where it goes to the outbox. */
  collect(): void {
    this.binding?.flush(true);
  }

  /** Resolve to true once all that was drawn is stored by the server, to false after `limitMs`. */
  async flush(limitMs: number): Promise<boolean> {
    const until = Date.now() + limitMs;
    this.collect();
    if (this.alsoSends && !(await this.alsoSends.flush(limitMs))) return false;
    this.collect();
    return this.provider.saved(Math.max(0, until - Date.now()));
  }

  /** Tell the page anew how things stand: something in `alsoSends` has changed. */
  sendingChanged(): void {
    this.events.changed();
  }

  async dismissCopy(): Promise<void> {
    this.copy = null;
    this.events.changed();
    await this.outbox.keepCopy(null);
  }

  private open(): [Y.Doc, Provider, Notes] {
    const doc = new Y.Doc();
    const { socketPath, epoch, right, user } = this.config;
    const url = `${location.origin.replace(/^http/, "ws")}${socketPath}`;
    const provider = new Provider(
      doc,
      { url, epoch, right, user, outbox: this.outbox },
      {
        changed: () => this.providerChanged(),
        lost: (loss) => void this.lost(loss),
        ended: (code) => this.end(code),
      },
    );
    provider.awareness.on("change", () => this.events.presenceChanged());
    const notes = new Notes(this.page, doc, "wait", (step, index) => this.tell("notes", { step, index }));
    return [doc, provider, notes];
  }

  private providerChanged(): void {
    if (this.binding && this.binding.writable !== this.writable) {
      this.binding.writable = this.writable;
      if (!this.writable && this.provider.unsent) void this.keepCopy(REASONS.readonly);
    }
    this.notes.setAccess(!this.provider.synced ? "wait" : this.writable ? "write" : "read");
    const meta = this.doc.getMap("meta");
    if (this.provider.synced && this.writable && !meta.has("schema")) meta.set("schema", SCHEMA);
    if (this.provider.synced) {
      this.loadedAt ??= Date.now();
      this.rejected = false;
    }
    this.events.changed();
  }

  private async lost(loss: Loss): Promise<void> {
    const editor = this.editor;
    const kept = this.keepCopy(REASONS[loss]);
    this.detach();
    this.notes.stop();
    this.provider.stop(true);
    if (loss === "epoch") {
      await kept;
      return this.events.reload();
    }
    this.rejected = true;
    this.doc.destroy();
    editor?.clear();
    [this.doc, this.provider, this.notes] = this.open();
    this.provider.start([]);
    if (editor) this.attach(editor);
    this.events.changed();
  }

  private end(code: number): void {
    this.ended = code;
    if (this.provider.unsent) void this.keepCopy(REASONS.readonly);
    this.notes.setAccess("read");
    this.events.ended(code);
  }

  private async keepCopy(reason: string): Promise<void> {
    const scene = this.editor?.file();
    if (!scene) return;
    this.copy = { reason, scene };
    await this.outbox.keepCopy(this.copy);
  }
}
