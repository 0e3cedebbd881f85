import type { Module, StateValue } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";

/** A copy of a model's state at its best, outside the engine's memory. */
export class BestWeights {
  /** The step and the score of that evaluation. */
  readonly step: number;
  readonly score: number;
  /** By the names of `uniqueState`. */
  readonly tensors: ReadonlyMap<string, StateValue>;

  constructor(step: number, score: number, tensors: ReadonlyMap<string, StateValue>) {
    this.step = step;
    this.score = score;
    this.tensors = tensors;
  }

  /** Copies a model's state. */
  static of(model: Module, step: number, score: number): BestWeights {
    const copies = Array.from(
      uniqueState(model),
      ([name, { shape, data }]) => [name, { shape, data: data.slice() }] as const,
    );
    return new BestWeights(step, score, new Map(copies));
  }

  /** Puts the copy back. */
  restore(model: Module): void {
    model.loadStateDict(this.tensors);
  }
}

/** A module's state with each tensor once, under the first of its names. */
export function uniqueState(model: Module): Map<string, Tensor> {
  const seen = new Set<Tensor>();
  return new Map([...model.stateDict()].filter(([, tensor]) => {
    const first = !seen.has(tensor);
    seen.add(tensor);
    return first;
  }));
}
