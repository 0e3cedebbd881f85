import { IMAGE_CLASSES } from "../../../lib/base/cnn/held_out.ts";
import { ImageSet } from "@tunebook/data";
import { Random } from "@tunebook/tensor";

/**
 * Fashion-MNIST's classes, of each so many drawn pictures: noise, lighter at the top. Those of the
 * classes held out come from a seed of their own.
 */
export function drawnClothes(perClass: number, heldOutSeed = 4): ImageSet {
  const classes = [...IMAGE_CLASSES.pretraining, ...IMAGE_CLASSES.heldOut];
  const size = 28 * 28, count = classes.length * perClass;
  const draw = (seed: number, some: readonly string[]) =>
    new Random(seed).randint(0, 256, [some.length * perClass * size]).data;
  const noise = [
    ...draw(3, IMAGE_CLASSES.pretraining),
    ...draw(heldOutSeed, IMAGE_CLASSES.heldOut),
  ];
  return new ImageSet({
    about: { title: "noise", source: "drawn", licence: "CC0-1.0", citation: "none" },
    classes,
    width: 28,
    height: 28,
    labels: Uint8Array.from({ length: count }, (_, i) => Math.floor(i / perClass)),
    pixels: Uint8Array.from(noise, (value, i) => value * (1 - (i % size) / size)),
  });
}
