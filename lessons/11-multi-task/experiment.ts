/**
 * The experiment of lesson 11: three tasks together and alone, on losses of one scale and of two,
 * under six ways of making one loss of them. `deno run -A lessons/11-multi-task/experiment.ts` runs
 * what is missing of it.
 *
 * @module
 */
import { type Experiment, experimentCommand } from "@tunebook/experiments";
import { GRAMMAR, KINDRED, type RunOptions, type TaskName, TASKS, train } from "./train.ts";

/** How a way trains, but for what validation chooses. */
type Recipe = Omit<RunOptions, "steps" | "rate" | "seed">;

/** What validation chooses. */
interface Setting {
  rate: number;
  sentimentWeight?: number;
}

/** A way of training: its recipe, and what validation chooses from. */
interface Way {
  recipe: Recipe;
  /** The rates to choose from, or the way whose rate it takes over. */
  rates: readonly number[] | "together" | "SGD";
  /** The weights of sentiment's loss to choose from. */
  sentimentWeights?: readonly number[];
  seeds: readonly number[];
}

const STEPS = 20;
const FIVE = [0, 1, 2, 3, 4], THREE = [0, 1, 2];
/** Settings are compared on a seed that no result comes from. */
const CHOOSING_SEED = 100;

/** Equal compute: a step reads 24 texts, whether they are of one task or of three. */
const together: Recipe = { tasks: TASKS, batchSize: 8 };
const loud: Recipe = { ...together, periodScale: 100, optimizer: "SGD" };
const whole = (task: TaskName, batchSize: number): Recipe => ({ tasks: [task], batchSize });

const ADAMW = [2e-4, 6e-4, 2e-3], SGD = [0.1, 0.3];

/** Every way of training that is compared. */
const WAYS = {
  "together": { recipe: together, rates: ADAMW, seeds: FIVE },
  // Sentiment with all the compute; each task with its own batches of "together" alone.
  "sentiment alone": { recipe: whole("sentiment", 24), rates: ADAMW, seeds: FIVE },
  "sentiment, own share": { recipe: whole("sentiment", 8), rates: ADAMW, seeds: FIVE },
  "period, own share": { recipe: whole("period", 8), rates: ADAMW, seeds: FIVE },
  "agreement, own share": { recipe: whole("agreement", 8), rates: ADAMW, seeds: FIVE },
  // A helper that asks the same of other texts.
  "products alone": { recipe: whole("products", 16), rates: ADAMW, seeds: FIVE },
  "products with films": {
    recipe: { tasks: KINDRED, batchSize: 8 },
    rates: ADAMW,
    seeds: FIVE,
  },
  // Added after the first run: a poor task, and a helper, that the base model knows something of.
  "agreement, 50 labels": {
    recipe: { ...whole("agreement", 16), labels: { agreement: 50 } },
    rates: ADAMW,
    seeds: FIVE,
  },
  "agreement, 50 labels, with prepositions": {
    recipe: { tasks: GRAMMAR, batchSize: 8, labels: { agreement: 50 } },
    rates: ADAMW,
    seeds: FIVE,
  },
  // Weightings, on losses of about one scale. AdamW's step doesn't depend on the scale of the loss:
  // the rate of equal weights serves all.
  "static": {
    recipe: { ...together, weighting: "static" },
    rates: "together",
    sentimentWeights: [1 / 3, 3],
    seeds: FIVE,
  },
  "uncertainty": {
    recipe: { ...together, weighting: "uncertainty" },
    rates: "together",
    seeds: FIVE,
  },
  "DWA": { recipe: { ...together, weighting: "DWA" }, rates: "together", seeds: THREE },
  "GradNorm": { recipe: { ...together, weighting: "GradNorm" }, rates: "together", seeds: THREE },
  "PCGrad": { recipe: { ...together, weighting: "PCGrad" }, rates: "together", seeds: THREE },
  // The period task's loss times 100.
  "SGD": { recipe: { ...together, optimizer: "SGD" }, rates: SGD, seeds: FIVE },
  "SGD, period x 100": { recipe: loud, rates: SGD, seeds: FIVE },
  "SGD, period x 100, uncertainty": {
    recipe: { ...loud, weighting: "uncertainty", weightingRate: 0.5 },
    rates: SGD,
    seeds: FIVE,
  },
  "SGD, period x 100, GradNorm": {
    recipe: { ...loud, weighting: "GradNorm", weightingRate: 0.2 },
    rates: "SGD",
    seeds: THREE,
  },
  "AdamW, period x 100": {
    recipe: { ...together, periodScale: 100 },
    rates: "together",
    seeds: THREE,
  },
} satisfies Record<string, Way>;

