/**
 * Which texts notebook files store as lists of lines, and how they are cut. Both follow Python's
 * nbformat, so that Jupyter saves a file of ours without changing it.
 *
 * @module
 */
import { isObject, type JsonObject } from "./nbformat.ts";

/** Where Python's `str.splitlines` ends a line. */
// deno-lint-ignore no-control-regex -- Python counts the separators \x1c to \x1e, too
const LINE = /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g;

/** Cuts a text into lines that keep their ends; an empty text has none. */
export function splitLines(text: string): string[] {
  return (text.match(LINE) ?? []).filter((line) => line !== "");
}

/** Joins what a file may store in one piece or as lines; `undefined` when it is neither. */
export function joinLines(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) {
    return value.join("");
  }
  return undefined;
}

/** Joins the texts of a MIME bundle. A list of strings is data in a JSON type, and text elsewhere. */
export function joinBundle(bundle: JsonObject): JsonObject {
  return mapValues(
    bundle,
    (type, value) => isJsonType(type) ? value : joinLines(value) ?? value,
  );
}

/** Splits the texts of a MIME bundle; pictures in base64 stay in one piece. */
export function splitBundle(bundle: JsonObject): JsonObject {
  return mapValues(
    bundle,
    (type, value) => typeof value === "string" && isTextType(type) ? splitLines(value) : value,
  );
}

/** As {@linkcode joinBundle} for each of a cell's attachments. */
export function joinAttachments(attachments: JsonObject): JsonObject {
  return mapValues(attachments, (_, bundle) => isObject(bundle) ? joinBundle(bundle) : bundle);
}

/** As {@linkcode splitBundle} for each of a cell's attachments. */
export function splitAttachments(attachments: JsonObject): JsonObject {
  return mapValues(attachments, (_, bundle) => isObject(bundle) ? splitBundle(bundle) : bundle);
}

function isJsonType(type: string): boolean {
  return /^application\/(.*\+)?json$/.test(type);
}

function isTextType(type: string): boolean {
  return type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
}

function mapValues(object: JsonObject, map: (key: string, value: unknown) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(key, value)]));
}
