import type { Tensor } from "@tunebook/tensor";
import { adamStep } from "../../tensor/kernels.ts";
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

/** The options of {@linkcode Adam} and {@linkcode AdamW}; a group may set its own. */
export interface AdamOptions extends GroupOptions {
  /** How slowly the running means of the gradient and of its square move. */
  betas: readonly [number, number];
  /** Added to the divisor. */
  eps: number;
  /** How strongly parameters are pulled towards zero. */
  weightDecay: number;
}

/** What Adam and AdamW share. */
export abstract class AdamBase extends Optimizer<AdamOptions> {
  /** Whether decay goes into the gradient (Adam) or straight to the parameter (AdamW). */
  protected abstract readonly decoupled: boolean;

  /** Refuses settings out of range. */
  protected override check(group: Group<AdamOptions>): void {
    super.check(group);
    belowOne("betas[0]", group.betas[0]);
    belowOne("betas[1]", group.betas[1]);
    notNegative("eps", group.eps);
    notNegative("weightDecay", group.weightDecay);
  }

  /** Moves one parameter against its gradient. */
  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: ParameterState,
    { learningRate, betas, eps, weightDecay }: Group<AdamOptions>,
  ): void {
    const mean = remembered(state, "mean", parameter);
    const square = remembered(state, "square", parameter);
    adamStep(parameter, gradient, mean, square, {
      rate: learningRate,
      beta1: betas[0],
      beta2: betas[1],
      eps,
      step: state.step,
      ...(this.decoupled ? { decoupledDecay: weightDecay } : { weightDecay }),
    });
  }
}

/**
 * Adam ([Kingma & Ba 2015](https://arxiv.org/abs/1412.6980)): steps of about `learningRate` in every
 * direction, whatever the gradient's scale. Agrees with PyTorch's `Adam`.
 *
 * @example
 * ```ts
 * import { Adam } from "@tunebook/training";
 * import { tensor } from "@tunebook/tensor";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const w = tensor([4], { requiresGrad: true });
 * const optimizer = new Adam([w], { learningRate: 0.5 });
 * w.mul(1000).sum().backward();
 * optimizer.step();
 * assertAlmostEquals(w.item(), 3.5, 1e-5);
 * ```
 */
export class Adam extends AdamBase {
  /** Whether decay goes into the gradient (Adam) or straight to the parameter (AdamW). */
  protected override readonly decoupled = false;

  /**
   * An optimizer that has taken no step.
   *
   * @param parameters All parameters, or groups with options of their own.
   * @param options Unless given: `learningRate` 0.001, `betas` [0.9, 0.999], `eps` 1e-8, no decay.
   */
  constructor(
    parameters: Iterable<Tensor> | Iterable<ParameterGroup<AdamOptions>>,
    options: Partial<AdamOptions> = {},
  ) {
    super(parameters, {
      learningRate: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      ...options,
    });
  }
}

/**
 * Adam with decoupled weight decay ([Loshchilov & Hutter 2019](https://arxiv.org/abs/1711.05101)):
 * decay shrinks the parameter itself instead of being divided by the gradient's scale. The usual
 * choice for transformers. Agrees with PyTorch's `AdamW`.
 *
 * @example
 * ```ts
 * import { AdamW } from "@tunebook/training";
 * import { ones } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const weight = ones([2, 2], { requiresGrad: true });
 * const bias = ones([2], { requiresGrad: true });
 * const optimizer = new AdamW([
 *   { parameters: [weight] },
 *   { parameters: [bias], weightDecay: 0, learningRate: 0.01 },
 * ], { learningRate: 0.001 });
 * assertEquals(optimizer.groups.map((group) => group.learningRate), [0.001, 0.01]);
 * ```
 */
export class AdamW extends AdamBase {
  /** Whether decay goes into the gradient (Adam) or straight to the parameter (AdamW). */
  protected override readonly decoupled = true;

  /**
   * An optimizer that has taken no step.
   *
   * @param parameters All parameters, or groups with options of their own.
   * @param options Unless given: `learningRate` 0.001, `betas` [0.9, 0.999], `eps` 1e-8,
   * `weightDecay` 0.01.
   */
  constructor(
    parameters: Iterable<Tensor> | Iterable<ParameterGroup<AdamOptions>>,
    options: Partial<AdamOptions> = {},
  ) {
    super(parameters, {
      learningRate: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0.01,
      ...options,
    });
  }
}
