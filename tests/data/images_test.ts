import { ImageSet } from "@tunebook/data";
import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readImagesCsv } from "../../lib/data/read_images_csv.ts";

const about = { title: "dots", source: "drawn", licence: "CC0-1.0", citation: "none" };
const known = { about, classes: ["dark", "light"], width: 2, height: 1 };

function dots(count: number): ImageSet {
  return new ImageSet({
    ...known,
    labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
    pixels: Uint8Array.from({ length: 2 * count }, (_, i) => (i * 37) % 256),
  });
}

Deno.test("an image comes as shares of white", () => {
  const images = dots(3);
  assertEquals(images.length, 3);
  assertEquals(images.className(1), "light");
  const [left, right] = images.image(2);
  assertAlmostEquals(left!, 148 / 255, 1e-7);
  assertAlmostEquals(right!, 185 / 255, 1e-7);
});

Deno.test("wrong sizes, labels and positions are refused", () => {
  const make = (labels: number[], pixels: number[]) => () =>
    new ImageSet({ ...known, labels: Uint8Array.from(labels), pixels: Uint8Array.from(pixels) });
  assertThrows(make([0], [1, 2, 3]), RangeError, "2 pixels, but found 3");
  assertThrows(make([2], [1, 2]), RangeError, "labels from 0 to 1 but found 2");
  for (const index of [-1, 3, 0.5, NaN]) {
    assertThrows(() => dots(3).image(index), RangeError, `found ${index}`);
  }
});

Deno.test("images survive the way to CSV and back, over several chunks", async () => {
  const path = await Deno.makeTempFile();
  try {
    const images = dots(2500);
    await images.writeCsv(path);
    assertEquals(await readImagesCsv(path, known), images);
    const [header, first] = (await Deno.readTextFile(path)).split("\r\n");
    assertEquals([header, first], ["label,pixel1,pixel2", "0,0,37"]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("wrong lines of an image file are dropped, a wrong header is refused", async () => {
  const path = await Deno.makeTempFile();
  try {
    const lines = ["label,pixel1,pixel2", "0,1,2", "2,1,2", "0,256,2", "0,1", "0,1,x", "1,255,0"];
    await Deno.writeTextFile(path, lines.join("\n"));
    const images = await readImagesCsv(path, known);
    assertEquals([...images.labels], [0, 1]);
    assertEquals(images.dropped, [
      { index: 1, reason: "label: Expected 0 to 1 but found 2" },
      { index: 2, reason: "pixel1: Expected 0 to 255 but found 256" },
      { index: 3, reason: "Expected 3 cells but found 2" },
      { index: 4, reason: 'Expected a whole number but found "x"' },
    ]);
    for (const content of ["", "label,pixel1\n0,1\n"]) {
      await Deno.writeTextFile(path, content);
      await assertRejects(() => readImagesCsv(path, known), TypeError, "label, pixel1 to pixel2");
    }
  } finally {
    await Deno.remove(path);
  }
});
