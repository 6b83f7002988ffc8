/**
 * Edits the server has not acknowledged, kept in IndexedDB so that closing the tab loses none.
 *
 * Only unacknowledged updates are kept, never the board: the server's log is the truth, and an edit
 * leaves the outbox when its ack arrives. Rows belong to one person, board and epoch; rows of another
 * epoch were made against a board that is no longer there.
 */
export interface Outbox {
  /** Return the updates kept from before, oldest first, and how many of another epoch were dropped. */
  load(): Promise<{ kept: Kept[]; dropped: number }>;
  add(update: Uint8Array): Promise<IDBValidKey | null>;
  remove(keys: IDBValidKey[]): void;
  /** A drawing that could not stay on the board, for its author to download; null forgets it. */
  keepCopy(copy: Copy | null): Promise<void>;
  copy(): Promise<Copy | null>;
}

export interface Kept {
  key: IDBValidKey;
  update: Uint8Array;
}

export interface Copy {
  reason: string;
  /** The text of an `.excalidraw` file. */
  scene: string;
}

interface Row {
  owner: string;
  epoch: number;
  at: number;
  update: Uint8Array;
}

const MONTH_MS = 30 * 24 * 3600 * 1000;

/** Return an outbox in IndexedDB; without IndexedDB it remembers nothing, and drawing still works. */
export function openOutbox(boardId: string, userId: string, epoch: number): Outbox {
  return new IndexedOutbox(`${boardId}/${userId}`, epoch);
}

class IndexedOutbox implements Outbox {
  private db: Promise<IDBDatabase | null>;

  constructor(
    private readonly owner: string,
    private readonly epoch: number,
  ) {
    this.db = this.opened();
  }

  private opened(): Promise<IDBDatabase | null> {
    return open().then(
      (db) => {
        // The browser may close it under us, when it clears a site's data for instance: then open it again.
        db.onclose = () => {
          this.db = this.opened();
        };
        db.onversionchange = () => db.close();
        return db;
      },
      () => null,
    );
  }

  async load(): Promise<{ kept: Kept[]; dropped: number }> {
    const db = await this.db;
    if (!db) return { kept: [], dropped: 0 };
    const kept: Kept[] = [];
    let dropped = 0;
    const transaction = db.transaction("updates", "readwrite");
    const cursors = transaction.objectStore("updates").openCursor();
    const oldest = Date.now() - MONTH_MS;
    cursors.onsuccess = () => {
      const cursor = cursors.result;
      if (!cursor) return;
      const row = cursor.value as Row;
      if (row.owner === this.owner && row.epoch === this.epoch) {
        kept.push({ key: cursor.primaryKey, update: row.update });
      } else if (row.owner === this.owner || row.at < oldest) {
        if (row.owner === this.owner) dropped += 1;
        cursor.delete();
      }
      cursor.continue();
    };
    await done(transaction).catch(() => undefined);
    return { kept, dropped };
  }

  async add(update: Uint8Array): Promise<IDBValidKey | null> {
    const db = await this.db;
    if (!db) return null;
    const row: Row = { owner: this.owner, epoch: this.epoch, at: Date.now(), update };
    try {
      const transaction = db.transaction("updates", "readwrite");
      const request = transaction.objectStore("updates").add(row);
      transaction.commit?.(); // by itself it would wait for a turn of a page that may be closing
      await done(transaction);
      return request.result;
    } catch {
      return null; // the disk is full, or the person has forbidden storage: memory still holds it
    }
  }

  remove(keys: IDBValidKey[]): void {
    void this.db
      .then((db) => {
        const store = db?.transaction("updates", "readwrite").objectStore("updates");
        for (const key of keys) store?.delete(key);
      })
      .catch(() => undefined); // what stays is sent once more at the next visit, which changes nothing
  }

  async keepCopy(copy: Copy | null): Promise<void> {
    const db = await this.db;
    if (!db) return;
    const transaction = db.transaction("copies", "readwrite");
    const store = transaction.objectStore("copies");
    if (copy) store.put(copy, this.owner);
    else store.delete(this.owner);
    await done(transaction).catch(() => undefined);
  }

  async copy(): Promise<Copy | null> {
    const db = await this.db;
    if (!db) return null;
    const transaction = db.transaction("copies", "readonly");
    const request = transaction.objectStore("copies").get(this.owner);
    await done(transaction).catch(() => undefined);
    return (request.result as Copy | undefined) ?? null;
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("mockboard", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("updates", { autoIncrement: true });
      request.result.createObjectStore("copies");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another version of the store is open"));
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}
