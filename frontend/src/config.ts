/** What the page tells the island, through `{{ config|json_script:"board-config" }}`. */
export interface Config {
  boardId: string;
  socketPath: string;
  epoch: number;
  right: "write" | "read";
  user: { id: string; name: string; color: string };
  /** Where the built files of the board are served from; ends in a slash. */
  assetPath: string;
  viewOnly: boolean;
  /** What the board is about; files made of it are named after it. */
  title?: string;
  /** Where features ask the server; one whose path is absent is not shown. */
  paths?: Partial<Record<"images" | "versions" | "history", string>>;
}

/** Return the page's configuration, or null on a page without a board. */
export function readConfig(page: Document): Config | null {
  const script = page.getElementById("board-config");
  return script ? (JSON.parse(script.textContent ?? "") as Config) : null;
}
