import { requirePermissions } from "./permissions.ts";

/** The operating systems whose cache folders are known. */
export type Platform = "linux" | "darwin" | "windows";

/**
 * Where downloaded data is kept between runs: a folder of the user's own, shared by every copy of
 * the course on the machine, that may be deleted at any time.
 *
 * `TUNEBOOK_CACHE` wins; otherwise it is the place each system has for caches.
 *
 * @param platform The operating system, as in `Deno.build.os`; others count as Linux.
 * @param env Reads an environment variable.
 * @returns The path of the folder, which may not exist yet.
 * @throws {Error} When the variables that name the user's folder are missing.
 *
 * @example
 * ```ts
 * import { cacheFolder } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const home = (name: string) => name === "HOME" ? "/home/ada" : undefined;
 * assertEquals(cacheFolder("linux", home), "/home/ada/.cache/tunebook");
 * assertEquals(cacheFolder("darwin", home), "/home/ada/Library/Caches/tunebook");
 * ```
 */
export function cacheFolder(
  platform: Platform | string,
  env: (name: string) => string | undefined,
): string {
  const chosen = env("TUNEBOOK_CACHE");
  if (chosen) return chosen;
  const variable = platform === "windows" ? "LOCALAPPDATA" : "HOME";
  const base = env(variable);
  if (platform !== "windows" && platform !== "darwin" && env("XDG_CACHE_HOME")) {
    return `${env("XDG_CACHE_HOME")}/tunebook`;
  }
  if (!base) {
    throw new Error(
      `Expected the environment variable ${variable} to name your folder but it is not set: ` +
        "set TUNEBOOK_CACHE to a folder where downloaded data may be kept.",
    );
  }
  if (platform === "windows") return `${base}\\tunebook\\cache`;
  return platform === "darwin" ? `${base}/Library/Caches/tunebook` : `${base}/.cache/tunebook`;
}

/** The cache folder of whoever runs this, on this machine. */
export function defaultFolder(): string {
  return cacheFolder(Deno.build.os, (name) => Deno.env.get(name));
}

/**
 * Keeps a file for the next run, written so that others see it whole or not at all.
 *
 * A disk that is full or can't be written to is no error: the data is in memory, and is only
 * downloaded again the next time.
 */
export async function keepFile(path: string, bytes: Uint8Array): Promise<void> {
  if (Deno.permissions.querySync({ name: "write" }).state !== "granted") return;
  const partial = `${path}.${crypto.randomUUID()}.part`;
  try {
    await Deno.mkdir(path.replace(/[\\/][^\\/]*$/, ""), { recursive: true });
    await Deno.writeFile(partial, bytes);
    await Deno.rename(partial, path);
  } catch {
    await Deno.remove(partial).catch(() => {});
  }
}

/** A file kept by an earlier run, or nothing. */
export async function readKept(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch {
    return undefined;
  }
}

/**
 * Work whose result takes long to compute and little to keep: done once, then read from the cache
 * folder.
 *
 * @typeParam Value What comes of it; it must survive JSON.
 * @param name The file's name. Change it whenever the work would come out otherwise.
 * @param work Does the work.
 */
export async function keptJson<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  requirePermissions(name, ["env", "read"]);
  const path = `${defaultFolder()}/${name}`;
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch {
    const value = await work();
    await keepFile(path, new TextEncoder().encode(JSON.stringify(value)));
    return value;
  }
}
