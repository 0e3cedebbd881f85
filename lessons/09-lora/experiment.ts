/**
 * The experiment of lesson 09: LoRA beside full fine-tuning and a head alone, each at its own learning
 * rate; LoRA by rank, and by which matrices it stands beside; merging.
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
import {
  agreementTask,
  applyPeft,
  type ClassificationTask,
  lora,
  type PeftModel,
} from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { noGrad, Random, scope, type Tensor } from "@tunebook/tensor";

/** One run: a method with a seed; or a merge, or the measuring of steps, with a seed. */
export interface Key {
  /** A name of {@linkcode CONTESTANTS}, or `merge`, or `time`. */
  method: string;
  /** Decides the labels drawn, the head's first weights, the order of examples. */
  seed: number;
  /** Whether it is a run of a few steps, for the tests. */
  quick?: true;
}

/** What came out; of a merge only `merge`, of the measuring of steps only `timing`. */
export interface Value {
  /** The rate that validation chose, and what it was chosen from. */
  rate?: { learningRate: number; trials: RateTrial[] };
  /** The test accuracy. */
  score?: number;
  /** Parameters that train, and all. */
  parameters?: { trained: number; all: number };
  /** What merging changed. */
  merge?: {
    /** The largest difference of an output, over the largest output. */
    difference: number;
    /** Texts that are put in another class. */
    otherClass: number;
    /** Numbers of the base that `unmerge` didn't bring back bit by bit. */
    notRestored: number;
    /** How much the adapter changes the outputs, measured in the same way. */
    effect: number;
  };
  /** What the clock and the memory said, method by method; differs from run to run. */
  timing?: Record<string, { msPerStep: number; peakMegabytes: number }>;
}

/** LoRA of a rank beside some layers; alpha is twice the rank, so that the factor is always 2. */
function loraOf(name: string, title: string, rank: number, targetModules: string[] | "all-linear") {
  return peftMethod(
    { name, title, learningRates: [1e-3, 3e-3] },
    lora({ rank, loraAlpha: 2 * rank, targetModules }),
  );
}

const ATTENTION = ["attn.c_attn"];

/** The methods, by name. */
export const CONTESTANTS: ReadonlyMap<string, Method> = new Map(
  [
    { ...methodNamed("full"), learningRates: [3e-5, 1e-4, 3e-4, 1e-3] },
    methodNamed("head"),
    { ...loraOf("lora8", "LoRA, rank 8", 8, ATTENTION), learningRates: [1e-3, 3e-3, 1e-2] },
    loraOf("lora1", "LoRA, rank 1", 1, ATTENTION),
    loraOf("lora2", "LoRA, rank 2", 2, ATTENTION),
    loraOf("lora32", "LoRA, rank 32", 32, ATTENTION),
    // A rank beside these layers is 2.5 and 4 times as many parameters as beside attention's.
    loraOf("feedForward", "LoRA, feed-forward, rank 3", 3, ["mlp.c_fc", "mlp.c_proj"]),
    loraOf("allSame", "LoRA, all linear, rank 2", 2, "all-linear"),
  ].map((method) => [method.name, method]),
);

/** The ranks beside attention, with the names of their methods. */
export const RANKS: ReadonlyMap<number, string> = new Map(
  [1, 2, 8, 32].map((rank) => [rank, `lora${rank}`]),
);

const SEEDS = [0, 1, 2, 3, 4];

