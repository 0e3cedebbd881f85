import { ROTATIONS } from "@tunebook/models";
import { type Random, type Tensor, tensor } from "@tunebook/tensor";
import type { LabelledImage } from "./held_out.ts";

/** Height and width of a picture. */
export const SIDE = 28;

/** The furthest that a picture is shifted in training, in pixels. */
const FURTHEST = 2;

/** Pictures, and for each the position of its answer among the labels. */
export interface ImageBatch {
  /** `[batch, 1, 28, 28]` */
  images: Tensor;
  /** int32 `[batch]` */
  answers: Tensor;
}

/**
 * Pictures as a network takes them, from 0 (black) to 1 (white).
 *
 * @param images Pictures of 28 × 28.
 * @returns `[batch, 1, 28, 28]`
 *
 * @example
 * ```ts
 * import { imageTensor } from "@tunebook/base";
 * import { assertEquals } from "@std/assert";
 *
 * const white = { pixels: new Uint8Array(784).fill(255), label: "Bag" };
 * const images = imageTensor([white, white]);
 * assertEquals([images.shape, images.mean().item()], [[2, 1, 28, 28], 1]);
 * ```
 */
export function imageTensor(images: readonly LabelledImage[]): Tensor {
  return toTensor(images.map(({ pixels }) => pixels));
}

/** The pictures with their classes, varied by `random` if there is one. */
export function classBatch(
  images: readonly LabelledImage[],
  labels: readonly string[],
  random?: Random,
): ImageBatch {
  return {
    images: toTensor(images.map(({ pixels }) => random ? vary(pixels, random) : pixels)),
    answers: tensor(images.map(({ label }) => labels.indexOf(label)), { dtype: "int32" }),
  };
}

/**
 * Each picture four times, turned by each of {@linkcode ROTATIONS}; by how much is the answer
 * (Gidaris et al. 2018, section 3.1: all four in one batch work best).
 */
export function rotationBatch(images: readonly LabelledImage[], random?: Random): ImageBatch {
  const turned = images.flatMap(({ pixels }) => {
    const shown = random ? vary(pixels, random) : pixels;
    return ROTATIONS.map((_, quarters) => turn(shown, quarters));
  });
  const answers = turned.map((_, i) => i % ROTATIONS.length);
  return { images: toTensor(turned), answers: tensor(answers, { dtype: "int32" }) };
}

/** A picture turned counter-clockwise by quarters of a circle. */
export function turn(pixels: Uint8Array, quarters: number): Uint8Array {
  let turned = pixels;
  for (let i = 0; i < quarters; i++) {
    const before = turned;
    turned = moved((row, column) => before[column * SIDE + SIDE - 1 - row]!);
  }
  return turned;
}

/** The picture shifted a little, and mirrored half of the time: what it shows stays the same. */
function vary(pixels: Uint8Array, random: Random): Uint8Array {
  const down = random.integer(-FURTHEST, FURTHEST + 1);
  const right = random.integer(-FURTHEST, FURTHEST + 1);
  const mirrored = random.next() < 0.5;
  return moved((row, column) => {
    const fromRow = row - down;
    const fromColumn = (mirrored ? SIDE - 1 - column : column) - right;
    const inside = fromRow >= 0 && fromRow < SIDE && fromColumn >= 0 && fromColumn < SIDE;
    return inside ? pixels[fromRow * SIDE + fromColumn]! : 0;
  });
}

function moved(at: (row: number, column: number) => number): Uint8Array {
  return Uint8Array.from(
    { length: SIDE * SIDE },
    (_, i) => at(Math.floor(i / SIDE), i % SIDE),
  );
}

function toTensor(images: readonly Uint8Array[]): Tensor {
  const values = new Float32Array(images.length * SIDE * SIDE);
  for (const [i, pixels] of images.entries()) {
    for (let at = 0; at < pixels.length; at++) values[i * SIDE * SIDE + at] = pixels[at]! / 255;
  }
  return tensor(values, { shape: [images.length, 1, SIDE, SIDE] });
}
