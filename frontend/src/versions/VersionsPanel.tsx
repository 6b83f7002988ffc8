/** The board's versions: name a moment, look at how it came, compare two, put one back. */
import { CaptureUpdateAction, restoreElements } from "@excalidraw/excalidraw";
import { type FormEvent, useCallback, useEffect, useMemo, useState } from "react";
import type { Shelf } from "../images/bringer";
import { icon } from "../panels/icon";
import type { PanelProps } from "../panels/registry";
import { Overlay } from "../replay/Overlay";
import type { Mark } from "../replay/player";
import { Replay } from "../replay/Replay";
import type { SceneElement } from "../sync/element";
import { CompareView } from "./CompareView";
import { restored } from "./restore";
import { type Version, Versions, wordsOf } from "./server";
import { VersionRow } from "./VersionRow";
import "./versions.css";

const PlayIcon = icon("M6 3.5v17l14-8.5Z");
const SAVE_LIMIT_MS = 8_000;
/** Somebody else may have named a moment. */
const LOOK_AGAIN_MS = 15_000;
const UNSAVED = "Some of what you drew is not saved yet. Wait until the line below the board says Saved, then try again.";
const READ_ONLY = "This board can no longer be changed. You can still look at its versions and compare them.";

type Open = { what: "replay"; marks: Mark[] } | { what: "compare"; from: number | null; to: number | null } | null;
type Scene = Parameters<PanelProps["api"]["updateScene"]>[0]["elements"];