/** The whole experiment. */
export const experiment: Experiment<Key, Value> = {
  name: "09-lora",
  version: 1,
  rows: [...CONTESTANTS.keys(), "merge", "time"].flatMap((method) =>
    SEEDS.map((seed) => ({ method, seed }))
  ),
  quickRows: [{ method: "lora2", seed: 0, quick: true }, { method: "merge", seed: 0, quick: true }],
  oneSeed: ({ method, seed }) => seed === 0 && ["full", "lora8", "merge"].includes(method),
  async run({ method, seed, quick = false }) {
    const data = await part(quick);
    if (method === "time") return { timing: await timeSteps(data, seed) };
    if (method === "merge") return { merge: await mergeOnce(data, seed, quick) };
    return await fitOnce(CONTESTANTS.get(method)!, data, seed, quick);
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
  return {
    task,
    tokenizer: await baseTokenizer(),
    model: ({ labels }: { labels: string[] }) =>
      baseGpt({ as: GptForSequenceClassification, config: { labels } }),
    labels: 200,
    steps: quick ? 3 : 30,
    evaluateEvery: quick ? 3 : 15,
    batchSize: 16,
    // The verb stands at the end: of a long beginning the last words stay.
    maxLength: 40,
    cutAt: "start",
  } as const;
}

async function fitOnce(
  method: Method,
  task: ClassificationTask,
  seed: number,
  quick: boolean,
): Promise<Value> {
  const options = { ...await common(task, quick), method };
  const rate = quick ? { learningRate: 3e-3, trials: [] } : await rateOf(method, task);
  const { learningRate, trials } = rate;
  const run = await fitClassifier({ ...options, learningRate, seed });
  return {
    rate: { learningRate, trials },
    score: run.test!.score,
    parameters: run.parameters,
  };
}

/** The methods' steps, one method after the other in every seed, so that a busy machine hits all. */
async function timeSteps(
  task: ClassificationTask,
  seed: number,
): Promise<NonNullable<Value["timing"]>> {
  const timing: NonNullable<Value["timing"]> = {};
  for (const name of ["full", "lora8", "allSame", "head"]) {
    const { secondsPerStep, peakBytes } = await fitClassifier({
      ...await common({ ...task, validation: task.validation.take(8) }, false),
      ...{ method: CONTESTANTS.get(name)!, learningRate: 1e-4, seed },
      ...{ steps: 15, evaluateEvery: 15, test: false, rememberFeatures: false },
    });
    timing[name] = { msPerStep: 1000 * secondsPerStep, peakMegabytes: peakBytes / 2 ** 20 };
  }
  return timing;
}

const rates = new Map<string, Promise<{ learningRate: number; trials: RateTrial[] }>>();

/**
 * The learning rate that validation chooses for a method, with labels that no seed of the comparison
 * draws. All ranks beside attention take that of rank 8: the factor alpha / rank is the same.
 */
function rateOf(method: Method, task: ClassificationTask) {
  const { name } = [...RANKS.values()].includes(method.name) ? CONTESTANTS.get("lora8")! : method;
  const found = rates.get(name) ?? search(CONTESTANTS.get(name)!, task);
  rates.set(name, found);
  return found;
}

async function search(method: Method, task: ClassificationTask) {
  const options = { ...await common(task, false), method };
  return await tuneRate(
    (learningRate, seed) => fitClassifier({ ...options, learningRate, seed, test: false }),
    { learningRates: method.learningRates, tuningSeeds: [100, 101], extensions: 0 },
  );
}

/** Puts a LoRA with drawn numbers on the base, and compares the outputs before and after merging. */
async function mergeOnce(
  { labels, test }: ClassificationTask,
  seed: number,
  quick: boolean,
): Promise<NonNullable<Value["merge"]>> {
  manualSeed(seed);
  const tokenizer = await baseTokenizer();
  const model = await baseGpt({ as: GptForSequenceClassification, config: { labels } });
  const before = new Map(Array.from(model.stateDict(), ([name, { data }]) => [name, data.slice()]));
  const peft = applyPeft(model, lora({ rank: 8, loraAlpha: 16, targetModules: "all-linear" }));
  const random = new Random(seed);
  for (const [name, tensor] of peft.adapter("default").tensors) {
    if (name.includes("lora_B")) tensor.data.set(random.normal(tensor.shape, 0, 0.02).data);
  }
  const texts = test.take(quick ? 8 : 64).toArray()
    .map(({ text }) => tokenizer.encode(text).slice(-12))
    .filter(({ length }) => length === 12);
  const tokens = random.randint(0, 1, [texts.length, 12]);
  tokens.data.set(texts.flatMap((ids) => [...ids]));
  const apart = scores(peft, tokens);
  const base = peft.withoutAdapters(() => scores(peft, tokens));
  peft.merge();
  const merged = scores(peft, tokens);
  peft.unmerge();
  const result = {
    difference: largest(merged, apart) / largest(apart),
    otherClass: classes(merged, labels.length)
      .filter((label, i) => label !== classes(apart, labels.length)[i]).length,
    notRestored: 0,
    effect: largest(base, apart) / largest(apart),
  };
  for (const [name, { data }] of peft.unload().stateDict()) {
    result.notRestored += data.filter((value, i) => value !== before.get(name)![i]).length;
  }
  return result;
}

function scores(peft: PeftModel<GptForSequenceClassification>, tokens: Tensor): Float32Array {
  return scope(() => noGrad(() => peft.forward(tokens)).data.slice()) as Float32Array;
}

function largest(a: Float32Array, b?: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b?.[i] ?? 0))), 0);
}

function classes(scores: Float32Array, count: number): number[] {
  return Array.from({ length: scores.length / count }, (_, i) => {
    const own = scores.subarray(i * count, (i + 1) * count);
    return own.indexOf(Math.max(...own));
  });
}

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
