/** Tells that something could not stay on the board, and offers the copy that was kept of it. */
import { download } from "./download";
import type { Copy } from "./sync/outbox";

export function CopyNotice({ copy, onDismiss }: { copy: Copy; onDismiss(): void }) {
  return (
    <div className="copy-notice" role="alert">
      <p>
        {copy.reason} {copy.scene && "A copy of what you had on the board is kept in this browser."}
      </p>
      {copy.scene && (
        <button type="button" onClick={() => download(copy.scene, "board-copy.excalidraw")}>
          Download the copy
        </button>
      )}
      <button type="button" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  );
}
