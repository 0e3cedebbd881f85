/**
 * The experiment of lesson 08: what full fine-tuning costs beside training parts, how soon it
 * over-fits, and where it wins.
 *
 * @module
 */
import { baseGpt, baseTokenizer } from "@tunebook/base";
import {
  type Evaluation,
  type Experiment,
  experimentCommand,
  fitClassifier,
  methodNamed,
  type RateTrial,
  tuneRate,
} from "@tunebook/experiments";
import {
  agreementTask,
  type ClassificationTask,
  sentimentTask,
  trainingReport,
} from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";
import { zeros } from "@tunebook/tensor";

/** One run of a method, or, for `cost`, the measuring of all methods' steps. */
export interface Key {
  /** What is measured: a task, or what a step costs. */
  part: "cost" | "agreement" | "sentiment";
  /** A name of {@linkcode RATES}, or `all`. */
  method: string;
  /** How many labels there are. */
  labels: number;
  /** Decides the labels drawn, the head's first weights, the order of examples. */
  seed: number;
  /** Whether it is a run of a few steps, for the tests. */
  quick?: true;
}

/** What a step takes, by the accounting. */
export interface Accounting {
  /** Parameters that train, and all. */
  parameters: { trained: number; all: number };
  /** Bytes of weights, gradients and the optimizer's state. */
  bytes: { weights: number; gradients: number; optimizer: number };
  /** Operations of a step over those of a full one. */
  cost: number;
}

/** What came out; of `cost` only `accounting` and `timing`. */
export interface Value {
  /** The rate that validation chose, and what it was chosen from. */
  rate?: { learningRate: number; trials: RateTrial[] };
  /** The test accuracy. */
  score?: number;
  /** The course of the run, where its training examples were measured too. */
  curve?: Pick<Evaluation, "step" | "validationLoss" | "fittedLoss" | "validationScore">[];
  /** What the accounting says, method by method. */
  accounting?: Record<string, Accounting>;
  /** What the clock and the memory said, method by method; differs from run to run. */
  timing?: Record<string, { msPerStep: number; peakMegabytes: number }>;
}

/** The learning rates that each method may choose from; where the best is at an end, two more. */
export const RATES: ReadonlyMap<string, readonly number[]> = new Map([
  ["full", [1e-4, 3e-4, 1e-3, 3e-3]],
  ["lora", [1e-3, 3e-3, 1e-2, 3e-2]],
  ["head", [3e-3, 1e-2, 3e-2]],
]);

/** What the costs are measured of, the dearest first by the accounting. */
export const COSTS: readonly string[] = ["full", "lora", "lastBlock", "head"];

/**
 * For each number of labels the steps, and after how many the run is measured. With few labels it is
 * measured after each, to see when over-fitting sets in; many labels are seen twice.
 */
const STEPS: Readonly<Record<number, { steps: number; evaluateEvery: number }>> = {
  50: { steps: 40, evaluateEvery: 1 },
  200: { steps: 30, evaluateEvery: 15 },
  2000: { steps: 250, evaluateEvery: 50 },
};

/** Numbers of labels of agreement. */
export const LABELS: readonly number[] = [50, 200, 2000];
const SEEDS = [0, 1, 2, 3, 4];
const BATCH = 16, TIME = 24;

const methods = [...RATES.keys()];
const runsOf = (part: Key["part"], labels: number): Key[] =>
  methods.flatMap((method) => SEEDS.map((seed) => ({ part, method, labels, seed })));

/** The whole experiment. */
export const experiment: Experiment<Key, Value> = {
  name: "08-full-fine-tuning",
  version: 2,
  rows: [
    ...SEEDS.map((seed): Key => ({ part: "cost", method: "all", labels: 200, seed })),
    ...LABELS.flatMap((labels) => runsOf("agreement", labels)),
    ...runsOf("sentiment", 200),
  ],
  quickRows: [
    { part: "agreement", method: "full", labels: 50, seed: 0, quick: true },
    { part: "sentiment", method: "lora", labels: 50, seed: 0, quick: true },
  ],
  oneSeed: ({ seed, labels }) => seed === 0 && labels < 2000,
  async run({ part, method, labels, seed, quick = false }) {
    const task = await smaller(part, quick);
    if (part === "cost") {
      return { accounting: await account(task), timing: await clock(task, seed) };
    }
    return await fitOnce(method, task, labels, seed, quick);
  },
};

