/**
 * The experiment of lesson 10: ways of fine-tuning side by side, each at its own learning rate and all
 * at one, with what they train and what a step takes.
 *
 * @module
 */
import { baseGpt, baseTokenizer } from "@tunebook/base";
import {
  type Experiment,
  experimentCommand,
  fitClassifier,
  type Method,
  methodNamed,
  peftMethod,
  type RateTrial,
  tuneRate,
} from "@tunebook/experiments";
import { agreementTask, type ClassificationTask, prefixTuning } from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";

/** One run: a method with a seed, at its own rate or at the one for all; or the measuring of steps. */
export interface Key {
  /** At which rate: the method's own or the shared one; or `time`, which measures all methods. */
  phase: "own" | "shared" | "time";
  /** A name of {@linkcode CONTESTANTS}, or `all`. */
  method: string;
  /** Decides the labels drawn, the head's first weights, the order of examples. */
  seed: number;
  /** Whether it is a run of a few steps, for the tests. */
  quick?: true;
}

/** What came out; of the measuring of steps only `timing`. */
export interface Value {
  /** The learning rate. */
  learningRate?: number;
  /** What it was chosen from, if it is the method's own. */
  trials?: RateTrial[];
  /** The test accuracy. */
  score?: number;
  /** Parameters that train, and all. */
  parameters?: { trained: number; all: number };
  /** What the clock and the memory said, method by method; differs from run to run. */
  timing?: Record<string, { msPerStep: number; peakMegabytes: number }>;
}

/** The rate that all methods share: the one that full fine-tuning does well with. */
export const SHARED_RATE = 3e-4;

/** A ready method with rates of this experiment to choose from. */
function withRates(name: string, learningRates: readonly number[]): Method {
  return { ...methodNamed(name), learningRates };
}

/** The methods, by name. */
export const CONTESTANTS: ReadonlyMap<string, Method> = new Map(
  [
    withRates("full", [1e-4, 3e-4, 1e-3]),
    withRates("head", [3e-3, 1e-2, 3e-2]),
    withRates("lora", [1e-3, 3e-3, 1e-2]),
    withRates("prefix", [1e-3, 3e-3, 1e-2, 3e-2]),
    peftMethod(
      { name: "prefix5", title: "prefix tuning, 5 long", learningRates: [1e-3, 3e-3, 1e-2, 3e-2] },
      prefixTuning({ numVirtualTokens: 5 }),
    ),
    withRates("prompt", [3e-3, 1e-2, 3e-2, 1e-1]),
    withRates("houlsby", [1e-3, 3e-3, 1e-2]),
    withRates("ia3", [1e-3, 3e-3, 1e-2, 3e-2]),
    withRates("bitFit", [1e-3, 3e-3, 1e-2, 3e-2]),
    withRates("layerNorm", [3e-3, 1e-2, 3e-2]),
  ].map((method) => [method.name, method]),
);

const SEEDS = [0, 1, 2, 3, 4];

/** The whole experiment. */
export const experiment: Experiment<Key, Value> = {
  name: "10-prefix-tuning",
  version: 1,
  rows: [
    ...(["own", "shared"] as const).flatMap((phase) =>
      [...CONTESTANTS.keys()].flatMap((method) => SEEDS.map((seed) => ({ phase, method, seed })))
    ),
    ...[0, 1, 2].map((seed) => ({ phase: "time" as const, method: "all", seed })),
  ],
  quickRows: [
    { phase: "shared", method: "prefix5", seed: 0, quick: true },
    { phase: "shared", method: "ia3", seed: 0, quick: true },
  ],
  oneSeed: ({ phase, method, seed }) =>
    seed === 0 && phase === "shared" && ["full", "prefix", "bitFit"].includes(method),
  async run({ phase, method: name, seed, quick = false }) {
    const task = await part(quick);
    if (phase === "time") return { timing: await timeSteps(task, seed) };
    const method = CONTESTANTS.get(name)!;
    const rate = phase === "own" ? await rateOf(method, task) : { learningRate: SHARED_RATE };
    const run = await fitClassifier({
      ...await common(task, quick),
      ...{ method, learningRate: rate.learningRate, seed },
    });
    return { ...rate, score: run.test!.score, parameters: run.parameters };
  },
};

/** The task, with fewer examples to validate and test on. */
async function part(quick: boolean): Promise<ClassificationTask> {
  const task = await agreementTask();
  return {
    ...task,
    validation: task.validation.take(quick ? 16 : 200),
    test: task.test.take(quick ? 32 : 400),
  };
}

/** What all runs have in common. */
async function common(task: ClassificationTask, quick: boolean) {
  const steps = quick ? 3 : 30;
  return {
    task,
    tokenizer: await baseTokenizer(),
    model: ({ labels }: { labels: string[] }) =>
      baseGpt({ as: GptForSequenceClassification, config: { labels } }),
    labels: 200,
    steps,
    // The runs end where they end: validation chooses the rate alone.
    evaluateEvery: steps,
    batchSize: 16,
    // The verb stands at the end: of a long beginning the last words stay.
    maxLength: 40,
    cutAt: "start",
  } as const;
}

const rates = new Map<string, Promise<{ learningRate: number; trials: RateTrial[] }>>();

/** The learning rate that validation chooses for a method, with a seed that no comparison uses. */
function rateOf(method: Method, task: ClassificationTask) {
  const found = rates.get(method.name) ?? search(method, task);
  rates.set(method.name, found);
  return found;
}

async function search(method: Method, task: ClassificationTask) {
  const options = { ...await common(task, false), method };
  const { learningRate, trials } = await tuneRate(
    (learningRate, seed) => fitClassifier({ ...options, learningRate, seed, test: false }),
    { learningRates: method.learningRates, tuningSeeds: [100], extensions: 0 },
  );
  return { learningRate, trials };
}

/** The methods' steps, one method after the other in every seed, so that a busy machine hits all. */
async function timeSteps(
  task: ClassificationTask,
  seed: number,
): Promise<NonNullable<Value["timing"]>> {
  const timing: NonNullable<Value["timing"]> = {};
  for (const [name, method] of CONTESTANTS) {
    const { secondsPerStep, peakBytes } = await fitClassifier({
      ...await common({ ...task, validation: task.validation.take(8) }, false),
      ...{ method, learningRate: SHARED_RATE, seed },
      ...{ steps: 15, evaluateEvery: 15, test: false, rememberFeatures: false },
    });
    timing[name] = { msPerStep: 1000 * secondsPerStep, peakMegabytes: peakBytes / 2 ** 20 };
  }
  return timing;
}

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
