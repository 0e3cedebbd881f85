/**
 * Writing files that another program may be reading.
 *
 * @module
 */

import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Gives a file this content, unless it has it already. It is replaced in one step: no reader ever
 * sees half of it, whenever this is interrupted.
 */
export async function writeIfChanged(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const old = await Deno.readFile(path).catch(() => undefined);
  if (old?.length === bytes.length && old.every((byte, i) => byte === bytes[i])) return;
  await writeWhole(path, bytes);
}

/** Writes a file, and the folders above it, whole or not at all. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const part = `${path}.${crypto.randomUUID()}.part`;
  try {
    await Deno.writeFile(part, bytes);
    await Deno.rename(part, path);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
}

/** The URL of a folder, with a slash at its end, so that names in it resolve. */
export function toFileUrl(folder: string): URL {
  return pathToFileURL(folder.replace(/[\\/]?$/, "/"));
}
