import { manualSeed } from "@tunebook/nn";
import {
  type Batches,
  type Interval,
  pairedDifference,
  Trainer,
  type TrainerOptions,
} from "@tunebook/training";
import { fullFineTuning } from "../full/full.ts";
import type { MixedBatch } from "./batch.ts";
import { MultiTaskLearner } from "./learner.ts";
import { TaskMixture } from "./mixture.ts";
import type { MultiTaskModel } from "./model.ts";
import { mainScore } from "./report.ts";
import type { TrainingTask } from "./task_data.ts";
import type { Weighting } from "./weighting/weighting.ts";

/** One of the runs that are compared. */
export interface ComparedRun {
  /** The learner in training. */
  readonly learner: MultiTaskLearner;
  /** How many steps it takes. */
  readonly steps: number;
  /** The seed of weights and data. */
  readonly seed: number;
  /** The task, in a run with one alone. */
  readonly task?: string;
}

/** How a run trains: what a `Trainer` is told beside model, data and length. */
export type TrainingRecipe = Omit<
  TrainerOptions<MixedBatch>,
  "model" | "data" | "loss" | "steps" | "epochs"
>;

/** What {@linkcode compareWithSingleTask} compares. */
export interface ComparisonOptions {
  /** The tasks. */
  tasks: readonly TrainingTask[];
  /** Makes a new model with a head for each task; it draws from the run's seed. */
  build: () => MultiTaskModel;
  /** Steps of the run with all tasks. */
  steps: number;
  /** A seed for each repetition; at least 5 for an interval that says something. */
  seeds: readonly number[];
  /** Where the batches of all tasks come from. Default: `new TaskMixture(tasks, { seed })`. */
  mixture?: (
    tasks: readonly TrainingTask[],
    seed: number,
  ) => Batches<MixedBatch> & { counts(batches: number): Record<string, number> };
  /** How the losses become one. Default: equal. */
  weighting?: (tasks: readonly string[]) => Weighting;
  /**
   * How a run trains; tune it for the runs with one task as well, or they look worse than they are.
   * Default: `fullFineTuning(learner, { totalSteps: steps })`, which thaws everything.
   */
  recipe?: (run: ComparedRun) => TrainingRecipe;
  /** Which part of the tasks' data is measured. Default: `"validation"`. */
  part?: "validation" | "test";
}

/** A task, or the average of all, trained with the others and alone. */
export interface ComparisonRow {
  /** The task, or `average`. */
  readonly task: string;
  /** The score it is judged by. */
  readonly score: string;
  /** Batches of it, in each run. */
  readonly batches: readonly number[];
  /** Its score when trained with the others, by seed. */
  readonly together: readonly number[];
  /** Its score when trained alone, by seed. */
  readonly alone: readonly number[];
  /** Together − alone over the same seeds, with its 95 % interval. */
  readonly difference: Interval;
}

/** What {@linkcode compareWithSingleTask} found. */
export interface Comparison {
  /** A row for each task. */
  readonly tasks: readonly ComparisonRow[];
  /** The mean over the tasks. */
  readonly average: ComparisonRow;
  /** A table. */
  toString(): string;
}

/**
 * Whether tasks help each other: trains them together, then each alone **on the same batches**, from
 * the same initial weights, and compares the scores seed by seed. So both sides cost the same: as
 * many steps for each task as the mixture gave it.
 *
 * @throws {RangeError} If there is no seed, or a task is never sampled.
 */
export async function compareWithSingleTask(options: ComparisonOptions): Promise<Comparison> {
  const { tasks, steps, seeds, part = "validation" } = options;
  const mixture = options.mixture ?? ((all, seed) => new TaskMixture(all, { seed }));
  if (seeds.length === 0) throw new RangeError("Expected at least one seed but found none");
  const found = tasks.map(({ name }) => ({
    task: name,
    score: "",
    batches: [] as number[],
    together: [] as number[],
    alone: [] as number[],
  }));
  for (const seed of seeds) {
    const mixed = mixture(tasks, seed), counts = mixed.counts(steps);
    const batches = tasks.map(({ name }) => {
      const count = counts[name];
      if (count) return count;
      throw new RangeError(
        `The task ${
          JSON.stringify(name)
        } is never sampled in ${steps} steps; take more, or another ` +
          "sampling",
      );
    });
    const model = await train(options, { seed, steps }, mixed);
    for (const [i, task] of tasks.entries()) {
      const row = found[i]!;
      const single = new TaskMixture([task], { seed });
      const run = { seed, steps: batches[i]!, task: task.name };
      const alone = await train(options, run, single);
      const [score, together] = mainScore(task.evaluate(model, part));
      row.score = score;
      row.batches.push(batches[i]!);
      row.together.push(together);
      row.alone.push(mainScore(task.evaluate(alone, part))[1]);
    }
  }
  return comparison(found);
}

async function train(
  { build, recipe, weighting }: ComparisonOptions,
  run: Omit<ComparedRun, "learner">,
  data: Batches<MixedBatch>,
): Promise<MultiTaskModel> {
  manualSeed(run.seed);
  const model = build();
  // A single task's loss is taken as it is: weights between tasks mean nothing there.
  const learner = new MultiTaskLearner(
    model,
    run.task === undefined ? weighting?.(model.tasks) : undefined,
  );
  const how = recipe?.({ ...run, learner }) ??
    fullFineTuning(learner, { totalSteps: run.steps });
  await new Trainer({
    ...how,
    model: learner,
    data,
    loss: (batches) => learner.loss(batches),
    steps: run.steps,
  }).run();
  for (const optimizer of [how.optimizer].flat()) optimizer.dispose();
  return model;
}

function comparison(found: readonly Omit<ComparisonRow, "difference">[]): Comparison {
  const mean = (of: (row: Omit<ComparisonRow, "difference">) => readonly number[]) =>
    of(found[0]!).map((_, seed) =>
      found.reduce((sum, row) => sum + of(row)[seed]!, 0) / found.length
    );
  const judged = (row: Omit<ComparisonRow, "difference">): ComparisonRow => ({
    ...row,
    difference: pairedDifference(row.together, row.alone),
  });
  const tasks = found.map(judged);
  const average = judged({
    task: "average",
    score: "",
    batches: mean(({ batches }) => batches),
    together: mean(({ together }) => together),
    alone: mean(({ alone }) => alone),
  });
  return { tasks, average, toString: () => asText([...tasks, average]) };
}

function asText(rows: readonly ComparisonRow[]): string {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const lines = [
    ["task", "score", "batches", "together", "alone", "difference", "95 % interval", ""],
    ...rows.map(({ task, score, batches, together, alone, difference: { value, low, high } }) => [
      task,
      score,
      mean(batches).toFixed(0),
      mean(together).toFixed(3),
      mean(alone).toFixed(3),
      signed(value),
      `${signed(low)} to ${signed(high)}`,
      low > 0 ? "helps" : high < 0 ? "hurts" : "not separable",
    ]),
  ];
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines.map((line) => line.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd())
    .join("\n");
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}
