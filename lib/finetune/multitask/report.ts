import type { Scores } from "@tunebook/training";
import type { MultiTaskModel } from "./model.ts";
import type { TrainingTask } from "./task_data.ts";

/** How good a model is at each task, and on average. */
export interface TaskReport {
  /** All scores of each task, the one it is judged by first. */
  readonly tasks: Readonly<Record<string, Scores>>;
  /** The mean over the tasks of the score each is judged by. */
  readonly average: number;
  /** All of it in one list, `sentiment.accuracy` and so on, and `average`: for `evaluate` of a `Trainer`. */
  readonly scores: Scores;
  /** A line for each task. */
  toString(): string;
}

/**
 * Evaluates a model on every task.
 *
 * @param part Which part of each task's data.
 * @throws {RangeError} If there is no task, or one has no such part.
 */
export function evaluateTasks(
  model: MultiTaskModel,
  tasks: readonly TrainingTask[],
  part: "validation" | "test" = "validation",
): TaskReport {
  if (tasks.length === 0) throw new RangeError("Expected at least one task but found none");
  const all = tasks.map((task) => [task.name, task.evaluate(model, part)] as const);
  const average = all.reduce((sum, [, scores]) => sum + mainScore(scores)[1], 0) / all.length;
  const flat = all.flatMap(([task, scores]) =>
    Object.entries(scores).map(([name, value]) => [`${task}.${name}`, value] as const)
  );
  const width = Math.max(...all.map(([task]) => task.length), "average".length);
  return {
    tasks: Object.fromEntries(all),
    average,
    scores: { ...Object.fromEntries(flat), average },
    toString: () =>
      [
        ...all.map(([task, scores]) => {
          const shown = Object.entries(scores).map(([name, value]) =>
            `${name} ${value.toFixed(3)}`
          );
          return `${task.padEnd(width)}  ${shown.join(", ")}`;
        }),
        `${"average".padEnd(width)}  ${average.toFixed(3)}`,
      ].join("\n"),
  };
}

/** The score a task is judged by: its first. */
export function mainScore(scores: Scores): readonly [name: string, value: number] {
  const [first] = Object.entries(scores);
  if (first === undefined) throw new RangeError("Expected a task to give a score but found none");
  return first;
}
