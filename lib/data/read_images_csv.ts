import { parse } from "@std/csv";
import { type Dropped, integer } from "./csv.ts";
import { ImageSet, type ImageSetParts } from "./images.ts";
import { requirePermissions } from "./permissions.ts";
import { headerOf } from "./write_images_csv.ts";

/** Lines read at once. */
const CHUNK = 1000;

/**
 * Reads what `writeImagesCsv` wrote, or a file in the same layout from elsewhere.
 *
 * @param path The file.
 * @param expected What is known of the images beforehand.
 * @returns The images; lines with a missing or wrong value are dropped and reported.
 * @throws {TypeError} When the header is not that of such images.
 */
export async function readImagesCsv(
  path: string,
  expected: Omit<ImageSetParts, "labels" | "pixels" | "dropped">,
): Promise<ImageSet> {
  requirePermissions(path, ["read"]);
  const size = expected.width * expected.height;
  const labels: number[] = [];
  const pixels: Uint8Array[] = [];
  const dropped: Dropped[] = [];
  let index = -1; // the header
  for await (const lines of chunksOfLines(path)) {
    for (const cells of parse(lines)) {
      if (index === -1) checkHeader(cells, size);
      else {
        try {
          const [label = NaN, ...values] = readCells(cells, size, expected.classes.length);
          labels.push(label);
          pixels.push(Uint8Array.from(values));
        } catch (error) {
          dropped.push({ index, reason: (error as Error).message });
        }
      }
      index++;
    }
  }
  if (index === -1) checkHeader([], size);
  const all = new Uint8Array(pixels.length * size);
  for (const [i, image] of pixels.entries()) all.set(image, i * size);
  return new ImageSet({ ...expected, labels: Uint8Array.from(labels), pixels: all, dropped });
}

function checkHeader(cells: readonly string[], size: number): void {
  if (cells.join() === headerOf(size).join()) return;
  throw new TypeError(
    `Expected the columns label, pixel1 to pixel${size} but found ` +
      `${cells.length} beginning with "${cells[0] ?? ""}"`,
  );
}

function readCells(cells: readonly string[], size: number, classes: number): number[] {
  if (cells.length !== size + 1) {
    throw new TypeError(`Expected ${size + 1} cells but found ${cells.length}`);
  }
  return cells.map((cell, i) => {
    const value = integer.read(cell);
    const highest = i === 0 ? classes - 1 : 255;
    if (value >= 0 && value <= highest) return value;
    throw new TypeError(
      `${i === 0 ? "label" : `pixel${i}`}: Expected 0 to ${highest} but found ${value}`,
    );
  });
}

/** The file in pieces of whole lines; no cell of such a file holds a line break. */
async function* chunksOfLines(path: string): AsyncGenerator<string> {
  const file = await Deno.open(path);
  let lines: string[] = [];
  let rest = "";
  for await (const piece of file.readable.pipeThrough(new TextDecoderStream())) {
    const found = (rest + piece).split("\n");
    rest = found.pop()!;
    for (const line of found) {
      if (lines.push(line) < CHUNK) continue;
      yield lines.join("\n");
      lines = [];
    }
  }
  if (rest !== "") lines.push(rest);
  if (lines.length > 0) yield lines.join("\n");
}
