/**
 * Pictures that are not with the server yet, kept in IndexedDB: a tab that is closed offline sends them
 * at the next visit, as it sends the elements that show them.
 */
export interface Waiting {
  /** Return the pictures kept from before, by id. */
  load(): Promise<Map<string, Blob>>;
  put(id: string, blob: Blob): Promise<void>;
  drop(id: string): Promise<void>;
}

interface Row {
  owner: string;
  id: string;
  at: number;
  blob: Blob;
}

const MONTH_MS = 30 * 24 * 3600 * 1000;

/** Return the store of one person's pictures for one board; without IndexedDB it remembers nothing. */
export function openWaiting(boardId: string, userId: string): Waiting {
  const owner = `${boardId}/${userId}`;
  const db = open().catch(() => null);

  /** Do something with the rows; storage that fails leaves the pictures in memory. */
  async function withRows(act: (rows: IDBObjectStore) => void): Promise<void> {
    const transaction = (await db)?.transaction("pictures", "readwrite");
    if (!transaction) return;
    await new Promise<void>((resolve) => {
      transaction.oncomplete = transaction.onabort = transaction.onerror = () => resolve();
      act(transaction.objectStore("pictures"));
    });
  }

  return {
    async load() {
      const found = new Map<string, Blob>();
      const oldest = Date.now() - MONTH_MS;
      await withRows((rows) => {
        const cursors = rows.openCursor();
        cursors.onsuccess = () => {
          const cursor = cursors.result;
          if (!cursor) return;
          const row = cursor.value as Row;
          if (row.at < oldest) cursor.delete();
          else if (row.owner === owner) found.set(row.id, row.blob);
          cursor.continue();
        };
      });
      return found;
    },
    put: (id, blob) =>
      withRows((rows) => rows.put({ owner, id, at: Date.now(), blob } satisfies Row, `${owner}/${id}`)).catch(
        () => undefined,
      ),
    drop: (id) => withRows((rows) => rows.delete(`${owner}/${id}`)),
  };
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("mockboard-pictures", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("pictures");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
