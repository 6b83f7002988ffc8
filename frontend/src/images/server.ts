/** How pictures go to the server and come from there. */
import type { Answer, Send } from "./uploads";

const LIMIT_MS = 120_000;

/** Return what the page was given to show that it may change things. */
function token(): string {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  return headers["x-csrftoken"] ?? "";
}

/** Return a function that sends a picture to `path`; fetch cannot tell how far it is, so not fetch. */
export function sender(path: string): Send {
  return (blob, sent) =>
    new Promise<Answer>((resolve, reject) => {
      const form = new FormData();
      form.append("image", blob, "picture");
      const request = new XMLHttpRequest();
      request.open("POST", path);
      request.timeout = LIMIT_MS;
      request.setRequestHeader("X-CSRFToken", token());
      request.upload.onprogress = ({ loaded, total }) => total && sent(loaded / total);
      request.onload = () => resolve({ status: request.status, error: sentenceIn(request.responseText) });
      request.onerror = request.ontimeout = request.onabort = () => reject(new Error("no answer"));
      request.send(form);
    });
}

function sentenceIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === "string" ? error : undefined;
  } catch {
    return undefined; // a page: whoever is not in the room any more, or signed out
  }
}

/** Ask for a picture, or only whether it is there. Null: there is none (yet). Rejects without an answer. */
export async function fetched(path: string, id: string, whole: boolean): Promise<Blob | null> {
  const answer = await fetch(`${path}${id}/`, { method: whole ? "GET" : "HEAD" });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.blob();
}
