/** Puts files beside the bundle: fonts of the board and of the pages, the library of ML parts, the asset path. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";
import { wholeLibrary } from "../src/palette/library.ts";

const require = createRequire(import.meta.url);

/** Stable names, so that the pages' CSS can name them. */
const UI_FONTS: Record<string, string> = {
  "inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  "inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
  "source-serif-4-latin.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
  "source-serif-4-latin-ext.woff2":
    "@fontsource-variable/source-serif-4/files/source-serif-4-latin-ext-wght-normal.woff2",
};

/** The hand that boards are drawn in, for pictures of boards on other pages; the file that has the Latin letters. */
const HAND_FONT = "Excalifont/Excalifont-Regular-a88b72a24fb54c9f94e3b5fdaa7481c9.woff2";

/** A classic script, so that it has run before any module: Excalidraw looks for its fonts beside this file. */
const ASSET_PATH = 'window.EXCALIDRAW_ASSET_PATH = new URL("./", document.currentScript.src).pathname;\n';

export function assets(): Plugin {
  let out = "";
  return {
    name: "board-assets",
    apply: "build",
    configResolved(config) {
      out = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      cpSync(join(dirname(require.resolve("@excalidraw/excalidraw")), "fonts"), join(out, "fonts"), {
        recursive: true,
      });
      mkdirSync(join(out, "ui-fonts"), { recursive: true });
      for (const [name, source] of Object.entries(UI_FONTS)) {
        const [scope, pkg, ...path] = source.split("/");
        const root = dirname(require.resolve(`${scope}/${pkg}/package.json`));
        cpSync(join(root, ...path), join(out, "ui-fonts", name));
      }
      cpSync(join(out, "fonts", HAND_FONT), join(out, "ui-fonts", "excalifont-latin.woff2"));
      writeFileSync(join(out, "asset-path.js"), ASSET_PATH);
      writeFileSync(join(out, "ml-parts.excalidrawlib"), wholeLibrary());
    },
  };
}
