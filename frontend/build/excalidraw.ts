/** Mends a few places inside Excalidraw 0.18.1 at build time, and fails the build if one is not found. */
import type { Plugin } from "vite";

interface Change {
  why: string;
  find: RegExp;
  replace: string;
}

export const CHANGES: readonly Change[] = [
  {
    why: "Fonts come from this server only; the package falls back to a public CDN.",
    find: /`https:\/\/esm\.sh\/\$\{[^}]*?`\$\{[^`]*`:"@excalidraw\/excalidraw"\}\/dist\/prod\/`/,
    replace: "new URL(window.EXCALIDRAW_ASSET_PATH,window.location.href).href",
  },
  {
    why: "The room's board is 55 % of the page: 700 px on a laptop, which has room for the desktop toolbar.",
    find: /,(\w+)=730,(\w+)=1e3,(\w+)=500,/,
    replace: ",$1=600,$2=900,$3=420,",
  },
  {
    why: "A person has one colour everywhere; the package derives its own from the connection's id.",
    find: /\(e,o\)=>(`hsl\(\$\{Math\.abs\(\w+\(o\?\.id\|\|e\)\)%37\*10\}, 100%, 83%\)`)/,
    replace: "(e,o)=>o?.color?.background??$1",
  },
  {
    why: "A laser's trail in the lightened colour of a name tag would hardly show.",
    find: /fill:\(\)=>(\w+)\.pointer\?\.laserColor\|\|(\w+\(\w+,\1\))/,
    replace: "fill:()=>$1.color?.stroke??$2",
  },
  {
    why: "The main menu's button has no name for a screen reader.",
    find: /("data-testid":"main-menu-trigger")/,
    replace: '$1,"aria-label":"Board menu"',
  },
  {
    why: "A row of colours is no modal dialog.",
    find: /role:"dialog","aria-modal":"true",(className:"color-picker-container")/,
    replace: "$1",
  },
  {
    why: "A row of fonts is none either.",
    find: /role:"dialog","aria-modal":"true",(className:"FontPicker__container")/,
    replace: "$1",
  },
  {
    why: "The editor's footer is not the page's.",
    find: /role:"contentinfo",(className:"layer-ui__wrapper__footer)/,
    replace: "$1",
  },
  {
    why: "A box around a button says that it is expanded, which only the button could be.",
    find: /(\.Trigger,\{asChild:!0,children:\w+\("div",\{)(children:)/,
    replace: '$1"aria-expanded":void 0,"aria-controls":void 0,"aria-haspopup":void 0,$2',
  },
  {
    why: "The zoom button's name lacks the figure that it shows.",
    find: /(title:\w+\("buttons\.resetZoom"\)),"aria-label":\w+\("buttons\.resetZoom"\)/,
    replace: "$1",
  },
  {
    why: "The page's policy refuses the inline style that text has in pictures of library items.",
    find: /\.setAttribute\("style","white-space: pre;"\)/,
    replace: '.setAttribute("xml:space","preserve")',
  },
  {
    why: "Pictures are pasted as files; those of a pasted web page would be fetched from its hosts.",
    find: /\w+\.some\((\w+)=>\1\.type==="imageUrl"\)&&this\.isToolSupported\("image"\)/,
    replace: "!1",
  },
];

/** Hosts that must not be left in what is built as places to fetch something from. */
const FOREIGN = /https:\/\/(esm\.sh|unpkg\.com|cdn\.jsdelivr\.net|fonts\.g(oogleapis|static)\.com)/;

export function ownExcalidraw(): Plugin {
  const applied = new Set<Change>();
  return {
    name: "own-excalidraw",
    apply: "build",
    transform(code, id) {
      if (!id.includes("@excalidraw/excalidraw/dist/")) return null;
      let changed = code;
      for (const change of CHANGES) {
        if (!change.find.test(changed)) continue;
        changed = changed.replace(change.find, change.replace);
        applied.add(change);
      }
      return changed === code ? null : { code: changed, map: null };
    },
    generateBundle(_, bundle) {
      for (const change of CHANGES) {
        if (!applied.has(change)) this.error(`Excalidraw has changed, not found any more: ${change.why}`);
      }
      for (const [name, file] of Object.entries(bundle)) {
        const found = file.type === "chunk" ? FOREIGN.exec(file.code) : null;
        if (found) this.error(`${name} would fetch from ${found[0]}`);
      }
    },
  };
}
