/** What is written under the boxes of a board: their latency and volume. */

export interface Caption {
  id: string;
  text: string;
  x: number;
  y: number;
}

export interface Captioned {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  type: string;
  containerId?: string | null;
  customData?: { latencyMs?: unknown; volume?: unknown };
}

const LINE = 16;

/** Return what is written where: in the box below its label if there is room, else below the box. */
export function captionsOf(elements: readonly Captioned[]): Caption[] {
  const labels = new Map(elements.flatMap((one) => (one.containerId ? [[one.containerId, one.height] as const] : [])));
  return elements.flatMap(({ id, x, y, width, height, customData }) => {
    const { latencyMs, volume } = customData ?? {};
    const said = typeof latencyMs === "number" && Number.isFinite(latencyMs) ? [`${latencyMs} ms`] : [];
    if (typeof volume === "string" && volume.trim()) said.push(volume.trim().slice(0, 40));
    if (!said.length) return [];
    const room = (height - (labels.get(id) ?? 0)) / 2;
    return [{ id, text: said.join(" · "), x: x + width / 2, y: y + height + (room < LINE ? 3 : -LINE - 3) }];
  });
}
