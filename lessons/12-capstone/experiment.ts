/**
 * The capstone's experiment: LoRA on MiniLM with 200 labelled mails, beside full fine-tuning, a head on
 * frozen features, and TF-IDF; the mails divided by time and sender, each method at its own rate.
 *
 * It needs MiniLM, 83 MB, which are downloaded the first time. TF-IDF doesn't, so that the quick run
 * is of it.
 *
 * @module
 */
import {
  type Experiment,
  experimentCommand,
  fitClassifier,
  type FitClassifierOptions,
  type Measures,
  type Method,
  methodNamed,
  type RateTrial,
  tfidfBaseline,
  tuneRate,
} from "@tunebook/experiments";
import {
  type ClassificationTask,
  encodeAdapter,
  type Forwarding,
  loadAdapter,
  PeftModel,
} from "@tunebook/finetune";
import { fromPretrained, loadTokenizer } from "@tunebook/hub";
import { BertForSequenceClassification } from "@tunebook/models";
import { noGrad, Random, scope, type Tensor } from "@tunebook/tensor";
import { capstoneTask } from "./split.ts";

/** The model: 6 blocks, 384 wide, 22.7 million parameters, trained to compare sentences. */
export const MODEL = "sentence-transformers/all-MiniLM-L6-v2";

/** The methods that begin with MiniLM, at the rates worth trying. */
export const CONTESTANTS: ReadonlyMap<string, Method> = new Map(
  [
    { ...methodNamed("lora"), title: "LoRA", learningRates: [1e-3, 3e-3, 1e-2, 3e-2] },
    { ...methodNamed("full"), title: "full fine-tuning", learningRates: [1e-4, 3e-4, 1e-3] },
    { ...methodNamed("head"), title: "frozen features + head", learningRates: [1e-2, 3e-2, 1e-1] },
  ].map((method) => [method.name, method]),
);

/** One run. */
export interface Key {
  /** A name of {@linkcode CONTESTANTS}, or `tfidf`. */
  method: string;
  /** Decides which 200 mails are labelled, the head's first weights, the order of examples. */
  seed: number;
  /** Whether it is a small run for the tests. */
  quick?: true;
}

/** What came out. */
export interface Value {
  /** On the test mails. */
  test: Measures & { loss: number };
  /** The rate that validation chose, and what it was chosen from. */
  rate?: { learningRate: number; trials: RateTrial[] };
  /** Parameters that train, and all. */
  parameters?: { trained: number; all: number };
  /** What came of the adapter's files. */
  reload?: {
    /** The share of outputs that a fresh model with the loaded adapter gives bit for bit. */
    equal: number;
    /** The adapter's file, in bytes. */
    bytes: number;
  };
  /** What the clock said; differs from run to run. */
  timing?: { msPerStep: number };
}

/** The same for all: how much is read of a text, how much is labelled, how long training goes on. */
export const SETTING = {
  labels: 200,
  validationExamples: 96,
  maxLength: 64,
  batchSize: 16,
  steps: 60,
  evaluateEvery: 15,
} as const;

/** A new MiniLM with a head for these labels. */
export function loadMiniLm(labels: readonly string[]): Promise<BertForSequenceClassification> {
  return fromPretrained(MODEL, {
    as: BertForSequenceClassification,
    config: { labels: [...labels], pooling: "mean" },
    onNew: () => {},
  });
}

const SEEDS = [0, 1, 2, 3, 4];

/** The whole experiment. */
export const experiment: Experiment<Key, Value> = {
  name: "12-capstone",
  version: 2,
  rows: ["tfidf", "head", "lora", "full"].flatMap((method) =>
    SEEDS.map((seed) => ({ method, seed }))
  ),
  quickRows: [{ method: "tfidf", seed: 0, quick: true }],
  oneSeed: ({ seed }) => seed === 0,
  async run({ method, seed, quick = false }) {
    const task = await (data ??= capstoneTask());
    const { labels, validationExamples } = SETTING;
    if (method === "tfidf") {
      const size = quick
        ? { labels: 40, validationExamples: 20, testExamples: 40 }
        : { labels, validationExamples };
      return { test: tfidfBaseline({ task, seed, ...size }).test };
    }
    return await fitOnce(CONTESTANTS.get(method)!, task, seed);
  },
};

let data: Promise<ClassificationTask> | undefined;

/** What a run of MiniLM is given beside its rate and seed. */
export async function common(
  task: ClassificationTask,
  method: Method,
): Promise<Omit<FitClassifierOptions, "learningRate">> {
  tokenizer ??= await loadTokenizer(MODEL);
  // Remembered features make steps of a head cheap: it can take more of them.
  const more = method.name === "head" ? { steps: 200, evaluateEvery: 20 } : {};
  return {
    task,
    method,
    tokenizer,
    model: ({ labels }) => loadMiniLm(labels),
    ...SETTING,
    ...more,
  };
}

let tokenizer: Awaited<ReturnType<typeof loadTokenizer>> | undefined;

async function fitOnce(method: Method, task: ClassificationTask, seed: number): Promise<Value> {
  const options = await common(task, method);
  const { learningRate, trials } = await rateOf(method, options);
  let reload: Value["reload"];
  const run = await fitClassifier({
    ...options,
    learningRate,
    seed,
    onFitted: async (model) => {
      if (model instanceof PeftModel) reload = await reloaded(model, task.labels);
    },
  });
  return {
    test: run.test!,
    rate: { learningRate, trials },
    parameters: run.parameters,
    ...(reload && { reload }),
    timing: { msPerStep: 1000 * run.secondsPerStep },
  };
}

const rates = new Map<string, ReturnType<typeof tuneRate>>();

/** The learning rate that validation chooses for a method, with labels that no seed draws. */
function rateOf(method: Method, options: Awaited<ReturnType<typeof common>>) {
  const found = rates.get(method.name) ?? tuneRate(
    (learningRate, seed) => fitClassifier({ ...options, learningRate, seed, test: false }),
    { learningRates: method.learningRates, tuningSeeds: [100], extensions: 0 },
  );
  rates.set(method.name, found);
  return found;
}

/** Takes a trained adapter through its files onto a fresh model, and compares what the two say. */
export async function reloaded(
  trained: PeftModel<Forwarding>,
  labels: readonly string[],
): Promise<NonNullable<Value["reload"]>> {
  const files = encodeAdapter(trained, { baseModel: MODEL });
  const fresh = await loadAdapter(await loadMiniLm(labels), files);
  const ids = new Random(0).randint(1000, 20_000, [4, 12]);
  const scores = (model: PeftModel<Forwarding>): Tensor => noGrad(() => model.forward(ids));
  const equal = scope(() => {
    const expected = scores(trained.eval()).data, found = scores(fresh.eval()).data;
    return expected.filter((value, i) => Object.is(value, found[i])).length / expected.length;
  });
  return { equal, bytes: files.tensors.length };
}

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
