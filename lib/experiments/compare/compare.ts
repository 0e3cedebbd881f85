import type { Task } from "@tunebook/finetune";
import type { GptForCausalLM } from "@tunebook/models";
import type { Tokenizer } from "@tunebook/tokenizers";
import { fitTask } from "../fit/mod.ts";
import type { FitOptions } from "../fit/options.ts";
import type { Method } from "../methods/method.ts";
import { methodNamed } from "../methods/registry.ts";
import type { ModelFactory } from "../problems/problem.ts";
import { tuneRate } from "../tune.ts";
import { languageLoss, tunedLanguageLoss, type Windows, windowsOf } from "./forgetting.ts";
import { type ComparedRun, RecordedRuns, type RunKey } from "./recorded.ts";
import { type ComparisonRow, summarizeRuns } from "./summary.ts";

/** A model that methods are compared on. */
export interface Contestant {
  /** Its name in tables. */
  name: string;
  /** Makes it anew for each run. */
  model: ModelFactory;
  /** Makes tokens of texts. */
  tokenizer: Tokenizer;
  /** The language model it begins as, to measure what tuning makes it forget. */
  languageModel?: () => GptForCausalLM | Promise<GptForCausalLM>;
}

/** How long each run is and on how much: the same for all that are compared. */
export type RunSize = Pick<
  FitOptions,
  "labels" | "epochs" | "steps" | "batchSize" | "maxLength" | "validationExamples" | "testExamples"
>;

/** What {@linkcode compareMethods} is given. */
export interface CompareOptions {
  /** The JSON file of all runs; a stopped comparison goes on from it. */
  file: string | URL;
  /** The models. */
  models: readonly Contestant[];
  /** The tasks. */
  tasks: readonly Task[];
  /** The methods, by name or your own. */
  methods: readonly (string | Method)[];
  /** The seeds of the runs that are compared. */
  seeds: readonly number[];
  /** The seeds of the search for the learning rate. Default: the first of `seeds`. */
  tuningSeeds?: readonly number[];
  /** The length of each run. */
  size: RunSize;
  /** Learning rates instead of each method's own. */
  learningRates?: readonly number[];
  /** How far the search may go beyond them; see `RateSearch`. Default: 1. */
  extensions?: number;
  /** General text to measure forgetting on. Without it forgetting isn't measured. */
  generalText?: readonly string[];
  /** Told before the first run and after each. */
  onProgress?: (progress: CompareProgress) => void;
  /** Cancels, within a run too. */
  signal?: AbortSignal;
}

/** How far a comparison is. */
export interface CompareProgress {
  /** Runs that are there. */
  done: number;
  /** Runs there will be; a search that goes beyond its rates adds to them. */
  total: number;
  /** The estimated time left in seconds; NaN before the first run. */
  secondsLeft: number;
  /** What was just done, or what comes first. */
  label: string;
}

/** The steps of a run that only measures time and memory, and how many such runs each method gets. */
const TIMED_STEPS = 12;
const TIMED_ROUNDS = 3;

/**
 * Compares methods as PEFT's own benchmark does: each at the learning rate that validation chose for
 * it, over several seeds, by score, what trains, time, memory and what is forgotten.
 *
 * Forgetting is by how much the loss of the tuned body as a language model, on general text, is above
 * what it was before. Time and memory are measured in the end, all methods in turn and that several
 * times, so that what else the machine does falls on all alike. A run that breaks down at the rate
 * chosen is left out and counted in `broken`.
 *
 * @returns A row for each model, task and method.
 * @throws {RunFileError} If the file is another experiment's.
 * @throws {Error} If training broke down at every learning rate of a method.
 */
export async function compareMethods(options: CompareOptions): Promise<ComparisonRow[]> {
  const methods = options.methods.map(methodNamed);
  const recorded = new RecordedRuns(options, plannedRuns(options, methods));
  const found: { entry: Entry; result: Compared; timed: ComparedRun[] }[] = [];
  for (const contestant of options.models) {
    const general = await generalOf(contestant, options.generalText);
    for (const task of options.tasks) {
      for (const method of methods) {
        const entry = { options, contestant, general, task, method, recorded };
        found.push({ entry, result: await compareOne(entry), timed: [] });
      }
    }
    for (const tensor of general?.original.stateDict().values() ?? []) tensor.dispose();
  }
  for (let seed = 0; seed < TIMED_ROUNDS; seed++) {
    for (const { entry, result: { rate: { learningRate } }, timed } of found) {
      const size = timedSize(options.size);
      const one = await runRecorded(entry, { phase: "time", learningRate, seed }, size);
      if (one) timed.push(one);
    }
  }
  return found.map(({ entry, result, timed }) =>
    summarizeRuns({ ...namesOf(entry), method: entry.method, ...result, timed })
  );
}

