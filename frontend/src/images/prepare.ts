/**
 * Makes an upload of a file: a still that the server takes, no longer than 2,048 pixels and no larger
 * than 5 MB, with the id the server will give it. The id is known before anything is sent, so a picture
 * can be put on the board without a connection.
 */
import { digest } from "lib0/hash/sha256";

export interface Upload {
  id: string;
  blob: Blob;
}

/** A sentence for the person whose file cannot be used. */
export class PictureError extends Error {}

export const LARGEST_UPLOAD = 5 * 1024 * 1024;
const LONGEST_SIDE = 2_048;
/** Sent as they are if they are small enough; everything else is drawn anew (an SVG never leaves as one). */
const SENT_AS_THEY_ARE = new Set(["image/png", "image/jpeg", "image/webp"]);
/** What an SVG is drawn at that does not say how large it is. */
const SVG_SIDE = 1_024;

/** Return a file as an upload; PictureError says why it cannot be one. */
export async function prepare(file: Blob): Promise<Upload> {
  const blob = await still(file);
  return { id: await fileIdOf(blob), blob };
}

/** Return the id of an upload, the same as in whiteboard/images.py. */
export async function fileIdOf(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  // Browsers hash only on pages from https or this machine.
  const hash = crypto.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : digest(bytes);
  const hex = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `img-${hex.slice(0, 36)}`;
}

async function still(file: Blob): Promise<Blob> {
  const image = await opened(file);
  const width = image.naturalWidth || SVG_SIDE;
  const height = image.naturalHeight || SVG_SIDE;
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  if (shrink === 1 && file.size <= LARGEST_UPLOAD && SENT_AS_THEY_ARE.has(file.type)) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * shrink));
  canvas.height = Math.max(1, Math.round(height * shrink));
  const context = canvas.getContext("2d");
  if (!context) throw new PictureError("This browser could not open the picture.");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const exact = file.type === "image/jpeg" ? null : await encoded(canvas, "image/png");
  const blob = exact && exact.size <= LARGEST_UPLOAD ? exact : await encoded(canvas, "image/jpeg");
  if (blob.size > LARGEST_UPLOAD) throw new PictureError("This picture is larger than 5 MB. Make it smaller.");
  return blob;
}

async function opened(file: Blob): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return image;
  } catch {
    throw new PictureError("This file is not a picture that can be opened. Use a PNG, JPEG, WebP, GIF or SVG.");
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

function encoded(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const take = (blob: Blob | null) =>
      blob ? resolve(blob) : reject(new PictureError("This browser could not open the picture."));
    canvas.toBlob(take, type, 0.9);
  });
}

/** Return the bytes of a `data:` URL, or null if it is none. (The page's policy lets nobody fetch one.) */
export function blobOf(dataUrl: string): Blob | null {
  const parts = /^data:([\w.+/-]+)(;[^,]*)?,(.*)$/s.exec(dataUrl);
  const [type, options, text] = [parts?.[1], parts?.[2] ?? "", parts?.[3]];
  if (!type || text === undefined) return null;
  try {
    if (!options.endsWith(";base64")) return new Blob([decodeURIComponent(text)], { type });
    return new Blob([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))], { type });
  } catch {
    return null;
  }
}

/** Return a `data:` URL with these bytes, as the editor holds its files. */
export function dataUrlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
