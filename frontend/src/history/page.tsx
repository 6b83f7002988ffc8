/** The page of a replay: reads its configuration and shows the player once its code has arrived. */
import "@excalidraw/excalidraw/index.css";
import "../board.css";
import "../panels/panels.css";
import "../replay/overlay.css";
import "../replay/replay.css";
import "./history.css";
import { createRoot } from "react-dom/client";
import { readReplayConfig } from "./config";

const config = readReplayConfig(document);
const place = document.getElementById("board");

if (config && place) {
  window.EXCALIDRAW_ASSET_PATH ??= config.assetPath; // for a page without asset-path.js
  const root = createRoot(place);
  import("./Watch").then(
    ({ Watch }) => root.render(<Watch config={config} />),
    (error) => {
      console.error(error);
      root.render(
        <p className="board-message" role="alert">
          The board could not be loaded. The events and notes can be read. Reload the page to try again.
        </p>,
      );
    },
  );
}