/** What is compared in one row. */
interface Entry {
  options: CompareOptions;
  contestant: Contestant;
  general: General | undefined;
  task: Task;
  method: Method;
  recorded: RecordedRuns;
}

/** How good a method is. */
type Compared = Pick<Parameters<typeof summarizeRuns>[0], "rate" | "runs" | "broken">;

async function compareOne(entry: Entry): Promise<Compared> {
  const { options, task, method, recorded } = entry;
  const { seeds, tuningSeeds = seeds.slice(0, 1), size, learningRates, extensions } = options;
  const rates = learningRates ?? method.learningRates;
  const rate = await tuneRate(
    (learningRate, seed) => runRecorded(entry, { phase: "search", learningRate, seed }, size),
    {
      learningRates: rates,
      tuningSeeds,
      ...(extensions === undefined ? {} : { extensions }),
    },
  );
  recorded.expect((rate.trials.length - rates.length) * tuningSeeds.length);
  const { learningRate } = rate, runs: ComparedRun[] = [];
  for (const seed of seeds) {
    const one = await runRecorded(entry, { phase: "run", learningRate, seed }, size);
    if (one) runs.push(one);
  }
  if (runs.length === 0) {
    throw new Error(
      `Training broke down with every seed at ${learningRate}, which the search had chosen for ` +
        `${method.name} on ${task.name}; give it lower learning rates`,
    );
  }
  return { rate, runs, broken: seeds.length - runs.length };
}

function runRecorded(
  entry: Entry,
  own: Pick<RunKey, "phase" | "learningRate" | "seed">,
  size: RunSize,
): Promise<ComparedRun | null> {
  const key: RunKey = { ...size, ...namesOf(entry), ...own };
  return entry.recorded.run(key, () => runOne(entry, key, size));
}

function namesOf({ contestant, task, method }: Entry) {
  return { model: contestant.name, task: task.name, method: method.name };
}

async function runOne(
  { options, contestant, general, task, method }: Entry,
  { phase, learningRate, seed }: RunKey,
  size: RunSize,
): Promise<ComparedRun> {
  let loss: number | undefined;
  const result = await fitTask({
    ...size,
    ...{ task, method, learningRate, seed },
    ...{ model: contestant.model, tokenizer: contestant.tokenizer },
    test: phase === "run",
    // Steps that only the head takes part in say nothing about what the method costs.
    ...(phase === "time" && { rememberFeatures: false, evaluateEvery: TIMED_STEPS }),
    ...(options.signal && { signal: options.signal }),
    ...(general && phase === "run" && {
      onFitted(tuned) {
        loss = tunedLanguageLoss(tuned, general.original, general.windows);
      },
    }),
  });
  return loss === undefined ? result : { ...result, forgetting: loss - general!.before };
}

/** A few steps, with as little else as can be. */
function timedSize({ epochs: _epochs, ...rest }: RunSize): RunSize {
  return { ...rest, steps: TIMED_STEPS, validationExamples: 1 };
}

function plannedRuns(options: CompareOptions, methods: readonly Method[]): number {
  const { models, tasks, seeds, tuningSeeds = seeds.slice(0, 1), learningRates } = options;
  const each = methods.map((method) =>
    (learningRates ?? method.learningRates).length * tuningSeeds.length + seeds.length +
    TIMED_ROUNDS
  );
  return models.length * tasks.length * each.reduce((a, b) => a + b, 0);
}

/** A language model before it was tuned, and what its loss is measured on. */
interface General {
  original: GptForCausalLM;
  windows: Windows;
  before: number;
}

async function generalOf(
  { languageModel, tokenizer }: Contestant,
  texts: readonly string[] | undefined,
): Promise<General | undefined> {
  if (!languageModel || !texts) return undefined;
  const original = await languageModel();
  // Half of what the model can read: a prompt in front needs room.
  const windows = windowsOf(texts, tokenizer, {
    length: Math.min(128, original.config.maxPositions / 2),
  });
  return { original, windows, before: languageLoss(original, windows) };
}
