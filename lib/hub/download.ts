import { createHash } from "node:crypto";

/** A file to download, and how to know that it is the right one. */
export interface Download {
  /** What it is called in messages. */
  readonly name: string;
  /** Its size in bytes. */
  readonly size: number;
  /** Its checksum. */
  readonly checksum: Checksum;
  /** Opens it, from a byte on. */
  open(start: number): Promise<ReadableStream<Uint8Array>>;
}

/** A checksum: of the bytes alone, or as git counts them, with a header. */
export interface Checksum {
  /** How it is computed. */
  readonly kind: "sha256" | "git-sha1";
  /** In hexadecimal. */
  readonly value: string;
}

/** Told how far a download is, with the bytes in hand and those to come. */
export type OnProgress = (file: string, received: number, size: number) => void;

/** A download that can't be completed. */
export class DownloadError extends Error {
  /** What it is called in messages. */
  override name = "DownloadError";
}

/**
 * Downloads a file to a place on the disk: whole and checked, or not at all. What an earlier attempt
 * got is kept beside it (`….part`) and gone on with; if two processes want the same file, the second
 * waits for the first.
 *
 * @param path Where it goes; its folder is made.
 * @throws {DownloadError} If it ends early, or the checksum isn't the expected one.
 */
export async function download(
  source: Download,
  path: string,
  onProgress: OnProgress = () => {},
): Promise<void> {
  await Deno.mkdir(path.replace(/[\\/][^\\/]*$/, ""), { recursive: true });
  const partial = `${path}.part`;
  using file = await Deno.open(partial, { create: true, read: true, write: true });
  await file.lock(true);
  if (await exists(path)) return;
  await fill(file, source, onProgress);
  const found = await checksumOf(file, source);
  if (found !== source.checksum.value) {
    // Nothing of it can be trusted.
    await file.truncate(0);
    throw new DownloadError(
      `Expected ${source.name} to have the checksum ${source.checksum.value} but found ${found}; ` +
        "what was downloaded is thrown away, so try again",
    );
  }
  // Before the lock is gone: whoever waits for it must find the file in its place.
  await Deno.rename(partial, path);
}

/** Downloads what the file doesn't have yet. */
async function fill(file: Deno.FsFile, source: Download, onProgress: OnProgress): Promise<void> {
  let { size: received } = await file.stat();
  if (received > source.size) {
    await file.truncate(0);
    received = 0;
  }
  if (received === source.size) return;
  await file.seek(received, Deno.SeekMode.Start);
  onProgress(source.name, received, source.size);
  let cause: unknown;
  try {
    for await (const chunk of await source.open(received)) {
      for (let written = 0; written < chunk.length;) {
        written += await file.write(chunk.subarray(written));
      }
      received += chunk.length;
      onProgress(source.name, received, source.size);
    }
  } catch (error) {
    // Not a byte came: the error says why. Otherwise it only says that no more did.
    if (received === 0) throw error;
    cause = error;
  }
  if (received >= source.size) return; // whether it is too long, the checksum tells
  throw new DownloadError(
    `Expected ${source.size} bytes of ${source.name} but the connection ended after ${received}; ` +
      "try again to go on from there",
    { cause },
  );
}

/** The checksum of the whole file, read in pieces. */
async function checksumOf(file: Deno.FsFile, { size, checksum }: Download): Promise<string> {
  const hash = createHash(checksum.kind === "sha256" ? "sha256" : "sha1");
  if (checksum.kind === "git-sha1") hash.update(`blob ${size}\0`);
  await file.seek(0, Deno.SeekMode.Start);
  const buffer = new Uint8Array(1 << 20);
  for (let count; (count = await file.read(buffer)) !== null;) {
    hash.update(buffer.subarray(0, count));
  }
  return hash.digest("hex");
}

/** Whether there is something at a path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}
