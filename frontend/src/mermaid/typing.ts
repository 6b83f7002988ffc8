/** When a text goes to the board, and when the board's news come into the text: after a pause, never in between. */
import { loadReader } from "./parse.ts";
import { TextProblem } from "./chart.ts";
import { type Board, MermaidLink } from "./link.ts";
import type { Tools } from "./make.ts";
import { offer } from "./area.ts";

const PAUSE_MS = 800;
const NEWS_MS = 150;
const RETRY_MS = 1_000;

export type State =
  | { is: "loading" }
  | { is: "failed" }
  | { is: "same" }
  | { is: "typing" }
  | { is: "held" }
  | { is: "problem"; problem: TextProblem }
  | { is: "question"; going: number; of: number };

/** What outlives the panel: the text that could not go to the board, and what it was before. */
export interface Kept {
  link: MermaidLink;
  text: string;
}

interface Options {
  area: HTMLTextAreaElement;
  board: Board;
  tools: Tools;
  /** Resolves once labels can be measured. */
  ready(text: string): Promise<void>;
  kept: Kept | undefined;
  /** Whether this person may draw; that can end while somebody types. */
  writable(): boolean;
  tell(state: State): void;
}

export class Typing {
  private link: MermaidLink | null = null;
  private state: State = { is: "loading" };
  private isDirty = false;
  private isComposing = false;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private news: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(private readonly options: Options) {}

  async start(): Promise<void> {
    const { kept, board, tools, area, ready } = this.options;
    this.tell({ is: "loading" });
    try {
      const [read] = await Promise.all([loadReader(), ready("")]);
      if (this.over) return;
      this.link = kept?.link ?? new MermaidLink(read, board, tools);
    } catch (error) {
      if (error instanceof TextProblem) return this.tell({ is: "problem", problem: error }); // too large a board
      console.error(error);
      return this.tell({ is: "failed" });
    }
    area.value = kept?.text ?? this.link.text;
    if (kept) return this.apply();
    this.tell({ is: "same" });
  }

  /** Let go; return what must not be lost. */
  stop(): Kept | undefined {
    this.over = true;
    clearTimeout(this.pause);
    clearTimeout(this.news);
    const { link } = this;
    const text = this.options.area.value;
    if (!link || !this.isDirty || !this.options.writable()) return undefined;
    const { is } = link.write(text);
    return is === "problem" || is === "question" ? { link, text } : undefined;
  }

  typed(): void {
    this.isDirty = true;
    if (this.state.is !== "problem") this.tell({ is: "typing" });
    clearTimeout(this.pause);
    if (!this.isComposing) this.pause = setTimeout(() => void this.apply(), PAUSE_MS);
  }

  composing(is: boolean): void {
    this.isComposing = is;
    if (!is) this.typed();
  }

  /** Bring the text to the board now; `sure` if the person has said that boxes may go. */
  async apply(sure = false): Promise<void> {
    clearTimeout(this.pause);
    const { area, ready } = this.options;
    await ready(area.value);
    if (this.over || !this.link) return;
    if (!this.options.writable()) return this.restore();
    const outcome = this.link.write(area.value, sure);
    if (outcome.is === "problem" || outcome.is === "question") {
      this.isDirty = true;
      return this.tell(outcome);
    }
    this.isDirty = false;
    this.tell({ is: "same" });
    this.follow();
  }

  /** Take the text back to what the board says. */
  restore(): void {
    if (!this.link) return;
    clearTimeout(this.pause);
    this.options.area.value = this.link.text;
    this.isDirty = false;
    this.tell({ is: "same" });
    this.follow();
  }

  /** Call on every change of the board. */
  boardChanged(): void {
    this.news ??= setTimeout(() => this.follow(), NEWS_MS);
  }

  /** Call when the caret has moved, or left. */
  moved(): void {
    if (this.state.is === "held") this.follow();
  }

  private follow(): void {
    clearTimeout(this.news);
    this.news = undefined;
    if (this.over || !this.link || this.isDirty) return; // after what is being typed
    let isHeld = false;
    try {
      this.link.follow((text) => {
        isHeld = this.isComposing || !offer(this.options.area, text);
        return !isHeld;
      });
    } catch (error) {
      if (error instanceof TextProblem) return this.tell({ is: "problem", problem: error });
      throw error;
    }
    this.tell({ is: isHeld ? "held" : "same" });
    if (isHeld) this.news = setTimeout(() => this.follow(), RETRY_MS);
  }

  private tell(state: State): void {
    this.state = state;
    this.options.tell(state);
  }
}
