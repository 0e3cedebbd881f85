import { stringify } from "@std/csv";
import type { ImageSet } from "./images.ts";

/** Images written at once: the whole of Fashion-MNIST as text would take 200 MB. */
const CHUNK = 1000;

/**
 * Writes images as CSV, in the layout the field shares MNIST in: `label,pixel1,pixel2,…`.
 *
 * @param path The file to write.
 * @param images The images.
 */
export async function writeImagesCsv(path: string, images: ImageSet): Promise<void> {
  const size = images.width * images.height;
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  const write = async (rows: (string | number)[][]) => {
    let bytes = encoder.encode(stringify(rows));
    while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
  };
  await write([headerOf(size)]);
  for (let start = 0; start < images.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, images.length);
    await write(
      Array.from({ length: end - start }, (_, i) => [
        images.labels[start + i]!,
        ...images.pixels.subarray((start + i) * size, (start + i + 1) * size),
      ]),
    );
  }
}

/** The header of such a file for images of so many pixels. */
export function headerOf(size: number): string[] {
  return ["label", ...Array.from({ length: size }, (_, i) => `pixel${i + 1}`)];
}
