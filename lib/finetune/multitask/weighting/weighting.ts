import { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";

/** One task's loss in a step. */
export interface TaskLoss {
  /** The task. */
  readonly task: string;
  /** Runs the model and gives the loss; each call is a forward pass. */
  compute(): Tensor;
}

/** What a weighting has to go by in one step. */
export interface LossesOfStep {
  /** The losses, each task's once. */
  readonly losses: readonly TaskLoss[];
  /** Everything that trains in the model: the body's part and the heads'. */
  readonly parameters: readonly Tensor[];
  /** What of it the tasks share. */
  readonly shared: readonly Tensor[];
  /** The last of what they share: the parameters of the body's last block. */
  readonly lastShared: readonly Tensor[];
}

/**
 * How the tasks' losses become one. A weighting may hold parameters that train and a memory of
 * earlier steps; both are part of the learner's state, so that a resumed run goes on with them.
 */
export abstract class Weighting extends Module {
  /** The tasks, in the order of what is kept about them. */
  readonly tasks: readonly string[];
  /** Whether each step must have a batch of every task, as `TaskRounds` give it. */
  readonly needsEveryTask: boolean = false;

  /**
   * A weighting of the given tasks.
   *
   * @throws {RangeError} If there is none, or one comes twice.
   */
  constructor(tasks: readonly string[]) {
    super();
    this.tasks = [...tasks];
    if (tasks.length > 0 && new Set(tasks).size === tasks.length) return;
    throw new RangeError(
      `Expected the names of different tasks but found ${tasks.join(", ") || "none"}`,
    );
  }

  /**
   * The step's loss. Its value is the weighted sum of the tasks' losses; its `backward()` gives every
   * parameter the gradient that this weighting means, which need not be that of the sum.
   */
  abstract combine(step: LossesOfStep): Tensor;

  /** By what each task's loss is multiplied now. */
  abstract current(): Record<string, number>;

  /** A task's place. @throws {RangeError} If the weighting doesn't know it. */
  protected placeOf(task: string): number {
    const place = this.tasks.indexOf(task);
    if (place >= 0) return place;
    throw new RangeError(
      `Expected one of the tasks that are weighted (${this.tasks.join(", ")}) but found ` +
        JSON.stringify(task),
    );
  }

  /** The weights under the tasks' names. */
  protected named(weights: ArrayLike<number>): Record<string, number> {
    return Object.fromEntries(this.tasks.map((task, i) => [task, weights[i]!]));
  }
}

/** The sum of what `weigh` makes of each loss. */
export function sumOf(
  { losses }: LossesOfStep,
  weigh: (loss: Tensor, task: string) => Tensor,
): Tensor {
  return losses.map(({ task, compute }) => weigh(compute(), task)).reduce((a, b) => a.add(b));
}
