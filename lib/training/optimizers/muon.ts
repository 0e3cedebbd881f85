import { noGrad, scope, type Tensor } from "@tunebook/tensor";
import { copyInto } from "../../tensor/kernels.ts";
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

/** The options of {@linkcode Muon}; a group may set its own. */
export interface MuonOptions extends GroupOptions {
  /** How slowly the running mean of the gradient moves. */
  momentum: number;
  /** Whether to look ahead along the momentum. */
  nesterov: boolean;
  /** How strongly parameters are pulled towards zero, apart from the gradient. */
  weightDecay: number;
  /** How many rounds bring the update's singular values near 1. */
  newtonSchulzSteps: number;
  /**
   * How the step adapts to the matrix's shape: by √max(1, rows/columns), or by
   * 0.2 √max(rows, columns) so that a learning rate tuned for AdamW fits
   * ([Liu et al. 2025](https://arxiv.org/abs/2502.16982)).
   */
  adjust: "original" | "matchAdamW";
}

/** The quintic whose slope at zero is steep: small singular values rise to about 1 in few rounds. */
const [A, B, C] = [3.4445, -4.775, 2.0315];

/**
 * Momentum, made orthogonal ([Jordan 2024](https://kellerjordan.github.io/posts/muon/)): the update
 * of a matrix gets singular values near 1, so that rare directions move as far as common ones. For
 * the matrices within blocks; embeddings, heads, biases and norms stay with AdamW. Agrees with
 * PyTorch's `Muon`, but computes in float32 where that rounds to bfloat16.
 *
 * @example
 * ```ts
 * import { Muon } from "@tunebook/training";
 * import { tensor } from "@tunebook/tensor";
 * import { assert } from "@std/assert";
 *
 * const w = tensor([[3, 0], [0, 0.1]], { requiresGrad: true });
 * const optimizer = new Muon([w], { learningRate: 0.1, weightDecay: 0 });
 * w.mul(w).sum().backward(); // the second direction's gradient is 30 times smaller
 * optimizer.step();
 * const [[a], [, b]] = w.toArray() as [[number], [number, number]];
 * assert(3 - a > 0.05 && 0.1 - b > 0.05); // both moved about as far
 * ```
 */
export class Muon extends Optimizer<MuonOptions> {
  /**
   * An optimizer that has taken no step.
   *
   * @param parameters Matrices, or groups of them with options of their own.
   * @param options Unless given: `learningRate` 0.001, `momentum` 0.95 with `nesterov`,
   * `weightDecay` 0.1, five `newtonSchulzSteps`, `adjust` "original".
   * @throws {TypeError} If a parameter isn't a matrix.
   */
  constructor(
    parameters: Iterable<Tensor> | Iterable<ParameterGroup<MuonOptions>>,
    options: Partial<MuonOptions> = {},
  ) {
    super(parameters, {
      learningRate: 1e-3,
      momentum: 0.95,
      nesterov: true,
      weightDecay: 0.1,
      newtonSchulzSteps: 5,
      adjust: "original",
      ...options,
    });
    for (const { shape } of this.groups.flatMap((group) => group.parameters)) {
      if (shape.length !== 2) {
        throw new TypeError(
          `Muon trains matrices but found a parameter [${
            shape.join(", ")
          }]; give it to AdamW instead`,
        );
      }
    }
  }

  /** Refuses settings out of range. */
  protected override check(group: Group<MuonOptions>): void {
    super.check(group);
    belowOne("momentum", group.momentum);
    notNegative("weightDecay", group.weightDecay);
    notNegative("newtonSchulzSteps", group.newtonSchulzSteps);
  }

  /** Moves one parameter against its gradient. */
  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: ParameterState,
    group: Group<MuonOptions>,
  ): void {
    const { learningRate, momentum, nesterov, weightDecay, newtonSchulzSteps } = group;
    const average = remembered(state, "average", parameter);
    noGrad(() =>
      scope(() => {
        copyInto(average, average.mul(momentum).add(gradient.mul(1 - momentum)));
        const direction = nesterov
          ? gradient.mul(1 - momentum).add(average.mul(momentum))
          : average;
        const update = orthogonalize(direction, newtonSchulzSteps);
        const rate = learningRate * shapeFactor(parameter.shape, group.adjust);
        copyInto(parameter, parameter.mul(1 - learningRate * weightDecay).sub(update.mul(rate)));
      })
    );
  }
}

/** A matrix with the same singular vectors whose singular values are all near 1. */
function orthogonalize(matrix: Tensor, rounds: number): Tensor {
  const [rows = 0, columns = 0] = matrix.shape;
  const tall = rows > columns;
  let x = tall ? matrix.transpose(0, 1) : matrix;
  // The Frobenius norm is at least the largest singular value, so that none begins above 1.
  x = x.div(Math.max(x.norm().item(), 1e-7));
  for (let round = 0; round < rounds; round++) {
    const gram = x.matmul(x.transpose(0, 1));
    const polynomial = gram.mul(B).add(gram.matmul(gram).mul(C));
    x = x.mul(A).add(polynomial.matmul(x));
  }
  return tall ? x.transpose(0, 1) : x;
}

function shapeFactor([rows = 0, columns = 0]: readonly number[], adjust: MuonOptions["adjust"]) {
  return adjust === "original"
    ? Math.sqrt(Math.max(1, rows / columns))
    : 0.2 * Math.sqrt(Math.max(rows, columns));
}
