import { defaultFolder, keepFile, readKept } from "./cache.ts";
import { type About, once } from "./corpus.ts";
import { type DataPackage, readDataPackage } from "./data_package.ts";
import type { Dropped } from "./csv.ts";
import { readImagesCsv } from "./read_images_csv.ts";
import { ImageSet } from "./images.ts";
import { requirePermissions } from "./permissions.ts";

/** What a loader of images takes. */
export interface ImageOptions {
  /** Read this CSV file (`label,pixel1,…,pixel784`) instead of the published data. */
  csv?: string;
}

/** A package that holds images of 28 × 28 as JSON, a file for each class. */
export interface ImagePackage {
  /** The package. */
  readonly source: DataPackage;
  /** Where the data comes from. */
  readonly about: About;
  /** The name of each class. */
  readonly classes: readonly string[];
  /** The folder of the files `0.json` to `9.json`. */
  readonly folder: string;
  /** The images of one class, of which some may be incomplete, from the `data` of its file. */
  readonly images: (data: unknown) => readonly (readonly number[])[];
}

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** What is kept of a package: its images as bytes. */
interface Parts {
  labels: Uint8Array;
  pixels: Uint8Array;
  dropped: Dropped[];
}

/**
 * Makes the loader of an image package. The first call on a machine reads the JSON and keeps the
 * images as bytes in the cache folder; later ones read only those.
 *
 * @param pack The package.
 * @returns The loader, which hands out the same images on every call.
 */
export function imageLoader(pack: ImagePackage): (options?: ImageOptions) => Promise<ImageSet> {
  const known = { about: pack.about, classes: pack.classes, width: SIDE, height: SIDE };
  const published = once(async () => {
    const { name, version } = pack.source;
    requirePermissions(name, ["env", "read"]);
    const path = `${defaultFolder()}/${name}-${version}.images`;
    const kept = await readKept(path);
    let parts = kept && fromBytes(kept);
    if (!parts) {
      parts = await readJson(pack);
      await keepFile(path, toBytes(parts));
    }
    return new ImageSet({ ...known, ...parts });
  });
  return async ({ csv } = {}) =>
    csv === undefined
      ? await published()
      : await readImagesCsv(csv, { ...known, about: { ...pack.about, source: csv } });
}

async function readJson(pack: ImagePackage): Promise<Parts> {
  const files = await readDataPackage(
    pack.source,
    (path) => path.startsWith(pack.folder) && /\/\d\.json$/.test(path),
  );
  files.sort((a, b) => a.path < b.path ? -1 : 1);
  const labels: number[] = [];
  const pieces: Uint8Array[] = [];
  const dropped: Dropped[] = [];
  let index = 0;
  for (const [label, file] of files.entries()) {
    const images = pack.images(JSON.parse(new TextDecoder().decode(file.bytes)).data);
    for (const image of images) {
      if (image.length === PIXELS) {
        labels.push(label);
        pieces.push(Uint8Array.from(image));
      } else {
        const reason = `${file.path}: Expected ${PIXELS} pixels but found ${image.length}`;
        dropped.push({ index, reason });
      }
      index++;
    }
  }
  return { labels: Uint8Array.from(labels), pixels: concatenate(pieces), dropped };
}

/** A line of JSON, then the labels, then the pixels. */
function toBytes({ labels, pixels, dropped }: Parts): Uint8Array {
  const head = `${JSON.stringify({ images: labels.length, dropped })}\n`;
  return concatenate([new TextEncoder().encode(head), labels, pixels]);
}

/** What {@linkcode toBytes} wrote, or nothing where the file is damaged. */
function fromBytes(bytes: Uint8Array): Parts | undefined {
  const start = bytes.indexOf(10) + 1;
  try {
    const { images, dropped } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, start)));
    if (bytes.length !== start + images * (1 + PIXELS)) return undefined;
    const labels = bytes.subarray(start, start + images);
    return { labels, pixels: bytes.subarray(start + images), dropped };
  } catch {
    return undefined;
  }
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
