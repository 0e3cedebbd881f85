/**
 * The experiment of lesson 05: how much training data, and drawn how.
 *
 * @module
 */
import { baseGpt, baseTokenizer } from "@tunebook/base";
import { Dataset } from "@tunebook/data";
import { type Experiment, experimentCommand, fitClassifier, tuneRate } from "@tunebook/experiments";
import {
  agreementTask,
  type ClassificationTask,
  periodTask,
  type TextExample,
} from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";
import { draw, periodOf, type Way } from "./draws.ts";

/** One run. */
export interface Key {
  /** When was it said; or singular or plural. */
  task: "period" | "agreement";
  /** How the training set is drawn. */
  way: Way;
  /** How many examples it has. */
  labels: number;
  /** Whether a head alone trains, or everything. */
  method: "head" | "full";
  /** Decides the draw, the head's first weights and the order of examples. */
  seed: number;
  /** Whether it is a run of a few steps, for the tests. */
  quick?: true;
}

/** What came out. */
export interface Value {
  /** The learning rate that validation chose for this task, method and size. */
  learningRate: number;
  /** The share of the test part that is right. */
  accuracy: number;
  /** The same for the test sentences of each period. */
  byPeriod: number[];
}

/** The sizes of the learning curves. */
export const SIZES = [40, 80, 160, 320, 640, 1280, 2560];
/** The size of the training sets that are drawn in different ways. */
export const EQUAL_SIZE = 240;

const SEEDS = [0, 1, 2, 3, 4];
const DRAW_SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];
const TASKS = ["period", "agreement"] as const;
const WAYS = {
  period: ["stratified", "one author", "one class"],
  agreement: ["stratified", "one author", "one period"],
} as const;

/** The whole experiment. */
export const experiment: Experiment<Key, Value> = {
  name: "05-training-set",
  version: 1,
  rows: [
    ...TASKS.flatMap((task) =>
      WAYS[task].flatMap((way) =>
        DRAW_SEEDS.map((seed): Key => ({ task, way, labels: EQUAL_SIZE, method: "head", seed }))
      )
    ),
    ...TASKS.flatMap((task) =>
      SIZES.flatMap((labels) =>
        SEEDS.map((seed): Key => ({ task, way: "stratified", labels, method: "head", seed }))
      )
    ),
    ...(["stratified", "one author"] as const).flatMap((way) =>
      SEEDS.map((seed): Key => ({
        task: "period",
        way,
        labels: EQUAL_SIZE,
        method: "full",
        seed,
      }))
    ),
  ],
  quickRows: [
    { task: "period", way: "stratified", labels: 40, method: "head", seed: 0, quick: true },
    { task: "period", way: "one author", labels: 40, method: "head", seed: 0, quick: true },
  ],
  oneSeed: ({ seed, method, labels }) => seed === 0 && method === "head" && labels <= 640,
  async run({ task: name, way, labels, method, seed, quick = false }) {
    const task = await taskNamed(name);
    const parts = {
      ...task,
      train: Dataset.from(draw(task.train, way, labels, seed)),
      test: task.test.take(quick ? 40 : 800),
    };
    const learningRate = quick ? 0.01 : await rateOf(name, method, labels);
    const { test, answers } = await fitClassifier({
      ...await common(method, quick),
      task: { ...parts, validation: task.validation.take(20) },
      learningRate,
      seed,
      keepAnswers: true,
    });
    return {
      learningRate,
      accuracy: test!.score,
      byPeriod: accuracyByPeriod(parts.test.toArray(), answers as number[]),
    };
  },
};

function accuracyByPeriod(test: readonly TextExample[], said: readonly number[]): number[] {
  return [0, 1, 2, 3].map((period) => {
    const own = [...test.keys()].filter((i) => periodOf(test[i]!) === period);
    return own.filter((i) => said[i] === test[i]!.label).length / own.length;
  });
}

/** What all runs of a method have in common; the weights of the last step are measured. */
async function common(method: "head" | "full", quick = false) {
  const steps = quick ? 20 : method === "full" ? 40 : 200;
  return {
    tokenizer: await baseTokenizer(),
    model: ({ labels }: { labels: string[] }) =>
      baseGpt({ as: GptForSequenceClassification, config: { labels } }),
    method,
    steps,
    evaluateEvery: steps,
    choose: "last",
    batchSize: method === "full" ? 16 : 32,
    // The verb that agreement asks for stands at the end: of a long text the last words stay.
    maxLength: 40,
    cutAt: "start",
  } as const;
}

const tasks = new Map<string, Promise<ClassificationTask>>();

function taskNamed(name: Key["task"]): Promise<ClassificationTask> {
  const found = tasks.get(name) ?? (name === "period" ? periodTask() : agreementTask());
  tasks.set(name, found);
  return found;
}

const rates = new Map<string, Promise<number>>();

/**
 * The rate that validation chooses for a size, with stratified draws that no seed of the experiment
 * makes: few examples need a smaller one than many.
 */
function rateOf(name: Key["task"], method: Key["method"], labels: number): Promise<number> {
  const key = `${name} ${method} ${labels}`;
  const found = rates.get(key) ?? search(name, method, labels);
  rates.set(key, found);
  return found;
}

async function search(name: Key["task"], method: Key["method"], labels: number): Promise<number> {
  const task = await taskNamed(name), options = await common(method);
  const { learningRate } = await tuneRate(
    (learningRate, seed) =>
      fitClassifier({
        ...options,
        task: {
          ...task,
          train: Dataset.from(draw(task.train, "stratified", labels, seed)),
          validation: task.validation.take(400),
        },
        test: false,
        learningRate,
        seed,
      }),
    {
      learningRates: method === "full" ? [3e-4, 1e-3] : [3e-4, 1e-3, 3e-3, 1e-2],
      tuningSeeds: method === "full" ? [100] : [100, 101],
      extensions: 0,
    },
  );
  return learningRate;
}

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
