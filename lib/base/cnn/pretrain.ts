import { DataLoader, fashionMnist, type ImageSet } from "@tunebook/data";
import { fromPretrained, savePretrained } from "@tunebook/hub";
import { ROTATIONS, SmallCnnForImageClassification } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { crossEntropy, engineInfo, noGrad, Random, scope } from "@tunebook/tensor";
import {
  accuracy,
  AdamW,
  type Callback,
  cosineSchedule,
  type History,
  Trainer,
} from "@tunebook/training";
import { classBatch, type ImageBatch, imageTensor, rotationBatch } from "./batches.ts";
import { imageModelCard } from "./card.ts";
import { centerFeatures } from "./centered_start.ts";
import { IMAGE_CLASSES, imagesFor, type LabelledImage } from "./held_out.ts";
import { IMAGE_RECIPE, type ImagePretraining } from "./recipe.ts";

/** What {@linkcode pretrainImages} may be told. */
export interface PretrainImagesOptions {
  /** Where the folders `tunebook-cnn-rotation` and `tunebook-cnn-classes` go. */
  folder: URL;
  /** Where checkpoints go while they train; runs found there go on. */
  checkpoints: string;
  /** Steps of each, if not the recipe's; the schedule fits itself to them. */
  steps?: number;
  /** Told of steps and evaluations. */
  callbacks?: readonly Callback[];
  /** Told what is being done besides training. */
  say?: (line: string) => void;
  /** Cancels the run between two steps; it can go on later. */
  signal?: AbortSignal;
  /** The pictures. Default: Fashion-MNIST. */
  images?: ImageSet;
}

/** What came of one of them. */
export interface PretrainedImages {
  /** The model. */
  model: SmallCnnForImageClassification;
  /** The course of the run. */
  history: History;
  /** The share of right answers on pictures held out for tasks, of classes that were seen. */
  testAccuracy: number;
}

/**
 * Trains both image models on the pictures for pretraining: one to say by how much a picture is
 * turned, which needs no labels, and one to name its class. Each is saved with a model card.
 */
export async function pretrainImages(
  options: PretrainImagesOptions,
): Promise<Record<ImagePretraining, PretrainedImages>> {
  const images = options.images ?? await fashionMnist();
  return {
    rotation: await pretrainOne("rotation", images, options),
    classes: await pretrainOne("classes", images, options),
  };
}

async function pretrainOne(
  kind: ImagePretraining,
  images: ImageSet,
  { folder, checkpoints, callbacks = [], say = () => {}, signal, ...options }:
    PretrainImagesOptions,
): Promise<PretrainedImages> {
  const { batch, features, warmupSteps, learningRate, weightDecay, seed } = IMAGE_RECIPE;
  const steps = options.steps ?? IMAGE_RECIPE.steps[kind];
  const pretraining = await imagesFor("pretraining", images);
  const validation = await imagesFor("validation", images);
  const test = (await imagesFor("tasks", images))
    .filter(({ label }) => IMAGE_CLASSES.pretraining.includes(label));
  const labels = kind === "rotation" ? [...ROTATIONS] : [...IMAGE_CLASSES.pretraining];
  const toBatch = (records: LabelledImage[], random?: Random) =>
    kind === "rotation" ? rotationBatch(records, random) : classBatch(records, labels, random);

  manualSeed(seed);
  const model = new SmallCnnForImageClassification({ labels, features });
  centerFeatures(model.cnn, imageTensor(pretraining.shuffle(seed).take(256).toArray()));
  const variations = new Random(seed);
  const batchSize = kind === "rotation" ? batch / ROTATIONS.length : batch;
  const inOrder = (records: typeof test) =>
    new DataLoader(records, { batchSize, collate: (some) => toBatch(some) });
  const each = Math.max(1, Math.round(steps / 10));
  const name = `tunebook-cnn-${kind}`;
  say(`Training ${name} on ${pretraining.length.toLocaleString("en")} pictures …`);
  const { history } = await new Trainer({
    model,
    optimizer: new AdamW(model.parameters(), { learningRate, weightDecay }),
    data: new DataLoader(pretraining, {
      batchSize,
      shuffle: true,
      seed,
      dropLast: true,
      collate: (records) => toBatch(records, variations),
    }),
    loss: ({ images, answers }: ImageBatch) => crossEntropy(model.forward(images), answers),
    evaluate: () => score(model, inOrder(validation)),
    evaluateEvery: each,
    steps,
    schedule: cosineSchedule({
      totalSteps: steps,
      warmupSteps: Math.min(warmupSteps, Math.floor(steps / 10)),
    }),
    clipNorm: 1,
    checkpoints: { folder: `${checkpoints}/${name}-${steps}`, everySteps: each, resume: true },
    callbacks,
    randoms: { variations },
    ...(signal ? { signal } : {}),
  }).run();
  const target = new URL(`${name}/`, folder);
  await savePretrained(model, target, { dtype: "F16" });
  // What is measured is what was saved, rounded to f16.
  const saved = await fromPretrained(target, { as: SmallCnnForImageClassification });
  const testAccuracy = score(saved, inOrder(test)).accuracy;
  const card = imageModelCard({
    kind,
    model,
    history,
    counts: { pretraining: pretraining.length, validation: validation.length, test: test.length },
    testAccuracy,
    engine: engineInfo(),
  });
  await Deno.writeTextFile(new URL("README.md", target), card);
  return { model, history, testAccuracy };
}

/** Mean loss and share of right answers over an epoch. */
function score(
  model: SmallCnnForImageClassification,
  data: DataLoader<LabelledImage, ImageBatch>,
): { validationLoss: number; accuracy: number } {
  const answers: number[] = [], predicted: number[] = [];
  let loss = 0;
  const rest = data.epoch(0);
  const next = () =>
    scope(() => {
      const { value: batch, done } = rest.next();
      if (done) return false;
      const scores = model.forward(batch.images);
      loss += crossEntropy(scores, batch.answers).item() * batch.answers.size;
      answers.push(...batch.answers.data);
      predicted.push(...scores.argmax(1).data);
      return true;
    });
  noGrad(() => {
    while (next());
  });
  return { validationLoss: loss / answers.length, accuracy: accuracy(answers, predicted) };
}
