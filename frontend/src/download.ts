/** Offer a text or a picture to the person as a file. */
export function download(content: string | Blob, name: string): void {
  const link = document.createElement("a");
  const blob = typeof content === "string" ? new Blob([content], { type: "application/json" }) : content;
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