/** A task with fewer examples to validate and test on. */
async function smaller(part: Key["part"], quick: boolean): Promise<ClassificationTask> {
  const task = part === "sentiment" ? await sentimentTask() : await agreementTask();
  return {
    ...task,
    validation: task.validation.take(quick ? 16 : 100),
    test: task.test.take(quick ? 32 : 400),
  };
}

/** What all runs have in common. */
async function common(task: ClassificationTask) {
  return {
    task,
    tokenizer: await baseTokenizer(),
    model: ({ labels }: { labels: string[] }) =>
      baseGpt({ as: GptForSequenceClassification, config: { labels } }),
    batchSize: BATCH,
    // The verb stands at the end: of a long beginning the last words stay.
    maxLength: TIME,
    cutAt: "start",
  } as const;
}

async function fitOnce(
  method: string,
  task: ClassificationTask,
  labels: number,
  seed: number,
  quick: boolean,
): Promise<Value> {
  const rate = quick ? { learningRate: 3e-4, trials: [] } : await rateOf(method, task, labels);
  const { learningRate, trials } = rate, small = labels === 50;
  const size = quick ? { steps: 4, evaluateEvery: 4 } : STEPS[labels]!;
  const options = { ...await common(task), ...size, method, labels, learningRate, seed };
  const { test, evaluations } = await fitClassifier({ ...options, evaluateTraining: small });
  return {
    rate: { learningRate, trials },
    score: test!.score!,
    ...(small && {
      curve: evaluations.map(({ step, validationLoss, fittedLoss, validationScore }) => {
        return { step, validationLoss, fittedLoss: fittedLoss!, validationScore };
      }),
    }),
  };
}

const rates = new Map<string, Promise<{ learningRate: number; trials: RateTrial[] }>>();

/**
 * The learning rate that validation chooses for a method, a task and a number of labels, with labels
 * that no seed of the comparison draws. Where runs are short, two seeds decide.
 */
function rateOf(method: string, task: ClassificationTask, labels: number) {
  const name = `${task.name} ${method} ${labels}`;
  const found = rates.get(name) ?? search(method, task, labels);
  rates.set(name, found);
  return found;
}

async function search(method: string, task: ClassificationTask, labels: number) {
  const { steps, evaluateEvery } = STEPS[labels]!;
  // Choosing doesn't need every step: a measurement takes longer than a step does.
  const size = { steps, evaluateEvery: Math.max(5, evaluateEvery) };
  const options = { ...await common(task), ...size, method, labels, test: false };
  return await tuneRate(
    (learningRate, seed) => fitClassifier({ ...options, learningRate, seed }),
    {
      learningRates: RATES.get(method)!,
      tuningSeeds: labels < 2000 ? [100, 101] : [100],
      extensions: 2,
    },
  );
}

/** What the accounting says about a batch of the usual size. */
async function account({ labels }: ClassificationTask): Promise<Record<string, Accounting>> {
  const found: Record<string, Accounting> = {};
  for (const name of COSTS) {
    const model = await baseGpt({ as: GptForSequenceClassification, config: { labels } });
    const prepared = methodNamed(name).prepare(model).model;
    const batch = zeros([BATCH, TIME], { dtype: "int32" });
    const report = trainingReport(prepared, () => prepared.forward(batch));
    const { weights, gradients, optimizer } = report.memory;
    found[name] = {
      parameters: { trained: report.trained, all: report.parameters },
      bytes: { weights, gradients, optimizer },
      cost: report.cost,
    };
  }
  return found;
}

/** The methods' steps, one method after the other in every seed, so that a busy machine hits all. */
async function clock(
  task: ClassificationTask,
  seed: number,
): Promise<NonNullable<Value["timing"]>> {
  const timing: NonNullable<Value["timing"]> = {};
  for (const method of COSTS) {
    const { secondsPerStep, peakBytes } = await fitClassifier({
      ...await common({ ...task, validation: task.validation.take(8) }),
      ...{ method, labels: 200, learningRate: 1e-4, seed },
      ...{ steps: 12, evaluateEvery: 12, test: false, rememberFeatures: false },
    });
    timing[method] = { msPerStep: 1000 * secondsPerStep, peakMegabytes: peakBytes / 2 ** 20 };
  }
  return timing;
}

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
