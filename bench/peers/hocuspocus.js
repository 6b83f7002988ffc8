// Hocuspocus as its documentation sets it up, keeping documents in SQLite: node hocuspocus.js PORT FILE
import { Server } from "@hocuspocus/server";

const [port, file] = process.argv.slice(2);

// The extension's driver is compiled for each machine. Where that failed, Node's own driver carries out the
// extension's own statements.
async function sqlite() {
  try {
    const { SQLite } = await import("@hocuspocus/extension-sqlite");
    const extension = new SQLite({ database: file });
    await extension.onConfigure();
    return [extension, "extension-sqlite"];
  } catch (problem) {
    const { Database } = await import("@hocuspocus/extension-database");
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(file);
    database.exec(
      'CREATE TABLE IF NOT EXISTS "documents" ("name" varchar(255) NOT NULL, "data" blob NOT NULL, UNIQUE(name))',
    );
    const select = database.prepare('SELECT data FROM "documents" WHERE name = ? ORDER BY rowid DESC');
    const upsert = database.prepare(
      'INSERT INTO "documents" ("name", "data") VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET data = excluded.data',
    );
    const extension = new Database({
      fetch: async ({ documentName }) => select.get(documentName)?.data ?? null,
      store: async ({ documentName, state }) => void upsert.run(documentName, state),
    });
    return [extension, `extension-database with node:sqlite (${problem.code ?? problem.message})`];
  }
}

const [extension, kind] = await sqlite();
console.log(`kept by ${kind}`);
const server = new Server({ address: "127.0.0.1", port: Number(port), quiet: true, extensions: [extension] });
await server.listen();
console.log("ready");
