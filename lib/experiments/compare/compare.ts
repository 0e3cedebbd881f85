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

/** The steps of a run that only measures time. */
const TIMED_STEPS = 12;

/**
 * Compares methods as PEFT's own benchmark does: each at the learning rate that validation chose for
 * it, over several seeds, by score, what trains, time, memory and what is forgotten.
 *
 * Forgetting is by how much the loss of the tuned body as a language model, on general text, is above
 * what it was before. Times are those of this machine while it did whatever else it did. A run that
 * breaks down at the rate chosen is left out and counted in `broken`.
 *
 * @returns A row for each model, task and method.
 * @throws {RunFileError} If the file is another experiment's.
 * @throws {Error} If training broke down at every learning rate of a method.
 */
export async function compareMethods(options: CompareOptions): Promise<ComparisonRow[]> {
  const methods = options.methods.map(methodNamed);
  const recorded = new RecordedRuns(options, plannedRuns(options, methods));
  const rows: ComparisonRow[] = [];
  for (const contestant of options.models) {
    const general = await generalOf(contestant, options.generalText);
    for (const task of options.tasks) {
      for (const method of methods) {
        rows.push(await compareOne({ options, contestant, general, task, method, recorded }));
      }
    }
    for (const tensor of general?.original.stateDict().values() ?? []) tensor.dispose();
  }
  return rows;
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

async function compareOne(entry: Entry): Promise<ComparisonRow> {
  const { options, contestant, task, method, recorded } = entry;
  const { seeds, tuningSeeds = seeds.slice(0, 1), size, learningRates, extensions } = options;
  const names = { model: contestant.name, task: task.name, method: method.name };
  const run = (own: Pick<RunKey, "phase" | "learningRate" | "seed">, given = size) => {
    const key: RunKey = { ...given, ...names, ...own };
    return recorded.run(key, () => runOne(entry, key, given));
  };
  const rates = learningRates ?? method.learningRates;
  const rate = await tuneRate(
    (learningRate, seed) => run({ phase: "search", learningRate, seed }),
    {
      learningRates: rates,
      tuningSeeds,
      ...(extensions === undefined ? {} : { extensions }),
    },
  );
  recorded.expect((rate.trials.length - rates.length) * tuningSeeds.length);
  const { learningRate } = rate, runs: ComparedRun[] = [];
  for (const seed of seeds) {
    const one = await run({ phase: "run", learningRate, seed });
    if (one) runs.push(one);
  }
  if (runs.length === 0) {
    throw new Error(
      `Training broke down with every seed at ${learningRate}, which the search had chosen for ` +
        `${method.name} on ${task.name}; give it lower learning rates`,
    );
  }
  // Steps that only the head takes part in say nothing about what the method costs.
  if (runs[0]!.remembered) recorded.expect(1);
  const timed = runs[0]!.remembered
    ? await run({ phase: "time", learningRate, seed: runs[0]!.seed }, timedSize(size))
    : null;
  return summarizeRuns({ ...names, method, rate, runs, broken: seeds.length - runs.length, timed });
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
    rememberFeatures: phase !== "time",
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
  return { ...rest, steps: TIMED_STEPS };
}

function plannedRuns(options: CompareOptions, methods: readonly Method[]): number {
  const { models, tasks, seeds, tuningSeeds = seeds.slice(0, 1), learningRates } = options;
  const each = methods.map((method) =>
    (learningRates ?? method.learningRates).length * tuningSeeds.length + seeds.length
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
