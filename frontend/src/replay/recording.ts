/** A board's log as the server hands it out to be played (whiteboard/recording.py), read page by page. */
import * as decoding from "lib0/decoding";

export interface RecordedRow {
  seq: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Place in `people`, or null for somebody who is gone. */
  person: number | null;
  update: Uint8Array;
}

export interface Recorder {
  name: string;
  role: string;
}

export interface Recording {
  epoch: number;
  /** The number of the newest row when the recording was read. */
  head: number;
  /** The row that `base` is the document of. */
  from: number;
  base: Uint8Array;
  people: Recorder[];
  rows: RecordedRow[];
}

interface Head {
  epoch: number;
  head: number;
  from: number;
  next: number | null;
  people: Recorder[];
}

const FORMAT = 1;

/** The recording cannot be had; the message is a sentence for people. */
export class RecordingError extends Error {}

/** Return one page and where the next one starts; throws on bytes that are no recording. */
export function readPage(bytes: Uint8Array): Recording & { next: number | null } {
  const decoder = decoding.createDecoder(bytes);
  const format = decoding.readVarUint(decoder);
  if (format !== FORMAT) throw new Error(`a recording of format ${format}`);
  const head = JSON.parse(decoding.readVarString(decoder)) as Head;
  const base = decoding.readVarUint8Array(decoder);
  const rows: RecordedRow[] = [];
  let seq = head.from;
  let at = 0;
  for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
    seq += decoding.readVarUint(decoder);
    const moved = decoding.readVarUint(decoder);
    at += moved % 2 ? -(moved + 1) / 2 : moved / 2;
    const person = decoding.readVarUint(decoder);
    rows.push({ seq, at, person: person ? person - 1 : null, update: decoding.readVarUint8Array(decoder) });
  }
  return { ...head, base, rows };
}

export interface Source {
  path: string;
  epoch: number;
}

interface Options {
  signal?: AbortSignal;
  /** Told how many of how many rows are here. */
  progress?(rows: number, of: number): void;
  fetch?: typeof fetch;
}

/** Return a board's whole recording; RecordingError says why it cannot be had. */
export async function loadRecording(source: Source, options: Options = {}): Promise<Recording> {
  let whole: Recording | null = null;
  let next: number | null = 0;
  while (next !== null) {
    const page = readPage(await bytesOf(source, next, options));
    whole = whole ? joined(whole, page) : page;
    options.progress?.(whole.rows.length, page.head - whole.from);
    next = page.next;
  }
  return whole as Recording;
}

async function bytesOf({ path, epoch }: Source, after: number, options: Options): Promise<Uint8Array> {
  const wanted = options.fetch ?? fetch;
  const answer = await wanted(`${path}?epoch=${epoch}${after ? `&after=${after}` : ""}`, {
    headers: { Accept: "application/octet-stream" },
    signal: options.signal,
  }).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    throw new RecordingError("You are offline, so what was drawn cannot be fetched. Try again once you are back.");
  });
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  const said = (await answer.json().catch(() => null)) as { error?: string } | null;
  throw new RecordingError(said?.error ?? "What was drawn could not be fetched. Nothing is lost; try again soon.");
}

/** Each page names the people of its own rows; a person of both has one place. */
function joined(whole: Recording, page: Recording): Recording {
  const people = [...whole.people];
  const places = page.people.map(({ name, role }) => {
    const known = people.findIndex((one) => one.name === name && one.role === role);
    return known < 0 ? people.push({ name, role }) - 1 : known;
  });
  const rows = page.rows.map((row) => ({ ...row, person: row.person === null ? null : (places[row.person] ?? null) }));
  return { ...whole, head: page.head, people, rows: whole.rows.concat(rows) };
}
