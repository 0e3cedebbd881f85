import { assert, assertEquals } from "@std/assert";
import { Random } from "@tunebook/tensor";
import { classBatch, imageTensor, rotationBatch, turn } from "../../../lib/base/cnn/batches.ts";

/** One white pixel. */
function dot(row: number, column: number) {
  const pixels = new Uint8Array(784);
  pixels[row * 28 + column] = 255;
  return { pixels, label: "Bag" };
}

Deno.test("a picture turns counter-clockwise, and four quarters are none", () => {
  const places = [0, 1, 2, 3, 4].map((quarters) => turn(dot(2, 5).pixels, quarters).indexOf(255));
  assertEquals(places, [[2, 5], [22, 2], [25, 22], [5, 25], [2, 5]].map(([r, c]) => r! * 28 + c!));
});

Deno.test("each picture comes in four turns with the turn as its answer", () => {
  const { images, answers } = rotationBatch([dot(2, 5), dot(0, 0)]);
  assertEquals(images.shape, [8, 1, 28, 28]);
  assertEquals([...answers.data], [0, 1, 2, 3, 0, 1, 2, 3]);
  assertEquals(images.data[784 + 22 * 28 + 2], 1);
});

Deno.test("what varies a picture shifts it by at most two pixels, or mirrors it", () => {
  const random = new Random(1), places = new Set<string>();
  for (let i = 0; i < 400; i++) {
    const { images, answers } = classBatch([dot(10, 9)], ["Sandal", "Bag"], random);
    assertEquals([...answers.data], [1]);
    const place = images.data.indexOf(1);
    places.add(`${Math.floor(place / 28)}, ${place % 28}`);
  }
  const expected = [8, 9, 10, 11, 12].flatMap((row) =>
    [7, 8, 9, 10, 11, 16, 17, 18, 19, 20].map((column) => `${row}, ${column}`)
  );
  assertEquals([...places].sort(), expected.sort());
});

Deno.test("without a generator pictures stay as they are", () => {
  const images = [dot(3, 3), dot(4, 20)];
  assertEquals(classBatch(images, ["Bag"]).images.data, imageTensor(images).data);
  assert(imageTensor(images).data.every((value) => value === 0 || value === 1));
});
