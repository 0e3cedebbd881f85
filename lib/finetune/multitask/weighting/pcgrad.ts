import { Random, type Tensor, zeros } from "@tunebook/tensor";
import { addScaled, carry, dot, type Gradient, gradientOf } from "./gradients.ts";
import { type LossesOfStep, Weighting } from "./weighting.ts";

/** The seed of {@linkcode PcGradWeighting}. */
export interface PcGradOptions {
  /**
   * Of the orders in which gradients are compared.
   *
   * @default {0}
   */
  seed?: number;
}

/**
 * PCGrad, gradient surgery: where two tasks' gradients of the shared part point against each other
 * (their cosine is negative), each is projected onto the plane at right angles to the other; what is
 * left is added up ([Yu et al. 2020](https://arxiv.org/abs/2001.06782), algorithm 1). The heads,
 * which aren't shared, get their own gradients.
 */
export class PcGradWeighting extends Weighting {
  /** Each step compares all tasks. */
  override readonly needsEveryTask = true;
  /** Steps so far: each draws its orders anew. */
  readonly steps: Tensor;
  readonly #seed: number;

  /** A weighting that has seen no step. */
  constructor(tasks: readonly string[], { seed = 0 }: PcGradOptions = {}) {
    super(tasks);
    this.#seed = seed;
    this.steps = this.buffer(zeros([1], { dtype: "int32" }));
  }

  /** The sum of the losses, with the gradients after surgery. */
  combine({ losses, parameters, shared }: LossesOfStep): Tensor {
    const isShared = new Set(shared);
    const sum: Gradient = [], conflicting: Gradient[] = [];
    let value = 0;
    for (const { task, compute } of losses) {
      this.placeOf(task);
      const { loss, gradient } = gradientOf(compute, parameters);
      value += loss;
      const pick = (which: boolean) =>
        gradient.map((one, p) => isShared.has(parameters[p]!) === which ? one : undefined);
      addScaled(sum, pick(false), 1);
      conflicting.push(pick(true));
    }
    for (const one of projectConflicts(conflicting, this.#orders(losses.length))) {
      addScaled(sum, one, 1);
    }
    return carry(value, parameters, sum);
  }

  /** All 1: it changes directions. */
  current(): Record<string, number> {
    return this.named(this.tasks.map(() => 1));
  }

  /** For each task the others in random order. */
  #orders(count: number): number[][] {
    const step = this.steps.data[0]!++;
    const random = Random.fromState({ ...new Random(this.#seed).state, counter: step }).fork();
    return Array.from(
      { length: count },
      (_, i) => [...random.permutation(count)].filter((other) => other !== i),
    );
  }
}

/**
 * Each gradient without what points against the others.
 *
 * @param gradients One for each task.
 * @param orders For each task the others, in the order they are compared.
 * @returns New gradients in the same order.
 */
export function projectConflicts(
  gradients: readonly Gradient[],
  orders: readonly (readonly number[])[],
): Gradient[] {
  const squares = gradients.map((one) => dot(one, one));
  return gradients.map((original, i) => {
    const gradient: Gradient = [];
    addScaled(gradient, original, 1);
    for (const other of orders[i]!) {
      const product = dot(gradient, gradients[other]!);
      if (product < 0) addScaled(gradient, gradients[other]!, -product / squares[other]!);
    }
    return gradient;
  });
}
