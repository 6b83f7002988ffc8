/**
 * What may reach the canvas. One malformed element from another client would take down the whole
 * editor, and Excalidraw renders a synced `iframe` element, script and all; so nothing remote is shown
 * that does not pass here, whatever the server has already checked.
 */
import { MOST_POINTS, type SceneElement } from "./element";

const LINEAR = new Set(["arrow", "line", "freedraw"]);
const TYPES = new Set([...LINEAR, "rectangle", "diamond", "ellipse", "text", "frame", "image"]);

const FAR = 1e7;
const LONGEST_TEXT = 50_000;
const FILE_ID = /^img-[0-9a-f]{36}$/;
const ID = /^[\w.:~|-]{1,64}$/;

/** Return whether the editor can draw this element safely. */
export function isDrawable(element: SceneElement): boolean {
  const e = element as unknown as Record<string, unknown>;
  return (
    TYPES.has(element.type) &&
    ID.test(String(e.id)) &&
    ["x", "y", "width", "height", "angle"].every((key) => isNumber(e[key])) &&
    ["opacity", "strokeWidth", "roughness", "seed"].every((key) => isAbsent(e[key]) || isNumber(e[key], 2 ** 53)) &&
    ["strokeColor", "backgroundColor", "fillStyle", "strokeStyle"].every((k) => isAbsent(e[k]) || isShort(e[k])) &&
    ["frameId", "link"].every((key) => isEmpty(e[key]) || isShort(e[key], 2000)) &&
    ["startArrowhead", "endArrowhead"].every((key) => isEmpty(e[key]) || isShort(e[key])) &&
    (isAbsent(e.groupIds) || areGroups(e.groupIds)) &&
    (isEmpty(e.roundness) || (isRecord(e.roundness) && isNumber(e.roundness.type))) &&
    (isEmpty(e.customData) || isRecord(e.customData)) &&
    areBound(e.boundElements) &&
    (!LINEAR.has(element.type) || isLinear(e)) &&
    (element.type !== "text" || isText(e)) &&
    (element.type !== "frame" || isEmpty(e.name) || isShort(e.name, 500)) &&
    (element.type !== "image" || isImage(e))
  );
}

/** Return whether a string is the id of a picture that was, or is being, uploaded (whiteboard/images.py). */
export function isFileId(value: unknown): boolean {
  return typeof value === "string" && FILE_ID.test(value);
}

/** Return whether this is a picture that has no such id yet: it waits, and nobody is told of it. */
export function isAwaited(element: SceneElement): boolean {
  return element.type === "image" && !isFileId(element.fileId);
}

/** Return whether this page may send an element of its own. */
export function isSendable(element: SceneElement): boolean {
  return isDrawable(element) && !isAwaited(element);
}

/**
 * Return whether a string is a key of the fractional-indexing package. A foreign one would make its
 * next insertion throw in the middle of a scene update.
 */
export function isIndex(value: unknown): value is string {
  if (typeof value !== "string" || value.length > 128 || !/^[A-Za-z][0-9A-Za-z]+$/.test(value)) return false;
  const head = value.charCodeAt(0);
  const integerLength = head >= 97 ? head - 97 + 2 : 90 - head + 2;
  if (value.length < integerLength || value === `A${"0".repeat(26)}`) return false;
  return value.length === integerLength || !value.endsWith("0");
}

function isLinear(e: Record<string, unknown>): boolean {
  return (
    Array.isArray(e.points) &&
    e.points.length <= MOST_POINTS &&
    e.points.every(isPoint) &&
    (e.type === "freedraw" || e.points.length >= 2) &&
    (isAbsent(e.pressures) || (Array.isArray(e.pressures) && e.pressures.every((p) => isNumber(p)))) &&
    isBinding(e.startBinding) &&
    isBinding(e.endBinding) &&
    (isEmpty(e.fixedSegments) || (Array.isArray(e.fixedSegments) && e.fixedSegments.every(isSegment)))
  );
}

function isText(e: Record<string, unknown>): boolean {
  return (
    typeof e.text === "string" &&
    e.text.length <= LONGEST_TEXT &&
    (isAbsent(e.originalText) || (typeof e.originalText === "string" && e.originalText.length <= LONGEST_TEXT)) &&
    isNumber(e.fontSize) &&
    (e.fontSize as number) > 0 &&
    isNumber(e.fontFamily) &&
    (isAbsent(e.lineHeight) || isNumber(e.lineHeight)) &&
    ["textAlign", "verticalAlign"].every((key) => isAbsent(e[key]) || isShort(e[key])) &&
    (isEmpty(e.containerId) || isShort(e.containerId))
  );
}

function isImage(e: Record<string, unknown>): boolean {
  return (
    (isEmpty(e.fileId) || isShort(e.fileId)) &&
    (isAbsent(e.scale) || isPoint(e.scale)) &&
    (isEmpty(e.crop) || (isRecord(e.crop) && Object.values(e.crop).every((value) => isNumber(value))))
  );
}

function areGroups(value: unknown): boolean {
  return Array.isArray(value) && value.length <= 100 && value.every((id) => isShort(id));
}

function areBound(value: unknown): boolean {
  if (isEmpty(value)) return true;
  return (
    Array.isArray(value) &&
    value.every((bound) => isRecord(bound) && ID.test(String(bound.id)) && (bound.type === "arrow" || bound.type === "text"))
  );
}

function isBinding(value: unknown): boolean {
  if (isEmpty(value)) return true;
  return (
    isRecord(value) &&
    isShort(value.elementId) &&
    (isEmpty(value.focus) || isNumber(value.focus)) &&
    (isEmpty(value.gap) || isNumber(value.gap)) &&
    (isEmpty(value.fixedPoint) || isPoint(value.fixedPoint))
  );
}

function isSegment(value: unknown): boolean {
  return isRecord(value) && isPoint(value.start) && isPoint(value.end) && isNumber(value.index);
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isNumber(value[0]) && isNumber(value[1]);
}

function isNumber(value: unknown, most = FAR): boolean {
  return typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= most;
}

function isShort(value: unknown, longest = 128): value is string {
  return typeof value === "string" && value.length <= longest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isAbsent = (value: unknown) => value === undefined;
const isEmpty = (value: unknown) => value === undefined || value === null;
