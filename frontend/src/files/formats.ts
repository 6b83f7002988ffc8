/** What a board can be handed out as, and what such files are called. */

export type Format = "png" | "svg" | "excalidraw" | "mmd" | "json";

/** Return a name for files of this board made today: "payment-fraud-2026-11-21". */
export function fileName(title: string | undefined, today: Date): string {
  const plain = (title ?? "").normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const slug = plain.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60).replace(/^-+|-+$/g, "");
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, "0"));
  return [slug || "board", ...day].join("-");
}
