import type { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { Evaluation } from "./options.ts";

/** Keeps the best evaluation of a run and a copy of what trained, as it was then. */
export class Best {
  readonly #parameters: readonly Tensor[];
  #copies: Float32Array[] = [];
  /** The best evaluation so far. */
  evaluation: Evaluation | undefined;

  /** Watches what trains in a model. */
  constructor(model: Module) {
    this.#parameters = model.parameters().filter((parameter) => parameter.requiresGrad);
  }

  /** Takes an evaluation; keeps the weights if it is the best. */
  update(evaluation: Evaluation): void {
    if (this.evaluation && !isBetter(evaluation, this.evaluation)) return;
    this.evaluation = evaluation;
    this.#copies = this.#parameters.map(({ data }) => data.slice() as Float32Array);
  }

  /** Puts the weights of the best evaluation back. */
  restore(): void {
    for (const [i, copy] of this.#copies.entries()) this.#parameters[i]!.data.set(copy);
  }
}

/** Whether an evaluation has the higher score or, at the same score, the lower loss. */
export function isBetter(
  one: Pick<Evaluation, "validationScore" | "validationLoss">,
  other: Pick<Evaluation, "validationScore" | "validationLoss">,
): boolean {
  if (one.validationScore !== other.validationScore) {
    return one.validationScore > other.validationScore;
  }
  return one.validationLoss < other.validationLoss;
}
