import type { Tensor } from "@tunebook/tensor";
import { sgdStep } from "../../tensor/kernels.ts";
import {
  belowOne,
  type Group,
  type GroupOptions,
  notNegative,
  Optimizer,
  type ParameterGroup,
  type ParameterState,
  remembered,
} from "./optimizer.ts";

/** The options of {@linkcode SGD}; a group may set its own. */
export interface SGDOptions extends GroupOptions {
  /** How much of the last step's direction is kept. */
  momentum: number;
  /** How much of the gradient the momentum leaves out. */
  dampening: number;
  /** Whether to look ahead along the momentum (Nesterov 1983). */
  nesterov: boolean;
  /** How much of the parameter is added to its gradient: L2 regularisation. */
  weightDecay: number;
}

/**
 * Stochastic gradient descent: `p -= learningRate · g`, with momentum
 * `v = momentum · v + g; p -= learningRate · v`. Agrees with PyTorch's `SGD`.
 *
 * @example
 * ```ts
 * import { SGD } from "@tunebook/training";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const w = tensor([4], { requiresGrad: true });
 * const optimizer = new SGD([w], { learningRate: 0.25 });
 * w.mul(w).sum().backward(); // the gradient of w² is 2w = 8
 * optimizer.step();
 * assertEquals(w.toArray(), [2]);
 * ```
 */
export class SGD extends Optimizer<SGDOptions> {
  /**
   * An optimizer that has taken no step.
   *
   * @param parameters All parameters, or groups with options of their own.
   * @param options `learningRate` must be given; no momentum and no decay unless asked for.
   */
  constructor(
    parameters: Iterable<Tensor> | Iterable<ParameterGroup<SGDOptions>>,
    options: Partial<SGDOptions> & GroupOptions,
  ) {
    super(parameters, { momentum: 0, dampening: 0, nesterov: false, weightDecay: 0, ...options });
  }

  /** Refuses settings out of range. */
  protected override check(group: Group<SGDOptions>): void {
    super.check(group);
    notNegative("momentum", group.momentum);
    belowOne("dampening", group.dampening);
    notNegative("weightDecay", group.weightDecay);
    if (group.nesterov && (group.momentum === 0 || group.dampening !== 0)) {
      throw new RangeError(
        `Nesterov needs momentum above 0 and dampening 0 but found ${group.momentum} and ${group.dampening}`,
      );
    }
  }

  /** Moves one parameter against its gradient. */
  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: ParameterState,
    group: Group<SGDOptions>,
  ): void {
    const { learningRate, momentum, dampening, nesterov, weightDecay } = group;
    const first = !state.tensors.has("velocity");
    const velocity = momentum > 0 ? remembered(state, "velocity", parameter) : undefined;
    sgdStep(parameter, gradient, velocity, {
      rate: learningRate,
      momentum,
      dampening,
      nesterov,
      weightDecay,
      first,
    });
  }
}
