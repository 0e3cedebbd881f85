import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  IMAGE_CLASSES,
  imageRole,
  imagesFor,
  labelledImages,
} from "../../../lib/base/cnn/held_out.ts";
import { drawnClothes } from "./synthetic.ts";

Deno.test("seven classes were seen and three were not, ten in all", () => {
  const { pretraining, heldOut } = IMAGE_CLASSES;
  assertEquals([pretraining.length, heldOut.length], [7, 3]);
  assertEquals(new Set([...pretraining, ...heldOut]).size, 10);
});

Deno.test("each picture has one role, and those of classes held out are all for tasks", async () => {
  const clothes = drawnClothes(200);
  const roles = ["pretraining", "validation", "tasks"] as const;
  const parts = await Promise.all(roles.map((role) => imagesFor(role, clothes)));
  const all = parts.flatMap((part) => part.toArray());
  assertEquals(all.length, clothes.length);
  assertEquals(new Set(all.map(({ pixels }) => pixels.byteOffset)).size, clothes.length);
  const [pretraining, validation, tasks] = parts;
  for (const { label } of [...pretraining!, ...validation!]) {
    assert(!IMAGE_CLASSES.heldOut.includes(label), `${label} is held out`);
  }
  for (const label of IMAGE_CLASSES.heldOut) {
    assertEquals(tasks!.filter((image) => image.label === label).length, 200);
  }
  const seen = 7 * 200;
  assertAlmostEquals((tasks!.length - 600) / seen, 1 / 7, 0.03);
  assertAlmostEquals(validation!.length / seen, 1 / 70, 0.01);
});

Deno.test("two equal pictures have the same role, wherever they stand", () => {
  const images = labelledImages(drawnClothes(20)).filter(({ label }) =>
    IMAGE_CLASSES.pretraining.includes(label)
  );
  for (const image of images) {
    const copy = { pixels: image.pixels.slice(), label: "Bag" };
    assertEquals(imageRole(copy), imageRole(image));
  }
});

Deno.test("a class that Fashion-MNIST doesn't have is refused", () => {
  assertThrows(
    () => imageRole({ pixels: new Uint8Array(784), label: "Hat" }),
    RangeError,
    "but found Hat",
  );
});
