/**
 * A Deno that stays where it is, for the kernelspec to name.
 *
 * `npx deno` runs from npm's cache, which npm empties when it likes; a notebook's kernel must still
 * start then.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { currentPlatform, executableName, type Platform } from "./platform.ts";

/** A Deno executable and its version. */
export interface DenoBinary {
  /** Absolute path of the executable. */
  readonly path: string;
  /** Its version, such as `2.9.6`. */
  readonly version: string;
}

/** The Deno that runs this program. */
export function runningDeno(): DenoBinary {
  return { path: Deno.execPath(), version: Deno.version.deno };
}

/**
 * True if `path` lies in a folder that a package runner empties when it likes: npx's `_npx`, pnpm's
 * and yarn's `dlx`, bun's `bunx`.
 */
export function isPassing(path: string): boolean {
  return path.split(/[/\\]/).some((part) => part === "_npx" || /^(dlx(-|$)|bunx-|xfs-)/.test(part));
}

/**
 * The path of a Deno that stays: `deno` itself, or a copy of it under `.deno/` in `root`.
 *
 * The copy keeps its path over versions, so that a kernelspec that names it holds; it is replaced
 * in one step when the version changes.
 *
 * @param root Folder of the checkout.
 */
export async function permanentDeno(
  root: string,
  deno: DenoBinary = runningDeno(),
  platform: Platform = currentPlatform(),
): Promise<string> {
  if (!isPassing(deno.path)) return deno.path;
  const copy = join(root, ".deno", executableName(platform, "deno"));
  const stamp = join(root, ".deno", "version");
  if (await isCopyOf(deno, copy, stamp)) return copy;

  await Deno.mkdir(dirname(copy), { recursive: true });
  const part = `${copy}.${crypto.randomUUID()}.part`;
  try {
    await Deno.copyFile(deno.path, part);
    // Windows doesn't replace a running program, but lets it be renamed.
    if (platform === "windows") await setAside(copy);
    await Deno.rename(part, copy);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
  await Deno.writeTextFile(stamp, deno.version);
  return copy;
}

async function isCopyOf(deno: DenoBinary, copy: string, stamp: string): Promise<boolean> {
  try {
    const [version, from, to] = await Promise.all([
      Deno.readTextFile(stamp),
      Deno.stat(deno.path),
      Deno.stat(copy),
    ]);
    return version === deno.version && from.size === to.size;
  } catch {
    return false;
  }
}

/** Moves a program that may be running out of the way, and deletes those that no longer run. */
async function setAside(program: string): Promise<void> {
  const folder = dirname(program);
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.endsWith(".old")) await Deno.remove(join(folder, entry.name)).catch(() => {});
  }
  await Deno.rename(program, `${program}.${crypto.randomUUID()}.old`).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