export default function VersionsPanel({ api, session, config }: PanelProps) {
  const path = config.paths?.versions ?? "";
  const server = useMemo(() => new Versions(path), [path]);
  const images = config.paths?.images;
  const pictures = useMemo<Shelf>(() => ({ path: images, here: (id) => api.getFiles()[id] }), [api, images]);
  const [versions, setVersions] = useState<Version[] | null>(null);
  const [mayName, setMayName] = useState(false);
  const [wrong, setWrong] = useState("");
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState<Open>(null);
  const writes = mayName && session.writable;

  const load = useCallback(async () => {
    try {
      const told = await server.list();
      setVersions(told.versions);
      setMayName(told.mayName);
      setWrong("");
    } catch (error) {
      setWrong(wordsOf(error));
    }
  }, [server]);

  useEffect(() => {
    void load();
    const timer = setInterval(() => document.visibilityState === "visible" && void load(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [load]);

  /** Do one thing at a time and say what came of it. */
  const act = async (doing: () => Promise<string>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setSaid("");
    try {
      setSaid(await doing());
      return true;
    } catch (error) {
      setSaid(wordsOf(error));
      return false;
    } finally {
      setBusy(false);
      void load();
    }
  };

  const name = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const words = String(new FormData(form).get("name") ?? "");
    void act(async () => {
      if (!(await session.flush(SAVE_LIMIT_MS))) return UNSAVED;
      const made = await server.name(words);
      form.reset();
      return `Named “${made.name}”.`;
    });
  };
  const nameEarlier = async (seq: number, words: string) => {
    try {
      const made = await server.name(words, seq);
      void load();
      return `Named “${made.name}”. It is in the list of versions.`;
    } catch (error) {
      return wordsOf(error);
    }
  };

  const restore = (version: Version) =>
    act(async () => {
      const wanted = await server.elements(version.id);
      if (!session.writable) return READ_ONLY;
      const here = api.getSceneElementsIncludingDeleted() as unknown as readonly SceneElement[];
      const { elements, changed } = restored(here, wanted);
      if (!changed) return `The board already is as in “${version.name}”.`;
      const untouched = new Set(here);
      api.updateScene({
        elements: elements.flatMap((one) => (untouched.has(one) ? [one] : drawable(one))) as unknown as Scene,
        appState: { selectedElementIds: {}, selectedGroupIds: {} },
        captureUpdate: CaptureUpdateAction.IMMEDIATELY,
      });
      const what = changed === 1 ? "1 element" : `${changed} elements`;
      return `The board is as in “${version.name}” again: ${what} changed, the notes stay. Undo takes it back.`;
    });

  const compare = async (from: number | null, to: number | null) => {
    if (session.writable) await session.flush(SAVE_LIMIT_MS);
    setOpen({ what: "compare", from, to });
  };
  const marks = () =>
    (versions ?? []).map(({ at, name: words, who }) => ({
      at,
      label: who ? `“${words}”, named by ${who}` : `“${words}”`,
      kind: "version",
    }));

  return (
    <>
      <div className="board-panel__body versions">
        {writes && (
          <form className="versions__name" onSubmit={name}>
            <label className="board-panel__label">
              Name this moment
              <input className="board-panel__field" name="name" maxLength={80} placeholder="Before the curveball" autoComplete="off" data-first />
            </label>
            <button type="submit" className="board-panel__button board-panel__button--first" aria-disabled={busy}>
              Name it
            </button>
          </form>
        )}
        {config.paths?.history && (
          <button type="button" className="board-panel__button" onClick={() => setOpen({ what: "replay", marks: marks() })}>
            <PlayIcon /> Play how this was drawn
          </button>
        )}
        {!versions && !wrong && <p className="board-panel__hint">Looking for versions…</p>}
        {wrong && (
          <div role="alert">
            <p className="board-panel__wrong">{wrong}</p>
            <button type="button" className="board-panel__button" onClick={() => void load()}>
              Try again
            </button>
          </div>
        )}
        {versions?.length === 0 && (
          <p className="board-panel__hint">
            {writes
              ? "No versions yet. Give this moment a name, and you can compare it with a later one, or put it back."
              : "Nobody has named a moment of this board."}
          </p>
        )}
        {versions && versions.length > 0 && (
          <ul className="versions__list" aria-label="Versions, the latest first">
            {versions.map((version) => (
              <VersionRow
                key={version.id}
                version={version}
                writes={writes}
                compare={() => void compare(version.id, null)}
                restore={() => restore(version)}
                rename={(words) => act(async () => `Now called “${(await server.rename(version.id, words)).name}”.`)}
                remove={() =>
                  act(async () => {
                    await server.remove(version.id);
                    return `Deleted the name “${version.name}”. What was drawn stays in the log.`;
                  })
                }
              />
            ))}
          </ul>
        )}
        {versions && versions.length > 1 && (
          <button type="button" className="board-panel__button" onClick={() => void compare(versions[1]?.id ?? null, versions[0]?.id ?? null)}>
            Compare two versions
          </button>
        )}
      </div>
      <p className="board-panel__said" role="status">
        {said}
      </p>
      {open?.what === "replay" && (
        <Overlay title="How this was drawn" close={() => setOpen(null)}>
          <Replay
            source={{ path: config.paths?.history ?? "", epoch: config.epoch }}
            pictures={pictures}
            marks={open.marks}
            steps={stepsOnPage()}
            onName={writes ? nameEarlier : undefined}
          />
        </Overlay>
      )}
      {open?.what === "compare" && versions && (
        <Overlay title="Compare versions" close={() => setOpen(null)}>
          <CompareView server={server} versions={versions} from={open.from} to={open.to} pictures={pictures} />
        </Overlay>
      )}
    </>
  );
}

/** Return an element with all that the editor wants of it. */
const drawable = (element: SceneElement) =>
  restoreElements([element] as unknown as Parameters<typeof restoreElements>[0], null) as unknown as SceneElement[];

/** Return the steps of the notes as the page calls them. */
function stepsOnPage(): { slug: string; title: string }[] {
  return [...document.querySelectorAll<HTMLElement>("textarea[data-notes-step]")].map((field) => ({
    slug: field.dataset.notesStep ?? "",
    title: field.ariaLabel?.replace(/^Notes for /, "") ?? "",
  }));
}
