import { stringify } from "@std/csv";

/** What one optimizer step left behind. */
export interface StepRecord {
  /** The step's number, from 1. */
  step: number;
  /** Epochs passed, in fractions. */
  epoch: number;
  /** The mean loss of the step's batches, before the step. */
  loss: number;
  /** The learning rate of the first group of parameters. */
  learningRate: number;
  /** The norm of all gradients, before clipping. */
  gradientNorm: number;
  /** Seconds of training so far, those before a resume included. */
  seconds: number;
}

/** Scores by their names, such as `{ accuracy: 0.9 }`. */
export type Scores = Record<string, number>;

/** What one evaluation left behind. */
export interface EvaluationRecord {
  /** The number of the step after which it took place. */
  step: number;
  /** Epochs passed, in fractions. */
  epoch: number;
  /** The scores; `validationLoss` if there is validation data. */
  scores: Scores;
  /** Seconds of training so far. */
  seconds: number;
}

/** The course of a run, as plain data. */
export interface History {
  /** A record for each step. */
  steps: StepRecord[];
  /** A record for each evaluation. */
  evaluations: EvaluationRecord[];
}

/**
 * A history as CSV: a line for each step, the scores on those of an evaluation.
 *
 * @param history The history of a run.
 * @returns The text of the file.
 *
 * @example
 * ```ts
 * import { historyToCsv } from "@tunebook/training";
 * import { assertEquals } from "@std/assert";
 *
 * const step = { step: 1, epoch: 1, loss: 2.5, learningRate: 0.1, gradientNorm: 3, seconds: 0.2 };
 * const evaluation = { step: 1, epoch: 1, scores: { accuracy: 0.5 }, seconds: 0.3 };
 * assertEquals(
 *   historyToCsv({ steps: [step], evaluations: [evaluation] }).split("\r\n")[1],
 *   "1,1,2.5,0.1,3,0.2,0.5",
 * );
 * ```
 */
export function historyToCsv({ steps, evaluations }: History): string {
  const scores = new Map(evaluations.map((evaluation) => [evaluation.step, evaluation.scores]));
  const names = [...new Set(evaluations.flatMap((evaluation) => Object.keys(evaluation.scores)))];
  const columns = ["step", "epoch", "loss", "learningRate", "gradientNorm", "seconds", ...names];
  return stringify(
    steps.map((step) => ({
      ...Object.fromEntries(names.map((name) => [name, ""])),
      ...scores.get(step.step),
      ...step,
    })),
    { columns },
  );
}
