/**
 * Moving the image models: to three kinds of clothes that they never saw (near), and to handwritten
 * digits (far).
 *
 * @module
 */

import {
  baseCnn,
  centerFeatures,
  IMAGE_CLASSES,
  imageTensor,
  type LabelledImage,
  labelledImages,
} from "@tunebook/base";
import { DataLoader, Dataset, fashionMnist, mnist } from "@tunebook/data";
import { tuneRate } from "@tunebook/experiments";
import { freeze } from "@tunebook/finetune";
import { SmallCnnForImageClassification } from "@tunebook/models";
import { crossEntropy, manualSeed } from "@tunebook/nn";
import { scope, type Tensor } from "@tunebook/tensor";
import { accuracy, AdamW, inEvaluation, linearSchedule, Trainer } from "@tunebook/training";
import { type Described, probe, type ProbeScore } from "./probes.ts";

/** What an image model learned before. */
export type ImageStart = "rotation" | "classes" | "random";

/** Where it is moved to. */
export type Target = "near" | "far";

/** Pictures for all seeds, and those that each seed draws from. */
interface Pictures {
  labels: string[];
  pool: Dataset<LabelledImage>;
  validation: LabelledImage[];
  test: LabelledImage[];
}

const VALIDATION = 150, TEST = 450;

const targets = new Map<Target, Promise<Pictures>>();

/** The pictures of a target; clothes are those of the classes held out. */
function picturesOf(target: Target): Promise<Pictures> {
  return targets.getOrInsertComputed(target, async () => {
    const all = labelledImages(await (target === "near" ? fashionMnist() : mnist()));
    const labels = target === "near"
      ? [...IMAGE_CLASSES.heldOut]
      : Array.from({ length: 10 }, (_, digit) => String(digit));
    const pictures = all.filter(({ label }) => labels.includes(label)).shuffle(1);
    const parts = pictures.take(VALIDATION + TEST).toArray();
    return {
      labels,
      validation: parts.slice(0, VALIDATION),
      test: parts.slice(VALIDATION),
      pool: pictures.filter((_, i) => i >= VALIDATION + TEST),
    };
  });
}

/** So many pictures of each class. */
function draw({ pool, labels }: Pictures, each: number, seed: number): LabelledImage[] {
  const shuffled = pool.shuffle(seed).toArray();
  return labels.flatMap((name) => shuffled.filter(({ label }) => label === name).slice(0, each));
}

async function modelOf(
  start: ImageStart,
  pictures: Pictures,
  seed: number,
): Promise<SmallCnnForImageClassification> {
  const { labels, pool } = pictures;
  manualSeed(seed);
  if (start !== "random") return await baseCnn(start, { config: { labels } });
  const model = new SmallCnnForImageClassification({ labels, features: 256 });
  // The start that the pretrained ones had: without it, some features never learn.
  scope(() => centerFeatures(model.cnn, imageTensor(pool.take(128).toArray())));
  return model;
}

/** The depths that are probed, from the pixels to the description of the whole. */
export const IMAGE_DEPTHS: readonly string[] = [
  "pixels",
  "block 1",
  "block 2",
  "block 3",
  "description",
];

/** About as many numbers at every depth: the side of the grid that each is averaged to. */
const SIDES = [24, 6, 4, 3];

const known = new Map<string, Promise<Record<"validation" | "test", Described[]>>>();

/** Probes every depth of an image model. */
export async function probeImages(
  start: ImageStart,
  target: Target,
  each: number,
  seed: number,
): Promise<ProbeScore[]> {
  const pictures = await picturesOf(target);
  const model = await modelOf(start, pictures, 0);
  const see = (images: readonly LabelledImage[]) => seeImages(model, images, pictures.labels);
  const { validation, test } = await known.getOrInsertComputed(
    `${start} ${target}`,
    () => Promise.resolve({ validation: see(pictures.validation), test: see(pictures.test) }),
  );
  const train = see(draw(pictures, each, seed));
  for (const one of model.stateDict().values()) one.dispose();
  return IMAGE_DEPTHS.map((_, depth) =>
    probe(train[depth]!, validation[depth]!, test[depth]!, pictures.labels.length)
  );
}

