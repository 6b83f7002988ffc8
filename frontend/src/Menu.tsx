/** The board's main menu: files, export, panels, background and help; nothing that leads to another site. */
import { MainMenu } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { Config } from "./config";
import { type Format, fileName } from "./files/formats";
import { icon } from "./panels/icon";
import type { BoardPanel } from "./panels/registry";

const OpenIcon = icon("m6 14 1.5-2.9A2 2 0 0 1 9.24 10H20a2 2 0 0 1 1.94 2.5l-1.54 6a2 2 0 0 1-1.95 1.5H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h3.9a2 2 0 0 1 1.69.9l.81 1.2a2 2 0 0 0 1.67.9H18a2 2 0 0 1 2 2v2");
const SaveIcon = icon("M12 15V3m5 7-5 5-5-5M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4");
const FrameIcon = icon("M22 6H2M22 18H2M6 2v20M18 2v20");

const FORMATS: readonly [format: Format, title: string][] = [
  ["png", "Picture, PNG"],
  ["svg", "Picture, SVG"],
  ["excalidraw", "Drawing, .excalidraw"],
  ["mmd", "Text, Mermaid"],
  ["json", "Graph, JSON"],
];

interface Props {
  api: ExcalidrawImperativeAPI | null;
  config: Config;
  panels: readonly BoardPanel[];
  onPanel(id: string): void;
  /** Null for people who only watch. */
  onOpen: (() => void) | null;
}

export function Menu({ api, config, panels, onPanel, onOpen }: Props) {
  return (
    <MainMenu>
      {onOpen && (
        <MainMenu.Item icon={<OpenIcon />} shortcut="Ctrl+O" onSelect={onOpen}>
          Open…
        </MainMenu.Item>
      )}
      <MainMenu.Group title="Export">
        {FORMATS.map(([format, title]) => (
          <MainMenu.Item key={format} icon={<SaveIcon />} onSelect={() => api && void exportAs(api, format, config.title)}>
            {title}
          </MainMenu.Item>
        ))}
        <MainMenu.Item icon={<SaveIcon />} onSelect={() => api?.updateScene({ appState: { openDialog: { name: "imageExport" } } })}>
          Picture with choices…
        </MainMenu.Item>
      </MainMenu.Group>
      <MainMenu.Separator />
      {onOpen && (
        <MainMenu.Item icon={<FrameIcon />} shortcut="F" onSelect={() => api?.setActiveTool({ type: "frame" })}>
          Draw a frame
        </MainMenu.Item>
      )}
      {panels.map(({ id, title, Icon }) => (
        <MainMenu.Item key={id} icon={<Icon />} onSelect={() => onPanel(id)}>
          {title}
        </MainMenu.Item>
      ))}
      <MainMenu.Separator />
      <MainMenu.DefaultItems.SearchMenu />
      <MainMenu.DefaultItems.ClearCanvas />
      <MainMenu.DefaultItems.Help />
      <MainMenu.DefaultItems.ChangeCanvasBackground />
    </MainMenu>
  );
}

async function exportAs(api: ExcalidrawImperativeAPI, format: Format, title: string | undefined): Promise<void> {
  try {
    const files = await import("./files/export");
    await files.exportAs(api, format, fileName(title, new Date()));
  } catch (error) {
    console.error(error);
    api.setToast({ message: "The file could not be made. The board is as it was. Try again.", closable: true, duration: 8000 });
  }
}