/** The name of a way of training. */
export type WayName = keyof typeof WAYS;

const NAMES = Object.keys(WAYS) as WayName[];

/** One run, or the choice of a way's setting. */
export interface Key {
  /** What trains. */
  way: WayName;
  /** Whether settings are chosen on validation, or the chosen one is tested. */
  stage: "choose" | "test";
  /** Draws the labels, the heads' first weights and the order. */
  seed: number;
  /** A run at reduced size. */
  quick?: true;
}

/** What came out. */
export interface Value {
  /** What validation chose. */
  setting: Setting;
  /** Each setting with its validation accuracy, averaged over the tasks. */
  trials?: (Setting & { score: number })[];
  /** Test accuracy by task. */
  scores?: Partial<Record<TaskName, number>>;
  /** Their mean. */
  average?: number;
  /** Accuracy on the unseen source, of ways that learn sentiment. */
  unseen?: number;
  /** Each task's weight, step by step, for the first seed. */
  weights?: Record<string, number[]>;
}

/** The experiment. */
export const experiment: Experiment<Key, Value> = {
  name: "11-multi-task",
  version: 1,
  rows: [
    ...NAMES.map((way): Key => ({ way, stage: "choose", seed: CHOOSING_SEED })),
    ...NAMES.flatMap((way) => WAYS[way].seeds.map((seed): Key => ({ way, stage: "test", seed }))),
  ],
  quickRows: [
    { way: "together", stage: "test", seed: 0, quick: true },
    { way: "SGD, period x 100, uncertainty", stage: "test", seed: 0, quick: true },
  ],
  oneSeed: ({ stage, seed }) => stage === "test" && seed === 0,
  run: ({ way, stage, seed, quick }) =>
    quick ? quickRun(way, seed) : stage === "choose" ? choose(way) : test(way, seed),
};

async function test(way: WayName, seed: number): Promise<Value> {
  const { setting } = await choose(way);
  const run = await train({ ...recipeOf(way), ...setting, steps: STEPS, seed });
  const { tasks: scores, average } = run.score("test");
  const unseen = "sentiment" in scores ? run.scoreUnseen() : undefined;
  run.free();
  return {
    setting,
    scores,
    average,
    ...(unseen !== undefined && { unseen }),
    ...(seed === 0 && { weights: run.weights }),
  };
}

async function quickRun(way: WayName, seed: number): Promise<Value> {
  const recipe = recipeOf(way), setting = { rate: recipe.optimizer === "SGD" ? 0.1 : 6e-4 };
  const run = await train({
    ...recipe,
    ...setting,
    steps: 2,
    seed,
    batchSize: 2,
    testExamples: 24,
  });
  const { tasks: scores, average } = run.score("test");
  run.free();
  return { setting, scores, average };
}

const choices = new Map<WayName, Promise<Value>>();

/** Chooses a way's setting on validation, once in a process. */
function choose(way: WayName): Promise<Value> {
  const known = choices.get(way) ?? tryAll(way);
  choices.set(way, known);
  return known;
}

async function tryAll(way: WayName): Promise<Value> {
  const { rates, sentimentWeights }: Way = WAYS[way];
  const known = typeof rates === "string" ? [(await choose(rates)).setting.rate] : rates;
  const list = known.flatMap((rate): Setting[] =>
    sentimentWeights?.map((sentimentWeight) => ({ rate, sentimentWeight })) ?? [{ rate }]
  );
  if (list.length === 1) return { setting: list[0]! };
  const trials: (Setting & { score: number })[] = [];
  for (const setting of list) {
    const run = await train({ ...recipeOf(way), ...setting, steps: STEPS, seed: CHOOSING_SEED });
    trials.push({ ...setting, score: run.score("validation").average });
    run.free();
  }
  const { score: _score, ...setting } = trials.reduce((a, b) => b.score > a.score ? b : a);
  return { setting, trials };
}

function recipeOf(way: WayName): Recipe {
  return WAYS[way].recipe;
}

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
