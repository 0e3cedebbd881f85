/**
 * The experiment of lesson 04: one sweep for each thing that can be wrong with labelled data.
 *
 * @module
 */
import { baseGpt, baseTokenizer } from "@tunebook/base";
import { classWeights, Dataset, resampleClasses } from "@tunebook/data";
import { type Experiment, experimentCommand, fitClassifier, tuneRate } from "@tunebook/experiments";
import {
  type ClassificationTask,
  sentimentTask,
  spamTask,
  type TextExample,
} from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";
import { drawn, noisy, skewed, withCopies } from "./draws.ts";

/** One run. */
export interface Key {
  /** What is varied. */
  sweep: "noise" | "size" | "copies" | "skew";
  /** Sentences of reviews, or e-mails; people labelled both. */
  task: "reviews" | "mails";
  /** Whether a head alone trains, or everything. */
  method: "head" | "full";
  /** The share of wrong labels, of near-copies or of the rare class; or the number of labels. */
  dose: number;
  /** What is done about the rare class. */
  repair?: "weights" | "over" | "under";
  /** Decides the draw, the noise, the head's first weights and the order of examples. */
  seed: number;
  /** Whether it is a run of a few steps, for the tests. */
  quick?: true;
}

/** What came out. */
export interface Value {
  /** The learning rate that validation chose, with clean labels. */
  learningRate: number;
  /** How many examples were trained on, repeated ones counted each time. */
  examples: number;
  /** The share of the test part that is right. Its two classes are equally large. */
  accuracy: number;
  /** Of each class, the share that is found. */
  recalls: number[];
}

/** What is not varied: how many labels there are. */
export const LABELS = 400;
/** The doses of each sweep. */
export const DOSES = {
  noise: [0, 0.1, 0.2, 0.3, 0.4],
  size: { reviews: [25, 50, 100, 200, 400, 800, 1600], mails: [50, 100, 200, 400, 800] },
  copies: [0, 0.5, 0.75, 0.875],
  skew: [0.5, 0.2, 0.1, 0.05],
} as const;
/** The ways to deal with a rare class. */
export const REPAIRS = ["weights", "over", "under"] as const;

const SEEDS = [0, 1, 2, 3, 4, 5];
const FULL_SEEDS = SEEDS.slice(0, 5);

function rowsOf(
  sweep: Key["sweep"],
  task: Key["task"],
  doses: readonly number[],
  more: Partial<Key> = {},
): Key[] {
  const { method = "head", ...rest } = more;
  const seeds = method === "full" ? FULL_SEEDS : SEEDS;
  return doses.flatMap((dose) =>
    seeds.map((seed) => ({ sweep, task, method, dose, ...rest, seed }))
  );
}

/** The whole experiment. */
export const experiment: Experiment<Key, Value> = {
  name: "04-annotated-data",
  version: 1,
  rows: [
    ...rowsOf("noise", "reviews", DOSES.noise),
    ...rowsOf("size", "reviews", DOSES.size.reviews),
    ...rowsOf("copies", "reviews", DOSES.copies),
    ...rowsOf("skew", "reviews", DOSES.skew),
    ...REPAIRS.flatMap((repair) => rowsOf("skew", "reviews", DOSES.skew.slice(1), { repair })),
    ...rowsOf("noise", "mails", DOSES.noise),
    ...rowsOf("size", "mails", DOSES.size.mails),
    ...rowsOf("noise", "reviews", [0, 0.4], { method: "full" }),
  ],
  quickRows: [
    { sweep: "noise", task: "reviews", method: "head", dose: 0.4, seed: 0, quick: true },
    {
      sweep: "skew",
      task: "reviews",
      method: "head",
      dose: 0.2,
      repair: "weights",
      seed: 0,
      quick: true,
    },
  ],
  oneSeed: ({ seed, method }) => seed === 0 && method === "head",
  async run(key) {
    const task = await taskNamed(key.task);
    const train = trainingSet(key, task.train, key.quick ? 40 : LABELS);
    return await fitOnce(key, task, train);
  },
};

/** What a run trains on. */
function trainingSet(
  { sweep, dose, repair, seed }: Key,
  from: Dataset<TextExample>,
  count: number,
): TextExample[] {
  switch (sweep) {
    case "size":
      return drawn(from, dose, seed);
    case "noise":
      return noisy(drawn(from, count, seed), dose, seed).examples;
    case "copies":
      return withCopies(drawn(from, count, seed), dose);
    case "skew": {
      const examples = skewed(from, count, dose, seed);
      if (repair !== "over" && repair !== "under") return examples;
      const labels = examples.map(({ label }) => label);
      return resampleClasses(labels, repair, seed).map((i) => examples[i]!);
    }
  }
}

async function fitOnce(
  key: Key,
  task: ClassificationTask,
  train: TextExample[],
): Promise<Value> {
  const { method, repair, seed, quick = false } = key;
  const weights = classWeights(train.map(({ label }) => label));
  const learningRate = quick ? 0.01 : await rateOf(key);
  const test = quick ? task.test.take(40) : task.test;
  const { answers } = await fitClassifier({
    ...await common(method, quick),
    task: { ...task, train: Dataset.from(train), validation: task.validation.take(20), test },
    ...(repair === "weights" && { classWeights: [weights.get(0)!, weights.get(1)!] }),
    learningRate,
    seed,
    keepAnswers: true,
  });
  const truth = test.column("label"), said = answers as number[];
  return {
    learningRate,
    examples: train.length,
    accuracy: truth.filter((label, i) => said[i] === label).length / truth.length,
    recalls: [0, 1].map((label) => {
      const own = truth.keys().filter((i) => truth[i] === label).toArray();
      return own.filter((i) => said[i] === label).length / own.length;
    }),
  };
}

/** What all runs of a method have in common; the weights of the last step are measured. */
async function common(method: Key["method"], quick = false) {
  const steps = quick ? 20 : method === "full" ? 40 : 100;
  return {
    tokenizer: await baseTokenizer(),
    model: ({ labels }: { labels: string[] }) =>
      baseGpt({ as: GptForSequenceClassification, config: { labels } }),
    method,
    steps,
    evaluateEvery: steps,
    choose: "last",
    batchSize: method === "full" ? 16 : 32,
    maxLength: 48,
  } as const;
}

const tasks = new Map<string, Promise<ClassificationTask>>();

function taskNamed(name: Key["task"]): Promise<ClassificationTask> {
  const found = tasks.get(name) ?? (name === "reviews" ? sentimentTask() : spamTask());
  tasks.set(name, found);
  return found;
}

const rates = new Map<string, Promise<number>>();

/**
 * The rate that validation chooses for a task and a method, with clean, balanced labels that no seed
 * of the sweeps draws. All doses share it: what differs between them is the data alone.
 */
function rateOf({ task, method }: Key): Promise<number> {
  const name = `${task} ${method}`;
  const found = rates.get(name) ?? search(task, method);
  rates.set(name, found);
  return found;
}

async function search(name: Key["task"], method: Key["method"]): Promise<number> {
  const whole = await taskNamed(name);
  const options = {
    ...await common(method),
    task: { ...whole, validation: whole.validation.take(200) },
    labels: LABELS,
    test: false,
  };
  const { learningRate } = await tuneRate(
    (learningRate, seed) => fitClassifier({ ...options, learningRate, seed }),
    {
      learningRates: method === "full" ? [1e-4, 3e-4, 1e-3] : [1e-3, 3e-3, 1e-2, 3e-2],
      tuningSeeds: method === "full" ? [100] : [100, 101, 102],
      extensions: 0,
    },
  );
  return learningRate;
}

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