/** What every depth says of pictures. */
function seeImages(
  { cnn }: SmallCnnForImageClassification,
  images: readonly LabelledImage[],
  classes: readonly string[],
): Described[] {
  const labels = images.map(({ label }) => classes.indexOf(label));
  const depths = IMAGE_DEPTHS.map(() => [] as Float32Array[]);
  inEvaluation(cnn, () => {
    for (let from = 0; from < images.length; from += 50) {
      scope(() => {
        let seen = imageTensor(images.slice(from, from + 50));
        depths[0]!.push(...averaged(seen, SIDES[0]!));
        for (const [i, block] of cnn.blocks.entries()) {
          seen = block.forward(seen);
          depths[i + 1]!.push(...averaged(seen, SIDES[i + 1]!));
        }
        const whole = cnn.dense.forwardInto("relu", seen.flatten(1));
        depths.at(-1)!.push(...averaged(whole.reshape(...whole.shape, 1, 1), 1));
      });
    }
  });
  return depths.map((vectors) => ({ vectors, labels }));
}

/** Means over a grid of `side` × `side` fields, which overlap where they must. */
function averaged({ data, shape }: Tensor, side: number): Float32Array[] {
  const [count, channels, height, width] = shape as [number, number, number, number];
  const fields = (length: number) =>
    Array.from({ length: side }, (_, i) =>
      [
        Math.floor(i * length / side),
        Math.ceil((i + 1) * length / side),
      ] as const);
  return Array.from({ length: count }, (_, image) => {
    const means: number[] = [];
    for (let channel = 0; channel < channels; channel++) {
      const base = (image * channels + channel) * height * width;
      for (const [top, bottom] of fields(height)) {
        for (const [left, right] of fields(width)) {
          let sum = 0;
          for (let row = top; row < bottom; row++) {
            for (let column = left; column < right; column++) {
              sum += data[base + row * width + column]!;
            }
          }
          means.push(sum / ((bottom - top) * (right - left)));
        }
      }
    }
    return Float32Array.from(means);
  });
}

/** What came of fine-tuning an image model. */
export interface ImageRun {
  /** The rate that validation chose. */
  learningRate: number;
  /** On the test part. */
  score: number;
}

const STEPS = 30, RATES = [3e-4, 1e-3, 3e-3], TUNING_SEED = 100;

const rates = new Map<string, Promise<number>>();

/** Fine-tunes an image model with its first blocks frozen, at the rate that validation chose. */
export async function tuneImages(
  start: ImageStart,
  target: Target,
  each: number,
  frozen: number,
  seed: number,
): Promise<ImageRun> {
  const run = (learningRate: number, seed: number, part: "validation" | "test") =>
    fitImages({ start, target, each, frozen, learningRate, seed, part });
  const learningRate = await rates.getOrInsertComputed(
    [start, target, each, frozen].join(),
    async () => {
      const found = await tuneRate(
        async (rate, seed) => ({ best: await run(rate, seed, "validation") }),
        { learningRates: RATES, tuningSeeds: [TUNING_SEED], extensions: 0 },
      );
      return found.learningRate;
    },
  );
  return { learningRate, score: (await run(learningRate, seed, "test")).validationScore };
}

async function fitImages({ start, target, each, frozen, learningRate, seed, part }: {
  start: ImageStart;
  target: Target;
  each: number;
  frozen: number;
  learningRate: number;
  seed: number;
  part: "validation" | "test";
}): Promise<{ validationScore: number; validationLoss: number }> {
  const pictures = await picturesOf(target);
  const model = await modelOf(start, pictures, seed);
  model.setRequiresGrad(true);
  if (frozen > 0) freeze(model, { firstBlocks: frozen });
  const optimizer = new AdamW(model.parameters(), { learningRate });
  const answersOf = (images: readonly LabelledImage[]) =>
    images.map(({ label }) => pictures.labels.indexOf(label));
  await new Trainer({
    model,
    optimizer,
    data: new DataLoader(Dataset.from(draw(pictures, each, seed)), {
      batchSize: 15,
      shuffle: true,
      seed,
    }),
    loss: (images) => crossEntropy(model.forward(imageTensor(images)), answersOf(images)),
    steps: STEPS,
    clipNorm: 1,
    schedule: linearSchedule({ totalSteps: STEPS, warmupSteps: STEPS / 10 }),
  }).run();
  const asked = pictures[part], truth = answersOf(asked), said: number[] = [];
  let loss = 0;
  inEvaluation(model, () => {
    for (let from = 0; from < asked.length; from += 50) {
      scope(() => {
        const scores = model.forward(imageTensor(asked.slice(from, from + 50)));
        const answers = truth.slice(from, from + 50);
        loss += crossEntropy(scores, answers).item() * answers.length / asked.length;
        said.push(...scores.argmax(1).data);
      });
    }
  });
  optimizer.dispose();
  for (const one of model.stateDict().values()) one.dispose();
  return { validationScore: accuracy(truth, said), validationLoss: loss };
}
