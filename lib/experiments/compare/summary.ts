import { type Figure, methodChart } from "@tunebook/plots";
import { type Interval, meanInterval } from "@tunebook/training";
import type { Method } from "../methods/method.ts";
import { meanOver } from "../statistics.ts";
import type { TunedRate } from "../tune.ts";
import type { ComparedRun } from "./recorded.ts";

/** What a method reached on a task with a model, and what it took. */
export interface ComparisonRow {
  /** The model's name. */
  model: string;
  /** The task's. */
  task: string;
  /** The method's. */
  method: string;
  /** The method's name in tables. */
  title: string;
  /** The learning rate, what it was chosen from, whether a better one may lie beyond. */
  rate: TunedRate;
  /** The test score over the seeds, with its 95 % interval. */
  score: Interval;
  /** The seeds' own test scores. */
  scores: { seed: number; score: number }[];
  /** Seeds with which training broke down; they aren't in the score. */
  broken: number;
  /** Parameters that train, and all. */
  parameters: { trained: number; all: number };
  /** The median of a step through the whole model. */
  secondsPerStep: number;
  /** The most memory that tensors took while training, in bytes. */
  peakBytes: number;
  /** By how much the loss on general text rose, in nats a token; if it was measured. */
  forgetting: Interval | null;
}

/** Makes one row of a method's runs. */
export function summarizeRuns(
  { method, rate, runs, timed, ...rest }: {
    model: string;
    task: string;
    method: Method;
    rate: TunedRate;
    runs: readonly ComparedRun[];
    broken: number;
    /** The short ones that time and memory are measured in; of those that broke down, `runs`. */
    timed: readonly ComparedRun[];
  },
): ComparisonRow {
  const measured = timed.length > 0 ? timed : runs;
  const forgotten = runs.flatMap(({ forgetting }) => forgetting ?? []);
  return {
    ...rest,
    method: method.name,
    title: method.title,
    rate,
    score: meanOver(runs),
    scores: runs.map(({ seed, test }) => ({ seed, score: test!.score })),
    parameters: runs[0]!.parameters,
    secondsPerStep: median(measured.map(({ secondsPerStep }) => secondsPerStep)),
    peakBytes: Math.max(...measured.map(({ peakBytes }) => peakBytes)),
    forgetting: forgotten.length > 0 ? meanInterval(forgotten) : null,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/**
 * A comparison as a Markdown table. An arrow beside a learning rate says that the best was the smallest
 * (←) or largest (→) that was tried.
 *
 * @throws {RangeError} If there is no row.
 */
export function comparisonTable(rows: readonly ComparisonRow[]): string {
  if (rows.length === 0) throw new RangeError("Expected at least one row but found none");
  const cells = [
    [
      "model",
      "task",
      "method",
      "rate",
      "score",
      "95 %",
      "trains",
      "share",
      "ms/step",
      "MB",
      "forgets",
    ],
    ...rows.map(({ model, task, title, rate, score, parameters, ...row }) => [
      model,
      task,
      title + (row.broken > 0 ? ` (${row.broken} broke down)` : ""),
      `${rate.learningRate}${edge(rate.atEdge)}`,
      score.value.toFixed(3),
      row.scores.length > 1 ? `${score.low.toFixed(3)} to ${score.high.toFixed(3)}` : "",
      parameters.trained.toLocaleString("en-US"),
      `${(100 * parameters.trained / parameters.all).toFixed(2)} %`,
      (1000 * row.secondsPerStep).toFixed(row.secondsPerStep < 0.01 ? 2 : 0),
      (row.peakBytes / 2 ** 20).toFixed(1),
      row.forgetting ? signed(row.forgetting.value) : "",
    ]),
  ];
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const text = [0, 1, 2, 5],
    lines = cells.map((row) =>
      `| ${
        row.map((cell, i) => text.includes(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))
          .join(" | ")
      } |`
    );
  const rule = widths.map((width, i) =>
    text.includes(i) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`
  );
  return [lines[0]!, `| ${rule.join(" | ")} |`, ...lines.slice(1)].join("\n");
}

function edge(atEdge: TunedRate["atEdge"]): string {
  return atEdge === null ? "" : atEdge === "smallest" ? " ←" : " →";
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(3)}`;
}

/**
 * A comparison as figures, one for each model and task: what trains across, the score with its interval
 * up, the size of the dot the time of a step.
 *
 * @returns Figures by `model, task`, for `plot` of `@tunebook/notebook`.
 */
export function comparisonFigures(rows: readonly ComparisonRow[]): Map<string, Figure> {
  const groups = Map.groupBy(rows, ({ model, task }) => `${model}, ${task}`);
  return new Map(
    Array.from(groups, ([title, members]) => [
      title,
      methodChart(
        members.map((row) => ({
          name: row.title,
          parameters: row.parameters.trained,
          score: row.score.value,
          ...(row.scores.length > 1 && { interval: [row.score.low, row.score.high] as const }),
          seconds: row.secondsPerStep,
        })),
        { title },
      ),
    ]),
  );
}
