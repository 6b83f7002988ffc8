/** Versions as the server keeps them (interviews/views/board.py). A refusal is an error with a sentence. */
import type { Flat } from "../sync/element";

export interface Version {
  id: number;
  name: string;
  /** The number of the last row of the log that belongs to it. */
  seq: number;
  /** When it was drawn, in milliseconds since 1970. */
  at: number;
  /** Who named it; empty when that person is gone. */
  who: string;
  mine: boolean;
}

export interface Line {
  mark: "added" | "changed" | "removed";
  text: string;
  elements: string[];
}

export type Marks = Record<"added" | "changed" | "moved" | "removed", string[]>;

export interface Comparison {
  before: Record<string, Flat>;
  after: Record<string, Flat>;
  marks: Marks;
  lines: Line[];
}

/** What was asked for was refused; the message is a sentence for people. */
export class Refusal extends Error {}

const OFFLINE = "You are offline. What you draw is kept here; versions can be reached again once you are back.";
const FAILED = "That did not work just now. Nothing is lost; try again in a moment.";

export class Versions {
  constructor(private readonly path: string) {}

  async list(): Promise<{ versions: Version[]; mayName: boolean }> {
    const told = await this.ask<{ versions: Version[]; may_name: boolean }>("");
    return { versions: told.versions, mayName: told.may_name };
  }

  /** Name what is on the board now, or was after row `seq`. */
  async name(name: string, seq?: number): Promise<Version> {
    const form = new URLSearchParams({ name, ...(seq === undefined ? {} : { seq: String(seq) }) });
    return (await this.ask<{ version: Version }>("", { method: "POST", body: form })).version;
  }

  async rename(id: number, name: string): Promise<Version> {
    const body = new URLSearchParams({ name });
    return (await this.ask<{ version: Version }>(`${id}/`, { method: "POST", body })).version;
  }

  async remove(id: number): Promise<void> {
    await this.ask(`${id}/`, { method: "DELETE" });
  }

  /** Return what stood on the board then, by element id. */
  async elements(id: number): Promise<Record<string, Flat>> {
    return (await this.ask<{ elements: Record<string, Flat> }>(`${id}/`)).elements;
  }

  /** Return what differs between two versions; null stands for the board now. */
  compare(from: number | null, to: number | null, signal?: AbortSignal): Promise<Comparison> {
    return this.ask(`compare/?from=${from ?? "now"}&to=${to ?? "now"}`, { signal });
  }

  private async ask<T>(rest: string, options: RequestInit = {}): Promise<T> {
    const headers = { Accept: "application/json", "X-CSRFToken": token() };
    const answer = await fetch(`${this.path}${rest}`, { ...options, headers }).catch((error: unknown) => {
      if (options.signal?.aborted) throw error;
      throw new Refusal(OFFLINE);
    });
    const told = answer.status === 204 ? {} : ((await answer.json().catch(() => null)) as { error?: string } | null);
    if (!answer.ok || told === null) throw new Refusal(told?.error ?? FAILED);
    return told as T;
  }
}

/** Return what the page was given to show that it may change things. */
function token(): string {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  return headers["x-csrftoken"] ?? "";
}

/** Return what to tell somebody about an error. */
export function wordsOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  console.error(error);
  return FAILED;
}
