/** Says how far pictures are that are on their way to the server. */
import "./pictures.css";
import type { Uploads } from "./uploads";

export function PictureNotice({ uploads }: { uploads: Uploads }) {
  const { pending, share, stuck } = uploads;
  return (
    <p className="picture-notice" role="status" hidden={!pending}>
      {pending > 0 && wordsFor(pending, stuck)}
      {pending > 0 && !stuck && <progress max={1} value={share} aria-label="Sent of this picture" />}
    </p>
  );
}

function wordsFor(pending: number, stuck: boolean): string {
  const what = pending === 1 ? "1 picture" : `${pending} pictures`;
  if (!stuck) return `Sending ${what}`;
  return `${what} kept here, sent as soon as the connection is back`;
}
