/**
 * Fine-tuning on few labels: frozen to several depths, and with the tricks of ULMFiT.
 *
 * @module
 */

import { baseGpt, baseTokenizer, untrainedGpt } from "@tunebook/base";
import {
  fitClassifier,
  type FitClassifierOptions,
  type FitResult,
  lastBlocks,
  type Method,
  methodNamed,
  type RateTrial,
  tuneRate,
} from "@tunebook/experiments";
import { agreementTask, GradualUnfreezing, layerwiseRates } from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";

/** By how much a rate shrinks from one place to the one below it (Howard & Ruder 2018, 3.2). */
const DECAY = 1 / 2.6;

const full = methodNamed("full");

/** Different rates at different depths: the nearer to the input, the smaller. */
const discriminative: Method = {
  name: "discriminative",
  title: "full, discriminative rates",
  learningRates: [3e-4, 1e-3, 3e-3],
  prepare: (model) => ({
    model,
    groups: (learningRate) =>
      layerwiseRates(model, { learningRate, decay: DECAY, weightDecay: 0.01 }),
  }),
};

/** From the head down, a place more at a time. */
function gradual(name: string, title: string, decay: number): Method {
  return {
    name,
    title,
    learningRates: [3e-4, 1e-3, 3e-3],
    prepare(model) {
      const thawing = new GradualUnfreezing(model);
      return {
        model,
        groups: (learningRate) => layerwiseRates(model, { learningRate, decay, weightDecay: 0.01 }),
        callbacks: (steps) => [thawing.every(Math.ceil(steps / thawing.stages))],
      };
    },
  };
}

/** What is compared, by name. */
export const WAYS = {
  scratch: { ...full, name: "scratch", title: "from scratch" },
  full: { ...full, title: "full" },
  discriminative,
  gradual: gradual("gradual", "gradual unfreezing", 1),
  all: gradual("all", "gradual, discriminative", DECAY),
  half: { ...lastBlocks(2), name: "half", title: "lower half frozen" },
  three: { ...lastBlocks(1), name: "three", title: "all but the last block frozen" },
  head: { ...methodNamed("head"), title: "last layer only" },
} as const satisfies Record<string, Method>;

/** The name of one of {@linkcode WAYS}. */
export type Way = keyof typeof WAYS;

/** How large a run is. */
export interface RunSize {
  /** Training examples. */
  labels: number;
  /** Steps. */
  steps: number;
  /** Validation examples. */
  validation: number;
  /** Test examples. */
  test: number;
}

/** What came of one run. */
export interface TextRun {
  /** The rate that validation chose. */
  learningRate: number;
  /** What it was chosen from. */
  trials: RateTrial[];
  /** Losses and scores on the way. */
  evaluations: FitResult["evaluations"];
  /** With the last step's weights. */
  test: { loss: number; score: number };
  /** How many parameters trained at first; gradual unfreezing thaws more. */
  trained: number;
  /** What the clock and the memory said. */
  timing: { secondsPerStep: number; peakBytes: number };
}

/** The seed that rates are looked for with, which no run has. */
const TUNING_SEED = 100;

const rates = new Map<string, Promise<{ learningRate: number; trials: RateTrial[] }>>();

/** Runs one way with one seed, at the rate that validation chose for it. */
export async function runText(
  way: Way,
  seed: number,
  size: RunSize,
  given?: number,
): Promise<TextRun> {
  const options = await optionsOf(way, size);
  const key = JSON.stringify([way, size]);
  const found = given === undefined
    ? rates.getOrInsertComputed(key, () => rateOf(way, options))
    : { learningRate: given, trials: [] };
  const { learningRate, trials } = await found;
  const run = await fitClassifier({ ...options, learningRate, seed, evaluateTraining: true });
  return {
    learningRate,
    trials,
    evaluations: run.evaluations,
    test: { loss: run.test!.loss, score: run.test!.score },
    trained: run.parameters.trained,
    timing: { secondsPerStep: run.secondsPerStep, peakBytes: run.peakBytes },
  };
}

function rateOf(way: Way, options: Omit<FitClassifierOptions, "learningRate">) {
  return tuneRate(
    async (learningRate, seed) => {
      const run = await fitClassifier({
        ...options,
        learningRate,
        seed,
        test: false,
        evaluateEvery: options.steps!,
      });
      return { best: run.evaluations.at(-1)! };
    },
    { learningRates: WAYS[way].learningRates, tuningSeeds: [TUNING_SEED] },
  );
}

async function optionsOf(
  way: Way,
  { labels, steps, validation, test }: RunSize,
): Promise<Omit<FitClassifierOptions, "learningRate">> {
  const whole = await agreementTask();
  const start = way === "scratch" ? untrainedGpt : baseGpt;
  return {
    task: { ...whole, validation: whole.validation.take(validation), test: whole.test.take(test) },
    tokenizer: await baseTokenizer(),
    model: ({ labels }) => start({ as: GptForSequenceClassification, config: { labels } }),
    method: WAYS[way],
    labels,
    steps,
    batchSize: 16,
    // What decides between singular and plural stands near the end.
    maxLength: 24,
    cutAt: "start",
    evaluateEvery: Math.ceil(steps / 3),
    choose: "last",
    // While it unfreezes, the body doesn't stay as it was at the start.
    rememberFeatures: way === "head",
  };
}
